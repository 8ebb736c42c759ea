"""Work in a thread of its own, whose outcome is reported on the page's event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from threading import Thread

from workbook.domain.errors import DamagedVault

_log = logging.getLogger("workbook")


def run_in_background(
    work: Callable[[], object],
    on_damage: Callable[[DamagedVault], None],
    on_failure: Callable[[], None],
) -> None:
    """Check the file and make the day's backup in a thread; return at once.

    Args:
        work: what is done.
        on_damage: called if ``work`` found that the vault is damaged.
        on_failure: called if anything else was raised.

    Both are called on the event loop that runs now; without one, in the thread.

    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        loop = None

    def call(then: Callable[[], None]) -> None:
        if loop is None:
            then()
        elif not loop.is_closed():
            loop.call_soon_threadsafe(then)

    def run() -> None:
        try:
            work()
        except DamagedVault as error:
            _log.error("The vault is damaged.")
            call(partial(on_damage, error))
        except Exception:  # noqa: BLE001 - whatever it was, the book itself is open
            _log.error("The day's backup failed.")
            call(on_failure)

    Thread(target=run, daemon=True).start()
