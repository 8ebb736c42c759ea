"""The second person sees the first one's stop signals, and agrees with one tap."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import Screen
from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES
from workbook.domain.consent import Signals
from workbook.domain.seats import Seat
from workbook.store import cards, vault

pytestmark = pytest.mark.timeout(300)

KIM, ROBIN = DEMO_NAMES[Seat.A], DEMO_NAMES[Seat.B]
SECRET = {DEMO_NAMES[seat]: DEMO_PASSPHRASES[seat] for seat in Seat}
ASKED = "And without a word?"
FALL = "Letting something fall, such as keys"


@pytest.fixture
def screen(page: Page, filled: Path, start_app) -> Screen:
    """A book in which nobody has chosen signals yet, open for the first person."""
    with vault.unlock(filled, SECRET[KIM]) as lane:
        known = cards.read_card(lane, Signals)
        assert known is not None
        cards.write_card(lane, Signals(), expected_version=known.version)
    screen = Screen(page, start_app(filled))
    screen.open()
    screen.unlock(KIM, SECRET[KIM])
    return screen


@pytest.mark.long
def test_the_second_person_agrees_with_one_tap_and_a_second_tap_takes_nothing_back(
    screen: Screen,
) -> None:
    limits = screen.turn_to("limits")
    screen.choose(ASKED, FALL)
    screen.write("Your word for stop", "lantern")
    expect(limits.get_by_text(f"{ROBIN} sees your choice")).to_be_visible()
    chosen = screen.question(ASKED).get_by_role("radio", name=FALL)
    chosen.click()
    expect(chosen).to_be_checked()
    chosen.press(" ")
    expect(chosen).to_be_checked()
    screen.saved()
    screen.pass_screen()

    screen.unlock(ROBIN, SECRET[ROBIN])
    limits = screen.turn_to("limits")
    expect(
        limits.get_by_text(f"{KIM} suggests “lantern”, or letting something fall")
    ).to_be_visible()
    expect(screen.page.get_by_role("group", name=ASKED)).to_be_hidden()
    screen.press("Fine with me")

    expect(limits.get_by_text("You have both chosen “lantern”")).to_be_visible()
    expect(screen.button("Fine with me")).to_have_count(0)
    screen.press("Another one")
    expect(screen.question(ASKED).get_by_role("radio", name=FALL)).to_be_checked()
