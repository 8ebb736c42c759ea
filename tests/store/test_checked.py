"""Every kind is checked before it is written: types, and the keys of the tables."""

from datetime import date, datetime

import pytest

from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import ConsentAnswers, FreeYes, SignalChoice, Signals
from workbook.domain.errors import ChangedElsewhere, InvalidAnswer
from workbook.domain.evening import IntentionCard, RoomCard, StillTrue, TimeAnswers, WishAnswers
from workbook.domain.health import Clearance, HealthAnswers, ReportedCondition
from workbook.domain.learning import Debrief, NextDay, PastEvenings
from workbook.domain.levels import Duet, Level, PressureAnswers
from workbook.domain.products import OilAnswers, PatchTest
from workbook.domain.seats import Seat
from workbook.domain.shares import Share
from workbook.domain.techniques import TechniqueAnswers
from workbook.store import answers, cards, records, shares, thanks
from workbook.store.thanks import Thanks

DAY = date(2026, 5, 3)
UNREADABLE = [
    ConsentAnswers(free=FreeYes.YES, adult=""),
    ConsentAnswers(adult=0),
    TimeAnswers(on="today"),
    PressureAnswers(areas={"feet": 2.5}),
    Debrief(on=None),
    NextDay(on=DAY, glad="very"),
    HealthAnswers(ticked={"fever": None}),
    PastEvenings(learned=("x",)),
]
UNKNOWN = [
    WishAnswers(frozenset({"t", "_"})),
    OilAnswers(allergies=frozenset("nut_tree")),
    OilAnswers(tests={"O-99": PatchTest(datetime(2026, 5, 1))}),
    TechniqueAnswers(techniques=frozenset({"V", "B", "I"})),
    TechniqueAnswers(giving=frozenset({"V"})),
    AreaAnswers({"x": AreaMark.OPEN}),
    HealthAnswers(asked=frozenset({"x"})),
    HealthAnswers(ticked={"x": ReportedCondition()}),
    HealthAnswers(clearances=(Clearance("H-999", DAY),)),
    HealthAnswers(clearances=(Clearance("H-11", DAY, closed=frozenset({"x"})),)),
    StillTrue(frozenset({"x"})),
    Debrief(DAY, less={"x": Level.LOTION}),
    Debrief(DAY, shown=frozenset({"x"})),
    NextDay(DAY, product="x"),
]


@pytest.fixture(autouse=True)
def any_key():
    """Here the keys are those of the tables."""


def name_case(value: object) -> str:
    """Name a case by its class; pytest numbers what has one name.

    A set has another order in each process, and every worker has to collect the same names.
    """
    return type(value).__name__


@pytest.mark.parametrize("value", [*UNREADABLE, *UNKNOWN], ids=name_case)
def test_what_could_not_be_read_back_is_not_written(kim, tonight, value):
    for evening in (None, tonight):
        with pytest.raises(InvalidAnswer):
            answers.write_answer(kim, value, evening)
        with pytest.raises(InvalidAnswer):
            answers.replace_answers(kim, [(evening, value)])

        assert answers.read_answer(kim, type(value), evening) is None
    assert kim.unreadable == set()


@pytest.mark.parametrize(
    "card",
    [
        Signals(silent="nope"),
        Signals(chosen={Seat.A: SignalChoice("lantern", "nope")}),
        Signals(chosen={"C": SignalChoice()}),
        RoomCard(done=frozenset({"x"})),
        RoomCard(flame="yes"),
        IntentionCard("x"),
        Duet({Seat.A: "firm"}),
    ],
    ids=name_case,
)
def test_nor_is_a_card_of_both(kim, tonight, card):
    with pytest.raises(InvalidAnswer):
        cards.write_card(kim, card, tonight)

    assert cards.read_card(kim, type(card), tonight) is None


def test_nor_a_share_or_a_thank_you(kim, tonight):
    with pytest.raises(InvalidAnswer):
        shares.hand_in(kim, tonight, Share(tonight="yes"), 0)
    with pytest.raises(InvalidAnswer):
        thanks.hand_in_thanks(kim, tonight, Thanks(more=frozenset({"x"})), 0)

    assert shares.read_all(kim, tonight) == thanks.read_thanks(kim, tonight) == {}


def test_a_key_of_an_older_table_may_stay_and_none_may_come(kim, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(records, "find_unknown", lambda *_: None)
        answers.write_answer(kim, WishAnswers(frozenset({"retired"})))

    kept = WishAnswers(frozenset({"retired", "soft_music"}))
    answers.write_answer(kim, kept, expected_version=1)

    assert answers.read_answer(kim, WishAnswers).value == kept
    with pytest.raises(InvalidAnswer):
        answers.write_answer(kim, WishAnswers(frozenset({"another"})), expected_version=2)


def test_a_row_that_cannot_be_read_is_replaced_like_none(kim, tonight):
    cards.write_card(kim, RoomCard(music="slow"), tonight)
    with kim.writing() as db:
        db.exec_driver_sql("UPDATE cards SET body = x'5b5d'")
    assert cards.read_card(kim, RoomCard, tonight) is None
    assert kim.unreadable == {"RoomCard"}

    saved = cards.write_card(kim, RoomCard(music="none"), tonight)

    assert cards.read_card(kim, RoomCard, tonight) == saved
    with pytest.raises(ChangedElsewhere):
        cards.write_card(kim, RoomCard(music="loud"), tonight)
