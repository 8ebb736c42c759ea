"""The book from a wheel, in an empty environment outside the checkout, and by uvx and pipx."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE

import psutil
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.screen import Screen
from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES
from workbook.domain.seats import Seat

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
UV = shutil.which("uv", path=Path(sys.executable).parent) or ""
SCRIPTS = "Scripts" if os.name == "nt" else "bin"
NO_INDEX = re.compile(r"dns error|connect error|error sending request|No route to host|offline")


def run(*command: object, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ended = subprocess.run(
        [*map(str, command)],
        cwd=folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if ended.returncode and NO_INDEX.search(ended.stderr):
        pytest.skip("the package index cannot be reached from here")
    return ended


def done(*command: object, folder: Path, **environment: str) -> str:
    ended = run(*command, folder=folder, **environment)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=ROOT)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an environment that holds the wheel and what it needs, as locked."""
    folder = tmp_path_factory.mktemp("installed")
    done(UV, "venv", "--quiet", "--python", sys.executable, folder / "env", folder=folder)
    python = folder / "env" / SCRIPTS / "python"
    into = (UV, "pip", "install", "--quiet", "--python", python)
    done(*into, "--only-binary", ":all:", "-c", ROOT / "requirements.txt", wheel, folder=folder)
    site = Path(done(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))",
                     folder=folder).strip())  # fmt: skip
    (site / "notebooks").mkdir()  # as other packages leave one there
    (site / "notebooks" / "01-alien.ipynb").write_text('{"cells": [], "metadata": {}}', "utf-8")
    return folder / "env" / SCRIPTS


@pytest.fixture(scope="module")
def without_lab(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an environment with the lock that has no JupyterLab."""
    folder = tmp_path_factory.mktemp("without_lab")
    done(UV, "venv", "--quiet", "--python", sys.executable, folder / "env", folder=folder)
    into = (UV, "pip", "install", "--quiet", "--python", folder / "env" / SCRIPTS / "python")
    locked = ("--only-binary", ":all:", "--require-hashes", "-r", ROOT / "requirements-app.txt")
    done(*into, *locked, folder=folder)
    done(*into, "--no-deps", wheel, folder=folder)
    return folder / "env" / SCRIPTS


@contextmanager
def opened(scripts: Path, folder: Path, *arguments: str) -> Iterator[str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [str(scripts / "attune-workbook"), *arguments]
    server = psutil.Popen(
        command, cwd=folder, env=kept | {"XDG_DATA_HOME": str(folder)}, stdout=PIPE, text=True
    )
    try:
        yield server.stdout.readline()
    finally:
        server.terminate()
        server.wait(20)


def test_the_installed_book_is_whole_and_its_chapters_are_its_own(
    installed: Path, tmp_path: Path
) -> None:
    checked = done(installed / "workbook", "check", folder=tmp_path)
    version = done(installed / "python", "-m", "workbook", "--version", folder=tmp_path)
    evening = ROOT / "docs" / "examples" / "evening.json"
    planned = done(installed / "attune-workbook", "plan", evening, folder=tmp_path)

    assert checked.startswith("All is well: 11 chapters")
    assert version.startswith("workbook, version ")
    assert planned.startswith("{")


def test_one_word_opens_the_installed_book(installed: Path, tmp_path: Path) -> None:
    with opened(installed, tmp_path) as said:
        assert re.fullmatch(r"Open http://127\.0\.0\.1:\d+/pair#[0-9A-Z-]{34}\n", said)


def test_the_demo_of_the_installed_book_opens_in_a_browser(
    installed: Path, tmp_path: Path, page: Page, requests_outside: list[str]
) -> None:
    with opened(installed, tmp_path, "--demo", "--no-browser", "--port", "0") as said:
        page.goto(said.removeprefix("Open ").strip())
        page.get_by_role("button", name=f"Open as {DEMO_NAMES[Seat.A]}").click()
        banner = page.get_by_role("banner").get_by_text(DEMO_NAMES[Seat.A])
        expect(banner).to_be_visible(timeout=60_000)

    assert requests_outside == []


def test_the_book_opens_and_draws_a_chapter_without_jupyterlab(
    without_lab: Path,
    filled: Path,
    start_app: Callable[..., App],
    page: Page,
    requests_outside: list[str],
) -> None:
    imported = run(without_lab / "python", "-c", "import jupyterlab", folder=filled)
    assert "No module named 'jupyterlab'" in imported.stderr

    screen = Screen(page, start_app(filled, command=[without_lab / "workbook"]))
    screen.open()
    screen.unlock(DEMO_NAMES[Seat.A], DEMO_PASSPHRASES[Seat.A])
    limits = screen.turn_to("limits")

    expect(limits.get_by_role("group").first).to_be_visible()
    assert requests_outside == []


def test_one_line_runs_it_from_a_wheel_and_from_a_checkout(wheel: Path, tmp_path: Path) -> None:
    for source in (wheel, ROOT):
        said = done(UV, "tool", "run", "--from", source, "attune-workbook", "--version",
                    folder=tmp_path)  # fmt: skip
        assert said.startswith("workbook, version ")


@pytest.mark.skipif(not shutil.which("pipx"), reason="there is no pipx here")
def test_pipx_runs_it_from_a_wheel(wheel: Path, tmp_path: Path) -> None:
    home = {"PIPX_HOME": str(tmp_path / "pipx"), "PIPX_BIN_DIR": str(tmp_path / "bin")}
    said = done("pipx", "run", "--spec", wheel, "attune-workbook", "--version",
                folder=tmp_path, **home)  # fmt: skip

    assert said.startswith("workbook, version ")
