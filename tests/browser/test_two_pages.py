"""Two pages of one book in a real browser, and whatever a keyboard gives in a real field."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import App
from tests.browser.screen import Screen
from tests.faults.test_text import BATTERY
from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES
from workbook.domain.evening import MAX_TEXT_CHARS
from workbook.domain.seats import Seat

pytestmark = pytest.mark.timeout(300)

KIM = DEMO_NAMES[Seat.A]
WORDS = "In your own words, for yourself"


def field(screen: Screen) -> Locator:
    """The field for what somebody hopes for."""
    screen.turn_to("intentions")
    return screen.page.get_by_label(WORDS)


def put(page: Page, text: str) -> None:
    """Put ``text`` in place of what the focused field holds, as a keyboard or a paste does."""
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


@pytest.fixture
def second(context: BrowserContext, filled_app: App, screen: Screen) -> Screen:
    """Another page of Kim, in the same browser."""
    other = Screen(context.new_page(), filled_app)
    other.open()
    other.unlock(KIM, DEMO_PASSPHRASES[Seat.A])
    return other


@pytest.mark.long
def test_whatever_is_typed_is_on_the_other_page_and_there_again(
    screen: Screen, second: Screen
) -> None:
    there = field(second)
    here = field(screen)
    here.focus()
    # A browser joins or replaces half characters before anybody is sent them.
    kept = {
        what: text for what, text in BATTERY.items() if not re.search("[\ud800-\udfff\0]", text)
    }
    assert len(kept) >= 36

    for what, text in kept.items():
        put(screen.page, f"{what}: {text}")
        shown = here.input_value()
        assert shown == f"{what}: {text}"
        expect(there).to_have_value(shown, timeout=10_000)

    put(screen.page, "a heron")
    screen.saved()
    put(screen.page, "x" * (1024 * 1024))
    expect(screen.page.get_by_text("That is more than fits here").first).to_be_visible()
    expect(here).to_have_value("a heron")
    put(screen.page, "y" * MAX_TEXT_CHARS)
    expect(there).to_have_value("y" * MAX_TEXT_CHARS, timeout=10_000)
    screen.page.evaluate(
        "([label, text]) => { const field = document.activeElement; field.value = text;"
        " field.dispatchEvent(new Event('input', {bubbles: true})); }",
        [WORDS, "a\0b"],
    )
    expect(there).to_have_value("a\ufffdb", timeout=10_000)


@pytest.mark.long
def test_a_field_somebody_writes_in_waits_and_then_holds_both(
    screen: Screen, second: Screen
) -> None:
    here, there = field(screen), field(second)
    there.focus()
    second.page.keyboard.insert_text("a lilac")
    expect(here).to_have_value("a lilac", timeout=10_000)
    here.fill("a lilac\na heron")
    here.blur()
    screen.saved()
    second.page.wait_for_timeout(3_000)  # it hears of it meanwhile, and shows nothing

    expect(there).to_have_value("a lilac")
    second.page.keyboard.insert_text(" here")
    second.page.get_by_role("banner").click()
    there.blur()

    expect(there).to_have_value("a lilac here\na heron", timeout=10_000)
    expect(here).to_have_value("a lilac here\na heron", timeout=10_000)


@pytest.mark.long
def test_a_code_on_paper_stands_alone(screen: Screen) -> None:
    page = screen.page
    page.add_init_script("window.print = () => {}")
    page.evaluate("window.print = () => {}")
    screen.turn_to("welcome")
    screen.press("Make a new recovery code")
    page.get_by_label("Your present passphrase, or your recovery code").fill(
        DEMO_PASSPHRASES[Seat.A]
    )
    screen.press("Go on")
    typed = page.get_by_label(re.compile(r"Type group \d+ of the code"))
    expect(typed).to_be_visible(timeout=60_000)
    code = page.locator("blockquote:visible").inner_text().strip()

    screen.press("Print it")
    page.wait_for_selector(".at-paper", state="attached")
    page.emulate_media(media="print")

    assert page.locator("body").inner_text().split() == ["Your", "recovery", "code", code]
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.keyboard.press("Shift")
    expect(page.locator(".at-paper")).to_have_count(0)
    typed.fill(code.split("-")[3])
    screen.press("I have it written down")
    expect(page.get_by_text("Your new recovery code holds from now on.")).to_be_visible()
