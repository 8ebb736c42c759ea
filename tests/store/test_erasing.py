"""Erasing: afterwards every file is searched, as it lies on the disk and as its key opens it."""

from datetime import date

import pytest

from workbook.content.tables import load_tables
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import AgreementEvent, AgreementKind, ConsentAnswers, FreeYes, Signals
from workbook.domain.errors import NotSaved
from workbook.domain.evening import IntentionAnswers, RoomCard, WishAnswers
from workbook.domain.learning import Debrief
from workbook.domain.plan import Plan, Step, Turn
from workbook.domain.seats import Seat
from workbook.domain.session import Event
from workbook.domain.shares import Share
from workbook.domain.techniques import Coverage, Pace, Position
from workbook.rules import session as rules
from workbook.store import (
    agreements,
    answers,
    backups,
    cards,
    connection,
    erasing,
    evenings,
    plans,
    restoring,
    sessions,
    shares,
    thanks,
    wishes,
)
from workbook.store.connection import connect

ON = date(2026, 5, 3)
OWN = (
    *("canary-limits", "canary-expects", "canary-wished", "canary-note", "canary-later"),
    "canary-line",
)
PARTNERS = ("canary-theirs",)
SHARED = (
    *("canary-word", "canary-music", "canary-share", "canary-plan", "canary-print"),
    *("canary-thanks", "canary-match"),
)
PLAIN = tuple(word for word in SHARED if word != SHARED[5])
"""What whoever has the key of the database reads; a thank-you is sealed."""


def lived(kim, robin, tonight):
    """A whole evening with a word to search for in every place."""
    answers.write_answer(kim, AreaAnswers({OWN[0]: AreaMark.OPEN}))
    answers.write_answer(kim, ConsentAnswers(FreeYes.YES, adult=True, easy=FreeYes.YES), tonight)
    answers.write_answer(kim, IntentionAnswers(expects=OWN[1]), tonight)
    answers.write_answer(kim, WishAnswers(frozenset({OWN[2]})), tonight)
    answers.write_answer(kim, Debrief(ON, note=OWN[3]), tonight)
    answers.write_answer(robin, IntentionAnswers(expects=PARTNERS[0]), tonight)
    answers.write_answer(robin, Debrief(ON, note=PARTNERS[0]), tonight)
    cards.write_card(kim, Signals(word=SHARED[0]))
    cards.write_card(kim, RoomCard(music=SHARED[1]), tonight)
    for lane in (kim, robin):
        shares.hand_in(lane, tonight, Share(intention=frozenset({SHARED[2]})), 0)
        event = AgreementEvent(AgreementKind.AFFIRMED, lane.seat, SHARED[4], ON)
        agreements.append_event(lane, tonight, event)
        line = OWN[5] if lane is kim else ""
        thanks.hand_in_thanks(lane, tonight, thanks.Thanks(SHARED[5], note=line), 0)
        wishes.hand_in_ballot(lane, tonight, frozenset({SHARED[6]}))
    made = Plan(Turn(Seat.A, 5), Position.PRONE, Coverage.PARTLY, Pace.SLOW, SHARED[3], 5,
                (Step("opening", ("back",), "both", "HOLD", 0, 60, "back"),))  # fmt: skip
    plans.save_plan(kim, tonight, SHARED[4], made)
    script = rules.make_script(made, load_tables())
    running = rules.advance(rules.begin_session(script), Event.START, script)
    sessions.begin_session(kim, tonight, sessions.SessionRecord(SHARED[4], running))
    assert [wishes.request_reveal(lane, tonight) for lane in (kim, robin)] == [False, True]
    assert wishes.last_round(kim).both == {SHARED[6]}
    wishes.hand_in_ballot(kim, "the next", frozenset({OWN[4]}))
    wishes.request_reveal(kim, "the next")


def opened(path, key, *, swept):
    """All that whoever has the key can read in a vault's file, as bytes."""
    con = connect(path, key, untouched=True)
    names = [name for (name,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    every = 'SELECT * FROM "{}"'
    rows = [row for name in names for row in con.execute(every.format(name))]
    free = con.execute("PRAGMA freelist_count").fetchone()[0]
    con.close()
    assert swept != bool(free)
    return b"\n".join(
        cell if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row
    )


def everything(folder, key, tmp_path, *, swept):
    """Every file under ``folder`` as it lies there, and every vault in it opened."""
    found = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    found.append(opened(folder / "vault.db", key, swept=swept))
    for each in backups.list_backups(folder):
        there = tmp_path / each.path.stem
        restoring.restore_backup(there, each.path, backups.datetime(2026, 5, 3))
        found.append(opened(there / "vault.db", key, swept=swept))
    return b"\n".join(found)


def boxes(lane, seat):
    with lane.reading() as db:
        rows = db.exec_driver_sql(
            "SELECT box FROM answers WHERE seat = ? UNION SELECT ballot FROM ballots", (seat,)
        )
        return [box for (box,) in rows]


@pytest.fixture
def home_with_backups(home, kim, robin, tonight):
    """With backups of before, one moved aside, and what a page left."""
    lived(kim, robin, tonight)
    key = kim.keys.database
    made = backups.make_backup(home.folder, key, home.night, is_whole=True)
    aside = home.folder / "backups" / "2026-05-01-abcdefgh.aside"
    aside.mkdir()
    (aside / "vault.db").write_bytes(home.file.read_bytes())
    (home.folder / "vault.db.abcd.new").write_bytes(home.file.read_bytes())
    (made.parent / "2026-05-01-abcdefgh.copy").write_bytes(home.file.read_bytes())
    return home


def test_ones_own_part_is_gone_from_every_file(home_with_backups, kim, robin, tonight, tmp_path):
    home, key = home_with_backups, kim.keys.database
    kept = boxes(kim, "A")
    before = everything(home.folder, key, tmp_path / "before", swept=False)
    assert len(kept) >= 6
    assert all(box in before for box in kept)

    erasing.erase_private(kim)

    after = everything(home.folder, key, tmp_path / "after", swept=True)
    assert [box for box in kept if box in after] == []
    for word in OWN:
        assert word.encode() not in after
    assert len(backups.list_backups(home.folder)) == 1
    assert {path.suffix for path in (home.folder / "backups").iterdir()} == {".backup"}
    assert answers.read_answer(kim, AreaAnswers) is None
    assert answers.read_answer(robin, IntentionAnswers, tonight).value.expects == PARTNERS[0]
    assert [word for word in PLAIN if word.encode() not in after] == []
    assert thanks.read_thanks(robin, tonight)[Seat.A].value.text == SHARED[5]


def test_the_shared_part_is_gone_from_every_file(home_with_backups, kim, robin, tonight, tmp_path):
    home, key = home_with_backups, kim.keys.database
    before = everything(home.folder, key, tmp_path / "before", swept=False)
    assert [word for word in PLAIN if word.encode() not in before] == []
    assert b"2026-05-03T21" in before

    erasing.erase_shared(robin)

    after = everything(home.folder, key, tmp_path / "after", swept=True)
    assert [word for word in SHARED if word.encode() in after] == []
    stamps = after.count(b"2026-05-03T21:30:00")
    assert stamps == 4  # when each gave their name, here and in the backup
    assert after.count(b"2026-05-03") == stamps
    assert len(backups.list_backups(home.folder)) == 1
    assert not list(home.folder.glob("vault.db.*"))
    for lane in (kim, robin):
        assert evenings.list_evenings(lane) == ()
        assert evenings.current_evening(lane, home.night) is None
        assert shares.read_all(lane, tonight) == {}
        assert agreements.list_events(lane, tonight) == ()
        assert sessions.list_sessions(lane, tonight) == ()
        assert wishes.last_round(lane) is wishes.first_request(lane) is None
        assert lane.people == home.people


def test_what_each_learned_stays_when_the_shared_part_goes(home, kim, robin, tonight):
    lived(kim, robin, tonight)

    erasing.erase_shared(robin)

    assert answers.read_all_answers(kim, Debrief)[tonight].value.note == OWN[3]
    assert answers.read_answer(kim, AreaAnswers).value == AreaAnswers({OWN[0]: AreaMark.OPEN})
    assert answers.read_all_answers(robin, Debrief)[tonight].value.note == PARTNERS[0]


def test_after_the_shared_part_is_gone_an_evening_begins_as_if_it_were_the_first(
    home, kim, robin, tonight
):
    lived(kim, robin, tonight)
    erasing.erase_shared(robin)

    new = evenings.begin_evening(kim, ON, home.night)

    assert new != tonight
    assert [each.id for each in evenings.list_evenings(robin)] == [new]
    assert cards.read_card(kim, Signals) is None
    with kim.reading() as db:
        counted = db.exec_driver_sql("SELECT name FROM sqlite_sequence").scalars().all()
    assert counted == ["evenings"]


def test_erasing_says_so_if_somebody_reads_all_the_while(home, kim, monkeypatch):
    monkeypatch.setattr(connection, "checkpoint", lambda _con: False)

    with pytest.raises(NotSaved):
        erasing.erase_private(kim)


def test_what_one_person_said_is_erased_with_their_answers_and_brings_no_yes_back(
    home, kim, robin, tonight
):
    said = [
        (robin, AgreementEvent(AgreementKind.AFFIRMED, Seat.B, "of kim", ON)),
        (kim, AgreementEvent(AgreementKind.WITHDRAWN, Seat.A, "of kim", ON)),
        (kim, AgreementEvent(AgreementKind.AFFIRMED, Seat.A, "of kim", ON)),
    ]
    for lane, event in said:
        agreements.append_event(lane, tonight, event)

    erasing.erase_private(kim)

    nobody = AgreementEvent(AgreementKind.WITHDRAWN, None, "", ON)
    assert agreements.list_events(robin, tonight) == (said[0][1], nobody, nobody)
