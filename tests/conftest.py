"""For all tests: a law may take its time, since the machine may be busy."""

import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# How quickly examples are drawn says something about the machine and nothing about the rules.
settings.register_profile("attune", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("attune")


@pytest.fixture(autouse=True)
def _nobody_waits_on() -> Iterator[None]:
    """End what a test has left waiting for a second person; it would for a quarter of an hour."""
    yield
    wishes = sys.modules.get("workbook.store.wishes")
    for process in wishes._processes if wishes else ():
        process.kill()
        process.wait()
