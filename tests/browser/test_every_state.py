"""Every screen of two people's first evening and the day after: whole, and usable by everybody."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.evening import Walker, answer_first_evening, set_up_person
from tests.browser.conftest import App
from tests.browser.screen import PASSPHRASES
from tests.browser.usable import Look
from workbook.domain.topics import AFTER_STEPS, STEPS, TOGETHER_STEPS

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]

SIZES = {
    320: {"width": 320, "height": 640},
    390: {"width": 390, "height": 844},
    1280: {"width": 1280, "height": 800},
}
FOOT = ".at-set-up .at-foot :is(.at-main, .at-primary)"
BAR = "#at-step-next, #at-step-back"
GUIDE = "dialog[open] .at-player-zones button"


class Visitor(Walker):
    """Walks as the bench does, and looks at every screen."""

    def __init__(self, page: Page, app: App) -> None:
        super().__init__(page, app)
        self.look = Look(page)

    def see(self) -> None:
        expect(self.page.locator("[data-step-shown] .at-place:empty")).to_have_count(0)
        self.page.wait_for_timeout(400)
        step = self.page.evaluate("document.documentElement.dataset.step ?? ''")
        heading = self.page.get_by_role("heading").filter(visible=True).first
        self.look_at(str(step) or heading.inner_text())

    def look_at(self, name: str) -> None:
        self.page.wait_for_timeout(300)
        folder = os.environ.get("TEST_PICTURES")
        if folder:
            width = self.page.viewport_size["width"]
            self.page.screenshot(path=f"{folder}/{width}-{len(self.look.seen):02}-{name}.png")
        self.look.at(name, at_once=(FOOT,), always=(BAR, GUIDE))

    def go_on(self, words: str, step: str) -> None:
        self.press(words)
        expect(self.page.locator(f'html[data-step="{step}"]')).to_be_attached()
        self.see()


@pytest.mark.parametrize("width", SIZES)
def test_every_state_of_an_evening_is_whole_and_usable_by_everybody(
    browser: Browser, start_app: Callable[..., App], tmp_path: Path, width: int
) -> None:
    folder = tmp_path / "data"
    context = browser.new_context(viewport=SIZES[width], has_touch=width < 1280)
    page = context.new_page()
    page.clock.install()
    app = start_app(folder)
    visitor = Visitor(page, app)
    visitor.screen.open()

    set_up(visitor)
    answer_both(visitor)
    begin(visitor)
    play(visitor)
    read(visitor)
    context.close()
    later = see_next_day(browser, start_app(folder, days_later=1), width)

    found = [*visitor.look.found, *later.look.found]
    assert not found, "\n".join(found)
    seen = {*visitor.look.seen, *later.look.seen}
    assert {*STEPS, *TOGETHER_STEPS, *AFTER_STEPS, "next_day"} <= seen


def set_up(visitor: Visitor) -> None:
    """From the first opening to two people, the second of whom goes on."""
    expect(visitor.screen.button("Set up the book")).to_be_visible(timeout=60_000)
    visitor.look_at("opening")
    visitor.press("Set up the book")
    set_up_person(visitor, "Kim")
    expect(visitor.screen.button("I am here")).to_be_visible()
    visitor.look_at("pass on in set-up")
    visitor.press("I am here")
    set_up_person(visitor, "Robin")
    expect(visitor.page.get_by_role("heading", name="Welcome", exact=True)).to_be_visible()
    visitor.look_at("welcome")
    visitor.press("Show me an evening")


def answer_both(visitor: Visitor) -> None:
    """Each person's questions, a no that is taken back, and the cover between the two."""
    page = visitor.page
    visitor.choose("Would you like this tonight?", "Not tonight")
    expect(page.get_by_text("You can stay here as long as you like.").first).to_be_visible()
    visitor.look_at("a no")
    answer_first_evening(visitor, "Both, in turn", is_second=False)
    expect(visitor.screen.button(re.compile("^Pass the screen"))).to_be_visible()
    visitor.look_at("all said, ready")
    visitor.press(re.compile("^Pass the screen"))
    expect(visitor.screen.button(re.compile(", your turn$"))).to_be_visible()
    visitor.look_at("pass the screen")
    visitor.press(re.compile(", your turn$"))
    expect(page.get_by_label("Your passphrase")).to_be_visible(timeout=60_000)
    visitor.look_at("locked")
    visitor.screen.unlock("Kim")
    visitor.press("Show me an evening")
    answer_first_evening(visitor, "Both, in turn", is_second=True)
    expect(page.locator('html[data-step="sit"]')).to_be_attached()
    visitor.see()


def begin(visitor: Visitor) -> None:
    """What both see together, up to both yeses."""
    page = visitor.page
    visitor.go_on("Show our evening", "reveal")
    page.get_by_role("radio", name="Unwind").click()
    page.get_by_role("radio", name="Kim gives, Robin receives").click()
    expect(page.locator(".at-plan-card")).to_be_visible()
    visitor.look_at("reveal, plan")
    visitor.press("Change")
    visitor.look_at("reveal, change")
    visitor.go_on("Make ready", "prepare")
    visitor.go_on("We are ready", "aloud")
    visitor.screen.choose("Try each once", "The word", "The signal")
    visitor.screen.saved()
    visitor.go_on("To our yes", "agree")
    visitor.screen.say_yes()
    expect(visitor.screen.button("Begin")).to_be_in_viewport(ratio=1)
    visitor.look_at("agree, begin")


def play(visitor: Visitor) -> None:
    """The guide as it runs, asks, is paused and is stopped, and what comes after."""
    page = visitor.page
    visitor.press("Begin")
    stage = page.get_by_role("dialog")
    expect(stage).to_contain_text("Step 1 of")
    visitor.look_at("guide")
    asked = stage.get_by_role("group").filter(visible=True)
    for _ in range(40):
        if asked.count():
            break
        page.clock.run_for(2_000)
        page.wait_for_timeout(50)
    visitor.look_at("guide, question")
    asked.first.get_by_role("button").last.click()
    visitor.press("Softer")
    expect(stage).to_contain_text("Softer from here on")
    visitor.look_at("guide, softer")
    visitor.press("Pause")
    expect(stage).to_contain_text("Hands still")
    visitor.look_at("guide, paused")
    visitor.press("Stop")
    expect(stage).to_contain_text("Breathe. Water? Talk or quiet?")
    expect(page.locator(".at-player-picture .at-hands")).to_have_count(1)  # resting, and no steps
    visitor.look_at("guide, stopped")
    visitor.press("To the quiet time after")
    expect(page.locator('html[data-step="rest"]')).to_be_attached()
    visitor.see()
    visitor.go_on("Write a thank-you", "thanks")
    visitor.go_on("Look back, alone", "debrief")


def read(visitor: Visitor) -> None:
    """The menu, Help, the journal and a chapter of the book."""
    page = visitor.page
    page.get_by_role("button", name="Help and more").click()
    visitor.look_at("menu")
    page.keyboard.press("Escape")
    for chapter in ("journal", "help", "touch"):
        visitor.screen.turn_to(chapter)
        visitor.look_at(f"chapter {chapter}")
    opener = page.locator("#at-open-list")
    if opener.is_visible():
        opener.click()
        visitor.look_at("list of chapters")


def see_next_day(browser: Browser, app: App, width: int) -> Visitor:
    """The first thing on the day after."""
    context = browser.new_context(viewport=SIZES[width], has_touch=width < 1280)
    later = Visitor(context.new_page(), app)
    later.screen.open()
    later.screen.unlock("Kim", PASSPHRASES["Kim"])
    expect(later.page.locator('html[data-step="next_day"]')).to_be_attached()
    later.see()
    later.press("Next")
    later.see()
    context.close()
    return later
