"""One running book for all tests of a file that only ask it something."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.serve import running, served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[running.Server]:
    """A book with three devices that are let in already."""
    with running.running(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[served.Book]:
    """A book that nobody was let into yet."""
    with served.running(tmp_path_factory.mktemp("served")) as book:
        yield book


@pytest.fixture(scope="module")
def cookie(book: served.Book) -> str:
    """What a browser that was let into ``book`` sends."""
    return book.pair()
