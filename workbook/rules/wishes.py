"""Which wishes a round asks about, and when the next one may begin."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from workbook.domain.tables import Tables

LEFT_OUT_COUNT = 3
"""Wishes that a round does not ask about, so that one that is missing proves nothing. Both
people's pages and their saved ballots rely on it: it is not a setting."""


def draw_wishes(wishes: Sequence[str], seed: bytes) -> tuple[str, ...]:
    """Return what this round asks about, in the order of ``wishes``.

    The same seed leaves out the same ones, at both people's pages.

    Args:
        wishes: keys of all wishes.
        seed: bytes that both people's pages share, at most 64.

    Returns:
        Keys of the wishes that this round asks about.

    Source: design ("Wishes")

    """
    out = sorted(wishes, key=lambda key: hashlib.blake2b(key.encode(), key=seed).digest())
    return tuple(key for key in wishes if key not in out[:LEFT_OUT_COUNT])


def is_round_due(opened: date | None, today: date, tables: Tables) -> bool:
    """Return whether a round may be opened; until then the matches of the last one count.

    A clock that was put forward or back makes nobody wait for longer.

    Args:
        opened: local date on which the last round was opened; None: there was none.
        today: local date.
        tables: the content tables.

    Source: SS-16; design ("Wishes")

    """
    return opened is None or abs(today - opened).days >= tables.settings["wish_days"].default
