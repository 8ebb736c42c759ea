"""A whole evening on two phones, each with its own page, and one of them in a bad network."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import App
from tests.browser.screen import Screen
from tests.browser.test_changes import KIM, ROBIN, SECRET
from tests.browser.test_evening import come_back

pytestmark = pytest.mark.timeout(600)

PHONE = {"width": 390, "height": 844}

NO_SCROLL_ASIDE = "() => document.documentElement.scrollWidth <= innerWidth"


@pytest.mark.long
def test_two_phones_play_a_whole_evening_and_one_loses_its_network_twice(
    browser: Browser, filled_app: App
) -> None:
    contexts = [browser.new_context(viewport=PHONE, has_touch=True) for _ in range(2)]
    kim, robin = (Screen(context.new_page(), filled_app) for context in contexts)
    kim.page.clock.install()  # so that twenty minutes need not be waited for
    for screen, name in ((kim, KIM), (robin, ROBIN)):
        screen.open()
        screen.unlock(name, SECRET[name])

    # The network goes while Robin answers, and comes back before anybody else is concerned.
    robin.turn_to("afterwards")
    robin.page.context.set_offline(True)
    expect(robin.page.get_by_role("alert")).to_contain_text("Not connected", timeout=10_000)
    robin.page.context.set_offline(False)
    expect(robin.page.get_by_role("alert")).to_be_empty(timeout=15_000)
    come_back(robin, ROBIN, gives=False, unlocked=True)
    expect(robin.page.get_by_text("receives, 20 minutes.")).to_have_count(0)
    come_back(kim, KIM, gives=True, unlocked=True)
    expect(kim.page.get_by_text("receives, 20 minutes.")).to_be_visible()
    expect(robin.page.get_by_text("receives, 20 minutes.")).to_be_visible()

    # Each says yes on their own phone, and sees the other's.
    kim.try_signals()
    kim.press(f"{KIM}: yes to this plan")
    expect(robin.page.get_by_role("button", name=f"{ROBIN}: yes to this plan")).to_be_enabled()
    robin.press(f"{ROBIN}: yes to this plan")
    for screen in (kim, robin):
        expect(screen.page.get_by_text("You have both said yes.").first).to_be_visible()

    kim.press("Begin")
    stage = kim.page.get_by_role("dialog")
    robin.press("Be the pad")
    glass = robin.page.get_by_role("dialog")
    expect(stage).to_contain_text("The pad is there", timeout=10_000)
    robin.page.context.set_offline(True)
    for _ in range(10):
        kim.page.clock.run_for(1000)
        kim.page.wait_for_timeout(1000)
    expect(stage).to_contain_text("The pad is not connected.")
    robin.page.context.set_offline(False)
    expect(stage).to_contain_text("The pad is there", timeout=15_000)

    ended = kim.page.get_by_text("That was it.")
    while not ended.is_visible():
        kim.page.clock.run_for(3_000)
        kim.page.wait_for_timeout(50)  # a page whose kernel has no time to answer says so
        asked = stage.get_by_role("group").filter(visible=True)
        if asked.count():
            asked.first.get_by_role("button").last.click()
    expect(glass).to_contain_text("Hands still. Breathe.")

    # Each goes on by themselves, and the thank-yous meet once both are given.
    for screen, words in ((kim, "I liked your breathing."), (robin, "Your hands were warm.")):
        screen.press("To the quiet time after")
        expect(screen.page.locator("section#afterwards")).to_be_visible()
        screen.press("Write a thank-you")
        screen.write("A thank-you, in your own words", words)
        screen.saved()
    robin.press("Give my thank-you")
    expect(kim.page.locator("body")).not_to_contain_text("Your hands were warm.")
    kim.press("Give my thank-you")
    expect(kim.page.get_by_text("Your hands were warm.").first).to_be_visible()
    expect(robin.page.get_by_text("I liked your breathing.").first).to_be_visible()
    for screen in (kim, robin):
        journal = screen.turn_to("journal")
        journal.get_by_text("Every evening, in words").click()
        expect(
            journal.get_by_text(f"{KIM} gave, {ROBIN} received, 20 minutes").first
        ).to_be_visible()
        assert screen.page.evaluate(NO_SCROLL_ASIDE)
    for context in contexts:
        context.close()
