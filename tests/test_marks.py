"""A test that starts a browser or a server is marked so without anybody writing it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PATHS = (
    *("tests/browser/test_pad.py", "tests/browser/test_engines.py"),
    *("tests/notebooks/test_run.py", "tests/serve/test_kernels.py"),
    *("tests/serve/test_lan.py", "tests/ui/widgets/test_page.py"),
)


@pytest.fixture(scope="module")
def collected() -> dict[str, set[str]]:
    """The tests of ``PATHS`` that two selections leave, without their parameters."""
    return {
        marks: {
            line.partition("::")[2].partition("[")[0]
            for line in subprocess.run(
                [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", marks, *PATHS],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=True,
            ).stdout.splitlines()
            if "::" in line
        }
        for marks in ("browser or server", "not browser and not server", "not long")
    }


@pytest.mark.parametrize(
    "name",
    [
        "test_the_pad_softens_stills_and_stops_and_back_leaves_it",  # by fixtures
        "test_the_composed_book_runs_without_an_error",  # by a helper
        "test_a_couple_comes_back_for_one_evening_on_one_screen",  # in another engine
        "test_a_kernel_listens_on_no_port",  # by a helper of another module
        "test_with_tls_the_address_is_https_and_the_page_is_there",  # by a fixture of the file
    ],
)
@pytest.mark.long
def test_what_starts_a_browser_or_a_server_has_the_mark(collected, name):
    assert name in collected["browser or server"]
    assert name not in collected["not browser and not server"]


@pytest.mark.long
def test_make_test_and_make_fast_start_no_other_engine_than_chromium(collected):
    short = collected["not long"]

    assert "test_the_pad_softens_stills_and_stops_and_back_leaves_it" in short
    assert "test_back_and_forward_leave_guide_and_stop_on_the_screen" not in short
    assert "test_a_couple_comes_back_for_one_evening_on_one_screen" not in short


@pytest.mark.long
def test_what_starts_neither_has_no_mark(collected):
    left = collected["not browser and not server"]

    assert "test_a_qr_code_is_lines_of_blocks" in left
    assert not left & collected["browser or server"]


@pytest.mark.parametrize(
    ("command", "mark"),
    [
        ([sys.executable, "-m", "voila"], "server"),
        ([sys.executable, "-m", "ipykernel_launcher"], "server"),
        (["/nowhere/chromium", "--headless"], "browser"),
        (["/nowhere/firefox-esr", "--headless"], "browser"),
        (["/nowhere/WebKitWebDriver", "--port=0"], "browser"),
    ],
)
def test_what_is_not_marked_starts_no_browser_and_no_server(command, mark):
    with pytest.raises(RuntimeError, match=f"without the mark {mark}"):
        subprocess.run(command, check=False)
