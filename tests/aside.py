"""Coroutines in tests that are none themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def aside(coroutine: Coroutine[object, object, T]) -> T:
    """Return what ``coroutine`` does, run in a thread of its own.

    Once a browser test has run, pytest-playwright's loop occupies this one.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
