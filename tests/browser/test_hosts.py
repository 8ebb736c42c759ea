"""A chapter where people run notebooks: Enter opens it, and no other host is asked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hosts import CHAPTERS, OPEN_TO_ALL, free_port, run_all_cells, served, wait_for
from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES
from workbook.domain.seats import Seat

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(300),
    pytest.mark.usefixtures("requests_outside"),
]

CHAPTER = "03-limits.ipynb"


def open_by_enter(page: Page) -> None:
    """Type the passphrase and press Enter; the form of the chapter comes."""
    field = page.get_by_label("Your passphrase").first
    field.fill(DEMO_PASSPHRASES[Seat.A], timeout=60_000)
    field.press("Enter")
    form = page.get_by_role("group", name="When you receive: where may hands go?").first
    expect(form).to_be_visible(timeout=60_000)


def test_jupyterlab(page: Page, filled: Path) -> None:
    port = free_port()
    with served(filled, "jupyterlab", f"--port={port}", f"--notebook-dir={CHAPTERS}", *OPEN_TO_ALL):
        wait_for(f"http://127.0.0.1:{port}/api")
        page.goto(f"http://127.0.0.1:{port}/lab/tree/{CHAPTER}?reset")
        run_all_cells(page)
        cells = page.locator(".jp-Cell")
        count = cells.count()
        open_by_enter(page)

        assert cells.count() == count  # Enter was no key of JupyterLab


@pytest.fixture(scope="module")
def notebook_seven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package ``notebook``, which stands on the JupyterLab that is here."""
    folder = tmp_path_factory.mktemp("notebook")
    install = (sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(folder))
    ended = subprocess.run([*install, "notebook>=7,<8"], capture_output=True, check=False)
    if ended.returncode:
        pytest.skip("the package index cannot be reached from here")
    return folder


def test_notebook_7(page: Page, filled: Path, notebook_seven: Path) -> None:
    port = free_port()
    with served(
        filled,
        *("notebook", f"--port={port}", f"--notebook-dir={CHAPTERS}", *OPEN_TO_ALL),
        PYTHONPATH=str(notebook_seven),
        JUPYTER_PATH=str(notebook_seven / "share" / "jupyter"),
    ):
        wait_for(f"http://127.0.0.1:{port}/api")
        page.goto(f"http://127.0.0.1:{port}/notebooks/{CHAPTER}?reset")
        run_all_cells(page)
        open_by_enter(page)


@pytest.mark.parametrize(
    ("served_path", "address"),
    [(CHAPTERS / CHAPTER, ""), (CHAPTERS, f"voila/render/{CHAPTER}")],
    ids=["file", "folder"],
)
def test_plain_voila(page: Page, filled: Path, served_path: Path, address: str) -> None:
    port = free_port()
    with served(
        filled, "voila", str(served_path), *("--no-browser", f"--port={port}", "--port_retries=0")
    ):
        wait_for(f"http://127.0.0.1:{port}/voila/static/voila.js")
        page.goto(f"http://127.0.0.1:{port}/{address}")
        open_by_enter(page)


def test_voila_as_an_extension_of_a_jupyter_server(page: Page, filled: Path) -> None:
    port = free_port()
    extension = '--ServerApp.jpserver_extensions={"voila.server_extension": True}'
    with served(
        filled,
        *("jupyter_server", f"--port={port}", f"--ServerApp.root_dir={CHAPTERS}"),
        *(extension, *OPEN_TO_ALL),
    ):
        wait_for(f"http://127.0.0.1:{port}/api")
        page.goto(f"http://127.0.0.1:{port}/voila/render/{CHAPTER}")
        open_by_enter(page)


def test_nbconvert_runs_a_chapter_and_keeps_no_answer(filled: Path, tmp_path: Path) -> None:
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute"),
            *(str(CHAPTERS / CHAPTER), "--output-dir", str(tmp_path)),
        ],
        env={**os.environ, "WORKBOOK_DATA": str(filled)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    said = (tmp_path / CHAPTER).read_text(encoding="utf-8")
    assert "application/vnd.jupyter.widget-view+json" in said
    assert not any(name in said for name in DEMO_NAMES.values())
