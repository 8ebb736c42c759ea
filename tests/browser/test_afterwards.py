"""After a massage: a thank-you, a debrief, and one line of it that the other may read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.app.evening import LOW, PEOPLE, SECRETS, Couple
from tests.app.test_afterwards import play_first_turn
from tests.browser.conftest import App
from tests.browser.screen import Screen
from workbook.domain.seats import Seat
from workbook.store import vault
from workbook.store.unlocked import local_time

pytestmark = pytest.mark.timeout(300)


@pytest.mark.long
def test_one_line_of_a_debrief_is_read_by_the_other_and_no_more(
    page: Page, tmp_path: Path, start_app: Callable[..., App]
) -> None:
    folder = tmp_path / "data"
    vault.create(folder, PEOPLE, SECRETS, cost=LOW)
    couple = Couple(folder, SECRETS, local_time)
    couple.leave(play_first_turn(couple, both=False))
    screen = Screen(page, start_app(folder))
    screen.open()

    screen.unlock("Robin", SECRETS[Seat.B])
    landing = screen.turn_to("afterwards")
    screen.write("A thank-you, in your own words", "Thank you for the quiet hands.")
    screen.press("Give my thank-you")
    expect(landing.get_by_text("Yours is here.")).to_be_visible()
    screen.choose("More of, another time", "Shoulder tops", "Mid back")
    screen.write("A note for yourself", "I nearly fell asleep.")
    screen.choose("Show Kim any of this?", "More of: Shoulder tops")
    screen.saved()
    screen.pass_screen()
    screen.unlock("Kim", SECRETS[Seat.A])
    landing = screen.turn_to("afterwards")
    expect(landing.get_by_text("Thank you for the quiet hands.")).to_have_count(0)
    screen.press("Give my thank-you")

    expect(landing.get_by_text("Thank you for the quiet hands.")).to_be_visible()
    shown = landing.get_by_text("Robin would like more of: Shoulder tops", exact=True)
    expect(shown).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("I nearly fell asleep.")
