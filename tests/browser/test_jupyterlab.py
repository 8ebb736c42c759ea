"""A chapter that was filled in and saved in a real JupyterLab keeps nothing of it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hosts import CHAPTERS, OPEN_TO_ALL, free_port, run_all_cells, served, wait_for
from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES
from workbook.domain.seats import Seat

pytestmark = pytest.mark.timeout(300)

PLANTED = tuple(
    f"planted{word}"
    for word in (
        *("moss", "reed", "fern", "birch", "alder"),
        *("heather", "willow", "clover", "thistle", "nettle"),
    )
)


@pytest.mark.long
def test_a_chapter_saved_from_jupyterlab_keeps_none_of_what_was_typed(
    page: Page, filled: Path, tmp_path: Path
) -> None:
    data, notebooks = filled, tmp_path / "notebooks"
    shutil.copytree(CHAPTERS, notebooks)
    chapter = notebooks / "02-intentions.ipynb"
    before = chapter.stat().st_mtime_ns
    port = free_port()
    with served(data, "jupyterlab", f"--port={port}", f"--notebook-dir={notebooks}", *OPEN_TO_ALL):
        wait_for(f"http://127.0.0.1:{port}/api")
        page.goto(f"http://127.0.0.1:{port}/lab/tree/{chapter.name}?reset")
        page.get_by_role("button", name=re.compile("Python 3.*Idle")).wait_for(timeout=60_000)
        run_all_cells(page)
        field = page.get_by_label("Your passphrase").first
        field.fill(DEMO_PASSPHRASES[Seat.A], timeout=60_000)
        page.get_by_role("button", name="Open", exact=True).first.click()
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
