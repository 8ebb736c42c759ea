"""Setting the book up on one phone: small screens, one person after the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PHONE, App
from tests.browser.screen import PASSPHRASES, Screen
from tests.browser.usable import RULES

pytestmark = pytest.mark.timeout(300)
WIDTHS = [
    PHONE,
    pytest.param({"width": 320, "height": 640}, marks=pytest.mark.long),
    pytest.param({"width": 1280, "height": 800}, marks=pytest.mark.long),
]


def look(screen: Screen, button: str) -> None:
    """Hold a screen to what each of them promises."""
    page = screen.page
    foot = screen.button(button)
    expect(foot).to_be_visible(timeout=60_000)
    height = page.viewport_size["height"]
    if page.viewport_size == PHONE:
        for _ in range(50):  # its style may come after its first text
            if page.evaluate("document.documentElement.scrollHeight") <= height:
                break
            page.wait_for_timeout(100)
        assert page.evaluate("document.documentElement.scrollHeight") <= height
    lower_edge = foot.bounding_box()["y"] + foot.bounding_box()["height"]
    if page.viewport_size == PHONE:
        assert height - 24 <= lower_edge <= height - 16  # always in the same place
    assert lower_edge <= height
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    violations = Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], each["nodes"][0]["target"]) for each in violations] == []


@pytest.mark.parametrize("size", WIDTHS, ids=lambda size: str(size["width"]))
def test_two_people_set_the_book_up_each_alone(
    browser: Browser, start_app: Callable[..., App], size: dict[str, int]
) -> None:
    context = browser.new_context(viewport=size)
    page = context.new_page()
    screen = Screen(page, start_app())
    screen.open()
    look(screen, "Set up the book")
    screen.press("Set up the book")
    look(screen, "Next")
    page.get_by_label("Your name").fill("Kim")
    screen.choose("Are you 18 or older?", "Yes")
    screen.press("Next")

    # Mistyped once: said at once, and both fields keep what is in them.
    first, second = page.get_by_label("Your passphrase"), page.get_by_label("The same once more")
    first.fill(PASSPHRASES["Kim"])
    second.fill("quiet harbor lantern moss")
    expect(page.get_by_text("Not the same yet.")).to_be_visible()
    screen.press("Use this passphrase")
    expect(second).to_be_focused()
    expect(first).to_have_value(PASSPHRASES["Kim"])
    expect(second).to_have_value("quiet harbor lantern moss")
    second.fill(PASSPHRASES["Kim"])
    expect(page.get_by_text("The two are the same.")).to_be_visible()
    look(screen, "Use this passphrase")
    screen.press("Use this passphrase")
    look(screen, "I have it written down")
    screen.keep_code()

    look(screen, "I am here")
    expect(page.get_by_text("Kim").filter(visible=True)).to_have_count(0)
    screen.press("I am here")
    page.get_by_label("Your name").fill("kim ")
    screen.choose("Are you 18 or older?", "Yes")
    screen.press("Next")
    expect(page.get_by_text("The other person goes by this name already.")).to_be_visible()
    page.get_by_label("Your name").fill("Robin")
    screen.press("Next")
    screen.press("Use these words")
    offered = first.input_value()
    assert len(offered.split()) == 6
    expect(second).to_be_focused()
    expect(second).to_have_value("")
    second.fill(offered)
    look(screen, "Use this passphrase")
    screen.press("Use this passphrase")
    screen.keep_code()
    expect(page.get_by_role("banner").get_by_text("Robin")).to_be_visible(timeout=60_000)
    context.close()


@pytest.mark.long
def test_a_reload_at_the_code_brings_a_new_one_before_anything_else(
    browser: Browser, start_app: Callable[..., App]
) -> None:
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    page = context.new_page()
    screen = Screen(page, start_app())
    screen.open()
    screen.press("Set up the book")
    screen.set_up_person("Kim")
    screen.keep_code()
    screen.press("I am here")
    screen.set_up_person("Robin")
    lost = page.locator("blockquote:visible").inner_text().strip()

    page.reload()
    page.get_by_label("Your passphrase").fill(PASSPHRASES["Robin"])
    screen.press("Open")

    look(screen, "I have it written down")
    expect(page.get_by_role("banner").get_by_text("Robin")).to_have_count(0)
    kept = screen.keep_code()
    expect(page.get_by_role("banner").get_by_text("Robin")).to_be_visible(timeout=60_000)
    assert kept != lost
    screen.pass_screen()
    page.get_by_label("Your passphrase").fill(lost)
    screen.press("Open")
    expect(page.get_by_text("These words do not open the book.")).to_be_visible()
    screen.unlock("Robin")  # and no code is asked for
    context.close()
