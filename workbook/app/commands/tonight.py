"""The evening that a command writes to."""

from __future__ import annotations

from workbook.domain.evening import find_evening_day
from workbook.store import evenings
from workbook.store.unlocked import UnlockedVault


def ensure_evening(vault: UnlockedVault) -> str:
    """Return the id of the present evening; begin one if there is none."""
    now = vault.now()
    return evenings.begin_evening(vault, find_evening_day(now), now)
