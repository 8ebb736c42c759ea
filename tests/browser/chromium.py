"""Finds a Chromium for the browser tests; ``python -m tests.browser.chromium`` prints its path."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.browser.debian import install_packages, run_quietly

NAMES = ("chromium", "chromium-browser", "google-chrome")
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
        run_quietly(sys.executable, "-m", "playwright", "install", "chromium")
    return path if path.exists() else None


def _of_debian() -> Path | None:
    return _on_path() if install_packages("chromium") else None


if __name__ == "__main__":
    path = find()
    if path is None:
        sys.exit(print(MISSING, file=sys.stderr) or 2)
    print(path)
