"""A kernel that dies in the middle of a form: the page says so, and nothing saved is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.screen import Screen
from workbook.book.demo import NAMES, PASSPHRASES, fill
from workbook.domain.seats import Seat

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

LOST = re.compile("Not connected")
EXPECTS = "In your own words, for yourself"


@pytest.fixture
def app(start_app: Callable[..., App], tmp_path: Path) -> App:
    fill(tmp_path / "data", date.today())
    return start_app()


@pytest.fixture
def screen(page: Page, app: App) -> Screen:
    screen = Screen(page, app)
    screen.open()
    screen.unlock(NAMES[Seat.A], PASSPHRASES[Seat.A])
    screen.turn_to("intentions")
    return screen


def test_after_the_kernel_is_gone_the_page_says_so_and_what_was_saved_is_there(
    screen: Screen, app: App
) -> None:
    screen.write(EXPECTS, "An unhurried hour.")
    screen.saved()

    for kernel in app.kernels():
        kernel.kill()

    expect(screen.page.get_by_text(LOST).first).to_be_visible(timeout=6_000)
    screen.open()
    screen.unlock(NAMES[Seat.A], PASSPHRASES[Seat.A])
    screen.turn_to("intentions")
    expect(screen.page.get_by_label(EXPECTS)).to_have_value("An unhurried hour.")


def test_while_the_kernel_is_gone_nothing_typed_looks_saved(screen: Screen, app: App) -> None:
    field = screen.page.get_by_label(EXPECTS)

    for kernel in app.kernels():
        kernel.kill()

    expect(screen.page.get_by_text(LOST).first).to_be_visible(timeout=6_000)
    expect(field).not_to_be_editable()


def test_after_a_hand_over_nobody_gets_back_to_the_page_before(screen: Screen, app: App) -> None:
    screen.write(EXPECTS, "For my eyes only.")
    screen.saved()
    before = {kernel.pid for kernel in app.kernels()}

    screen.hand_over()
    screen.page.go_back()

    expect(screen.page.get_by_label("Your passphrase")).to_be_visible(timeout=30_000)
    expect(screen.page.locator("body")).not_to_contain_text("For my eyes only.")
    assert len(before & {kernel.pid for kernel in app.kernels()}) < len(before)
