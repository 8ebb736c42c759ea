"""The site of documentation and chapters: whole, with links that lead somewhere, and offline."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    _builder().build_site(folder)
    return folder


def _builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_site", ROOT / "docs" / "site" / "build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _links(page: Path) -> list[str]:
    return re.findall(r'(?:href|src)="([^"]*)"', page.read_text("utf-8"))


def test_every_chapter_and_every_document_is_a_page(site: Path) -> None:
    pages = {page.relative_to(site).as_posix() for page in site.rglob("*.html")}

    assert {f"chapters/{path.stem}.html" for path in ROOT.glob("notebooks/[0-9]*.ipynb")} <= pages
    assert {f"docs/{path.stem}.html" for path in ROOT.glob("docs/*.md")} <= pages
    assert {"index.html", "CHANGELOG.html", "CONTRIBUTING.html", "CODE_OF_CONDUCT.html"} <= pages


def test_every_link_of_the_site_leads_somewhere(site: Path) -> None:
    lost = []
    for page in site.rglob("*.html"):
        for link in _links(page):
            if re.match(r"https?:|mailto:|tel:|data:", link):
                continue
            path, _, anchor = link.partition("#")
            there = (page.parent / path).resolve() if path else page
            ids = re.findall(r'id="([^"]*)"', there.read_text("utf-8")) if anchor else []
            if not there.is_file() or (anchor and anchor not in ids):
                lost.append(f"{page.name}: {link}")

    assert lost == []


def test_a_page_of_the_site_asks_nothing_of_another_host(site: Path) -> None:
    loads = re.compile(r'<(?!a )[a-z]+[^>]*(?:src|href)="(?:https?:)?//|<script|@import|url\(')
    asked = [path.name for path in site.rglob("*.*ml") if loads.search(path.read_text("utf-8"))]

    assert asked == []
    assert not loads.search((site / "site.css").read_text("utf-8"))


def test_what_a_host_of_the_project_reads_can_be_read() -> None:
    files = [ROOT / ".pre-commit-config.yaml", *ROOT.glob(".github/workflows/*.yml")]
    read = {path.name: yaml.safe_load(path.read_text("utf-8")) for path in files}

    workflows = {"fast.yml", "test.yml", "long.yml", "bundle.yml"}
    assert set(read) == {".pre-commit-config.yaml", *workflows}
    matrix = read["fast.yml"]["jobs"]["fast"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert len(matrix["os"]) == 3
    targets = re.findall(r"run: make ([a-z-]+)", "".join(f.read_text("utf-8") for f in files))
    made = (ROOT / "Makefile").read_text("utf-8")
    assert targets
    assert [target for target in targets if not re.search(f"^{target}:", made, re.MULTILINE)] == []


def test_what_is_new_is_made_of_one_file_for_each_topic() -> None:
    named = [path.name for path in (ROOT / "changelog.d").iterdir() if path.suffix != ".jinja"]
    drafted = subprocess.run(
        [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "next"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert [name for name in named if not re.fullmatch(r"[a-z0-9-]+\.md", name)] == []
    assert drafted.stdout.count("\n- ") == len(named)
