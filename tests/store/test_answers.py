import contextlib
import threading
from datetime import date, datetime

import msgspec
import pytest
from sqlalchemy import select, text, update

from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import ConsentAnswers, FreeYes, Signals
from workbook.domain.errors import ChangedElsewhere
from workbook.domain.evening import (
    AftercareAnswers,
    Answers,
    Energy,
    Hands,
    IntentionAnswers,
    RoomCard,
    TimeAnswers,
    Willing,
    WishAnswers,
)
from workbook.domain.health import Clearance, HealthAnswers, ReportedCondition
from workbook.domain.learning import Debrief, Settings
from workbook.domain.levels import Level, PressureAnswers
from workbook.domain.products import OilAnswers, PatchResult, PatchTest
from workbook.domain.seats import Seat
from workbook.domain.techniques import Pace, Position, TechniqueAnswers
from workbook.store import answers, cards, evenings, records, schema, seal

DAY = date(2026, 5, 3)
EACH = [
    ConsentAnswers(FreeYes.NOT_SURE, adult=True),
    IntentionAnswers(frozenset({"calm", "close"}), "in my own words"),
    WishAnswers(frozenset({"feet", "hair"})),
    AreaAnswers({"feet.left": AreaMark.OPEN}, {"spine": AreaMark.ANOTHER_EVENING}),
    PressureAnswers(Level.SUNSCREEN, {"feet": Level.MEDIUM}, Level.STILL),
    TechniqueAnswers(frozenset({"EFF"}), Pace.SLOW, True, frozenset({Position.PRONE})),
    HealthAnswers(
        frozenset({"skin"}),
        {"rash": ReportedCondition(frozenset({"arm.left"}), DAY, 12, DAY)},
        (Clearance("H-11", DAY, Level.LOTION, frozenset({"belly"})),),
        DAY,
    ),
    OilAnswers(tests={"O-01": PatchTest(datetime(2026, 5, 1, 9), PatchResult.CLEAR, used=True)}),
    TimeAnswers(frozenset({Willing.GIVE}), 20, 15, Energy.LITTLE, Hands.SORE, DAY),
    AftercareAnswers(("C-01", "C-02"), 10),
    Debrief(DAY, "thank you", frozenset({"feet"}), {"hands": Level.LOTION}, 8, 10, "private"),
    Settings(),
    Answers(),
]
TEXTS = [
    "שלום עולם",
    "\u202eright to left\u202c",
    "\u2066isolated\u2069",
    "👩\u200d👩\u200d👧 family",
    "a\u200bb",
    "e" + "\u0301" * 1000,
    "\uffff\ufffe",
    "\U000e0041 tag",
    "line\r\nline\nline\r",
    "é",
    "e\u0301",
    '"quoted" \\ back',
    "'; DROP TABLE answers; --",
    "=1+1",
    "𝄞",
    "",
    "x" * 1_000_000,
]


@pytest.mark.parametrize("value", EACH, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("own", [True, False], ids=["tonight", "standing"])
def test_every_kind_of_answer_comes_back_as_it_was(kim, tonight, value, own):
    evening = tonight if own else None

    saved = answers.write_answer(kim, value, evening)

    assert answers.read_answer(kim, type(value), evening) == saved
    assert (saved.value, saved.version) == (value, 1)


def test_a_save_says_when_by_the_local_clock(home, kim):
    assert answers.write_answer(kim, AreaAnswers()).at == home.night


@pytest.mark.parametrize("words", TEXTS, ids=range(len(TEXTS)))
def test_any_text_comes_back_equal(kim, words):
    answers.write_answer(kim, IntentionAnswers(expects=words))

    assert answers.read_answer(kim, IntentionAnswers).value.expects == words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("half \ud83d", "half \ufffd"),
        ("\udc00", "\ufffd"),
        ("\ud83d\ude00", "😀"),
        ("a\0b", "a\ufffdb"),
    ],
)
def test_what_cannot_be_stored_is_replaced_and_the_save_shows_it(kim, typed, kept):
    saved = answers.write_answer(kim, IntentionAnswers(frozenset({typed}), typed))

    assert saved.value == IntentionAnswers(frozenset({kept}), kept)
    assert answers.read_answer(kim, IntentionAnswers).value == saved.value


def test_names_of_areas_are_cleaned_as_well(kim):
    assert answers.write_answer(kim, AreaAnswers({"a\0": AreaMark.OPEN})).value.receiving == {
        "a\ufffd": AreaMark.OPEN
    }


def test_what_is_stored_does_not_show_in_which_order_it_was_ticked():
    names = [f"wish-{n}" for n in range(20)]

    assert records.encode(frozenset(names)) == records.encode(frozenset(reversed(names)))
    assert msgspec.json.decode(records.encode(frozenset(names))) == sorted(names)


def test_an_evenings_answers_are_not_the_standing_ones(kim, tonight):
    answers.write_answer(kim, IntentionAnswers(expects="tonight"), tonight)

    assert answers.read_answer(kim, IntentionAnswers) is None
    assert answers.read_answer(kim, IntentionAnswers, "another") is None


def test_several_answers_are_those_that_are_read_apart(kim, robin, tonight):
    """What is blank, damaged, of another evening or of the partner is not among them."""
    answers.write_answer(kim, AreaAnswers({"feet": AreaMark.OPEN}), tonight)
    answers.write_answer(kim, PressureAnswers(Level.LOTION))
    answers.write_answer(kim, WishAnswers(frozenset({"feet"})), tonight)
    answers.write_answer(kim, OilAnswers())
    answers.write_answer(robin, IntentionAnswers(expects="Robin's"), tonight)
    damaged = answers._row_key(kim.keys.own, "OilAnswers", None)
    with kim.writing() as db:
        db.execute(update(schema.answers).where(schema.answers.c.row == damaged).values(box=b"?"))

    wanted = {
        PressureAnswers: None,
        AreaAnswers: tonight,
        OilAnswers: None,
        WishAnswers: None,
        IntentionAnswers: tonight,
    }
    found = answers.read_several_answers(kim, wanted)

    apart = {kind: answers.read_answer(kim, kind, evening) for kind, evening in wanted.items()}
    assert found == {kind: saved for kind, saved in apart.items() if saved is not None}
    assert list(found) == [PressureAnswers, AreaAnswers]
    assert kim.unreadable == {"OilAnswers"}


def test_answers_of_all_evenings_come_in_order(home, kim):
    ids = [
        evenings.begin_evening(kim, day, datetime(day.year, day.month, day.day, 21))
        for day in (date(2026, 5, 3), date(2026, 5, 9), date(2026, 5, 1))
    ]
    for name in (ids[2], ids[0]):
        answers.write_answer(kim, Debrief(DAY, name), name)

    assert list(answers.read_all_answers(kim, Debrief)) == [ids[0], ids[2]]


def test_the_second_of_two_pages_sees_the_conflict_and_overwrites_nothing(home, kim):
    first = answers.write_answer(kim, IntentionAnswers(expects="one"))

    with home.unlock() as other:
        answers.write_answer(other, IntentionAnswers(expects="two"), expected_version=first.version)
        for stale in (0, first.version, 7):
            with pytest.raises(ChangedElsewhere):
                answers.write_answer(kim, IntentionAnswers(expects="three"), expected_version=stale)

    kept = answers.read_answer(kim, IntentionAnswers)
    assert (kept.value.expects, kept.version) == ("two", 2)


def test_a_version_that_never_was_is_a_conflict(kim):
    with pytest.raises(ChangedElsewhere):
        answers.write_answer(kim, AreaAnswers(), expected_version=1)

    assert answers.read_answer(kim, AreaAnswers) is None


def test_two_pages_at_once_never_both_win(home, kim):
    lanes = [home.unlock() for _ in range(4)]
    start = threading.Barrier(4)
    won = []

    def race(lane):
        start.wait()
        for version in range(10):
            try:
                answers.write_answer(
                    lane, IntentionAnswers(expects=str(version)), expected_version=version
                )
                won.append(version)
            except ChangedElsewhere:
                pass

    threads = [threading.Thread(target=race, args=(lane,)) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for lane in lanes:
        lane.close()

    assert len(won) == len(set(won)) == answers.read_answer(kim, IntentionAnswers).version


def test_nobody_reads_the_partners_answers(kim, robin, tonight):
    answers.write_answer(robin, AreaAnswers({"feet": AreaMark.OPEN}), tonight)

    assert answers.read_answer(kim, AreaAnswers, tonight) is None
    with kim.reading() as db:
        (row,) = db.execute(select(schema.answers)).all()
    for key in (kim.keys.own, kim.keys.database, kim.keys.share):
        for purpose in (f"answers|v1|{seat.value}|AreaAnswers|{tonight}" for seat in Seat):
            with pytest.raises(seal.UnsealError):
                seal.unseal(key, row.box, purpose)
    assert seal.unseal(robin.keys.own, row.box, f"answers|v1|B|AreaAnswers|{tonight}")
    for word in (b"AreaAnswers", b"feet", tonight.encode()):
        assert word not in row.row + row.box


def test_a_row_moved_to_another_topic_or_evening_is_not_read(kim, tonight):
    answers.write_answer(kim, AreaAnswers({"feet": AreaMark.OPEN}), tonight)
    moved = update(schema.answers).values(row=answers._row_key(kim.keys.own, "AreaAnswers", None))
    with kim.writing() as db:
        db.execute(moved)

    assert answers.read_answer(kim, AreaAnswers) is None
    assert kim.unreadable == {"AreaAnswers"}


def _lengths(lane):
    with lane.reading() as db:
        return [n for (n,) in db.execute(text("SELECT length(box) FROM answers"))]


def test_the_length_of_a_row_tells_neither_its_kind_nor_its_content(kim, tonight):
    places = [f"a-place-with-a-name-{n}" for n in range(50)]
    for value in (*EACH, AreaAnswers(dict.fromkeys(places, AreaMark.OPEN))):
        with contextlib.suppress(ChangedElsewhere):
            answers.write_answer(kim, value)
    for number in range(12):
        answers.write_answer(kim, IntentionAnswers(expects="x" * 300 * number), f"e{number}")
        wished = frozenset(f"wish-number-{n}" for n in range(10 * number))
        answers.write_answer(kim, WishAnswers(wished), f"e{number}")

    assert set(_lengths(kim)) == {4096 + 40}


def test_answers_are_private_and_cards_are_not(kim, robin, tonight):
    with pytest.raises(TypeError):
        answers.write_answer(kim, RoomCard())
    with pytest.raises(TypeError):
        cards.write_card(kim, HealthAnswers())

    saved = cards.write_card(kim, RoomCard(frozenset({"warm"}), flame=False), tonight)

    assert cards.read_card(robin, RoomCard, tonight) == saved
    assert cards.read_card(robin, Signals) is None
    with pytest.raises(ChangedElsewhere):
        cards.write_card(robin, RoomCard(), tonight)
    assert cards.write_card(robin, RoomCard(), tonight, saved.version).version == 2
