"""The consent record: only added to, chained, signed, and erased by its owner alone."""

import re
import time
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from workbook.domain.consent import AgreementEvent, AgreementKind, Standing
from workbook.domain.errors import ChangedElsewhere, InvalidAnswer
from workbook.domain.seats import Seat
from workbook.domain.shares import NOT_TONIGHT
from workbook.rules.consent import affirmed_seats, standing
from workbook.store import consent, evenings, records, schema, shares, vault
from workbook.store.consent import Handed
from workbook.store.seal import pad, seal

DAY = date(2026, 5, 3)
NEW_LINK = """
UPDATE consent
SET link = zeroblob(32), key = NULL, evening = NULL, seat = NULL, signature = NULL
"""
NEW_BOX = """
UPDATE consent
SET box = zeroblob(552), key = NULL, evening = NULL, seat = NULL, signature = NULL
"""
COPIED = """
UPDATE consent SET signature = (SELECT signature FROM consent WHERE seq = 1) WHERE seq IN (2, 3)
"""


def _event(kind, seat=None, on=DAY):
    return AgreementEvent(kind, seat, "hash", on)


def _both(kim, robin, evening):
    """Kim and Robin say yes, Robin beside Kim's page; then the massage is stopped."""
    consent.append(kim, evening, _event(AgreementKind.AFFIRMED, Seat.A))
    consent.append(kim, evening, _event(AgreementKind.AFFIRMED, Seat.B), spoken=True)
    consent.append(robin, evening, _event(AgreementKind.STOPPED))


def _rows(lane):
    with lane.reading() as db:
        return db.execute(select(schema.consent).order_by(schema.consent.c.seq)).all()


def _without_triggers(lane, statement, **values):
    """What somebody with the key and a tool of their own could do."""
    with lane.writing() as db:
        for name in ("update", "delete"):
            db.execute(text(f"DROP TRIGGER IF EXISTS consent_keep_{name}"))
        db.execute(text(statement), values)


def test_the_record_keeps_its_order_and_speaks_for_nobody_else(kim, robin, tonight):
    log = [
        (kim, _event(AgreementKind.AFFIRMED, Seat.A)),
        (robin, _event(AgreementKind.AFFIRMED, Seat.B)),
        (kim, _event(AgreementKind.WITHDRAWN, Seat.A)),
        (robin, _event(AgreementKind.STOPPED)),
    ]
    for lane, event in log:
        consent.append(lane, tonight, event)

    assert consent.events(robin, tonight) == tuple(event for _, event in log)
    for event in (
        _event(AgreementKind.AFFIRMED, Seat.B),
        _event(AgreementKind.WITHDRAWN, Seat.B),
        _event(AgreementKind.AFFIRMED),
        _event(AgreementKind.STOPPED, Seat.A),
        _event(AgreementKind.FINISHED, Seat.B),
    ):
        with pytest.raises(InvalidAnswer):
            consent.append(kim, tonight, event)
    with pytest.raises(InvalidAnswer):
        consent.append(kim, tonight, _event(AgreementKind.AFFIRMED, Seat.A), spoken=True)
    assert len(consent.events(kim, tonight)) == 4
    assert consent.verify(kim) == consent.verify(robin) == ()


def test_a_word_spoken_beside_the_partners_page_says_so_and_is_signed_there(kim, robin, tonight):
    _both(kim, robin, tonight)

    said = [kept.line for kept in consent.lines(robin)]
    assert [(line.seat, line.spoken, line.signer) for line in said] == [
        (Seat.A, False, Seat.A),
        (Seat.B, True, Seat.A),
        (None, False, None),
    ]
    assert said[0].at == datetime(2026, 5, 3, 21, 30).astimezone(UTC)
    _without_triggers(kim, "UPDATE people SET signing = zeroblob(32) WHERE seat = 'A'")
    assert consent.verify(robin) == (1, 2)


def test_who_ended_a_session_is_signed_by_nobody(kim, robin, tonight):
    _both(kim, robin, tonight)

    assert [row.signature is None for row in _rows(kim)] == [False, False, True]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consent SET box = zeroblob(9)",
        "UPDATE consent SET seat = 'B' WHERE seat = 'A'",
        "UPDATE consent SET evening = 'other'",
        "UPDATE consent SET signature = NULL",
        NEW_LINK,
        NEW_BOX,
        "UPDATE consent SET key = NULL",
        "UPDATE consent SET seq = seq + 9",
        "DELETE FROM consent",
        "INSERT OR REPLACE INTO consent (seq, box, link) VALUES (1, x'00', x'00')",
    ],
)
def test_the_record_is_only_added_to(kim, tonight, statement):
    consent.append(kim, tonight, _event(AgreementKind.AFFIRMED, Seat.A))

    with pytest.raises(IntegrityError), kim.writing() as db:
        db.execute(text(statement))

    assert consent.events(kim, tonight) == (_event(AgreementKind.AFFIRMED, Seat.A),)
    assert consent.verify(kim) == ()


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        ("UPDATE consent SET box = zeroblob(552) WHERE seq = 2", (2,)),
        ("UPDATE consent SET key = zeroblob(32) WHERE seq = 2", (2,)),
        ("UPDATE consent SET link = zeroblob(32) WHERE seq = 2", (2, 3)),
        ("UPDATE consent SET seat = 'A' WHERE seq = 2", (2,)),
        ("UPDATE consent SET evening = 'other' WHERE seq = 2", (2,)),
        ("UPDATE consent SET signature = NULL WHERE seq = 2", (2,)),
        ("UPDATE consent SET signature = zeroblob(64) WHERE seq = 1", (1,)),
        (COPIED, (2, 3)),
        ("DELETE FROM consent WHERE seq = 1", (2,)),
        ("DELETE FROM consent WHERE seq = 2", (3,)),
        ("UPDATE consent SET seq = 9 WHERE seq = 3", (9,)),
    ],
)  # fmt: skip
def test_what_was_changed_is_found(kim, robin, tonight, statement, wrong):
    _both(kim, robin, tonight)
    before = consent.head(kim)

    _without_triggers(kim, statement)

    assert consent.verify(robin) == wrong
    assert (consent.head(kim) == before) is ("link" not in statement or "seq = 2" in statement)


def test_a_record_that_was_cut_short_has_another_head(kim, robin, tonight):
    _both(kim, robin, tonight)
    before = consent.head(kim)

    _without_triggers(kim, "DELETE FROM consent WHERE seq = 3")

    assert consent.verify(kim) == ()
    assert consent.head(kim) != before


def test_nobody_signs_in_the_other_ones_name(kim, robin, tonight):
    """A line as it would be, in the partner's name, with a signature of one's own."""
    said = consent.Line(tonight, AgreementKind.AFFIRMED, Seat.B, "hash", DAY)
    with kim.writing() as db:
        consent._add(db, kim, said)

    assert consent.verify(robin) == (1,)
    (event,) = consent.events(robin, tonight)
    assert (event.kind, event.seat) == (AgreementKind.WITHDRAWN, None)


def test_a_yes_that_lost_its_signature_counts_no_more(kim, robin, tonight):
    consent.append(kim, tonight, _event(AgreementKind.AFFIRMED, Seat.A))
    consent.append(robin, tonight, _event(AgreementKind.AFFIRMED, Seat.B))
    now = datetime.combine(DAY, datetime.min.time()) + timedelta(hours=22)
    assert standing(consent.events(kim, tonight), "hash", now) is Standing.STANDS

    _without_triggers(kim, "UPDATE consent SET signature = zeroblob(64) WHERE seq = 2")

    assert standing(consent.events(kim, tonight), "hash", now) is not Standing.STANDS


def test_a_yes_in_the_place_of_a_signed_no_counts_as_little(kim, robin, tonight):
    """Under link and signature of what Robin did say lies another line."""
    consent.append(kim, tonight, _event(AgreementKind.AFFIRMED, Seat.A))
    consent.append(robin, tonight, _event(AgreementKind.WITHDRAWN, Seat.B))
    (key,) = {row.key for row in _rows(kim) if row.seat == "B"}
    said = consent.Line(tonight, AgreementKind.AFFIRMED, Seat.B, "hash", DAY)
    box = seal(key, pad(records.encode(said), consent.BLOCK), consent._purpose(2))
    _without_triggers(kim, "UPDATE consent SET box = :box WHERE seq = 2", box=box)

    assert consent.lines(kim)[1].line == said
    assert [event.kind for event in consent.events(kim, tonight)][1] is AgreementKind.WITHDRAWN
    assert consent.verify(kim) == (2,)


def test_a_line_bears_a_mark_that_hangs_on_all_before_it(kim, robin, tonight):
    _both(kim, robin, tonight)
    before = [kept.mark for kept in consent.lines(kim)]
    assert all(re.fullmatch("[0-9a-f]{4} [0-9a-f]{4}", mark) for mark in before)

    vault.erase_record(kim)
    assert [kept.mark for kept in consent.lines(robin)] == before

    consent.append(kim, tonight, _event(AgreementKind.WITHDRAWN, Seat.A))
    assert [kept.mark for kept in consent.lines(robin, 2)][:-1] == before[-1:]


def test_unsigned_lines_come_from_before_only(kim, robin, tonight):
    carried = consent.Line(tonight, AgreementKind.AFFIRMED, Seat.B, "hash", DAY, carried=True)
    for _ in range(2):
        with kim.writing() as db:
            consent._add(db, kim, carried)
    assert consent.verify(robin) == ()
    consent.append(kim, tonight, _event(AgreementKind.AFFIRMED, Seat.A))
    with kim.writing() as db:
        consent._add(db, kim, carried)

    assert consent.verify(robin) == (4,)


def test_every_line_is_as_long_as_any_other_and_under_a_key_of_its_own(kim, robin, tonight):
    _both(kim, robin, tonight)
    shares.hand_in(kim, tonight, NOT_TONIGHT, 0)

    rows = _rows(kim)
    assert len({len(row.box) for row in rows}) == 1
    assert len({row.key for row in rows}) == len(rows)


# Limits ------------------------------------------------------------------------------------


def test_limits_that_are_handed_in_or_taken_back_have_their_lines(kim, robin, tonight):
    shares.hand_in(kim, tonight, NOT_TONIGHT, 0)
    shares.take_back(kim, tonight)
    shares.take_back(kim, tonight)
    shares.hand_in(robin, tonight, NOT_TONIGHT, 0)

    said = [kept.line for kept in consent.lines(robin)]
    assert [(line.kind, line.seat, bool(line.of)) for line in said] == [
        (Handed.IN, Seat.A, True),
        (Handed.BACK, Seat.A, False),
        (Handed.IN, Seat.B, True),
    ]
    assert said[0].of == said[2].of  # one form, whoever and whyever
    assert consent.events(kim, tonight) == ()
    assert consent.verify(kim) == ()


def test_a_share_that_was_not_written_has_no_line(kim, tonight):
    shares.hand_in(kim, tonight, NOT_TONIGHT, 0)

    with pytest.raises(ChangedElsewhere):
        shares.hand_in(kim, tonight, NOT_TONIGHT, 0)

    assert len(consent.lines(kim)) == 1


# Erasing -----------------------------------------------------------------------------------


def test_erasing_ones_own_lines_destroys_their_keys_and_leaves_the_chain(kim, robin, tonight):
    _both(kim, robin, tonight)
    shares.hand_in(robin, tonight, NOT_TONIGHT, 0)
    keys = [row.key for row in _rows(kim)]
    before = consent.head(kim)

    vault.erase_record(robin)

    assert [kept.line is None for kept in consent.lines(kim)] == [False, True, False, True]
    gone = _rows(kim)[1]
    assert (gone.key, gone.evening, gone.seat, gone.signature) == (None,) * 4
    assert [row.key for row in _rows(kim)] == [keys[0], None, keys[2], None]
    assert consent.verify(kim) == consent.verify(robin) == ()
    assert consent.head(kim) == before
    consent.append(kim, tonight, _event(AgreementKind.AFFIRMED, Seat.A))
    assert consent.verify(kim) == ()


def test_no_yes_stands_on_what_was_erased(kim, robin, tonight):
    """Robin said yes, Kim withdrew for both and erased it: Robin's yes does not come back."""
    consent.append(robin, tonight, _event(AgreementKind.AFFIRMED, Seat.B))
    consent.append(kim, tonight, _event(AgreementKind.WITHDRAWN, Seat.A))
    vault.erase_record(kim)
    consent.append(kim, tonight, _event(AgreementKind.AFFIRMED, Seat.A))

    said = consent.events(robin, tonight)

    now = datetime.combine(DAY, datetime.min.time()) + timedelta(hours=22)
    assert affirmed_seats(said, "hash", now) == {Seat.A}
    assert standing(said, "hash", now) is Standing.ONE


# Clocks and devices ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "behind"), [(0, False), (24 * 365, False), (-0.08, False), (-0.09, True),
                          (-24 * 365, True), (-24 * 365 * 56, True)]
)  # fmt: skip
def test_a_clock_that_was_put_back_is_said(home, kim, tonight, hours, behind):
    assert not consent.clock_behind(kim)
    consent.append(kim, tonight, _event(AgreementKind.AFFIRMED, Seat.A))
    later = home.night + timedelta(hours=hours)
    words = home.words[Seat.A]

    with vault.unlock(home.folder, words, clock=lambda: later) as lane:
        assert consent.clock_behind(lane) is behind
        consent.append(lane, tonight, _event(AgreementKind.WITHDRAWN, Seat.A))

    assert [event.kind for event in consent.events(kim, tonight)] == [
        AgreementKind.AFFIRMED,
        AgreementKind.WITHDRAWN,
    ]


def test_another_zone_or_the_end_of_summer_is_no_clock_put_back(home, kim, tonight, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        words = home.words[Seat.A]
        summer = datetime(2026, 10, 25, 2, 50)
        with vault.unlock(home.folder, words, clock=lambda: summer) as lane:
            consent.append(lane, tonight, _event(AgreementKind.AFFIRMED, Seat.A))
        with vault.unlock(
            home.folder, words, clock=lambda: summer.replace(minute=5, fold=1)
        ) as lane:
            assert not consent.clock_behind(lane)
        monkeypatch.setenv("TZ", "America/New_York")
        time.tzset()
        there = datetime(2026, 10, 24, 21, 5)
        with vault.unlock(home.folder, words, clock=lambda: there) as lane:
            assert not consent.clock_behind(lane)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_putting_the_clock_back_brings_no_agreement_again(home, kim, robin, tonight):
    """Both said yes; the next day one more line; then the clock is put back."""
    night = home.night
    consent.append(kim, tonight, _event(AgreementKind.AFFIRMED, Seat.A))
    consent.append(robin, tonight, _event(AgreementKind.AFFIRMED, Seat.B))
    assert standing(consent.events(kim, tonight), "hash", night) is Standing.STANDS
    next_day = DAY + timedelta(days=1)
    consent.append(kim, tonight, _event(AgreementKind.FINISHED, on=next_day))

    assert standing(consent.events(kim, tonight), "hash", night) is Standing.ENDED
    begun = evenings.begin_evening(kim, next_day, night + timedelta(days=1))
    assert begun != tonight
    assert evenings.current_evening(kim, night) is None


def test_two_devices_write_one_chain(kim, robin, tonight):
    start = Barrier(2)

    def say(lane):
        start.wait()
        for _ in range(20):
            consent.append(lane, tonight, _event(AgreementKind.AFFIRMED, lane.seat))

    threads = [Thread(target=say, args=(lane,)) for lane in (kim, robin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [kept.seq for kept in consent.lines(kim)] == list(range(1, 41))
    assert consent.verify(kim) == ()


def test_the_shared_part_goes_whole_and_the_chain_begins_anew(kim, robin, tonight):
    _both(kim, robin, tonight)

    with kim.writing() as db:
        consent.forget(db)
    with kim.reading() as db:
        kept = db.execute(text("SELECT name FROM sqlite_sequence")).scalars()
        assert "consent" not in list(kept)  # nor how many there were
    consent.append(robin, tonight, _event(AgreementKind.AFFIRMED, Seat.B))

    assert [kept.seq for kept in consent.lines(kim)] == [1]
    assert consent.verify(kim) == ()
    with pytest.raises(IntegrityError), kim.writing() as db:
        db.execute(update(schema.consent).values(seat="A"))
