"""Two phones in step: Kim's leads the session, Robin's is the pad."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen

pytestmark = pytest.mark.timeout(300)


def tap(glass: Locator, times: int) -> None:
    for _ in range(times):
        glass.tap(position={"x": 200, "y": 300})


def test_the_pad_softens_stills_and_stops_and_back_leaves_it(kim: Screen, robin: Screen) -> None:
    robin.turn_to("help")  # there is somewhere to go back to
    robin.press("Back to the evening")
    robin.press("Be the pad")
    pad = robin
    stage, glass = (screen.page.get_by_role("dialog") for screen in (kim, pad))
    expect(stage).to_contain_text("The pad is there")
    expect(glass).to_contain_text("Tap anywhere on this screen")
    asked = stage.get_by_role("group").filter(visible=True)
    if asked.count():  # the opening question, unless it has been quiet for too long already
        asked.first.get_by_role("button").last.click()

    tap(glass, 1)
    expect(stage).to_contain_text("Softer from here on")
    expect(glass.locator(".at-pad-says")).to_have_text("Softer")
    pad.page.wait_for_timeout(700)
    tap(glass, 2)
    expect(stage).to_contain_text("Hands still")
    expect(glass).to_contain_text("Hands still")
    kim.press("Robin: go on")
    expect(stage).to_contain_text("Step 1 of")

    for _ in range(2):
        pad.page.go_back()
        pad.page.wait_for_timeout(200)
    pad.page.evaluate("history.go(-2)")  # as the list behind a long press on Back does
    pad.page.wait_for_timeout(700)
    expect(glass).to_contain_text("Tap anywhere on this screen")
    tap(glass, 3)

    expect(stage).to_contain_text("Breathe. Water? Talk or quiet?")
    expect(stage).not_to_contain_text("The pad is there")  # nothing beside the calm line
    expect(glass).to_contain_text("Hands still. Breathe.")


@pytest.mark.long
def test_each_phone_says_within_seconds_that_the_other_one_is_gone(
    kim: Screen, pad: Screen
) -> None:
    stage = kim.page.get_by_role("dialog")
    glass = pad.page.get_by_role("dialog")

    pad.page.context.set_offline(True)
    expect(stage).to_contain_text("The pad is not connected.", timeout=7_000)
    pad.page.context.set_offline(False)
    expect(stage).to_contain_text("The pad is there", timeout=10_000)

    kim.page.close()
    expect(glass).to_contain_text("Hands still.", timeout=7_000)
    expect(glass).to_contain_text("The guide on the other screen is gone. Say it out loud.")


@pytest.mark.long
def test_a_pad_that_is_not_on_the_screen_is_not_said_to_be_there(
    kim: Screen, robin: Screen
) -> None:
    stage = kim.page.get_by_role("dialog")
    expect(robin.button("Be the pad")).to_be_visible()
    kim.page.wait_for_timeout(6_000)  # two heartbeats are as far apart as two seconds
    expect(stage).not_to_contain_text("The pad is there")
    robin.press("Be the pad")
    expect(stage).to_contain_text("The pad is there", timeout=10_000)

    # Whatever takes it off the screen.
    robin.page.locator("dialog[open]").evaluate("pad => { pad.style.display = 'none' }")

    expect(stage).to_contain_text("The pad is not connected.", timeout=10_000)
