"""When a page loads everything anew after another page has saved something."""

from __future__ import annotations

import time

REFRESH_DELAY_S = 1.0
"""Seconds for which other pages' changes may wait while a session is under way."""

REFRESH_DELAY_DURING_HEARTBEATS_S = 5.0
"""The same if only the session, which is shown at once, and heartbeats seem to have changed."""


class RefreshTimer:
    """Keeps when this page last loaded everything, and when it is to do so again."""

    def __init__(self) -> None:
        self._refreshed_at = float("-inf")
        self._due_at: float | None = None
        """Monotonic seconds at which a change is to be shown; None: no change waits."""

    @property
    def is_pending(self) -> bool:
        """Whether a change of another page waits to be shown."""
        return self._due_at is not None

    def is_due(self) -> bool:
        """Return whether a change that waits is to be shown now."""
        return self._due_at is not None and time.monotonic() >= self._due_at

    def schedule(self, *, session_only: bool) -> None:
        """Note that another page has saved something.

        Args:
            session_only: whether the session and heartbeats are all that has changed.

        """
        delay = REFRESH_DELAY_DURING_HEARTBEATS_S if session_only else REFRESH_DELAY_S
        due = self._refreshed_at + delay
        self._due_at = due if self._due_at is None else min(self._due_at, due)

    def note_refresh(self) -> None:
        """Note that everything is loaded now."""
        self._due_at, self._refreshed_at = None, time.monotonic()
