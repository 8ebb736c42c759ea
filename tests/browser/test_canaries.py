"""Row 37 of the fault list: what two people type is looked for in all that the real app leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import BrowserContext, BrowserType, expect

from tests.browser.conftest import App
from tests.browser.screen import Screen
from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES
from workbook.domain.seats import Seat

pytestmark = pytest.mark.timeout(300)

FIELDS = (
    ("intentions", "In your own words, for yourself"),
    ("limits", "Your word for stop"),
    ("setting", "Music"),
    ("setting", "Light"),
)


@pytest.fixture
def browser_with(
    browser_type: BrowserType, browser_type_launch_args: dict
) -> Callable[[Path], BrowserContext]:
    """Start a browser that keeps its profile in this folder, as one at home does."""
    return lambda profile: browser_type.launch_persistent_context(
        profile, **browser_type_launch_args
    )


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go meanwhile."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def found(words: list[str], content: bytes) -> list[str]:
    """Which of the words are there, as UTF-8 or UTF-16."""
    each = [(word, word.encode(), word.encode("utf-16-le")) for word in words]
    return [word for word, narrow, wide in each if narrow in content or wide in content]


def test_nothing_typed_is_left_on_the_disk_in_the_browser_or_in_a_kernels_environment(
    browser_with: Callable[[Path], BrowserContext],
    filled: Path,
    start_app: Callable[..., App],
    tmp_path: Path,
    temporary: Path,
) -> None:
    profile = tmp_path / "profile"
    app = start_app(filled)
    context = browser_with(profile)
    screen = Screen(context.new_page(), app)
    screen.open()
    typed = []
    for seat in Seat:
        screen.unlock(DEMO_NAMES[seat], DEMO_PASSPHRASES[seat])
        for chapter, label in FIELDS:
            typed.append(f"zqx{seat.value.lower()}{len(typed)}canary")
            screen.turn_to(chapter)
            if chapter == "limits" and seat is Seat.A:
                screen.press("Another one")  # both have agreed on one
            screen.write(label, typed[-1])
            expect(screen.page.get_by_label(label, exact=True).first).to_have_value(typed[-1])
        screen.saved()
        if seat is Seat.A:
            screen.pass_screen()
    words = [*typed, *DEMO_PASSPHRASES.values()]

    kernels = app.kernels()
    assert kernels
    assert list(temporary.rglob("kernel-*.json"))  # the connection files lie there
    for process in (psutil.Process(app.pid), *kernels):
        started = [*process.cmdline(), *process.environ().values()]
        assert found(words, "\n".join(started).encode()) == []
    assert found(words, "".join(app.terminal).encode()) == []
    lefts = [path for path in tmp_path.rglob("*") if path.is_file()]
    screen.page.close()
    context.close()
    lefts += [path for path in tmp_path.rglob("*") if path.is_file()]

    assert any(profile in path.parents for path in lefts)
    hits = {
        (str(path), *seen)
        for path in lefts
        if path.exists() and (seen := found(words, path.read_bytes()))
    }
    assert hits == set()
