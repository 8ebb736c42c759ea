"""What two people see together on one phone: each step fits it, up to Begin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.app.evening import LOW, PEOPLE, SECRETS, Couple, answer, clear, ready, signals, tell
from tests.browser.conftest import PHONE, ROBIN, App
from tests.browser.screen import Screen
from tests.browser.usable import RULES
from workbook.domain.seats import Seat
from workbook.store import vault
from workbook.store.unlocked import local_time

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def _ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An evening on which both are ready, and both would like to give and to receive."""
    folder = tmp_path_factory.mktemp("ready") / "data"
    vault.create(folder, PEOPLE, SECRETS, cost=LOW)
    couple = Couple(folder, SECRETS, local_time)
    for seat in Seat:
        book = couple.open(seat, forms=())
        for gives in (True, False):
            answer(book, gives=gives)
        tell(book, "role", role="both")
        signals(book)
        ready(book)
        book.pass_screen()
        clear()
    return folder


@pytest.fixture
def ready_app(_ready: Path, tmp_path: Path, start_app: Callable[..., App]) -> App:
    return start_app(Path(copytree(_ready, tmp_path / "data")))


@pytest.fixture
def robin(browser: Browser, ready_app: App) -> Iterator[Screen]:
    context = browser.new_context(viewport=PHONE, has_touch=True, reduced_motion="reduce")
    screen = Screen(context.new_page(), ready_app)
    screen.open()
    screen.unlock(ROBIN, SECRETS[Seat.B])
    yield screen
    context.close()


def step_of(page: Page) -> str:
    return str(page.evaluate("document.documentElement.dataset.step ?? ''"))


def next_button(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Turn the page").get_by_role("button").last


def go_on(page: Page, words: str, step: str) -> None:
    """Press the one primary button, which is in sight, and wait for the next step."""
    button = next_button(page)
    expect(button).to_have_accessible_name(words)
    expect(button).to_be_enabled()
    expect(button).to_be_in_viewport(ratio=1)
    button.click()
    expect(page.locator(f'html[data-step="{step}"]')).to_be_attached()
    expect(page.locator("[data-step-shown] .at-place:empty")).to_have_count(0)


@pytest.mark.long
def test_from_both_ready_to_begin_nothing_has_to_be_looked_for(robin: Screen) -> None:
    page = robin.page
    expect(page.get_by_text("You have both answered.")).to_be_visible()
    shapes = page.get_by_role("img", name=re.compile("Kim’s circle and Robin’s square"))
    expect(shapes.first).to_be_in_viewport(ratio=1)
    go_on(page, "Show our evening", "reveal")

    # First the intention, then the wishes, then who begins; the card fits below them.
    page.get_by_role("radio", name="Unwind").click()
    expect(page.get_by_text("Tonight is for unwinding.").first).to_be_in_viewport(ratio=1)
    page.get_by_role("radio", name="Kim gives, Robin receives").click()
    card = page.locator(".at-plan-card")
    expect(card).to_contain_text("Then the other way round")
    expect(card.get_by_text("Face down")).to_be_in_viewport(ratio=1)
    go_on(page, "Make ready", "prepare")

    expect(page.get_by_role("checkbox")).to_have_count(10)
    go_on(page, "We are ready", "aloud")

    expect(
        page.get_by_text("Tonight is for unwinding. Nothing else has to follow.")
    ).to_be_visible()
    for tick in ("The word", "The signal"):
        box = page.get_by_role("checkbox", name=tick)
        expect(box).to_be_in_viewport(ratio=1)
        box.check()
    robin.saved()
    go_on(page, "To our yes", "agree")

    for name in ("Kim", "Robin"):
        yes = page.get_by_role("button", name=f"{name}: yes to this plan")
        expect(yes).to_be_enabled()
        expect(yes).to_be_in_viewport(ratio=1)
        yes.click()
        expect(page.get_by_role("button", name=f"{name}: take my yes back")).to_be_visible()
    begin = page.get_by_role("button", name="Begin", exact=True)
    expect(begin).to_be_in_viewport(ratio=1)
    box, bar = begin.bounding_box(), page.locator("#at-bar").bounding_box()
    assert box["y"] + box["height"] <= bar["y"]  # and the bar does not cover it
    assert page.evaluate("scrollY") == 0

    begin.click()
    stage = page.get_by_role("dialog")
    expect(stage).to_contain_text("Tonight is for unwinding.")


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
@pytest.mark.long
def test_what_both_see_is_usable_by_everybody(robin: Screen, width: int, scheme: str) -> None:
    page, found = robin.page, {}
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(reduced_motion="reduce", color_scheme=scheme)

    def look() -> None:
        result = Axe().run(page, options=RULES)
        if result.violations_count:
            found[step_of(page)] = result.generate_report()
        sideways = "() => document.documentElement.scrollWidth - innerWidth"
        assert page.evaluate(sideways) <= 0, step_of(page)

    look()
    go_on(page, "Show our evening", "reveal")
    page.get_by_role("radio", name="Kim gives, Robin receives").click()
    expect(page.locator(".at-plan-card")).to_be_visible()
    robin.press("Change")
    look()
    for words, step in (
        ("Make ready", "prepare"),
        ("We are ready", "aloud"),
        ("To our yes", "agree"),
    ):
        go_on(page, words, step)
        look()

    assert not found, "\n".join(found.values())
