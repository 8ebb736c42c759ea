"""Marks set from what a test uses: a browser, a server or a kernel, a slow path.

Nobody writes ``browser`` or ``server`` by hand. A test has them if one of its fixtures, or a
helper that it or its fixtures call, starts such a process.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

BROWSER = frozenset({"playwright", "sync_playwright", "async_playwright", "start_driver"})
"""Fixtures and functions that start a browser.

All fixtures of pytest-playwright use the first; the last starts Firefox or WebKit.
"""

SERVER = frozenset({"Popen", "NotebookClient", "AsyncKernelManager"})
"""Functions that start a process which goes on beside the test: Voilà, a kernel, a server."""

SLOW = (
    *("app/", "cli/", "faults/", "frontend/", "notebooks/", "paper/"),
    *("test_marks.py", "test_recipes.py", "test_provenance.py"),
    *("store/test_migrations.py", "store/test_backup.py", "store/test_export.py"),
    *("store/test_wishes.py", "store/test_other_vaults.py", "store/test_wish_attacks.py"),
)
"""Folders and files whose tests build whole pages, start commands or wait for faults."""

QUICK = (
    *("app/test_view.py", "app/test_messages.py"),
    *("notebooks/test_prose.py", "notebooks/test_chapters.py"),
)
"""Files in them that do neither."""

COSTLY = (
    *("browser/", "app/test_tonight.py", "app/test_afterwards.py", "serve/", "cli/", "faults/"),
    *("ui/widgets/test_player.py", "ui/widgets/", "app/", "notebooks/test_run.py", "store/"),
    *("rules/", "notebooks/"),
)
"""Folders and files whose tests take longest, in that order; the rest comes after them."""

_TESTS = Path(__file__).parent
_OURS = ("tests", "bench")


def set_marks(item: pytest.Item) -> None:
    """Add the marks ``browser``, ``server`` and ``slow`` where they apply."""
    uses = set(_list_uses(item))
    if uses & BROWSER:
        item.add_marker("browser")
    if uses & SERVER:
        item.add_marker("server")
    path = item.path.relative_to(_TESTS).as_posix()
    if path.startswith(SLOW) and path not in QUICK:
        item.add_marker("slow")


def long_after(count: int, cases: Iterable[Any]) -> list[Any]:
    """Return the cases of a test, those after the first ``count`` marked ``long``.

    A tuple is the arguments of one case.
    """
    found = list(cases)
    late = (each if isinstance(each, tuple) else (each,) for each in found[count:])
    return [*found[:count], *(pytest.param(*each, marks=pytest.mark.long) for each in late)]


def rank_cost(item: pytest.Item) -> int:
    """Return the place of a test's file among those that take longest; 0 is first."""
    path = item.path.relative_to(_TESTS).as_posix()
    places = (place for place, start in enumerate(COSTLY) if path.startswith(start))
    return next(places, len(COSTLY))


def _list_uses(item: pytest.Item) -> Iterator[str]:
    """Yield the fixtures of a test and the names that they, it and their helpers use."""
    yield from getattr(item, "fixturenames", ())
    for found in getattr(item, "_fixtureinfo").name2fixturedefs.values():  # noqa: B009
        for each in found:
            yield from _list_names_below(getattr(each.func, "__func__", each.func))
    obj = getattr(item, "obj")  # noqa: B009
    yield from _list_names_below(getattr(obj, "__func__", obj))


@cache  # thousands of items share their functions and fixtures
def _list_names_below(thing: Any) -> frozenset[str]:
    return frozenset(_list_names(thing, set()))


def _list_names(thing: Any, seen: set[object]) -> Iterator[str]:
    """Yield the names in a function or class of ours, and in those of ours that it uses."""
    if isinstance(thing, type):
        if thing not in seen and thing.__module__.startswith(_OURS):
            seen.add(thing)
            for member in vars(thing).values():
                yield from _list_names(member, seen)
        return
    function = _unwrap(thing)
    if function is None or function in seen or not function.__module__.startswith(_OURS):
        return
    seen.add(function)
    names = set(_list_code_names(function.__code__))
    yield from names
    for name in names:
        used = function.__globals__.get(name)
        if isinstance(used, ModuleType) and used.__name__.startswith(_OURS):
            for inner in names:
                yield from _list_names(getattr(used, inner, None), seen)
        else:
            yield from _list_names(used, seen)


def _unwrap(thing: Any) -> FunctionType | None:
    if hasattr(thing, "hypothesis"):
        thing = thing.hypothesis.inner_test
    thing = inspect.unwrap(getattr(thing, "__func__", thing)) if callable(thing) else None
    return thing if isinstance(thing, FunctionType) else None


def _list_code_names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _list_code_names(inner)


# The marks are kept -------------------------------------------------------------------------

_COMMANDS = {
    "browser": ("chrom", "firefox", "MiniBrowser", "WebKitWebDriver"),
    "server": ("voila", "ipykernel", "zygote", "kernel_main"),
}
_running: list[pytest.Item] = []


@contextmanager
def refuse_unmarked(item: pytest.Item) -> Iterator[None]:
    """Fail, while ``item`` runs, where it starts a browser or server without that mark."""
    _running.append(item)
    try:
        yield
    finally:
        _running.remove(item)


def _check_process(event: str, facts: tuple[Any, ...]) -> None:
    if event != "subprocess.Popen" or not _running:
        return
    item, command = _running[-1], [str(part) for part in facts[1][:4]]
    for mark, words in _COMMANDS.items():
        starts = any(word in Path(part).name for part in command for word in words)
        if starts and item.get_closest_marker(mark) is None:
            message = f"{item.nodeid} starts {command} without the mark {mark}"
            raise RuntimeError(message)


sys.addaudithook(_check_process)
