"""The browser's Back, during a session and on the pad, takes no Stop off the screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import Screen
from tests.browser.test_pad import phones, tap  # noqa: F401 - a fixture

pytestmark = pytest.mark.timeout(300)


def leaf_through_history(page: Page) -> None:
    """Press Back twice, then jump as far back as the list behind a long press goes."""
    page.go_back()
    page.wait_for_timeout(300)
    page.go_back()
    page.wait_for_timeout(300)
    page.evaluate("history.go(-2)")
    page.wait_for_timeout(300)


def test_back_leaves_stop_on_the_screen_and_a_stop_is_heard(
    phones: tuple[Screen, Screen],  # noqa: F811
) -> None:
    kim, robin = phones
    stage = kim.page.get_by_role("dialog")
    robin.press("Be the pad")
    expect(stage).to_contain_text("The pad is there", timeout=10_000)

    leaf_through_history(kim.page)

    expect(stage).to_contain_text("Step 1 of")
    expect(stage.get_by_role("button", name="Stop")).to_be_in_viewport(ratio=1)
    expect(kim.page.locator("section#tonight")).to_have_js_property("hidden", False)
    assert kim.page.evaluate("location.hash") == "#tonight"
    kim.press("Stop")
    expect(stage).to_contain_text("Breathe. Water? Talk or quiet?", timeout=5_000)
    expect(robin.page.get_by_role("dialog")).to_contain_text("Hands still. Breathe.")


def test_back_leaves_the_pad_on_the_screen_and_three_taps_are_heard(
    phones: tuple[Screen, Screen],  # noqa: F811
) -> None:
    kim, robin = phones
    stage = kim.page.get_by_role("dialog")
    robin.press("Be the pad")
    glass = robin.page.get_by_role("dialog")
    expect(stage).to_contain_text("The pad is there", timeout=10_000)

    leaf_through_history(robin.page)

    expect(glass).to_contain_text("This glass listens")
    tap(glass, 3)
    expect(stage).to_contain_text("Breathe. Water? Talk or quiet?")
    expect(glass).to_contain_text("Hands still. Breathe.")


def test_a_pad_that_is_not_on_the_screen_is_not_said_to_be_there(
    phones: tuple[Screen, Screen],  # noqa: F811
) -> None:
    kim, robin = phones
    stage = kim.page.get_by_role("dialog")
    expect(robin.button("Be the pad")).to_be_visible()
    kim.page.wait_for_timeout(6_000)  # two signs of life are as far apart as two seconds
    expect(stage).not_to_contain_text("The pad is there")
    robin.press("Be the pad")
    expect(stage).to_contain_text("The pad is there", timeout=10_000)

    # Whatever takes it off the screen.
    robin.page.locator("dialog[open]").evaluate("pad => { pad.style.display = 'none' }")

    expect(stage).to_contain_text("The pad is not connected.", timeout=10_000)
