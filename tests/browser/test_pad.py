"""Two phones in step: Kim's leads the session, Robin's is the pad."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import App
from tests.browser.screen import Screen
from tests.browser.test_changes import KIM, ROBIN, SECRET
from tests.browser.test_evening import come_back

pytestmark = pytest.mark.timeout(300)

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def phones(browser: Browser, filled_app: App) -> Iterator[tuple[Screen, Screen]]:
    """Kim's phone and Robin's, each with its own page, both ready and agreed."""
    contexts = [browser.new_context(viewport=PHONE, has_touch=True) for _ in range(2)]
    kim, robin = (Screen(context.new_page(), filled_app) for context in contexts)
    come_back(robin, ROBIN, gives=False, passphrase=SECRET[ROBIN])
    come_back(kim, KIM, gives=True, passphrase=SECRET[KIM])
    expect(kim.page.get_by_text("The plan, 20 minutes")).to_be_visible()
    kim.press("We both tried both signals")
    Screen.say_yes_on_both(kim, robin)
    kim.press("Begin")
    yield kim, robin
    for context in contexts:
        context.close()


def tap(glass: Locator, times: int) -> None:
    for _ in range(times):
        glass.tap(position={"x": 200, "y": 300})


def test_the_receivers_phone_softens_stills_and_stops_the_other_one(
    phones: tuple[Screen, Screen],
) -> None:
    kim, robin = phones
    stage = kim.page.get_by_role("dialog")
    robin.press("Be the pad")
    glass = robin.page.get_by_role("dialog")
    expect(glass).to_contain_text("This glass listens")
    expect(stage).to_contain_text("The pad is there", timeout=10_000)
    asked = stage.get_by_role("group").filter(visible=True)
    if asked.count():  # the opening question, unless it has been quiet for too long already
        asked.first.get_by_role("button").last.click()

    tap(glass, 1)
    expect(stage).to_contain_text("Softer from here on")
    expect(glass).to_contain_text("Softer")
    robin.page.wait_for_timeout(700)
    tap(glass, 2)
    expect(stage).to_contain_text("Hands still")
    expect(glass).to_contain_text("Hands still")
    kim.press("Robin: go on")
    expect(stage).to_contain_text("Step 1 of")
    robin.page.wait_for_timeout(700)

    tap(glass, 3)

    expect(stage).to_contain_text("Breathe. Water? Talk or quiet?")
    expect(stage).not_to_contain_text("The pad is there")  # nothing beside the calm line
    expect(glass).to_contain_text("Hands still. Breathe.")


def test_each_phone_says_within_seconds_that_the_other_one_is_gone(
    phones: tuple[Screen, Screen],
) -> None:
    kim, robin = phones
    stage = kim.page.get_by_role("dialog")
    robin.press("Be the pad")
    glass = robin.page.get_by_role("dialog")
    expect(stage).to_contain_text("The pad is there", timeout=10_000)

    robin.page.context.set_offline(True)
    expect(stage).to_contain_text("The pad is not connected.", timeout=7_000)
    robin.page.context.set_offline(False)
    expect(stage).to_contain_text("The pad is there", timeout=10_000)

    kim.page.close()
    expect(glass).to_contain_text("Hands still.", timeout=7_000)
    expect(glass).to_contain_text("The guide on the other screen is gone. Say it out loud.")
