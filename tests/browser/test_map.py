"""The map in its step: brush, figure and caption are in view together, and a tap paints at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.app.evening import LOW, PEOPLE, SECRETS
from tests.browser.conftest import PHONE, App
from tests.browser.screen import Screen
from workbook.domain.seats import Seat
from workbook.domain.topics import STEPS
from workbook.store import vault

pytestmark = pytest.mark.timeout(300)

# What the next frame after a tap shows.
NEXT_FRAME = """() => document.addEventListener("click", (event) => {
    const path = event.target.closest(".at-map-place")?.querySelector("path");
    requestAnimationFrame(() => {
        document.body.dataset.painted = path?.dataset.look ?? "nothing";
    });
})"""


@pytest.fixture
def kim(browser: Browser, start_app: Callable[..., App], tmp_path: Path) -> Iterator[Screen]:
    """Kim on a phone, before the map of a first evening."""
    vault.create(tmp_path / "data", PEOPLE, SECRETS, cost=LOW)
    context = browser.new_context(viewport=PHONE, has_touch=True, reduced_motion="reduce")
    kim = Screen(context.new_page(), start_app(tmp_path / "data"))
    kim.open()
    kim.unlock("Kim", SECRETS[Seat.A])
    kim.press("Show me an evening")
    dots = kim.page.get_by_role("navigation", name="Turn the page").locator(".at-dot")
    dots.nth(STEPS.index("places")).click()
    expect(kim.page.locator(".at-map-figure").first).to_be_attached()
    yield kim
    context.close()


def place(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name).filter(visible=True).first


def tap(page: Page, name: str) -> None:
    """Tap where the place is; nothing is scrolled to."""
    box = place(page, name).bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def expect_all_in_view(page: Page) -> None:
    figure = page.locator(".at-map-figure").filter(visible=True)
    for shown in (*figure.all(), *page.locator(".at-map-brushes label").all()):
        expect(shown).to_be_in_viewport(ratio=1)
    bars = page.locator(".at-top").bounding_box(), page.locator(".at-bar").bounding_box()
    caption = page.locator(".at-map-line").bounding_box()
    box = figure.last.bounding_box()
    assert bars[0]
    assert bars[1]
    assert caption
    assert box
    assert bars[0]["y"] + bars[0]["height"] <= box["y"]
    assert box["y"] + box["height"] <= bars[1]["y"]
    assert caption["y"] + caption["height"] <= bars[1]["y"]
    assert page.evaluate("scrollY") == 0


def test_a_tap_paints_at_once_with_brush_figure_and_caption_in_view(kim: Screen) -> None:
    page = kim.page
    page.evaluate(NEXT_FRAME)
    expect(page.get_by_text("What stays blank is not tonight.")).to_be_visible()
    tap(page, "Left calf")
    expect(page.locator(".at-map-line")).to_contain_text("First choose above what to paint.")
    expect_all_in_view(page)

    page.get_by_role("radio", name="Open", exact=True).tap()
    tap(page, "Left calf")

    expect(page.locator("body")).to_have_attribute("data-painted", "solid")
    expect(page.locator(".at-map-line")).to_contain_text("Left calf: Open, both sides.")
    expect(page.locator(".at-map-line")).to_be_in_viewport(ratio=1)
    expect_all_in_view(page)
    kim.saved()


@pytest.mark.long
@pytest.mark.parametrize("size", [(1280, 800), (768, 1024), (412, 915)])
def test_the_figure_fits_between_the_bars(kim: Screen, size: tuple[int, int]) -> None:
    kim.page.set_viewport_size({"width": size[0], "height": size[1]})
    kim.page.wait_for_timeout(300)

    expect_all_in_view(kim.page)


@pytest.mark.long
def test_a_slow_phone_paints_in_the_next_frame_too(kim: Screen) -> None:
    page = kim.page
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.evaluate(NEXT_FRAME)
    page.get_by_role("radio", name="Not tonight", exact=True).tap()

    for name in ("Left calf", "Left shoulder top", "Left mid back", "Left low back"):
        page.evaluate("delete document.body.dataset.painted")
        tap(page, name)
        expect(page.locator("body")).to_have_attribute("data-painted", "hatch")


@pytest.mark.long
@pytest.mark.parametrize("rem", [16, 32])
def test_no_label_of_the_map_is_cut_off(kim: Screen, rem: int) -> None:
    page = kim.page
    page.set_viewport_size({"width": 320 if rem == 16 else 390, "height": 844})
    page.evaluate("rem => { document.documentElement.style.fontSize = `${rem}px` }", rem)
    page.wait_for_timeout(300)

    wide = page.evaluate("""() => [...document.querySelectorAll(
        ".at-map-face, .at-map-button, .at-map-note, .at-map-offer-line, .at-map-line")]
        .filter((each) => each.offsetParent && each.scrollWidth > each.clientWidth + 1)
        .map((each) => each.textContent)""")

    assert wide == []
    box = page.locator(".at-map").bounding_box()
    assert box
    for label in page.locator(".at-map label, .at-map-button").filter(visible=True).all():
        inner = label.bounding_box()
        assert inner
        assert inner["x"] >= box["x"] - 1
        assert inner["x"] + inner["width"] <= box["x"] + box["width"] + 1
