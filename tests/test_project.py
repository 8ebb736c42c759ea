"""The project's own files: one environment in three places, and nothing in git that is not ours."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import workbook
from workbook.cli.start import start

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
FLOORS = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
GROUPS = PROJECT["dependency-groups"]
LAB = "jupyterlab"
LOCKS = {
    "requirements-bundle.txt": [*map(Requirement, GROUPS["bundle"])],
    "requirements.txt": [*FLOORS, *map(Requirement, GROUPS["build"])],
    "requirements-app.txt": [
        *(each for each in FLOORS if each.name != LAB),
        *map(Requirement, GROUPS["build"]),
    ],
    "requirements-dev.txt": [
        *FLOORS,
        *map(Requirement, GROUPS["build"]),
        *map(Requirement, GROUPS["dev"]),
    ],
}
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")

# In pieces: this file is in git as well.
MACHINE = re.compile("|".join(f"(?<![\\w.])/{name}/" for name in ("work", "root", "farm")))
PINNED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(\[[^]]*\])?==(?P<version>[^ ;\\]+)(?P<rest>.*)")

each_lock = pytest.mark.parametrize("lock", LOCKS)


def _in_git() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("this is no clone")
    found = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in found if path.is_file()]


def _entries(lock: str) -> list[str]:
    """Each requirement of a lock in one line, its hashes included, comments left out."""
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and line.strip()[0] != "#"]


def _pinned(lock: str) -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    for entry in _entries(lock):
        match = PINNED.match(entry)
        assert match, entry
        name = canonicalize_name(match["name"])
        found.setdefault(name, []).append(Version(match["version"]))
    return found


def test_conda_and_binder_get_the_dependencies_of_the_project():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    *conda, last = environment["dependencies"]

    assert [str(Requirement(line)) for line in last["pip"] if line != "-e ."] == [
        str(each) for each in FLOORS
    ]
    assert "-e ." in last["pip"]
    assert conda == [f"python{PROJECT['project']['requires-python']}", "pip"]


@each_lock
def test_every_entry_of_a_lock_is_pinned_and_hashed(lock):
    entries = _entries(lock)

    assert len(entries) > len(LOCKS[lock])
    assert [entry for entry in entries if not PINNED.match(entry)] == []
    assert [entry for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)] == []


@each_lock
def test_a_lock_names_no_address(lock):
    text = (ROOT / lock).read_text("utf-8")

    assert re.findall(r"\w+://|--(?:extra-)?index|--find-links|--trusted-host| @ ", text) == []


@each_lock
def test_a_lock_covers_every_dependency_within_its_bounds(lock):
    pinned = _pinned(lock)

    for each in LOCKS[lock]:
        versions = pinned.get(canonicalize_name(each.name), [])
        assert versions, f"{each.name} is not in {lock}"
        assert all(version in each.specifier for version in versions), each.name


# Every platform ------------------------------------------------------------------------------

PLATFORMS = {
    "x86_64-unknown-linux-gnu": ("linux", "posix", "Linux", "x86_64"),
    "aarch64-unknown-linux-gnu": ("linux", "posix", "Linux", "aarch64"),
    "x86_64-unknown-linux-musl": ("linux", "posix", "Linux", "x86_64"),
    "aarch64-unknown-linux-musl": ("linux", "posix", "Linux", "aarch64"),
    "x86_64-apple-darwin": ("darwin", "posix", "Darwin", "x86_64"),
    "aarch64-apple-darwin": ("darwin", "posix", "Darwin", "arm64"),
    "x86_64-pc-windows-msvc": ("win32", "nt", "Windows", "AMD64"),
    "aarch64-pc-windows-msvc": ("win32", "nt", "Windows", "ARM64"),
}
"""uv's names for them, and what the markers of a lock say there."""
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LACKING = {("aarch64-pc-windows-msvc", "3.11")}
"""PyYAML has no wheel there."""


def _environment(platform: str, python: str) -> dict[str, str]:
    names = ("sys_platform", "os_name", "platform_system", "platform_machine")
    said = dict(zip(names, PLATFORMS[platform], strict=True))
    version = {"python_version": python, "python_full_version": f"{python}.9"}
    kind = {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    return said | version | kind


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_lock_has_one_version_of_everything_for_each_platform(platform, python):
    environment = _environment(platform, python)
    wanted: dict[str, list[str]] = {}
    for entry in _entries("requirements.txt"):
        each = Requirement(entry.partition(" --hash")[0].strip())
        if each.marker is None or each.marker.evaluate(environment):
            wanted.setdefault(canonicalize_name(each.name), []).append(str(each.specifier))

    assert {name: found for name, found in wanted.items() if len(found) > 1} == {}
    assert {canonicalize_name(each.name) for each in FLOORS} <= set(wanted)


@pytest.mark.long
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_lock_installs_from_wheels_alone_on_each_platform(platform, python, tmp_path):
    """Asks the package index for what it lists; installs nothing."""
    uv = Path(sys.executable).with_name("uv")
    ended = subprocess.run(
        [
            *(uv, "pip", "install", "--dry-run", "--quiet", "--target", tmp_path / "nowhere"),
            *("--python-platform", platform, "--python-version", python),
            *("--only-binary", ":all:", "--require-hashes", "-r", ROOT / "requirements.txt"),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ended.returncode and "No solution" not in ended.stderr:
        pytest.skip("the package index cannot be reached from here")
    if (platform, python) in LACKING:
        assert "pyyaml" in ended.stderr  # take the pair out of LACKING, and out of the docs
    else:
        assert ended.returncode == 0, ended.stderr


def test_all_locks_name_the_same_versions():
    run, dev = _pinned("requirements.txt"), _pinned("requirements-dev.txt")
    app, bundle = _pinned("requirements-app.txt"), _pinned("requirements-bundle.txt")

    assert {name: dev.get(name) for name in run} == run
    assert {name: run.get(name) for name in app} == app
    assert {name: app.get(name, bundle[name]) for name in bundle} == bundle


def test_the_lock_of_a_bundle_has_no_jupyterlab_and_nothing_that_it_alone_needs():
    run, app = _pinned("requirements.txt"), _pinned("requirements-app.txt")

    assert {LAB, "jupyter-lsp", "notebook-shim", "jupyter-builder"} <= run.keys() - app.keys()


@pytest.mark.parametrize("each", FLOORS, ids=lambda each: each.name)
def test_every_dependency_has_its_line_in_the_architecture(each):
    lines = [line for line in ARCHITECTURE.splitlines() if line.startswith(f"| `{each.name}`")]

    assert len(lines) == 1
    assert all(cell.strip() for cell in lines[0].strip("|").split("|"))


def test_a_bundle_runs_each_module_that_the_book_starts_as_a_process():
    known = runpy.run_path(str(ROOT / "bundle" / "attune.py"))["PROCESSES"]
    sources = [path.read_text("utf-8") for path in (ROOT / "workbook").rglob("*.py")]
    found = {name for text in sources for name in re.findall(r'"-m",\s+"(workbook\.[\w.]+)"', text)}

    assert found == known


def test_no_file_names_a_place_of_one_machine():
    found = []
    for path in _in_git():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # an image
        found += [f"{path.relative_to(ROOT)}: {hit[0]}" for hit in MACHINE.finditer(text)]

    assert found == []


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("notebooks/**/*.ipynb")), ids=lambda path: path.stem
)
def test_a_notebook_is_stored_without_what_it_showed(path):
    notebook = nbformat.read(path, as_version=4)

    assert "widgets" not in notebook.metadata
    assert not any(cell.get("outputs") for cell in notebook.cells)
    assert not any(cell.get("execution_count") for cell in notebook.cells)


def test_the_readme_says_both_commands_and_where_the_data_lies_on_its_first_screen():
    first = "\n".join((ROOT / "README.md").read_text("utf-8").splitlines()[:45])

    for said in ("make start", "make test", "evening-notes", "docs/images/evening-moving.png"):
        assert said in first


def test_the_badges_say_what_the_project_says():
    told = {
        path.stem.removeprefix("badge-"): path.read_text("utf-8")
        for path in (ROOT / "docs" / "images").glob("badge-*.svg")
    }
    readme = (ROOT / "README.md").read_text("utf-8")

    assert f">{PYTHONS[0]}–{PYTHONS[-1]}<" in told["python"]
    assert f">{PROJECT['project']['license']}<" in told["licence"]
    for python in PYTHONS:
        assert f"Programming Language :: Python :: {python}" in PROJECT["project"]["classifiers"]
    assert told
    assert [name for name in told if f"docs/images/badge-{name}.svg" not in readme] == []
    assert [text for text in told.values() if re.search(r"(?:href|src)=|url\(", text)] == []


def test_the_readme_names_every_option_of_start():
    readme = (ROOT / "README.md").read_text("utf-8")
    known = [option for each in start.params for option in each.opts if option != "--help"]

    assert known
    assert [option for option in known if option not in readme] == []


@pytest.mark.parametrize("name", workbook.__all__)
def test_the_package_has_its_public_names(name):
    assert callable(getattr(workbook, name))


@pytest.mark.parametrize(
    "name",
    ["README.md", "CONTRIBUTING.md", *(p.name for p in (ROOT / "docs").glob("*.md"))],
)
def test_every_link_of_the_docs_leads_somewhere(name):
    page = next(p for p in (ROOT / name, ROOT / "docs" / name) if p.exists())
    links = re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", page.read_text("utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


LONGEST = {".py": 450, ".js": 500}
"""Most lines of a file; one with more has more than one duty."""


def test_no_file_of_the_program_is_too_long():
    built = {"built", "static", "node_modules"}
    paths = [p for folder in ("workbook", "frontend/src") for p in (ROOT / folder).rglob("*.*")]
    found = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in paths
        if path.suffix in LONGEST and not built.intersection(path.parts)
    }

    assert found
    too_long = {n: lines for n, lines in found.items() if lines > LONGEST[Path(n).suffix]}
    assert too_long == {}


def test_a_package_index_shows_the_readme_without_what_only_the_repository_has():
    told = subprocess.run(
        [sys.executable, "-m", "hatchling", "metadata"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    shown = json.loads(told.stdout)
    text = shown["readme"]["text"]

    assert text.startswith("# Attune\n")
    assert re.findall(r"<img[^>]*>|\]\((?!https?:)[^)]*\)", text) == []
    assert set(shown["scripts"]) == {"workbook", "attune-workbook"}
    assert "Framework :: Jupyter" in shown["classifiers"]


def test_a_decision_that_is_named_as_a_source_stands_in_the_documents() -> None:
    text = (ROOT / "docs" / "decisions.md").read_text("utf-8")
    kept = set(re.findall(r"^#+ (.+)$", text, re.MULTILINE))
    named = set()
    for folder in ("workbook", "bench", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            text = " ".join(path.read_text("utf-8").split())
            for names in re.findall(r'\bdesign(?: \(|, )((?:"[^"]+"(?:, )?)+)\)', text):
                named |= set(re.findall(r'"([^"]+)"', names))

    assert {"Asking", "Ask first", "Budgets"} <= named <= kept
