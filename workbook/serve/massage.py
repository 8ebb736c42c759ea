"""Whether a massage is under way, as the pages of this run say; in memory only."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import StrEnum

GUIDE_TIMEOUT_S = 4.5
"""Seconds after which a page that guides counts as gone; it reports every two."""


class MassageState(StrEnum):
    """What a page is told; nothing of who, what or since when."""

    NONE = "none"
    GUIDED = "guided"
    """A page guides it now."""
    UNGUIDED = "unguided"
    """It was under way, and no page guides it any more."""
    STOPPED = "stopped"
    """Somebody stopped it where nothing was unlocked; the vault does not know yet."""


class MassageFlag:
    """The one flag that outlives a page: a massage is under way, or was stopped on a cover.

    It is set by the page that guides and cleared by any unlocked page that reads in the
    vault that nothing is under way. A stop stays until then: the next page that is
    unlocked, by whoever, carries it into the vault.

    Args:
        clock: seconds, monotonic.

    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._is_under_way = self._is_stopped = False
        self._guide = ""
        """Kernel id of the page that reported last that it guides; blank: none does."""
        self._reported_at = float("-inf")

    @property
    def state(self) -> MassageState:
        """The state now."""
        if not self._is_under_way:
            return MassageState.NONE
        if self._is_stopped:
            return MassageState.STOPPED
        is_guided = self._guide and self._clock() - self._reported_at < GUIDE_TIMEOUT_S
        return MassageState.GUIDED if is_guided else MassageState.UNGUIDED

    def begin(self, kernel_id: str) -> None:
        """Note that a massage has just begun on the page of this kernel."""
        self._is_stopped = False
        self.keep_on(kernel_id)

    def keep_on(self, kernel_id: str) -> None:
        """Note that the page of this kernel guides a massage; a stop stays a stop."""
        self._is_under_way = True
        self._guide, self._reported_at = kernel_id, self._clock()

    def stop(self) -> None:
        """Note that somebody has stopped it; nothing happens if nothing is under way."""
        self._is_stopped = self._is_under_way

    def end(self) -> None:
        """Note that the vault has no session under way."""
        self._is_under_way = self._is_stopped = False

    def release(self, kernel_id: str) -> None:
        """Note that the page of this kernel has closed."""
        if kernel_id == self._guide:
            self._guide = ""
