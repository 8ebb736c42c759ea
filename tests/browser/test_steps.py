"""The evening in steps: one topic a screen, Back and Next always in the same place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.app.evening import LOW, PEOPLE, SECRETS
from tests.browser.conftest import PHONE, App
from tests.browser.screen import Screen
from tests.browser.usable import RULES
from workbook.domain.seats import Seat
from workbook.domain.topics import STEPS
from workbook.store import vault

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def kim(browser: Browser, start_app: Callable[..., App], tmp_path: Path) -> Iterator[Screen]:
    """Kim's first evening, on a phone; nothing is answered yet."""
    vault.create(tmp_path / "data", PEOPLE, SECRETS, cost=LOW)
    context = browser.new_context(viewport=PHONE, has_touch=True, reduced_motion="reduce")
    kim = Screen(context.new_page(), start_app(tmp_path / "data"))
    kim.open()
    kim.unlock("Kim", SECRETS[Seat.A])
    yield kim
    context.close()


def bar(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Turn the page")


def step_of(page: Page) -> str:
    return str(page.evaluate("document.documentElement.dataset.step ?? ''"))


def expect_step(page: Page, number: int) -> None:
    expect(bar(page).get_by_text(f"{number} of {len(STEPS)}", exact=True)).to_be_visible()


def test_an_evening_is_one_step_a_screen_and_next_is_always_in_sight(kim: Screen) -> None:
    page = kim.page
    kim.press("Show me an evening")

    seen = []
    for number in range(1, len(STEPS)):
        expect_step(page, number)
        seen.append(step_of(page))
        expect(page.locator(".at-part").filter(visible=True).first).to_be_visible()
        expect(page.get_by_role("button", name="Next", exact=True)).to_be_in_viewport(ratio=1)
        expect(page.locator("[data-step-shown] .at-place:empty")).to_have_count(0)
        shown = page.locator("[data-step-shown] :is(h1, h2)").first
        expect(shown).to_be_focused()
        kim.press("Next")

    assert tuple(seen) == STEPS[:-1]
    # What follows is reached once both are ready.
    expect_step(page, len(STEPS))
    expect(page.get_by_role("button", name="Next", exact=True)).to_be_hidden()
    assert "#" not in page.url


def test_back_turns_back_a_reload_stays_and_the_next_person_begins_afresh(kim: Screen) -> None:
    page = kim.page
    kim.press("Show me an evening")
    kim.press("Next")
    kim.press("Next")
    expect_step(page, 3)

    page.go_back()
    expect_step(page, 2)
    assert page.url.strip("/") == kim.app.url.strip("/")  # no address names a step
    kim.press("Back")
    expect_step(page, 1)
    bar(page).get_by_role("button", name=re.compile("^5 of")).click()
    expect_step(page, 5)
    page.reload()
    kim.unlock("Kim", SECRETS[Seat.A])

    expect_step(page, 5)
    expect(page.get_by_role("group", name="When you receive: where may hands go?")).to_be_visible()
    # Who takes the screen begins where their own evening is.
    kim.pass_screen()
    kim.unlock("Robin", SECRETS[Seat.B])
    expect(page.get_by_role("heading", name="Welcome", exact=True)).to_be_visible()


@pytest.mark.long
def test_the_book_leads_back_to_the_step_and_the_dots_say_how_far_each_is(kim: Screen) -> None:
    page = kim.page
    kim.press("Show me an evening")
    first = bar(page).get_by_role("button", name=re.compile("^1 of"))
    expect(first).to_have_accessible_name(re.compile(r"\(open\)$"))
    expect(first).to_have_attribute("aria-current", "step")

    # The book is two taps away, and whole.
    expect(page.get_by_text("Each of you answers this chapter alone.")).to_be_hidden()
    page.get_by_text("More about this").filter(visible=True).first.click()
    told = page.get_by_text("Being together is not a yes").filter(visible=True)
    expect(told).to_have_count(1)

    kim.choose_in_menu("The book")

    expect(page.locator("section#intentions")).to_be_visible()
    expect(page.get_by_text("Each of you answers this chapter alone.")).to_be_visible()
    expect(page.get_by_text("Being together is not a yes").first).to_be_visible()
    expect(page.get_by_text("More about this").filter(visible=True)).to_have_count(0)
    kim.press("Back to the evening")
    expect_step(page, 1)
    # Whoever reads the book from a later step comes back to that one.
    kim.press("Next")
    expect_step(page, 2)
    kim.choose_in_menu("The book")
    expect(page.locator("section#intentions")).to_be_visible()
    kim.press("Back to the evening")
    expect_step(page, 2)
    kim.press("Back")
    expect_step(page, 1)

    kim.choose("Are you 18 or older?", "Yes")
    kim.choose("Would you like this tonight?", "Yes, freely")
    kim.choose("Would a no be easy?", "Yes")
    expect(first).to_have_accessible_name(re.compile(r"\(partly answered\)$"))
    kim.choose("I would like to", "Give")

    expect(first).to_have_accessible_name(re.compile(r"\(answered\)$"))


@pytest.mark.long
def test_the_first_opening_asks_how_to_begin_and_help_is_there_before_anybody(kim: Screen) -> None:
    page = kim.page
    expect(page.get_by_role("heading", name="Welcome", exact=True)).to_be_visible()
    for name in ("Show me an evening", "Read the book first"):
        expect(page.get_by_text(name, exact=True)).to_be_in_viewport(ratio=1)
    expect(bar(page)).to_be_hidden()

    page.get_by_text("Read the book first").click()

    expect(page.locator("section#welcome")).to_be_visible()
    expect(page.get_by_text("Who is here?").first).to_be_visible()
    assert "#" not in page.url
    kim.pass_screen()
    page.get_by_role("button", name="Help and more").click()
    expect(page.get_by_role("button", name="The book", exact=True)).to_have_count(0)
    page.get_by_role("banner").get_by_role("link", name="Help").click()
    expect(page.locator("section#help")).to_be_visible()


@pytest.mark.long  # every screen: test_every_state.py
@pytest.mark.parametrize("width", [320, 1280])
def test_every_step_is_usable_by_everybody(kim: Screen, width: int) -> None:
    page = kim.page
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(reduced_motion="reduce", color_scheme="dark")
    kim.press("Show me an evening")

    found = {}
    for number in range(1, len(STEPS)):
        expect_step(page, number)
        expect(page.locator("[data-step-shown] .at-place:empty")).to_have_count(0)
        result = Axe().run(page, options=RULES)
        if result.violations_count:
            found[number] = result.generate_report()
        sideways = "() => document.documentElement.scrollWidth - innerWidth"
        assert page.evaluate(sideways) <= 0, number
        if number < len(STEPS) - 1:
            kim.press("Next")

    assert not found, "\n".join(found.values())


@pytest.mark.long
def test_on_an_evening_one_way_two_steps_are_one_screen(kim: Screen) -> None:
    kim.press("Show me an evening")
    kim.choose("I would like to", "Give")
    for _ in range(5):
        kim.press("Next")

    expect(bar(kim.page).get_by_text("6 of 10", exact=True)).to_be_visible()
    for asked in ("Giving: minutes at most", "Giving: what may the other wear?"):
        expect(kim.question(asked)).to_be_visible()
    kim.press("Next")
    expect(kim.question("Giving: what are you glad to do?")).to_be_visible()


def test_a_step_that_is_joined_to_the_shown_one_comes_at_once(kim: Screen) -> None:
    """On a slow line the answer that joins two steps is saved after the first of them is shown."""
    page = kim.page
    page.evaluate(
        "document.addEventListener('at-evening', (event) => { window.told = event.detail })"
    )
    kim.press("Show me an evening")
    kim.choose("I would like to", "Both, in turn")
    kim.saved()
    for _ in range(5):
        kim.press("Next")
    expect(kim.question("Minutes for each turn, at most")).to_be_visible()
    wear = kim.question("What would you like to wear?")
    expect(wear).to_have_count(0)

    page.evaluate("""() => {
        const { steps: { cover, ...steps }, ...more } = window.told;
        const detail = { ...more, steps, joined: { cover: "firmness" } };
        document.dispatchEvent(new CustomEvent("at-evening", { detail }));
    }""")

    expect(wear).to_be_visible()


def test_what_comes_late_above_it_moves_no_focus_under_the_bar(kim: Screen) -> None:
    page = kim.page
    kim.press("Show me an evening")
    choice = page.get_by_role("radio", name="Yes, freely")
    for _ in range(30):
        page.keyboard.press("Tab")
        if choice.evaluate("node => node === document.activeElement"):
            break
    page.locator("[data-step-shown]").first.evaluate(
        """node => {
            const late = document.createElement("div");
            late.style.height = `${innerHeight}px`;
            node.prepend(late);
        }"""
    )

    expect(choice).to_be_focused()
    expect(choice.locator("xpath=ancestor::label")).to_be_in_viewport(ratio=1)
