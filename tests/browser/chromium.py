"""Finds a Chromium for the browser tests; ``python -m tests.browser.chromium`` prints its path."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 300
"""Seconds that one way of installing may take."""

MISSING = "No Chromium found: install the package chromium, or run `playwright install chromium`."


def find() -> Path | None:
    """Return a Chromium, installing one if need be: on PATH, Playwright's own, Debian's."""
    return _on_path() or _of_playwright() or _of_debian()


def _on_path() -> Path | None:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None


def _of_playwright() -> Path | None:
    # Here, so that a Chromium on PATH is found without Playwright.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    if not path.exists():
        _try(sys.executable, "-m", "playwright", "install", "chromium")
    return path if path.exists() else None


def _of_debian() -> Path | None:
    if not shutil.which("apt-get"):
        return None
    sudo = []
    if os.getuid() != 0:
        if not shutil.which("sudo"):
            return None
        sudo = ["sudo", "--non-interactive"]  # a password prompt would wait for ever
    if not _try(*sudo, "apt-get", "install", "--yes", "chromium"):
        _try(*sudo, "apt-get", "update")
        _try(*sudo, "apt-get", "install", "--yes", "chromium")
    return _on_path()


def _try(*command: str) -> bool:
    """Whether ``command`` worked in time; its own words help nobody here."""
    try:
        ended = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0


if __name__ == "__main__":
    path = find()
    if path is None:
        sys.exit(print(MISSING, file=sys.stderr) or 2)
    print(path)
