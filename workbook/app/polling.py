"""When a page looks for changes of other pages, and when an idle page is covered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class ChangePoller:
    """Looks for changes of other pages, more often right after a change.

    A page that can be seen pings every two seconds; until it stops, the poller looks four
    times a second, so that two pages show shared results together, and twenty times a second
    for half a minute after any change. It does not look for a hidden page.

    Args:
        look: looks for changes; returns whether there were any.
        clock: seconds, monotonic.

    """

    BUSY_INTERVAL_S = 0.05
    """Seconds between two looks shortly after a change."""
    CALM_INTERVAL_S = 0.25
    """Seconds between two looks otherwise."""
    BUSY_FOR_S = 30.0
    """Seconds after the last change during which ``BUSY_INTERVAL_S`` applies."""
    PING_TIMEOUT_S = 5.0
    """Seconds without a ping after which the page counts as hidden."""

    def __init__(
        self, look: Callable[[], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._look, self._clock = look, clock
        self._pinged_at = self._changed_at = float("-inf")
        self._is_scheduled = False

    def note_ping(self) -> None:
        """Note that the page can be seen: look now, and keep looking."""
        self._pinged_at = self._clock()
        self._look_once()
        if not self._is_scheduled:
            self._schedule()

    def _look_once(self) -> None:
        if self._look():
            self._changed_at = self._clock()

    def _run(self) -> None:
        self._is_scheduled = False
        self._look_once()
        self._schedule()

    def _schedule(self) -> None:
        now = self._clock()
        if now - self._pinged_at > self.PING_TIMEOUT_S:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # some versions of ipykernel call this in a thread without a loop
            return
        self._is_scheduled = True
        is_busy = now - self._changed_at <= self.BUSY_FOR_S
        interval = self.BUSY_INTERVAL_S if is_busy else self.CALM_INTERVAL_S
        loop.call_later(interval, self._run)


IDLE_LIMIT_MINUTES = 10
"""Minutes without a touch after which a page is covered."""


def wall_clock() -> float:
    """Return seconds of the wall clock, which also counts while the computer sleeps."""
    return time.time()


class IdleTimer:
    """Covers a page that was not touched for ``IDLE_LIMIT_MINUTES``.

    Args:
        cover: covers the page; returns whether it did. If not, it is called again soon.
        clock: seconds; setting the clock forward covers a page early.

    """

    RETRY_INTERVAL_S = 30.0
    """Seconds between two looks."""

    def __init__(self, cover: Callable[[], bool], clock: Callable[[], float] = wall_clock) -> None:
        self._cover, self._clock = cover, clock
        self._touched_at: float | None = None
        self._is_scheduled = False

    def start(self) -> None:
        """Start counting now: the page was opened."""
        self._touched_at = self._clock()

    def stop(self) -> None:
        """Stop counting: the page shows no answers any more."""
        self._touched_at = None

    def note_ping(self, idle_s: float) -> None:
        """Count from the last touch, ``idle_s`` seconds ago.

        A page that was hidden for longer than the limit is covered first.
        """
        self._look()
        if self._touched_at is not None:
            self._touched_at = max(self._touched_at, self._clock() - idle_s)
            self._schedule()

    def _look(self) -> None:
        at = self._touched_at
        is_over = at is not None and self._clock() - at >= IDLE_LIMIT_MINUTES * 60
        if is_over and self._cover():
            self._touched_at = None

    def _run(self) -> None:
        self._is_scheduled = False
        self._look()
        self._schedule()

    def _schedule(self) -> None:
        if self._is_scheduled or self._touched_at is None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # see ChangePoller
            return
        self._is_scheduled = True
        loop.call_later(self.RETRY_INTERVAL_S, self._run)
