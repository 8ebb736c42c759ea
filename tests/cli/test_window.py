"""The window of a book that was started with a double click, on a display that nobody sees."""

from __future__ import annotations

import gc
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.debian import install_packages
from tests.browser.engines import unseen_display
from workbook.cli.window import _Server, _Window, has_window
from workbook.content.words import load_words

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def _display(tmp_path_factory):
    """One for all: Tk keeps its line to a display, and ends the process with that line."""
    if not (shutil.which("Xvfb") or install_packages("xvfb")):
        pytest.skip("there is no Xvfb here")
    pytest.importorskip("tkinter")
    with unseen_display(tmp_path_factory.mktemp("display")) as name:
        yield name


@pytest.fixture
def display(_display, monkeypatch):
    monkeypatch.setenv("DISPLAY", _display)
    monkeypatch.setenv("BROWSER", "true")
    yield _display
    gc.collect()  # Tcl ends the process if a thread of a later test collects a window


def opened(data: Path, *options: str) -> _Window:
    command = [sys.executable, "-m", "workbook", "start", "--until-closed", "--data", str(data)]
    return _Window(_Server([*command, *options]), load_words())


def run_until(window: _Window, reached: Callable[[], bool], found: Callable[[], None]) -> int:
    """Run the window until ``reached``, then call ``found`` and close it; return its code."""

    def look() -> None:
        if reached():
            found()
            window.close()
        else:
            window._root.after(100, look)

    window._root.after(100, look)
    return window.run()


def test_without_a_display_there_is_no_window(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")

    assert not has_window()


def test_the_window_shows_the_address_and_closing_it_ends_the_server(display, tmp_path):
    assert has_window()
    window = opened(tmp_path / "data", "--port", "0")
    shown: list[str] = []

    code = run_until(
        window,
        lambda: bool(window._address.get()),
        lambda: shown.extend([window._address.get(), window._said.get(), window._book]),
    )

    assert shown[0].startswith(f"{shown[2]}pair#")
    assert shown[1] == load_words()("window.open")
    assert code == window._server.code == 0


def test_the_reason_why_a_book_did_not_open_stays_to_be_read(display, tmp_path):
    words, shown = load_words(), []
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        window = opened(tmp_path, "--port", port)
        code = run_until(
            window,
            lambda: window._said.get() == words("window.ended") and port in window._notice.get(),
            lambda: shown.append(str(window._again["state"])),
        )

    assert shown == ["disabled"]
    assert code == 0
