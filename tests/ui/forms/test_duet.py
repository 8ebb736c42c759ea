"""A pressure duet: three levels in the order that was drawn, each named, then one number."""

from __future__ import annotations

import pytest

from tests.ui.forms.shelf import SAY, form_context, state
from workbook.domain.levels import DUET_LEVELS, Duet, Level
from workbook.domain.seats import Seat
from workbook.ui.forms.duet import DuetForm

ORDER = [Level.MEDIUM, Level.LOTION, Level.SUNSCREEN]


@pytest.fixture
def form() -> DuetForm:
    return DuetForm(form_context(), Duet(), lambda: list(ORDER))


def begin(form: DuetForm, giver: Seat = Seat.A) -> None:
    form._start[giver].click()


def name(form: DuetForm, *levels: Level) -> None:
    for level in levels:
        form._question_group.answers = {"felt": level.name}


def visible(form: DuetForm) -> set[Seat]:
    return {who for who, start in form._start.items() if start.layout.display != "none"}


def test_the_levels_are_offered_one_at_a_time_in_the_order_that_was_drawn(form):
    begin(form)
    offered = []
    for level in ORDER:
        text = state(form._text)
        offered += [
            each for each in DUET_LEVELS if SAY(f"levels.{each.name.lower()}.anchor") in text
        ]
        assert form._question_group.answers == {}  # nothing is chosen beforehand
        name(form, level)

    assert offered == ORDER


def test_what_was_named_becomes_one_number_for_these_hands(form):
    heard = []
    form.observe(lambda change: heard.append(change.new), "value")
    begin(form, Seat.B)

    name(form, Level.MEDIUM, Level.SUNSCREEN, Level.MEDIUM)

    assert heard == [Duet({Seat.B: 1})]
    begin(form, Seat.A)
    name(form, *ORDER)
    assert form.value == Duet({Seat.B: 1, Seat.A: 0})


def test_a_duet_that_is_left_keeps_nothing(form):
    begin(form)
    name(form, Level.MEDIUM, Level.MEDIUM)

    form._leave.click()

    assert form.value == Duet()
    assert visible(form) == set(Seat)
    begin(form)
    name(form, Level.MEDIUM)
    assert form.value == Duet()  # the two before do not count


@pytest.mark.parametrize(("firmer", "said"), [(0, "0"), (1, "firmer"), (-2, "lighter")])
def test_what_it_came_to_is_said_and_can_be_tried_once_more(form, firmer, said):
    form.set_value(Duet({Seat.A: firmer}))
    people = form_context().people
    names = {"giver": people.at(Seat.A).name, "receiver": people.at(Seat.B).name}

    assert SAY(f"forms.duet_result_{said}", **names) in state(form._text)
    assert form._start[Seat.A].description == SAY("forms.duet_again", name=names["giver"])
    assert form._start[Seat.B].description == SAY("forms.duet_start", name=names["receiver"])


def test_what_another_page_kept_does_not_end_a_duet_under_way(form):
    begin(form)

    form.set_value(Duet({Seat.B: 1}))

    assert visible(form) == set()
    name(form, *ORDER)
    assert form.value == Duet({Seat.A: 0, Seat.B: 1})


def test_without_a_fixed_order_each_level_comes_once():
    form = DuetForm(form_context(), Duet())

    begin(form)

    assert sorted(form._order) == sorted(DUET_LEVELS)
