"""Whether a broken rule is noticed: the functions of the rules, broken in each small way.

``make mutation`` lets mutmut change one thing at a time and run ``tests/rules`` against it
(``[tool.mutmut]`` in ``pyproject.toml``); that takes about a quarter of an hour. There this
module is a plugin of pytest; run as a program it says afterwards what became of the mutants,
and fails below ``FLOOR``. ``mutmut show NAME`` prints what a survivor changed. A survivor is
a test that is missing, or a change after which the rules still do the same. mutmut leaves
properties and what stands outside of functions as they are: break those by hand.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings

FLOOR = 95
"""Least share of the mutants that has to be noticed, in percent."""

# Most mutants die by a table. A law has to fail the same way each time and to end soon:
# nobody reads its shrunk example. Only mutmut loads this module; `make test` never does.
settings.register_profile(
    "mutation",
    max_examples=15,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


def pytest_configure():
    settings.load_profile("mutation")


def pytest_collection_modifyitems(items):
    """Tables before laws: mutmut names the tests in no order, and the first failure is enough."""
    items.sort(key=lambda item: (getattr(item.obj, "is_hypothesis_test", False), item.nodeid))


def main() -> int:
    from mutmut.stats import status_by_exit_code  # noqa: PLC0415 - it reads pyproject.toml

    became = {
        name: status_by_exit_code[code]
        for meta in sorted(Path("mutants/workbook/rules").glob("*.meta"))
        for name, code in json.loads(meta.read_text("utf-8"))["exit_code_by_key"].items()
    }
    count = Counter(became.values())
    noticed = count["killed"] + count["timeout"]
    for name, status in became.items():
        if status not in ("killed", "timeout"):
            print(f"{status}: {name}")
    each = ", ".join(f"{number} {status}" for status, number in count.most_common())
    percent = 100 * noticed / max(len(became), 1)
    print(f"{len(became)} mutants: {each}. {percent:.1f} % were noticed, {FLOOR} % have to be.")
    return int(percent < FLOOR)


if __name__ == "__main__":
    sys.exit(main())
