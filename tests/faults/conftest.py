"""A vault for the faults of the store, and the table of what they cost.

``pytest tests/faults`` ends with a table: fault, runs, lost, torn, seconds.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest

from workbook.domain.seats import Colour, People, Person, Seat, Shape
from workbook.store import records, vault
from workbook.store.keyring import Cost

LOW = Cost(ops=1, mem=8192)
WORDS = {Seat.A: "hazel lantern mitten", Seat.B: "river pepper window"}
PEOPLE = People(
    Person(Seat.A, "Kim", Colour.CLAY, Shape.CIRCLE),
    Person(Seat.B, "Robin", Colour.SAGE, Shape.SQUARE),
)


@pytest.fixture(autouse=True)
def any_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted words may stand where a key of a table does."""
    monkeypatch.setattr(records, "find_unknown", lambda *_: None)


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "vault"
    vault.create(folder, PEOPLE, WORDS, cost=LOW)
    return folder


@pytest.fixture
def new_vault(_made: Path, tmp_path: Path) -> Callable[[], Path]:
    """Return the folder of one more vault that nobody has written in yet."""
    count = iter(range(10**9))

    def new() -> Path:
        return Path(shutil.copytree(_made, tmp_path / f"vault-{next(count)}"))

    return new


@pytest.fixture
def vault_folder(_made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(_made, tmp_path / "vault"))


@pytest.fixture
def words() -> str:
    return WORDS[Seat.A]


# How often, and what it cost -------------------------------------------------------------------


def sizes(small: int, nightly: int) -> pytest.MarkDecorator:
    """Run a test ``times`` so often with every change, and so often at night."""
    return pytest.mark.parametrize("times", [small, pytest.param(nightly, marks=pytest.mark.long)])


@dataclass
class Toll:
    """What a fault cost."""

    fault: str
    runs: int = 0
    lost: int = 0
    """Acknowledged writes that were not there afterwards."""
    torn: int = 0
    """Values that were never written so, and files that are not whole."""
    unseen: int = 0
    """Damage that nobody was told of."""

    @property
    def nothing(self) -> bool:
        """Whether it happened at all, and cost nothing."""
        return self.runs > 0 and self.lost == self.torn == self.unseen == 0


@pytest.fixture
def toll(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Iterator[Toll]:
    """Count here; the docstring of the test names the fault."""
    counted = Toll(request.function.__doc__)
    yield counted
    record_property(
        "toll", (counted.fault, counted.runs, counted.lost, counted.torn, counted.unseen)
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    seconds: dict[str, float] = {}
    tolls: dict[str, dict[str, tuple[int, ...]]] = {}
    for report in chain.from_iterable(terminalreporter.stats.values()):
        if not isinstance(report, pytest.TestReport):
            continue
        seconds[report.nodeid] = seconds.get(report.nodeid, 0.0) + report.duration
        if found := dict(report.user_properties).get("toll"):
            fault, *numbers = found
            tolls.setdefault(fault, {})[report.nodeid] = tuple(numbers)
    if not tolls:
        return
    show = terminalreporter.write_line
    terminalreporter.section("what the faults cost")
    show(f"{'fault':64}{'runs':>8}{'lost':>6}{'torn':>6}{'unseen':>8}{'seconds':>9}")
    for fault, each in sorted(tolls.items(), key=lambda row: (int(row[0].split()[0]), row[0])):
        runs, lost, torn, unseen = map(sum, zip(*each.values(), strict=True))
        took = sum(seconds[nodeid] for nodeid in each)
        show(f"{fault:64}{runs:>8}{lost:>6}{torn:>6}{unseen:>8}{took:>9.1f}")
