"""Where the book runs, as far as its words differ by it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

VARIABLE = "WORKBOOK_EDITION"
"""Environment variable that tells a kernel the edition; unset: at home."""


class Edition(StrEnum):
    """Whose computer the book runs on."""

    HOME = "home"
    """The couple's own."""
    HOSTED = "hosted"
    """One that somebody else looks after, such as a hub's.

    Its words stand in ``hosted.toml`` of each language, and replace those at home.
    """


def read_edition(environ: Mapping[str, str]) -> Edition:
    """Return the edition that an environment names; at home if it names none."""
    return Edition(environ.get(VARIABLE) or Edition.HOME)
