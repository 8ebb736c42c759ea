"""A page that nobody touches: when it has been left alone for long enough."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

MINUTES = 10
"""After so long without a touch a page rests."""


def wall() -> float:
    """Return seconds that go on while the computer sleeps."""
    return time.time()


class Idle:
    """Knows when nobody has touched the page for ``MINUTES``.

    Args:
        rest: has the page rest; returns whether it does, or it is asked again soon.
        clock: seconds; a clock that is set forward only lets a page rest early.

    """

    AGAIN = 30.0
    """Seconds between two looks."""

    def __init__(self, rest: Callable[[], bool], clock: Callable[[], float] = wall) -> None:
        self._rest, self._clock = rest, clock
        self._touched: float | None = None
        self._looking = False

    def begin(self) -> None:
        """Somebody has opened the page just now."""
        self._touched = self._clock()

    def end(self) -> None:
        """There is nothing to guard any more."""
        self._touched = None

    def asked(self, idle: float) -> None:
        """The page is seen, and was touched ``idle`` seconds ago.

        A page that comes back after too long rests all the same.
        """
        self._look()
        if self._touched is not None:
            self._touched = max(self._touched, self._clock() - idle)
            self._go_on()

    def _look(self) -> None:
        over = self._touched is not None and self._clock() - self._touched >= MINUTES * 60
        if over and self._rest():
            self._touched = None

    def _again(self) -> None:
        self._looking = False
        self._look()
        self._go_on()

    def _go_on(self) -> None:
        if self._looking or self._touched is None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # see together.Ear
            return
        self._looking = True
        loop.call_later(self.AGAIN, self._again)
