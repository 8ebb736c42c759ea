"""Three strokes to learn, before any set-up and beside an evening; hands beside the choices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.app.evening import LOW, PEOPLE, SECRETS
from tests.browser.conftest import PHONE, App, Watch
from tests.browser.screen import Screen
from tests.browser.test_jupyterlab import CHAPTERS, free_port, served, wait_for
from tests.browser.test_tour import RULES
from workbook.domain.seats import Seat
from workbook.store import vault

pytestmark = [pytest.mark.timeout(300), pytest.mark.usefixtures("moving")]

STROKES = ("Glide", "Knead", "Small circles")


def open_learning(page: Page) -> None:
    page.get_by_role("link", name="Learn three strokes").filter(visible=True).click()
    expect(page.get_by_role("heading", name="Learn three strokes")).to_be_focused()


def start(page: Page, name: str) -> Locator:
    """Begin a minute's practice; return its section."""
    page.get_by_role("button", name=f"{name}: try it for one minute on a forearm").click()
    section = page.get_by_role("region", name=f"{name}, for a minute")
    expect(section.get_by_role("heading")).to_be_focused()
    return section


def pause_clock(page: Page) -> None:
    """Let the browser's clock stand from now on."""
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)


def pass_seconds(page: Page, seconds: int) -> None:
    """Move the browser's clock on, with time for the page to hear from its kernel."""
    for _ in range(seconds):
        page.clock.run_for(1_000)
        page.wait_for_timeout(10)


def count_violations(page: Page) -> str:
    result = Axe().run(page, options=RULES)
    return result.generate_report() if result.violations_count else ""


def test_a_stroke_is_practised_for_a_minute_before_any_set_up(
    page: Page, app: App, watch: Watch
) -> None:
    page.set_viewport_size(PHONE)
    page.clock.install()
    Screen(page, app).open()
    open_learning(page)
    for name in STROKES:
        expect(page.get_by_role("article", name=name)).to_contain_text("Try it")

    pause_clock(page)
    section = start(page, "Glide")
    hands = section.get_by_role("img")
    expect(section).to_contain_text("Lay your hands on")
    pass_seconds(page, 14)

    expect(section).to_contain_text("0:50 left")
    assert section.locator("[data-on]").count() > 0
    drawn = hands.inner_html()
    pass_seconds(page, 2)
    assert hands.inner_html() != drawn
    pass_seconds(page, 50)
    expect(section).to_contain_text("That was a minute.")
    section.get_by_role("button", name="All three strokes").click()
    expect(page.get_by_role("button", name=re.compile("^Glide: try it"))).to_be_focused()
    page.get_by_role("button", name="Back", exact=True).click()

    expect(page.get_by_role("button", name="Set up the book")).to_be_visible()
    assert not vault.exists(app.data)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert watch.outside == []


@pytest.mark.long
def test_it_can_be_left_at_any_time_by_keyboard_alone(page: Page, app: App) -> None:
    Screen(page, app).open()
    open_learning(page)
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=re.compile("^Knead: try it"))).to_be_focused()
    page.keyboard.press("Enter")
    section = page.get_by_role("region", name="Knead, for a minute")
    expect(section.get_by_role("heading")).to_be_focused()

    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(section.get_by_role("checkbox", name="A soft bell with the count")).to_be_checked()
    page.keyboard.press("Tab")
    expect(section.get_by_role("button", name="Leave it")).to_be_focused()
    page.keyboard.press("Escape")

    expect(section).to_be_hidden()
    expect(page.get_by_role("button", name=re.compile("^Knead: try it"))).to_be_focused()


@pytest.mark.long
@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_learning_is_usable_by_everybody(page: Page, app: App, motion: str, scheme: str) -> None:
    page.set_viewport_size(PHONE)
    page.emulate_media(reduced_motion=motion, color_scheme=scheme)
    Screen(page, app).open()
    open_learning(page)
    first = page.get_by_role("article", name="Glide")
    expect(first.get_by_role("img")).to_have_count(4 if motion == "reduce" else 1)
    assert count_violations(page) == ""

    section = start(page, "Small circles")
    leave = section.get_by_role("button", name="Leave it")
    expect(leave).to_be_in_viewport(ratio=1)
    page.wait_for_timeout(5_500)
    if motion == "reduce":
        expect(section.locator("li[data-now]")).to_have_count(1)
    assert count_violations(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.long
def test_hands_that_move_by_themselves_can_be_held_still(page: Page, app: App) -> None:
    Screen(page, app).open()
    open_learning(page)
    hands = page.get_by_role("article", name="Glide").get_by_role("img")
    drawn = hands.inner_html()
    page.wait_for_timeout(600)
    assert hands.inner_html() != drawn

    page.get_by_role("button", name="Hold the hands still").click()
    drawn = hands.inner_html()
    page.wait_for_timeout(600)

    assert hands.inner_html() == drawn
    page.get_by_role("button", name="Let them move").click()
    page.wait_for_timeout(600)
    assert hands.inner_html() != drawn


@pytest.mark.long
def test_it_works_before_unlocking_in_a_chapter_alone(page: Page, tmp_path: Path) -> None:
    port = free_port()
    command = ("voila", str(CHAPTERS / "05-touch.ipynb"), "--no-browser", f"--port={port}")
    with served(tmp_path / "data", *command):
        wait_for(f"http://127.0.0.1:{port}/voila/static/voila.js")
        page.goto(f"http://127.0.0.1:{port}/")
        article = page.get_by_role("article", name="Knead")
        expect(article).to_be_visible(timeout=60_000)
        article.scroll_into_view_if_needed()
        fill = "node => getComputedStyle(node).stroke"
        skin = article.locator(".at-hand-edge").first
        assert skin.evaluate(fill) != "none"

        section = start(page, "Knead")
        expect(section).to_contain_text("left", timeout=10_000)
        assert not (tmp_path / "data").exists() or not vault.exists(tmp_path / "data")


# The kinds of touch ------------------------------------------------------------------------


@pytest.fixture
def kinds(browser: Browser, start_app: Callable[..., App], tmp_path: Path) -> Iterator[Screen]:
    """Kim's phone at the step that asks for the kinds of touch."""
    vault.create(tmp_path / "data", PEOPLE, SECRETS, cost=LOW)
    context = browser.new_context(viewport=PHONE)
    kim = Screen(context.new_page(), start_app(tmp_path / "data"))
    kim.open()
    kim.unlock("Kim", SECRETS[Seat.A])
    kim.press("Show me an evening")
    while kim.page.evaluate("document.documentElement.dataset.step") != "touch":
        kim.press("Next")
    expect(kim.question("Receiving: what is welcome?")).to_be_visible()
    yield kim
    context.close()


@pytest.mark.long
def test_hands_move_beside_a_kind_of_touch_while_it_is_pointed_at(kinds: Screen) -> None:
    group = kinds.question("Receiving: what is welcome?")
    option = group.locator("label").filter(has_text="Glide")
    svg = option.locator("svg")
    still = svg.inner_html()
    kinds.page.wait_for_timeout(400)
    assert svg.inner_html() == still

    option.hover()
    kinds.page.wait_for_timeout(600)
    assert svg.inner_html() != still
    expect(group).to_contain_text("Flat, soft hands follow the shape of the body")
    expect(group.get_by_role("checkbox", name="Glide")).not_to_be_checked()
    kinds.page.mouse.move(2, 300)
    kinds.page.wait_for_timeout(200)
    assert svg.inner_html() == still

    group.get_by_role("checkbox", name="Glide").focus()
    kinds.page.wait_for_timeout(600)
    assert svg.inner_html() != still
    group.get_by_role("checkbox", name="Knead").focus()
    kinds.page.wait_for_timeout(200)
    assert svg.inner_html() == still


@pytest.mark.long
def test_the_step_with_pictures_fits_two_screens_and_is_usable(kinds: Screen) -> None:
    page = kinds.page
    for motion in ("no-preference", "reduce"):
        page.emulate_media(reduced_motion=motion)
        page.reload()
        kinds.unlock("Kim", SECRETS[Seat.A])
        group = kinds.question("Receiving: what is welcome?")
        expect(group.locator("label svg")).to_have_count(7)
        shown = page.evaluate("document.documentElement.scrollHeight / innerHeight")
        assert shown <= 2
        assert count_violations(page) == ""
    expect(group.locator("ol svg")).to_have_count(4)
