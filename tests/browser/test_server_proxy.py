"""The book below a Jupyter server, started by jupyter-server-proxy."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hub import PATIENCE_S, free_port, is_up, wait_until
from tests.browser.screen import Screen
from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES
from workbook.domain.seats import Seat

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

TOKEN = "a-token-of-this-test"  # noqa: S105 - of a server that ends with it


@pytest.fixture
def jupyter(filled: Path, tmp_path: Path) -> Iterator[str]:
    """A Jupyter server below a path; the book of the made-up couple is in its user's home."""
    home = tmp_path / "home"
    place = home / ".local" / "share" / "evening-notes"
    place.parent.mkdir(parents=True)
    filled.rename(place)
    port = free_port()
    url = f"http://127.0.0.1:{port}/lab-of-kim/"
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.base_url": "/lab-of-kim/",
        "ServerApp.root_dir": home,
        "ServerApp.allow_root": True,
        "ServerApp.open_browser": False,
        "IdentityProvider.token": TOKEN,
    }
    server = psutil.Popen(
        [sys.executable, "-m", "jupyter_server", *(f"--{k}={v}" for k, v in options.items())],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={
            **os.environ,
            "HOME": str(home),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "TMPDIR": tempfile.mkdtemp(prefix="h"),
        },
    )
    try:
        wait_until(lambda: is_up(f"{url}api"), "the Jupyter server is up")
        yield url
    finally:
        below = server.children(recursive=True)
        server.terminate()
        for left in psutil.wait_procs([server, *below], 30)[1]:
            left.kill()


def open_book(jupyter: str, page: Page) -> None:
    page.goto(f"{jupyter}attune/?token={TOKEN}")
    if "/pair" in page.url:
        expect(page.get_by_text("Whoever can use that server can open this page")).to_be_visible()
        page.get_by_role("button", name="Open the book").click()


def test_the_book_opens_below_a_jupyter_server_and_for_nobody_without_its_token(
    jupyter: str, browser: Browser
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    outside: list[str] = []
    page.on("request", lambda asked: asked.url.startswith(jupyter) or outside.append(asked.url))
    app: Any = SimpleNamespace(open=lambda page: open_book(jupyter, page))
    screen = Screen(page, app)
    page.set_default_timeout(PATIENCE_S * 1000)

    screen.open()
    screen.unlock(DEMO_NAMES[Seat.A], DEMO_PASSPHRASES[Seat.A])
    screen.turn_to("intentions")
    screen.write("In your own words, for yourself", "said below a server")

    expect(page.get_by_text("Saved").first).to_be_visible()
    assert [u for u in outside if not u.startswith(("data:", "blob:"))] == []
    ours = [each for each in context.cookies() if each["name"].startswith("attune")]
    assert {each["path"] for each in ours} == {"/lab-of-kim/attune/"}
    stranger = browser.new_context()
    stranger.request.get(f"{jupyter}attune/")
    said = stranger.request.get(f"{jupyter}attune/", max_redirects=0)
    assert (said.status, "/login" in said.headers.get("location", "")) == (302, True)
    stranger.close()
    context.close()
