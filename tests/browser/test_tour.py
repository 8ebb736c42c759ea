"""A walk through the whole book: nothing leaves, nothing stays on disk, everybody can use it."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import App, Watch
from tests.browser.screen import Screen
from tests.browser.usable import RULES
from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES
from workbook.domain.seats import Seat

pytestmark = pytest.mark.timeout(300)

CHAPTERS = (
    *("welcome", "intentions", "limits", "health", "touch"),
    *("setting", "tonight", "afterwards", "journal", "help", "sources"),
)
PLANTED = tuple(f"planted{word}" for word in ("moss", "reed", "fern", "sage", "birch"))


def every_screen(*often: tuple[int, str]) -> pytest.MarkDecorator:
    """Every width in both schemes; those that are not named go with the long tests."""
    return pytest.mark.parametrize(
        ("width", "scheme"),
        [
            each if each in often else pytest.param(*each, marks=pytest.mark.long)
            for each in product((320, 390, 1280), ("light", "dark"))
        ],
    )


@every_screen((390, "dark"))
def test_every_chapter_is_usable_by_everybody_and_asks_no_other_host(
    browser: Browser, filled_app: App, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, reduced_motion="reduce"
    )
    watch = Watch()
    watch.over(context)
    screen = Screen(context.new_page(), filled_app)
    screen.open()
    screen.unlock(DEMO_NAMES[Seat.A], DEMO_PASSPHRASES[Seat.A])

    found = {}
    for chapter in CHAPTERS:
        section = screen.turn_to(chapter)
        _unfold(section)
        result = Axe().run(screen.page, options=RULES)
        if result.violations_count:
            found[chapter] = result.generate_report()
        sideways = "() => document.documentElement.scrollWidth - innerWidth"
        assert screen.page.evaluate(sideways) <= 0, chapter

    assert not found, "\n".join(found.values())
    assert watch.outside == []
    assert watch.errors == []
    context.close()


def _unfold(section: Locator) -> None:
    """Open every fold and turn the first card, so that what they hold is looked at too."""
    section.evaluate("""node => {
        const folded = [...node.querySelectorAll("details:not([open])")];
        return Promise.all(folded.map((each) => {
            const drawn = new Promise((done) => each.addEventListener("toggle", done));
            each.open = true;
            return drawn;
        }));
    }""")
    for name in ("True", "Count the drops"):
        button = section.get_by_role("button", name=name, exact=True)
        if button.count():
            button.click()


@every_screen()
def test_the_cover_is_usable_by_everybody(
    browser: Browser, start_app: Callable[..., App], tmp_path: Path, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    screen = Screen(page, start_app(tmp_path / "empty"))
    screen.open()
    expect(page.get_by_role("button", name="Set up the book")).to_be_visible(timeout=60_000)
    first = Axe().run(page, options=RULES)
    screen.press("Set up the book")
    expect(page.get_by_label("Your name")).to_be_visible()
    page.wait_for_function("() => scrollY === 0")  # else the head of the page covers a choice
    second = Axe().run(page, options=RULES)

    assert first.violations_count == 0, first.generate_report()
    assert second.violations_count == 0, second.generate_report()
    context.close()


def test_print_gives_every_chapter_on_paper_and_no_controls(
    browser: Browser, filled_app: App
) -> None:
    context = browser.new_context()
    screen = Screen(context.new_page(), filled_app)
    screen.open()
    screen.unlock(DEMO_NAMES[Seat.A], DEMO_PASSPHRASES[Seat.A])

    screen.page.emulate_media(media="print")

    for chapter in CHAPTERS:
        expect(screen.page.locator(f"section#{chapter} h1")).to_be_visible()
    for role in ("button", "navigation"):
        assert not screen.page.get_by_role(role).filter(visible=True).count(), role
    pages = len(re.findall(rb"/Type\s*/Page\b", screen.page.pdf()))
    assert pages >= len(CHAPTERS)
    context.close()


@pytest.mark.long
def test_planted_words_are_in_no_file(browser: Browser, filled_app: App, tmp_path: Path) -> None:
    context = browser.new_context()
    screen = Screen(context.new_page(), filled_app)
    screen.open()
    screen.unlock(DEMO_NAMES[Seat.A], DEMO_PASSPHRASES[Seat.A])
    screen.turn_to("intentions")
    screen.write("In your own words, for yourself", PLANTED[0])
    screen.turn_to("limits")
    screen.press("Another one")  # both have agreed on one
    screen.write("Your word for stop", PLANTED[1])
    screen.turn_to("setting")
    screen.write("Music", PLANTED[2])
    screen.write("Light", PLANTED[3])
    screen.turn_to("welcome")
    screen.write("Your name", PLANTED[4])
    screen.saved()
    expect(screen.page.get_by_role("banner").get_by_text(PLANTED[4])).to_be_visible()

    for word in PLANTED:
        needle = word.encode()
        for path in tmp_path.rglob("*"):
            assert not (path.is_file() and needle in path.read_bytes()), (word, path)
    title = screen.page.title() + screen.page.url
    assert not re.search("planted", title)
    context.close()
