"""Builds the bundle in the environment that it packs: ``make bundle`` runs it."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import PyInstaller.__main__

from contents import list_packed, write_licences
from icon import draw_icons

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "bundle"
NAME = "Attune"


def main() -> None:
    """Build the folder and its archive, and print where they are and how large."""
    draw_icons(BUILD / "icons")
    os.chdir(BUILD)  # beside this checkout its package would be found before the installed one
    made = BUILD / "dist"
    shutil.rmtree(made, ignore_errors=True)
    for older in BUILD.glob(f"{NAME}-*.zip"):
        older.unlink()
    PyInstaller.__main__.run(
        [
            *("--noconfirm", "--log-level", "ERROR"),
            *("--distpath", str(made), "--workpath", str(BUILD / "work")),
            str(ROOT / "bundle" / "attune.spec"),
        ]
    )
    folder = made / NAME
    write_licences(list_packed(), folder / "_internal", made / "licences")
    if sys.platform == "darwin":
        shutil.rmtree(folder)  # the same is in Attune.app
        folder.mkdir()
        shutil.move(made / f"{NAME}.app", folder)
    shutil.move(made / "licences", folder)
    shutil.copy(ROOT / "bundle" / "READ ME.txt", folder)
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE.txt")
    archive = _pack(folder, BUILD / _archive_name())
    print(f"{folder.relative_to(ROOT)}: {_measure(folder) / 1e6:.0f} MB")
    print(f"{archive.relative_to(ROOT)}: {archive.stat().st_size / 1e6:.0f} MB to download")


def _archive_name() -> str:
    system = {"darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
    return f"{NAME}-{version('attune-workbook')}-{system}-{platform.machine().lower()}.zip"


def _pack(folder: Path, archive: Path) -> Path:
    """Write ``folder`` into a zip file that keeps links and what may be run; return it."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder.parent).as_posix()
            if path.is_symlink():
                entry = zipfile.ZipInfo(name)
                entry.create_system = 3  # Unix
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
                packed.writestr(entry, str(path.readlink()))
            elif path.is_file():
                packed.write(path, name)
    return archive


def _measure(folder: Path) -> int:
    """Return how many bytes the files of ``folder`` take."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


if __name__ == "__main__":
    main()
