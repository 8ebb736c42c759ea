"""Forms come when their chapter is shown, is the next one, or is printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import Screen
from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES
from workbook.app.readings import ON_PAPER
from workbook.domain.seats import Seat
from workbook.serve.compose import read_chapters

pytestmark = pytest.mark.timeout(300)

CHAPTERS = read_chapters(Path(__file__).parents[2] / "notebooks")
TOUCH = next(each.forms for each in CHAPTERS if each.slug == "touch")

ASKED = """() => {
  globalThis.asked = [];
  document.addEventListener("at-need", ({ detail }) => asked.push(detail.forms));
}"""
BUILT = """async (slug) => {
  const places = [...document.querySelectorAll(`#${slug} [data-at-model]`)];
  const models = await Promise.all(
    places.map((place) => attune.manager.get_model(place.dataset.atModel)));
  return models.filter((model) => model.get("children").length).length;
}"""
PRINTED = """() => {
  globalThis.printed = [];
  const forms = () => [...document.querySelectorAll("[data-at-paper]")];
  globalThis.print = () => {
    dispatchEvent(new Event("beforeprint"));
    printed.push(forms().map((form) => form.textContent));
    dispatchEvent(new Event("afterprint"));
  };
}"""
NOT_READY = "This part was not ready to print. Print again from the page."


def built(page: Page, slug: str) -> int:
    return int(page.evaluate(BUILT, slug))


def at_rest(page: Page, slug: str, forms: int) -> None:
    """Wait until the forms of the step that comes next are there."""
    for _ in range(300):
        if built(page, slug) == forms:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{built(page, slug)} forms of {slug}")


def test_at_rest_the_next_step_has_its_forms_and_no_other_has_and_little_was_sent(
    screen: Screen,
) -> None:
    page = screen.page
    page.reload()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[int] = []
    expect(page.get_by_label("Your passphrase")).to_be_visible()
    session.on(
        "Network.webSocketFrameReceived",
        lambda event: sizes.append(len(event["response"]["payloadData"]) * 3 // 4),
    )

    screen.unlock(DEMO_NAMES[Seat.A], DEMO_PASSPHRASES[Seat.A])
    at_rest(page, "tonight", 3)

    assert 0 < sum(sizes) <= 300_000, sum(sizes)
    # Strokes can be learned before anything is unlocked: that form of Touch was there before.
    assert [built(page, slug) for slug in ("limits", "touch", "journal")] == [0, 1, 0]
    page.evaluate(ASKED)
    screen.press("Next")
    expect(page.get_by_role("heading", name="That is all")).to_be_visible()
    page.wait_for_function("() => asked.length > 0")
    assert page.evaluate("asked[0]") == []


@pytest.mark.long
def test_a_jump_shows_the_words_at_once_and_asks_once_for_all_its_forms(screen: Screen) -> None:
    page = screen.page
    at_rest(page, "tonight", 3)
    page.evaluate(ASKED)

    screen.turn_to("touch")

    expect(page.locator("section#touch h1")).to_be_visible()
    for place in page.locator("section#touch [data-at-model]").all():
        expect(place).not_to_have_text("")
    assert len(page.evaluate("asked[0]")) == len(TOUCH) - 1  # one was there: strokes can be learned
    screen.turn_to("intentions")
    screen.write("In your own words, for yourself", "After a jump.")
    screen.saved()


@pytest.mark.long
def test_a_reloaded_page_has_the_forms_of_its_chapter(screen: Screen) -> None:
    screen.turn_to("touch")

    screen.page.reload()
    screen.unlock(DEMO_NAMES[Seat.A], DEMO_PASSPHRASES[Seat.A])

    assert built(screen.page, "touch") == len(TOUCH)
    assert built(screen.page, "tonight") == 1  # the guide


@pytest.mark.parametrize("keys", ["Control+p", "Meta+p"])
@pytest.mark.long
def test_what_goes_on_paper_is_drawn_before_it_is_printed_and_is_no_answer(
    screen: Screen, keys: str
) -> None:
    page = screen.page
    page.evaluate(PRINTED)

    page.keyboard.press(keys)

    page.wait_for_function("() => printed.length > 0")
    (forms,) = page.evaluate("printed")
    assert len(forms) == len(ON_PAPER)
    assert all(text.strip() and NOT_READY not in text for text in forms)

    page.emulate_media(media="print")
    expect(page.locator("section#help .at-reading")).to_be_visible()
    numbers = page.locator("section#help .at-helplines-number").filter(visible=True)
    assert "112" in numbers.all_inner_texts()
    assert page.locator("section#welcome tr").filter(visible=True).count() > 3
    expect(page.get_by_text("The list is long and was not opened.")).to_be_visible()
    expect(page.locator("section#tonight .at-form").first).to_be_hidden()
    for role in ("button", "radio", "checkbox", "textbox"):
        assert not page.get_by_role(role).filter(visible=True).count(), role


@pytest.mark.long
def test_printed_from_the_menu_a_missing_part_says_so_in_its_place(screen: Screen) -> None:
    page = screen.page
    page.evaluate(PRINTED)

    page.evaluate("print()")

    (forms,) = page.evaluate("printed")
    assert NOT_READY in forms
    expect(page.get_by_text(NOT_READY).first).to_be_hidden()  # on the screen it is never seen
    screen.turn_to("help")
    page.evaluate("print()")
    page.emulate_media(media="print")
    expect(page.locator("section#help").get_by_text(NOT_READY)).to_have_count(0)
    expect(page.locator("section#help .at-helplines-number").first).to_be_visible()


@pytest.mark.long
def test_a_browser_that_prints_no_folded_text_has_it_unfolded_until_the_next_tap(
    screen: Screen,
) -> None:
    page = screen.page
    folded = page.locator("main details:not([open])")
    before = folded.count()
    page.evaluate("() => { globalThis.print = () => {}; CSS.supports = () => false; }")
    assert before > 5

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(folded).to_have_count(0)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(folded).to_have_count(0)
    page.keyboard.press("Shift")

    expect(folded).to_have_count(before)
