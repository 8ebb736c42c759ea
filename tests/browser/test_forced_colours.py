"""A system with colours of its own keeps no background: what it showed must be seen otherwise."""

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

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]


@pytest.fixture(params=["light", "dark"])
def page(
    request: pytest.FixtureRequest,
    browser: Browser,
    start_app: Callable[..., App],
    tmp_path: Path,
) -> Iterator[Page]:
    """Kim on a phone, at the map of a first evening."""
    vault.create(tmp_path / "data", PEOPLE, SECRETS, cost=LOW)
    context = browser.new_context(
        viewport=PHONE,
        reduced_motion="reduce",
        forced_colors="active",
        color_scheme=request.param,
    )
    kim = Screen(context.new_page(), start_app(tmp_path / "data"))
    kim.open()
    kim.unlock("Kim", SECRETS[Seat.A])
    kim.press("Show me an evening")
    kim.page.locator(".at-dot").nth(STEPS.index("places")).click()
    expect(kim.page.locator(".at-map-figure").first).to_be_attached()
    yield kim.page
    context.close()


def set_data(shown: Locator, name: str, value: str) -> None:
    shown.evaluate("(node, [name, value]) => node.dataset[name] = value", [name, value])


def test_every_state_of_a_dot_looks_different(page: Page) -> None:
    dot = page.locator(".at-dot:not([aria-current])").first
    pictures = set()
    for state in ("open", "half", "done"):
        set_data(dot, "state", state)
        pictures.add(dot.screenshot())

    assert len(pictures) == 3


def test_the_way_to_help_and_cover_is_seen(page: Page) -> None:
    menu = page.locator(".at-menu-open")
    shown = menu.screenshot()
    page.add_style_tag(content=".at-menu-open::before { visibility: hidden; }")

    assert menu.screenshot() != shown


@pytest.mark.parametrize("control", ["Open", "Both sides with one tap", "Back"])
def test_a_chosen_control_shows_that_it_has_the_focus(page: Page, control: str) -> None:
    chosen = page.get_by_label(control, exact=True).filter(visible=True).first
    if control != "Open":
        expect(chosen).to_be_checked()
    page.keyboard.press("Tab")  # from now on the focus is shown
    chosen.focus()
    if control == "Open":
        page.keyboard.press("Space")
    face = chosen.locator("xpath=..")
    focused = face.screenshot()
    chosen.evaluate("node => node.blur()")

    assert face.screenshot() != focused


def test_the_marks_of_the_map_look_different_on_both_sides(page: Page) -> None:
    for path in page.locator(".at-map-place:has(path)").filter(visible=True).all()[:2]:
        area = path.locator("path").first
        pictures = set()
        for look in ("hatch", "cross", "dots", "keepoff"):
            area.evaluate(
                """(node, look) => {
                    const swatch = document.querySelector(".at-map-swatch [style*='url']");
                    const id = swatch.style.fill.match(/#(.*)-\\w+"?\\)/)[1];
                    node.dataset.look = look;
                    node.style.fill = `url(#${id}-${look})`;
                }""",
                look,
            )
            pictures.add(area.screenshot())
        assert len(pictures) == 4
