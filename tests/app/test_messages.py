"""A page may send any message to any widget of its kernel; what was not offered has no effect."""

from __future__ import annotations

from ipywidgets import Button

from tests.app.evening import PEOPLE, SAY, buttons, proposal, try_signals
from workbook.domain.seats import Seat

AFFIRM = [SAY("forms.affirm", name=PEOPLE.at(seat).name) for seat in Seat]


def click(button: Button) -> None:
    """A click as it comes over the connection, whatever the button looks like."""
    button._handle_custom_msg({"event": "click"}, [])


def test_a_click_on_a_button_that_is_disabled_agrees_to_nothing(both_ready):
    yes = [buttons(both_ready, "agreement")[label] for label in AFFIRM]
    assert all(button.disabled for button in yes)

    for button in yes:
        click(button)

    assert proposal(both_ready).affirmed == frozenset()


def test_a_button_that_the_page_enables_itself_agrees_to_nothing(both_ready):
    for label in AFFIRM:
        button = buttons(both_ready, "agreement")[label]
        button.set_state({"disabled": False})
        click(button)

    assert proposal(both_ready).affirmed == frozenset()


def test_a_hidden_button_takes_nothing_that_was_not_given(both_ready):
    try_signals(both_ready)
    shown = buttons(both_ready, "agreement").values()
    zones = both_ready.form("agreement").children[0].children[-1].children
    buttons_there = [each for zone in zones for each in zone.children if isinstance(each, Button)]
    hidden = [each for each in buttons_there if each not in shown]
    assert hidden

    for button in hidden:
        click(button)

    assert proposal(both_ready).affirmed == frozenset()
