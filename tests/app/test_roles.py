"""Role first: who only gives is not asked as receiver, and the reverse."""

from __future__ import annotations

import pytest

from tests.app.evening import SAY, STROKES, answer, buttons, options, shown, tell, value_of
from workbook.domain.levels import Level, PressureAnswers
from workbook.domain.seats import Role, Seat
from workbook.domain.topics import STEPS
from workbook.ui.widgets.questions import Questions

ONE_WAY_SCREENS = 10
"""Screens of an evening on which somebody only gives or only receives (design, "Who is asked")."""

RECEIVING = {
    "pressure": {"overall"},
    "time": {"minutes"},
    "positions": {"position", "positions_out"},
    "techniques": {"techniques", "pace"},
    "hands": set(),
}
GIVING = {
    "pressure": {"giving"},
    "time": {"minutes"},
    "positions": set(),
    "techniques": {"giving", "pace"},
    "hands": {"giver"},
}
BOTH = {name: RECEIVING[name] | GIVING[name] for name in RECEIVING}
for name in ("pressure", "techniques"):
    BOTH[name] = BOTH[name] | {"alike"}


def asked(book, name):
    form = book.form(name).children[0]
    group = next(each for each in form.children if isinstance(each, Questions))
    return {question["key"] for question in group.questions}


@pytest.mark.parametrize(
    ("role", "questions"), [("receive", RECEIVING), ("give", GIVING), ("both", BOTH), (None, BOTH)]
)
def test_each_role_is_asked_what_concerns_it(couple, role, questions):
    book = couple.open(Seat.A)
    tell(book, "role", role="both")

    tell(book, "role", role=role)

    assert {name: asked(book, name) for name in questions} == questions


def test_the_roles_of_tonight_are_in_the_view(couple):
    book = couple.open(Seat.A)
    assert book.controller.view.roles == frozenset()

    tell(book, "role", role="both")

    assert book.controller.view.roles == frozenset(Role)


@pytest.mark.parametrize("gives", [True, False])
def test_a_one_way_evening_misses_nothing_that_its_role_does_not_need(couple, gives):
    book = couple.open(Seat.A)

    answer(book, gives=gives)

    assert book.controller.view.ready.missing == ()
    steps = dict(book.controller.view.steps.states)
    assert {name for name, state in steps.items() if state != "done"} <= {"after", "ready"}
    assert set(steps) == set(STEPS) - {"cover"}
    assert len(steps) <= ONE_WAY_SCREENS


def test_how_somebody_lies_and_what_they_wear_is_with_how_firmly_on_a_one_way_evening(couple):
    book = couple.open(Seat.A)
    tell(book, "role", role="receive")
    tell(book, "pressure", overall="LOTION")
    tell(book, "time", minutes="20")
    steps = book.controller.view.steps
    assert (steps.joined, steps.states["firmness"]) == ({"cover": "firmness"}, "half")

    tell(book, "positions", position="prone")
    tell(book, "coverage", coverage="partly")

    assert book.controller.view.steps.states["firmness"] == "done"
    tell(book, "role", role="both")
    assert book.controller.view.steps.joined == {}
    assert book.controller.view.steps.states["cover"] == "done"


def test_who_only_gives_is_asked_what_the_other_wears(couple):
    book = couple.open(Seat.A)
    tell(book, "role", role="both")
    assert SAY("forms.coverage_question") in shown(book, "coverage")

    tell(book, "role", role="give")

    assert SAY("forms.coverage_giving") in shown(book, "coverage")
    assert SAY("forms.coverage_question") not in shown(book, "coverage")


def test_a_giver_who_has_not_said_how_their_hands_are_reads_that_it_is_open(couple):
    book = couple.open(Seat.A)

    tell(book, "role", role="give")
    assert SAY("forms.missing_hands") in shown(book, "ready")
    tell(book, "hands", giver=["none"])

    assert SAY("forms.missing_hands") not in shown(book, "ready")


@pytest.mark.parametrize(
    ("name", "key", "said"),
    [("pressure", "overall", "LOTION"), ("techniques", "techniques", STROKES)],
)
def test_giving_is_answered_like_receiving_with_one_tap_and_never_by_itself(
    couple, name, key, said
):
    book = couple.open(Seat.A)
    tell(book, "role", role="both")
    tell(book, name, **{key: said})
    assert name in book.controller.view.ready.missing
    giving = {"pressure": lambda: value_of(book, "pressure").giving or None}
    giving["techniques"] = lambda: value_of(book, "techniques").for_giving or None
    assert giving[name]() is None

    tell(book, name, alike="alike")

    assert giving[name]() in (Level.LOTION, frozenset(STROKES))
    assert name not in book.controller.view.ready.missing
    tell(book, name, alike=None)
    assert giving[name]() is None


def test_an_answer_for_a_role_that_is_not_asked_tonight_is_kept(couple):
    book = couple.open(Seat.A)
    tell(book, "role", role="both")
    tell(book, "pressure", overall="MEDIUM", alike="apart", giving="STILL")
    tell(book, "role", role="receive")

    tell(book, "pressure", overall="LOTION")

    assert value_of(book, "pressure") == PressureAnswers(Level.LOTION, giving=Level.STILL)


def test_levels_by_area_are_a_tap_away_for_who_receives(couple):
    book = couple.open(Seat.A)
    assert SAY("forms.pressure_areas") in buttons(book, "pressure")
    assert SAY("forms.pressure_areas_help") not in shown(book, "pressure")

    buttons(book, "pressure")[SAY("forms.pressure_areas")].click()

    assert SAY("forms.pressure_areas_help") in shown(book, "pressure")
    assert options(book, "pressure", "overall")
    tell(book, "role", role="give")
    assert SAY("forms.pressure_areas_help") not in shown(book, "pressure")
