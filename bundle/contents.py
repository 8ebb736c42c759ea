"""What goes into a bundle besides what imports lead to, what stays out, and the licences of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

JUPYTER_DATA = ("nbconvert/templates", "voila/templates/base")
"""Folders of ``share/jupyter`` that the page is made with; the rest is for JupyterLab."""

BUILDERS = frozenset(
    {
        *("pyinstaller", "pyinstaller-hooks-contrib", "altgraph", "macholib", "pefile"),
        *("pywin32-ctypes", "setuptools", "pip", "hatchling", "hatch-fancy-pypi-readme"),
        *("editables", "pathspec", "pluggy", "trove-classifiers"),
        *("jedi", "parso", "debugpy"),  # excluded in attune.spec
    }
)
"""Distributions of the environment that only build, or that are left out."""

_LOCALE = re.compile(r"locale-data[/\\](?!root|en(_\w+)?\.)")
_LEFT_OUT = re.compile(r"[/\\](?:tests?|labextension|labextensions|nbextension)[/\\]")

_LICENCE = re.compile(r"(?:licen[cs]e|copying|notice|authors|copyright)", re.IGNORECASE)


def is_left_out(path: str) -> bool:
    """Return whether a file stays out: other languages, tests, and what JupyterLab would load."""
    return bool(_LOCALE.search(path) or _LEFT_OUT.search(path))


def list_packed() -> list[Distribution]:
    """Return the distributions of this environment that go into the bundle, by name."""
    here = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    found = distributions(path=sorted(here))  # setuptools brings copies of some elsewhere
    kept = {each.name.lower().replace("_", "-").replace(".", "-"): each for each in found}
    return [kept[name] for name in sorted(kept.keys() - BUILDERS)]


def write_licences(packed: Iterable[Distribution], inside: Path, target: Path) -> None:
    """Write the licences of all that is in the bundle, and a list of it, into ``target``.

    Args:
        packed: the distributions in the bundle.
        inside: the bundle's folder of libraries.
        target: a folder that is made.

    Raises:
        LookupError: if something has no licence; the text names it.

    """
    rows = [_write_python(target)]
    for each in packed:
        files = [file for file in each.files or () if _LICENCE.search(file.name)]
        texts = [Path(str(file.locate())) for file in files if ".dist-info" in str(file)]
        if not texts:
            raise LookupError(each.name)
        place = target / each.name
        place.mkdir(parents=True)
        for text in texts:
            shutil.copy(text, place / text.name)
        stated = each.metadata.get("License-Expression") or each.metadata.get("License") or ""
        rows.append((each.name, each.version, stated.partition("\n")[0][:60]))
    rows += _write_system_libraries(inside, target)
    lines = [f"{name} {version}: {stated or 'see its folder'}" for name, version, stated in rows]
    (target / "LIST.txt").write_text("\n".join(lines) + "\n", "utf-8")


def _write_python(target: Path) -> tuple[str, str, str]:
    base = Path(sys.base_prefix)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    # On Windows and macOS it holds the terms of OpenSSL, Tcl/Tk and the rest as well.
    places = (base / "LICENSE.txt", base / "lib" / version / "LICENSE.txt")
    text = next((place for place in places if place.exists()), None)
    if text is None:
        raise LookupError(version)
    (target / "Python").mkdir(parents=True)
    shutil.copy(text, target / "Python")
    return "Python", sys.version.split()[0], "PSF-2.0"


def _write_system_libraries(inside: Path, target: Path) -> Iterator[tuple[str, str, str]]:
    """Copy what Debian says about the libraries that the bundle took from the system."""
    if not shutil.which("dpkg-query"):
        return
    owned = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Package} ${Version}\n"],  # noqa: S607
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    versions = dict(line.split(" ", 1) for line in owned.stdout.splitlines())
    found = (path for path in inside.glob("lib*.so*") if not path.is_symlink())
    names = {path.name for path in found if not path.name.startswith("libpython")}
    packages = set()
    for name in sorted(names):
        asked = subprocess.run(  # noqa: S603 - our own file's name
            ["dpkg-query", "--search", f"*/{name}"],  # noqa: S607
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        packages |= {line.partition(":")[0] for line in asked.stdout.splitlines()[:1]}
    for package in sorted(packages):
        text = Path("/usr/share/doc") / package / "copyright"
        if not text.exists():
            raise LookupError(package)
        (target / package).mkdir(exist_ok=True)
        shutil.copy(text, target / package / "copyright")
        yield package, versions.get(package, ""), ""
