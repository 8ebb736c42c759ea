"""The bundle: unzipped elsewhere, started without a single variable, driven in a browser."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import msgspec
import psutil
import pytest
from nacl.public import PrivateKey
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.debian import install_packages
from tests.browser.engines import unseen_display
from tests.browser.screen import Screen
from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES
from workbook.domain.seats import Seat
from workbook.serve.zygote import KERNEL_PROCESS_NAME
from workbook.store.ballot_process import Endpoint, ProcessInput
from workbook.store.ballots import RoundTerms

pytestmark = [pytest.mark.long, pytest.mark.timeout(2400)]

ROOT = Path(__file__).parents[2]
READY = "WORKBOOK_BUNDLE"
"""Environment variable that names a bundle's zip file, so that none is built."""
BROWSER = """#!/bin/sh
echo "$1" > "{file}.new" && mv "{file}.new" "{file}"
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle's folder, as unzipped by a couple."""
    archive = os.environ.get(READY)
    if not archive:
        made = subprocess.run(
            ["make", "bundle"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert made.returncode == 0, made.stderr
        assert " MB to download" in made.stdout
        (archive,) = (ROOT / "build" / "bundle").glob("Attune-*.zip")
    folder = tmp_path_factory.mktemp("downloads")
    _unzip(Path(archive), folder)
    return folder / "Attune"


def _unzip(archive: Path, folder: Path) -> None:
    """Unzip as desktops do: with links, and with the right to run what may be run."""
    with ZipFile(archive) as packed:
        for entry in packed.infolist():
            mode, target = entry.external_attr >> 16, folder / entry.filename
            if stat.S_ISLNK(mode):
                target.parent.mkdir(parents=True, exist_ok=True)
                target.symlink_to(packed.read(entry).decode())
            else:
                packed.extract(entry, folder)
                target.chmod(stat.S_IMODE(mode))


def run(bundle: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [bundle / "Attune", *map(str, arguments)]
    return subprocess.run(command, env={}, capture_output=True, text=True, timeout=120, check=False)


def running(bundle: Path) -> list[psutil.Process]:
    """The processes of this bundle that run now."""
    found = psutil.process_iter(["exe", "status"])
    return [each for each in found if (each.info["exe"] or "").startswith(str(bundle))]


def wait_until_all_ended(bundle: Path) -> None:
    _, left = psutil.wait_procs(running(bundle), timeout=30)
    assert left == []


def test_without_python_it_opens_unlocks_and_draws_a_chapter(
    bundle: Path,
    filled: Path,
    start_app: Callable[..., App],
    page: Page,
    requests_outside: list[str],
) -> None:
    app = start_app(filled, command=[bundle / "Attune"], environ={})
    screen = Screen(page, app)
    screen.open()
    screen.unlock(DEMO_NAMES[Seat.A], DEMO_PASSPHRASES[Seat.A])
    limits = screen.turn_to("limits")

    expect(limits.get_by_role("button", name="Right hand").first).to_be_visible()  # on the map
    assert app.terminal == []
    assert {each.name() for each in app.kernels()} == {KERNEL_PROCESS_NAME}  # each was forked
    assert requests_outside == []
    app.end()
    wait_until_all_ended(bundle)


def test_a_kernel_that_is_not_forked_starts_as_well(
    bundle: Path, tmp_path: Path, page: Page, start_app: Callable[..., App]
) -> None:
    """As on Windows and macOS: the bundle without the entry point that names our provisioner."""
    other = tmp_path / "Attune"
    shutil.copytree(bundle, other, symlinks=True)
    (entry_points,) = other.glob("_internal/attune_workbook-*.dist-info/entry_points.txt")
    entry_points.write_text("")

    app = start_app(None, command=[other / "Attune"], environ={})
    Screen(page, app).open()

    expect(page.get_by_role("button", name="Set up the book")).to_be_visible()
    assert {each.name() for each in app.kernels()} == {"Attune"}


def test_the_process_that_opens_wishes_starts(bundle: Path, tmp_path: Path) -> None:
    terms = RoundTerms("e1", date(2026, 11, 30), 1, b"p", Seat.A, b"b", (b"a", b"b"))
    key = bytes(PrivateKey.generate().public_key)
    given = ProcessInput(b"s", key, str(tmp_path), terms, seconds=60.0, server=0)
    command = [bundle / "Attune", "-E", "-s", "-m", "workbook.store.ballot_process"]
    with psutil.Popen(command, env={}, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdin.write(msgspec.json.encode(given))
        process.stdin.close()
        endpoint = msgspec.json.decode(process.stdout.readline(), type=Endpoint)
        process.kill()

    assert endpoint.port


def test_the_commands_of_the_shell_work(bundle: Path, tmp_path: Path) -> None:
    checked = run(bundle, "check")
    planned = run(bundle, "plan", ROOT / "docs" / "examples" / "evening.json")
    printed = run(bundle, "paper", tmp_path / "sheets.pdf")

    assert checked.stdout.startswith("All is well: 11 chapters"), checked.stderr
    assert json.loads(planned.stdout)
    assert printed.returncode == 0
    assert (tmp_path / "sheets.pdf").read_bytes().startswith(b"%PDF")
    assert [each.stderr for each in (checked, planned)] == ["", ""]


def test_no_other_module_can_be_run(bundle: Path) -> None:
    ended = run(bundle, "-m", "http.server")

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1


def test_the_licence_of_everything_inside_goes_with_it(bundle: Path) -> None:
    inside = {
        path.name.removesuffix(".dist-info").rpartition("-")[0].lower().replace("_", "-")
        for path in bundle.glob("_internal/*.dist-info")
    }
    told = {
        folder.name.lower().replace("_", "-").replace(".", "-"): list(folder.iterdir())
        for folder in bundle.glob("licences/*/")
    }

    assert {"voila", "sqlcipher3", "tornado", "attune-workbook"} <= inside
    assert inside <= told.keys()
    assert "python" in told
    assert all(told.values())
    assert not {"jupyterlab", "debugpy", "pyinstaller"} & inside
    assert not list(bundle.glob("_internal/libreadline*"))


# The window ---------------------------------------------------------------------------------


@pytest.fixture
def surroundings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What a desktop gives a program: a display, a browser, and a folder for its data."""
    if not (shutil.which("Xvfb") or install_packages("xvfb")):
        pytest.skip("there is no Xvfb here")
    browser = tmp_path / "browser"
    browser.write_text(BROWSER.format(file=tmp_path / "asked"))
    browser.chmod(0o700)
    with unseen_display(tmp_path) as display:
        data = {"XDG_DATA_HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
        yield {"DISPLAY": display, "BROWSER": str(browser), **data}


@pytest.fixture
def window(bundle: Path, surroundings: dict[str, str], tmp_path: Path) -> Iterator[psutil.Process]:
    """The bundle after a double click, once it has opened the browser."""
    with psutil.Popen([bundle / "Attune"], env=surroundings, cwd=tmp_path) as process:
        until = time.monotonic() + 120
        while not (tmp_path / "asked").exists() and time.monotonic() < until:
            time.sleep(0.1)
        yield process
        if process.is_running():
            process.kill()


def test_a_double_click_opens_the_book_and_closing_the_window_closes_it(
    bundle: Path, window: psutil.Process, tmp_path: Path, page: Page
) -> None:
    page.goto((tmp_path / "asked").read_text().strip())

    expect(page.get_by_role("button", name="Set up the book")).to_be_visible(timeout=60_000)
    assert len(running(bundle)) > 2
    window.terminate()
    assert window.wait(30) == 0
    wait_until_all_ended(bundle)
    assert list(tmp_path.glob("attune-run-*")) == []


def test_the_book_ends_with_a_window_that_was_killed(
    bundle: Path, window: psutil.Process, tmp_path: Path
) -> None:
    window.kill()
    window.wait(10)

    wait_until_all_ended(bundle)
    assert list(tmp_path.glob("attune-run-*")) == []
