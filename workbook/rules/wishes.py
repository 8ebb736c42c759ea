"""Which wishes a round asks about, and when the next one may begin."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

ROUND_INTERVAL = timedelta(days=7)
"""Between two rounds; so long what matched counts as well."""

LEFT_OUT_COUNT = 3
"""Wishes that a round does not ask about, so that one that is missing proves nothing."""


def draw_wishes(wishes: Sequence[str], seed: bytes) -> tuple[str, ...]:
    """Return what this round asks about, in the order of ``wishes``.

    The same seed leaves out the same ones, at both people's pages.

    Source: design, decision 6

    """
    out = sorted(wishes, key=lambda key: hashlib.blake2b(key.encode(), key=seed).digest())
    return tuple(key for key in wishes if key not in out[:LEFT_OUT_COUNT])


def is_round_due(opened: date | None, today: date) -> bool:
    """Return whether a round may be opened, so long after the last one.

    A clock that was put forward or back keeps nobody waiting for longer.

    Source: design, decision 6

    """
    return opened is None or abs(today - opened) >= ROUND_INTERVAL
