"""Jupyter's own servers, with a chapter of the book in them."""

from __future__ import annotations

import os
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
from playwright.sync_api import Page

CHAPTERS = Path(__file__).parents[2] / "notebooks"

OPEN_TO_ALL = (
    *("--no-browser", "--allow-root", "--ServerApp.port_retries=0"),
    *("--IdentityProvider.token=", "--ServerApp.password="),
)
"""Options of a server that asks nobody who they are; it listens on this computer alone."""


@contextmanager
def served(data: Path, *command: str, **environment: str) -> Iterator[None]:
    """Run a module of Jupyter as a server, with the vault in ``data``."""
    server = psutil.Popen(
        [sys.executable, "-m", *command],
        stdout=DEVNULL,
        stderr=DEVNULL,
        env={**os.environ, "WORKBOOK_DATA": str(data), **environment},
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


def run_all_cells(page: Page) -> None:
    """Have JupyterLab, or Notebook 7, run the notebook that is shown."""
    page.locator(".jp-Notebook").wait_for(timeout=60_000)
    page.locator(".jp-Toolbar-kernelName", has_text="Python 3").wait_for(timeout=60_000)
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
