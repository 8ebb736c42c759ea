"""The page's script as it is committed is what its sources make, and its types hold."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"
BUILT = ROOT / "workbook" / "serve" / "template" / "attune" / "static"

needs_node = pytest.mark.skipif(shutil.which("npm") is None, reason="Node is not installed")


@pytest.fixture(scope="module")
def _packages() -> None:
    made = subprocess.run(
        ["make", "--no-print-directory", "-s", "frontend/node_modules/.stamp"],
        cwd=ROOT,
        check=False,
    )
    if made.returncode:
        pytest.skip("The packages of the page cannot be fetched here.")


@needs_node
@pytest.mark.usefixtures("_packages")
@pytest.mark.timeout(300)
def test_the_built_files_are_what_their_sources_make(tmp_path):
    subprocess.run(["node", "build.js", str(tmp_path)], cwd=FRONTEND, check=True)

    made = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert made == {file.name: file.read_bytes() for file in BUILT.iterdir()}


@needs_node
@pytest.mark.usefixtures("_packages")
@pytest.mark.timeout(300)
def test_every_type_in_the_scripts_holds():
    checked = subprocess.run(
        ["npx", "--no-install", "tsc", "-p", "."],
        cwd=FRONTEND,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.stdout == ""
    assert checked.returncode == 0


def test_the_lock_holds_no_address_to_download_from():
    packages = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]

    assert len(packages) > 50
    assert not [name for name, package in packages.items() if "resolved" in package]


def test_the_page_fits_its_budget():
    # The script is most of it; the whole page is measured in the browser.
    assert sum(file.stat().st_size for file in BUILT.glob("*.js")) < 600_000


def test_the_libraries_inside_are_named_with_their_licences():
    said = (BUILT / "licences.txt").read_text()

    for name in ("@jupyter-widgets/base", "@lumino/widgets", "backbone", "dompurify"):
        assert re.search(rf"^{re.escape(name)} \d+\.\d+\.\d+ \(.+\)$", said, re.MULTILINE)
