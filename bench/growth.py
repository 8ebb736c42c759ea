"""Whether a book with many past evenings opens and saves as fast as one with few.

Makes one vault, lets a made-up couple live evenings in it, and keeps a copy at each size.
The copies are then measured in turn, so that a busy machine slows all of them alike.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from workbook.app.demo import DEMO_PASSPHRASES, live_evenings
from workbook.app.journal import read_journal
from workbook.app.workbook import Workbook
from workbook.domain.seats import Seat
from workbook.domain.techniques import Coverage

SIZES = (5, 50, 300, 500)
"""Numbers of past evenings."""

ROUNDS = 15
"""How often each size is measured; medians are told."""

LIMIT = 1.2
"""How much slower 300 evenings may be than 5, for opening and saving."""

FORMS = ("consent", "limits", "coverage", "health", "ready", "agreement", "player", "debrief")
"""Forms on the page that is opened; past evenings are read by the journal alone."""


@dataclass
class Times:
    """Milliseconds of each round at one size."""

    open_ms: list[float] = field(default_factory=list)
    save_ms: list[float] = field(default_factory=list)
    news_ms: list[float] = field(default_factory=list)
    journal_ms: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """Medians at one size."""

    evenings: int
    open_ms: float
    save_ms: float
    news_ms: float
    journal_ms: float
    vault_bytes: int


def make_vaults(folder: Path, sizes: tuple[int, ...]) -> Iterator[tuple[int, Path]]:
    """Yield each size with the folder of a vault that has so many past evenings."""
    growing = folder / "growing"
    for lived in live_evenings(growing, date.today(), max(sizes)):
        if lived in sizes:
            copy = folder / str(lived)
            shutil.copytree(growing, copy)
            yield lived, copy


def time_ms(do: Callable[[], object]) -> float:
    """Return how long ``do`` takes, in milliseconds."""
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000


def open_page(folder: Path) -> Workbook:
    """Return a page that waits for a passphrase, with some forms on it."""
    book = Workbook(folder)
    book._run_in_background = lambda _work: None  # the day's backup is no part of this
    for name in FORMS:
        book.form(name)
    return book


def measure_round(folder: Path, times: Times, number: int) -> None:
    """Open one page, save one answer, see another page's answer, read the journal."""
    here, there = open_page(folder), open_page(folder)
    times.open_ms.append(time_ms(lambda: here.unlock(DEMO_PASSPHRASES[Seat.A])))
    there.unlock(DEMO_PASSPHRASES[Seat.A])
    mine, theirs = here.controller, there.controller
    assert mine
    assert theirs
    before = mine.snapshot.own.saved["coverage"].value
    after = Coverage.TOWEL if before is not Coverage.TOWEL else Coverage.PARTLY
    times.save_ms.append(time_ms(lambda: mine.save_topic("coverage", after, before)))
    times.news_ms.append(time_ms(theirs.catch_up))
    assert theirs.snapshot.own.saved["coverage"].value is after
    times.journal_ms.append(time_ms(lambda: read_journal(mine.vault, mine.context)))
    for book in (here, there):
        book.pass_screen()


def measure(sizes: tuple[int, ...], rounds: int) -> list[Row]:
    """Return the medians at each size."""
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        vaults = dict(make_vaults(Path(folder), sizes))
        times = {size: Times() for size in vaults}
        for path in vaults.values():
            measure_round(path, Times(), 0)  # what an older vault does once is done
        for number in range(rounds):
            for size, path in vaults.items():
                measure_round(path, times[size], number)
        return [
            Row(
                size,
                **{name: round(statistics.median(each), 1) for name, each in asdict(spent).items()},
                vault_bytes=(vaults[size] / "vault.db").stat().st_size,
            )
            for size, spent in times.items()
        ]


def main() -> None:
    """Print a table, or with ``--json`` the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    given = parser.parse_args()
    rows = measure(tuple(given.sizes), given.rounds)
    if given.json:
        json.dump([asdict(row) for row in rows], sys.stdout, indent=2)
        print()
        return
    print(f"{'evenings':>8} {'open':>8} {'save':>8} {'news':>8} {'journal':>8} {'bytes':>10}")
    for row in rows:
        print(
            f"{row.evenings:8} {row.open_ms:8} {row.save_ms:8} {row.news_ms:8} "
            f"{row.journal_ms:8} {row.vault_bytes:10}"
        )
    few, many = rows[0], next((row for row in rows if row.evenings == 300), rows[-1])
    for name in ("open_ms", "save_ms"):
        ratio = getattr(many, name) / getattr(few, name)
        print(f"{name}: {many.evenings} evenings take {ratio:.2f} x {few.evenings} (limit {LIMIT})")


if __name__ == "__main__":
    main()
