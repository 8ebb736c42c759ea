"""An evening with a keyboard and nothing else, and the place that is reached always in sight."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import App
from tests.browser.screen import Screen
from tests.browser.test_changes import KIM, ROBIN, SECRET
from tests.browser.test_evening import come_back

pytestmark = pytest.mark.timeout(600)

MOST = 300
"""Presses of the tab key until something that can be seen must have been reached."""

SEEN = """node => {
    const shown = node.closest("label") ?? node;
    const box = shown.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const there = document.elementFromPoint(x, y);
    const marked = [node, shown].some((each) => {
        const style = getComputedStyle(each);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    return { covered: !shown.contains(there), marked };
}"""


class Keys(Screen):
    """Somebody who presses keys."""

    def _to(self, target: Locator) -> None:
        """Press the tab key until ``target`` has the focus."""
        target.wait_for()
        expect(self.page.locator("[data-step-shown] .at-place:empty")).to_have_count(0)
        for _ in range(MOST):
            if target.evaluate("node => node === document.activeElement"):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"No number of tabs leads to {target}.")
        self._expect_seen(target)

    def _expect_seen(self, target: Locator) -> None:
        """Expect what has the focus to be in sight; what comes late above it may move it first.

        A question may go with its answer; the focus is not lost then.
        """
        for _ in range(20):
            found = target.evaluate_all(f"nodes => nodes.map({SEEN})")
            if not found or found[0] == {"covered": False, "marked": True}:
                break
            self.page.wait_for_timeout(100)
        else:
            raise AssertionError(f"{target} has the focus and is {found[0]}.")
        expect(self.page.locator(":focus")).to_have_count(1)

    def _choose(self, radio: Locator) -> None:
        """The tab key reaches a group, and the arrow keys what is in it."""
        radio.wait_for()
        group = "node => document.activeElement?.name === node.name"
        for _ in range(MOST):
            if radio.evaluate(group):
                break
            self.page.keyboard.press("Tab")
        for _ in range(20):
            if radio.evaluate("node => node === document.activeElement"):
                break
            self.page.keyboard.press("ArrowDown")
        if radio.evaluate_all("nodes => nodes.length && !nodes[0].checked"):
            self.page.keyboard.press("Space")
        self._expect_seen(radio)

    def unlock(self, name: str, passphrase: str | None = None) -> None:
        field = self.page.get_by_label("Your passphrase")
        expect(field).to_be_visible(timeout=60_000)
        self._to(field)
        self.page.keyboard.type(str(passphrase))
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("banner").get_by_text(name)).to_be_visible(timeout=60_000)

    def pass_screen(self) -> None:
        self.choose_in_menu("Pass the screen")
        expect(self.button(re.compile(", your turn$"))).to_be_focused()
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_label("Your passphrase")).to_be_visible(timeout=60_000)

    def choose_in_menu(self, name: str) -> None:
        banner = self.page.get_by_role("banner")
        for label in ("Help and more", name):
            self._to(banner.get_by_role("button", name=label))
            self.page.keyboard.press("Enter")

    def turn_to(self, chapter: str) -> Locator:
        if self.page.evaluate("document.documentElement.dataset.step ?? ''"):
            self.choose_in_menu("The book")
        link = self.page.locator(f"[data-at-link={chapter}]")
        if not link.is_visible():
            self._to(self.page.locator("#at-open-list"))
            self.page.keyboard.press("Enter")
        self._to(link)
        self.page.keyboard.press("Enter")
        section = self.page.locator(f"section#{chapter}")
        expect(section).to_be_visible()
        return section

    def press(self, name: str | re.Pattern[str]) -> None:
        self.taps += 1
        self._to(self.button(name))
        self.page.keyboard.press("Enter")

    def choose(self, question: str, *options: str) -> None:
        group = self.question(question)
        for option in options:
            self.taps += 1
            name = re.compile(f"^{re.escape(option)}")
            radio = group.get_by_role("radio", name=name)
            # A question may come with the answer before it.
            expect(radio.or_(group.get_by_role("checkbox", name=name)).first).to_be_visible()
            if radio.count():
                self._choose(radio.first)
                self._expect_chosen_or_gone(radio.first)
                continue
            box = group.get_by_role("checkbox", name=name).first
            self._to(box)
            self.page.keyboard.press("Space")
            expect(box).to_be_checked()

    def _expect_chosen_or_gone(self, choice: Locator) -> None:
        for _ in range(100):
            if choice.evaluate_all("nodes => nodes.every(node => node.checked)"):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{choice} is not chosen.")

    def write(self, label: str, text: str) -> None:
        self._to(self.page.get_by_label(label, exact=True).filter(visible=True).first)
        self.page.keyboard.type(text)
        self.page.keyboard.press("Tab")


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(390, "light"), pytest.param(1280, "dark", marks=pytest.mark.long)],
)
def test_an_evening_is_played_by_keyboard_alone(
    browser: Browser, filled_app: App, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, reduced_motion="reduce"
    )
    screen = Keys(context.new_page(), filled_app)
    come_back(screen, ROBIN, gives=False, passphrase=SECRET[ROBIN])
    screen.pass_screen()
    screen.unlock(KIM, SECRET[KIM])
    come_back(screen, KIM, gives=True, unlocked=True)
    screen.try_signals()
    screen.say_yes()

    screen.press("Begin")
    stage = screen.page.get_by_role("dialog")
    screen.press("Softer")
    expect(stage).to_contain_text("Softer from here on")
    screen.press("Pause")
    expect(stage).to_contain_text("Hands still")
    screen.press(f"{ROBIN}: go on")
    expect(stage).to_contain_text("Step 1 of")
    screen.press("Stop")
    expect(stage).to_contain_text("Breathe. Water? Talk or quiet?")
    screen.press("To the quiet time after")
    screen.press("Write a thank-you")

    landing = screen.page.locator("section#afterwards")
    screen.write("A thank-you, in your own words", "I liked your breathing.")
    screen.saved()
    screen.press("Give my thank-you")
    expect(landing.get_by_text("Yours is here.")).to_be_visible()
    context.close()
