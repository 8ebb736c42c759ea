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
WIDGETS = ROOT / "workbook" / "ui" / "widgets"

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
    page, widgets = tmp_path / "page", tmp_path / "widgets"
    subprocess.run(["node", "build.js", str(page), str(widgets)], cwd=FRONTEND, check=True)

    for made, committed in ((page, BUILT), (widgets, WIDGETS / "built")):
        assert contents(made) == contents(committed)


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_every_widget_has_a_built_script():
    scripts = {path.stem for path in WIDGETS.glob("*/*.js") if path.stem == path.parent.name}

    assert len(scripts) > 5
    assert {path.stem for path in (WIDGETS / "built").iterdir()} == scripts


def test_no_script_is_too_long_to_read():
    sources = [*(FRONTEND / "src").glob("*.js"), *WIDGETS.glob("*/*.js")]
    lines = {
        path.name: len(path.read_text(encoding="utf-8").splitlines())
        for path in sources
        if path.parent.name != "built"
    }

    assert len(lines) > 20
    assert {name: count for name, count in lines.items() if count > 500} == {}


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
