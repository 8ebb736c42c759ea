"""A chapter opened alone, in a real JupyterLab and in plain Voilà, is usable and keeps nothing."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest
from playwright.sync_api import Page, expect

from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES
from workbook.domain.seats import Seat

pytestmark = pytest.mark.timeout(300)

CHAPTERS = Path(__file__).parents[2] / "notebooks"
PLANTED = tuple(
    f"planted{word}"
    for word in (
        *("moss", "reed", "fern", "birch", "alder"),
        *("heather", "willow", "clover", "thistle", "nettle"),
    )
)


@contextmanager
def served(data: Path, *command: str) -> Iterator[None]:
    server = psutil.Popen(
        [sys.executable, "-m", *command],
        stdout=DEVNULL,
        stderr=DEVNULL,
        env={**os.environ, "WORKBOOK_DATA": str(data)},
    )
    try:
        yield
    finally:
        everything = [*server.children(recursive=True), server]
        for process in everything:
            process.terminate()
        for process in psutil.wait_procs(everything, timeout=20)[1]:
            process.kill()  # a server whose kernels ended first may wait for them for good


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urlopen(url, timeout=2).close()  # noqa: S310 - loopback
        except (URLError, OSError):
            time.sleep(0.2)  # a server that starts has no event to wait for
        else:
            return
    pytest.fail(f"{url} does not answer")


def unlock(page: Page) -> None:
    field = page.get_by_label("Your passphrase").first
    field.wait_for(timeout=60_000)
    field.fill(DEMO_PASSPHRASES[Seat.A])
    page.get_by_role("button", name="Open", exact=True).first.click()


@pytest.mark.long
def test_a_chapter_saved_from_jupyterlab_keeps_none_of_what_was_typed(
    page: Page, filled: Path, tmp_path: Path
) -> None:
    data, notebooks = filled, tmp_path / "notebooks"
    shutil.copytree(CHAPTERS, notebooks)
    chapter = notebooks / "02-intentions.ipynb"
    before = chapter.stat().st_mtime_ns
    port = free_port()
    options = (
        *("--no-browser", "--allow-root", f"--port={port}", f"--notebook-dir={notebooks}"),
        *("--IdentityProvider.token=", "--ServerApp.password="),
    )

    with served(data, "jupyterlab", *options):
        wait_for(f"http://127.0.0.1:{port}/api")
        page.goto(f"http://127.0.0.1:{port}/lab/tree/{chapter.name}?reset")
        page.locator(".jp-Notebook").wait_for(timeout=60_000)
        page.get_by_role("button", name=re.compile("Python 3.*Idle")).wait_for(timeout=60_000)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        unlock(page)
        field = page.get_by_label("In your own words, for yourself").first
        field.wait_for(timeout=60_000)
        field.fill(" ".join(PLANTED))
        field.blur()
        expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d")).first).to_be_visible()
        page.keyboard.press("Control+s")
        while chapter.stat().st_mtime_ns == before:
            page.wait_for_timeout(100)

    saved = chapter.read_text(encoding="utf-8")
    assert "output_type" in saved  # it was saved with its outputs, as people do
    for word in (*PLANTED, *DEMO_NAMES.values()):
        assert word not in saved
    for path in data.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not any(word.encode() in content for word in PLANTED), path


@pytest.mark.long
def test_a_chapter_works_in_plain_voila(page: Page, filled: Path) -> None:
    port = free_port()
    chapter = str(CHAPTERS / "03-limits.ipynb")
    with served(filled, "voila", chapter, "--no-browser", f"--port={port}"):
        wait_for(f"http://127.0.0.1:{port}/voila/static/voila.js")
        page.goto(f"http://127.0.0.1:{port}/")
        unlock(page)

        expect(page.get_by_role("group", name="What would you like to wear?")).to_be_visible(
            timeout=60_000
        )
