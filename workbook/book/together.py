"""Two pages at once: saving over what another one saved, and hearing that it did."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, TypeVar

from workbook.domain.errors import ChangedElsewhere
from workbook.rules.three_way import merge_values
from workbook.store.records import Saved

T = TypeVar("T")

TRIES = 3
"""How often something is done again that another page came in between of."""


def save(
    value: T,
    before: Saved[T] | None,
    blank: Any,
    *,
    put: Callable[[T, int], Saved[T]],
    read: Callable[[], Saved[T] | None],
) -> Saved[T]:
    """Save ``value`` in place of ``before``, joined with what another page saved meanwhile.

    Args:
        value: what this page wants to save.
        before: what it went by; None: nothing yet.
        blank: stands for "nothing yet".
        put: writes a value in place of a version.
        read: returns what is there now.

    Raises:
        ChangedElsewhere: if what was there is gone: somebody erased it.

    """
    while True:
        try:
            return put(value, before.version if before else 0)
        except ChangedElsewhere:
            there = read()
            if there is None or there == before:
                raise
        value = merge_values(before.value if before else blank, value, there.value)
        before = there
        if value == there.value:
            return there


def again(call: Callable[[], T]) -> T:
    """Return what ``call`` returns; it reads what it goes by, so it may simply be repeated.

    Raises:
        ChangedElsewhere: if another page came in between each time.

    """
    for _ in range(TRIES - 1):
        try:
            return call()
        except ChangedElsewhere:
            continue
    return call()


class Ear:
    """Listens for what other pages save, as often as it matters.

    A page that can be seen asks every two seconds whether somebody is there; until it
    stops asking, it looks some times a second, so that two pages open what they share
    together. After something was saved, by whomever, it looks more often for a while.
    A hidden page costs nothing.

    Args:
        look: looks for news; returns whether there was any.

    """

    QUICK = 0.05
    """Seconds between two looks while something happens."""
    CALM = 0.25
    """Seconds between two looks while nothing does."""
    LIVELY = 30.0
    """Seconds for which something happens after the last news."""
    SILENCE = 5.0
    """Seconds without a question after which nobody sees the page."""

    def __init__(
        self, look: Callable[[], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._look, self._clock = look, clock
        self._asked = self._news = float("-inf")
        self._looking = False

    def asked(self) -> None:
        """Somebody sees the page."""
        self._asked = self._clock()
        self._once()
        if not self._looking:
            self._go_on()

    def _once(self) -> None:
        if self._look():
            self._news = self._clock()

    def _again(self) -> None:
        self._looking = False
        self._once()
        self._go_on()

    def _go_on(self) -> None:
        now = self._clock()
        if now - self._asked > self.SILENCE:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # a thread without a loop, as some versions of ipykernel have
            return
        self._looking = True
        lively = now - self._news <= self.LIVELY
        loop.call_later(self.QUICK if lively else self.CALM, self._again)
