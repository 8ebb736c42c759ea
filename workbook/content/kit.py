"""Reads the parts of a session for a group."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workbook.content.rows import CONTENT_FOLDER, find_duplicates, read_rows, refuse_row

_FILE = "kit.toml"

SHORT_MINUTES, LONG_MINUTES = 60, 90
"""How long a session is, in minutes."""

HANDOUTS = ("consent", "signals", "strokes", "oils", "help")
"""Handouts of one page, in the order in which a session needs them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPart:
    """One part of a session, in whole minutes."""

    key: str
    short: int
    """Of the session of ``SHORT_MINUTES``; 0: left out."""
    long: int
    """Of the session of ``LONG_MINUTES``."""
    handout: str
    """One of ``HANDOUTS``; blank: none."""


@cache
def load_session_parts(folder: Path = CONTENT_FOLDER) -> tuple[SessionPart, ...]:
    """Return the parts of a session, in order.

    Raises:
        InvalidTable: naming ``file``, ``row`` and ``why``: for minutes that do not add up, an
            unknown handout, or a part that stands twice.

    """
    parts = read_rows(folder, _FILE, SessionPart, "part", ("part",))
    for key in find_duplicates(part.key for part in parts):
        refuse_row(_FILE, key, "this part stands twice")
    for part in parts:
        if part.handout and part.handout not in HANDOUTS:
            refuse_row(_FILE, part.key, f"there is no handout {part.handout!r}")
        if min(part.short, part.long) < 0:
            refuse_row(_FILE, part.key, "minutes below 0")
    for whole, minutes in (
        (SHORT_MINUTES, sum(part.short for part in parts)),
        (LONG_MINUTES, sum(part.long for part in parts)),
    ):
        if minutes != whole:
            refuse_row(_FILE, parts[-1].key, f"the parts add up to {minutes}, and not to {whole}")
    return parts
