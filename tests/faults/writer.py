"""Pages in processes of their own: each unlocks, writes, and acknowledges what it has saved.

They are forked from one process that has imported everything, so that a hundred of them start
in some seconds and none of them shares a connection.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from workbook.domain.evening import IntentionAnswers
from workbook.store import answers, vault
from workbook.store.unlocked import UnlockedVault

READY = b"ready\n"


def written(number: int) -> str:
    """What is saved as the n-th version: anything up to nine thousand letters."""
    return f"{number} " + "x" * (number * 397 % 9000)


def save(lane: UnlockedVault, say: Callable[[bytes], Any]) -> None:
    """Save without an end; say each version once it is saved."""
    while True:
        kept = answers.read_answer(lane, IntentionAnswers)
        version = kept.version if kept else 0
        answers.write_answer(
            lane, IntentionAnswers(expects=written(version + 1)), expected_version=version
        )
        say(f"{version + 1}\n".encode())


def count(lane: UnlockedVault, say: Callable[[bytes], Any], times: int) -> None:
    """Add one to a number that all pages share, so many times."""
    for _ in range(times):
        with lane.writing() as db:
            seen = db.execute(text("SELECT value FROM meta WHERE name = 'count'")).scalar()
            new = {"value": str(int(seen) + 1)}
            db.execute(text("UPDATE meta SET value = :value WHERE name = 'count'"), new)
    say(b"done\n")


def _run(
    folder: str, secret: str, out: Any, work: Callable[..., None], more: tuple[Any, ...]
) -> None:
    handle = out.fileno()

    def say(what: bytes) -> None:
        os.write(handle, what)

    lane = vault.unlock(Path(folder), secret)
    say(READY)
    work(lane, say, *more)


class Page:
    """One such process, and what it said."""

    def __init__(self, folder: Path, secret: str, work: Callable[..., None], *more: object) -> None:
        pages = multiprocessing.get_context("forkserver")
        pages.set_forkserver_preload([__name__])
        self._heard, say = pages.Pipe(duplex=False)
        self.process = pages.Process(target=_run, args=(str(folder), secret, say, work, more))
        self.process.start()
        say.close()
        self.said = b""

    def under_way(self) -> None:
        """Return once it has said that something is saved."""
        while self.said.count(b"\n") < 2:
            self._hear()

    def kill(self) -> None:
        """End it as the system does: no signal handler, no farewell."""
        self.process.kill()  # SIGKILL

    def rest(self) -> list[bytes]:
        """Return all it said after it was ready, once it has ended."""
        while self._hear():
            pass
        self.process.join()
        self._heard.close()
        return self.said.removeprefix(READY).split()

    def _hear(self) -> bool:
        heard = os.read(self._heard.fileno(), 65536)
        self.said += heard
        return bool(heard)
