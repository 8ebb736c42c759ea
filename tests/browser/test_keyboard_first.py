"""A whole first evening with a keyboard and nothing else, from the first opening to Begin."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bench.evening import Walker, answer_first_evening, set_up_person
from tests.browser.conftest import PHONE, App
from tests.browser.engine_keys import EngineKeys
from tests.browser.engine_screen import EngineScreen
from tests.browser.screen import PASSPHRASES
from tests.browser.test_engines import start_engine
from tests.browser.test_keyboard import Keys
from workbook.domain.topics import STEPS

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

__all__ = ["start_engine"]  # the fixture

PLACE = re.compile(r"^(\d+) of (\d+): (.+) \((open|partly answered|answered)\)$")


class FirstKeys(Keys):
    """Somebody who sets the book up, too."""

    def keep_code(self) -> str:
        field = self.page.get_by_label(re.compile(r"Type group \d+ of the code"))
        expect(field).to_be_visible(timeout=60_000)
        wanted = re.search(r"\d+", field.evaluate("node => node.labels[0].innerText"))
        assert wanted is not None
        code = self.page.locator("blockquote:visible").inner_text().strip()
        self._to(field)
        self.page.keyboard.type(code.split("-")[int(wanted[0]) - 1])
        self.press("I have it written down")
        return code

    def reach(self, target: Locator) -> None:
        """Press keys until ``target`` has the focus, and then the one that answers or presses."""
        kind = target.evaluate("node => node.type ?? node.localName")
        if kind == "radio":
            self._choose(target)
            return
        self._to(target)
        self.page.keyboard.press("Space" if kind == "checkbox" else "Enter")


class KeyWalker(Walker):
    """Walks as the bench does, by keyboard, and reads where it is from the accessibility tree."""

    screen: FirstKeys

    def __init__(self, page: Page, app: App) -> None:
        super().__init__(page, app)
        self.screen = FirstKeys(page, app)
        self.places: list[str] = []

    def tap(self, target: Locator) -> None:
        expect(target).to_be_visible()
        self.screen.reach(target)

    def type(self, label: str, text: str) -> None:
        field = self.page.get_by_label(label, exact=True).filter(visible=True).first
        field.wait_for()
        self.screen._to(field)
        self.page.keyboard.type(text)

    def see(self) -> None:
        page = self.page
        expect(page.locator("[data-step-shown] .at-place:empty")).to_have_count(0)
        step = str(page.evaluate("document.documentElement.dataset.step ?? ''"))
        if step not in STEPS:
            return
        bar = page.get_by_role("navigation", name="Turn the page")
        here = bar.locator("[aria-current=step]")
        expect(here).to_have_accessible_name(PLACE)
        said = PLACE.match(str(here.get_attribute("aria-label")))
        assert said is not None
        heading = page.get_by_role("heading", name=said[3], exact=True).filter(visible=True)
        expect(heading.first).to_be_visible()
        tree = bar.aria_snapshot()
        assert f'button "{here.get_attribute("aria-label")}"' in tree, tree
        assert re.search(rf": {said[1]} of {said[2]}$", tree, re.MULTILINE), tree
        self.places.append(said[0])

    def unlock(self, name: str) -> None:
        self.screen.unlock(name, PASSPHRASES[name])

    def read(self, text: str) -> None:
        """Wait until the page shows ``text``; the focus is not lost then."""
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()
        expect(self.page.locator(":focus")).to_have_count(1)


def walk_up_to_begin(walker: KeyWalker | EngineKeys) -> None:
    """From the first opening through set-up and everybody's steps to the guide."""
    walker.press("Set up the book")
    set_up_person(walker, "Kim")
    walker.press("I am here")
    set_up_person(walker, "Robin")
    walker.press("Show me an evening")
    answer_first_evening(walker, "Give", is_second=False)
    walker.press(re.compile("^Pass the screen"))
    walker.press(re.compile(", your turn$"))
    walker.unlock("Kim")
    walker.press("Show me an evening")
    answer_first_evening(walker, "Receive", is_second=True)

    walker.read("You have both answered.")
    walker.press("Show our evening")
    walker.choose("What shall tonight be for?", "Unwind")
    walker.read("Tonight is for unwinding.")  # in place of the question
    for words in ("Make ready", "We are ready"):
        walker.press(words)
    walker.choose("Try each once", "The word", "The signal")
    walker.press("To our yes")
    for name in ("Kim", "Robin"):
        walker.press(f"{name}: yes to this plan")
    walker.press("Begin")
    walker.read("Pause")  # the guide is on the screen


def expect_places(places: list[str]) -> None:
    """Two people, of one role each, went through their steps; each step was named with its
    position and state."""
    said = [PLACE.match(place) for place in places]
    assert all(said), places
    numbers = [int(each[1]) for each in said if each]
    one_role = len(STEPS) - 1
    assert numbers == [*range(1, one_role + 1), *range(1, one_role + 1)]
    assert {each[2] for each in said if each} <= {str(len(STEPS)), str(len(STEPS) - 1)}


def test_a_first_evening_is_filled_in_by_keyboard_alone_up_to_begin(
    browser: Browser, start_app: Callable[..., App]
) -> None:
    context = browser.new_context(viewport=PHONE)
    walker = KeyWalker(context.new_page(), start_app())
    walker.screen.open()

    walk_up_to_begin(walker)

    expect_places(walker.places)
    context.close()


@pytest.mark.parametrize("start_engine", ["firefox"], indirect=True)
def test_in_firefox_too(
    start_engine: Callable[[App], EngineScreen], start_app: Callable[..., App]
) -> None:
    screen = start_engine(start_app())
    screen.open()
    walker = EngineKeys(screen)

    walk_up_to_begin(walker)

    expect_places(walker.places)
