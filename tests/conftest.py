"""For all tests: their marks, how many examples a property draws, and what a test leaves."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.marks import rank_cost, refuse_unmarked, set_marks
from tests.profiles import register_profiles

register_profiles()


@pytest.hookimpl(tryfirst=True)  # before -m selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        set_marks(item)
    items.sort(key=rank_cost)  # a file that takes long is not left for the end


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    with refuse_unmarked(item):
        return (yield)


@pytest.fixture(autouse=True)
def _nobody_waits_on() -> Iterator[None]:
    """End what a test has left waiting for a second person; it would for a quarter of an hour."""
    yield
    wishes = sys.modules.get("workbook.store.wishes")
    for process in wishes._processes if wishes else ():
        process.kill()
        process.wait()


# Browsers -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Hands stand still unless a test looks at how they move.

    Without a graphics card drawn movement takes a third of the processor from all other tests.
    """
    return {**browser_context_args, "reduced_motion": "reduce"}


@pytest.fixture
def moving(request: pytest.FixtureRequest) -> None:
    """The test's page shows movement."""
    request.getfixturevalue("page").emulate_media(reduced_motion="no-preference")
