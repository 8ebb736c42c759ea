"""Where the vault lies unless somebody names a folder, and what ``~`` stands for."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from workbook.domain.errors import NoHome


def default_data_folder() -> Path:
    """Return the folder of the vault without ``--data``; its name does not say what it holds.

    Raises:
        NoHome: if this computer does not say where the user's home folder is.

    """
    try:
        folder = platformdirs.user_data_path("evening-notes", appauthor=False)
    except (RuntimeError, KeyError):
        raise NoHome from None
    return expand_home(folder)


def expand_home(path: Path) -> Path:
    """Return ``path`` with the home folder in place of ``~``, as a shell would have it.

    A shell leaves it as it is in ``--data=~/x`` and within quotes.

    Raises:
        NoHome: if this computer does not say where that is.

    """
    if not path.parts or not path.parts[0].startswith("~"):
        return path
    try:
        found = path.expanduser()
    except RuntimeError:
        raise NoHome from None
    if found == path:
        raise NoHome
    return found
