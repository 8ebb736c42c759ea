"""Ten couples for a long time: pages open, close and drop, kernels and servers are killed.

Each couple has a vault and a server of its own, as in life. All ten servers run all the time;
one thing happens after the other, at any of them, so that two processors are enough. A page is
a client that speaks the protocol of the real one (``tests.serve.page_client``).

One person of each couple keeps a page open throughout and saves in it. The other person's page
opens, saves, drops its connection, comes back, closes, is left, or loses its kernel while it
saves. The servers of two couples are killed while pages save, and started again.

Ten times all come to rest: the second pages are closed and their kernels end. Then memory,
files and processes are counted. No figure may grow over the second half of them.

``SOAK_MINUTES`` says for how long; 2 without it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from random import Random
from statistics import fmean, linear_regression

import psutil
import pytest
from tornado.httpclient import HTTPClientError

from tests.aside import aside
from tests.faults.conftest import Toll
from tests.serve.page_client import PageClient, PageLost, list_forms
from tests.serve.running import Server, running
from workbook.app.demo import DEMO_PASSPHRASES, fill_vault
from workbook.domain.evening import IntentionAnswers
from workbook.domain.seats import Seat
from workbook.store import answers, vault

MINUTES = float(os.environ.get("SOAK_MINUTES", "2"))
COUPLES = 10
KILLED = 2
"""Couples whose server is killed now and then; the figures are those of the others."""
RESTS = 10
"""How often everything comes to rest and is counted."""
FORM, TEXT = "intentions", "expects"
"""What is saved: a number in a text field, which only its owner's passphrase opens."""

CHAPTERS = Path(__file__).parents[2] / "notebooks"

_GRACE = """
from traitlets import Float
from workbook.serve import server_config
class Short(server_config.OwnedKernelManager):
    disconnect_grace_s = Float(15.0)
server_config.OwnedKernelManager = Short
"""
"""Pages that were left end soon; all else of the server is as it is."""


@dataclass
class Person:
    """What one person saves, always in one page."""

    seat: Seat
    page: PageClient | None = None
    sent: int = 0
    """The last number that was typed."""
    saved: int = 0
    """The last number of which the page said that it is saved."""

    def is_kept(self, text: str) -> bool:
        """Return whether a text is the last number that counts as saved, or one after it."""
        return self.saved <= int(text or 0) <= self.sent


@dataclass(frozen=True)
class Figures:
    """The servers of the couples whose server is never killed; means of one server."""

    launcher_kb: float
    """Memory of the launcher alone, in KB (unique set size)."""
    kernel_kb: float
    """Memory of the kernel whose page stays open, in KB."""
    launcher_files: float
    """Files and sockets that the launcher has open."""
    kernel_files: float
    processes: float
    """Processes, without the launcher."""
    files: float
    """Files in the folder of the vault and in that of the run, without backups."""


LIMITS = Figures(
    launcher_kb=1500,
    kernel_kb=1500,
    launcher_files=0.5,
    kernel_files=0.5,
    processes=0.4,
    files=0.5,
)
"""By how much each may grow over the second half. One leak for each page would be more."""


@dataclass
class Couple:
    """One vault, its server and two people."""

    folder: Path
    is_killed: bool
    toll: Toll
    late: int = 0
    """How often a page came back after its kernel had ended."""
    server: Server | None = None
    run: ExitStack = field(default_factory=ExitStack)
    people: dict[Seat, Person] = field(default_factory=lambda: {s: Person(s) for s in Seat})

    @property
    def staying(self) -> Person:
        return self.people[Seat.A]

    @property
    def changing(self) -> Person:
        return self.people[Seat.B]

    def start(self) -> None:
        self.server = self.run.enter_context(running(self.folder, _GRACE, CHAPTERS))

    async def open(self, person: Person) -> None:
        """Open a page, unlock it, and look whether it shows what was saved."""
        person.page = PageClient(self.server, list_forms(CHAPTERS))
        await person.page.open()
        await person.page.unlock(DEMO_PASSPHRASES[person.seat])
        await person.page.build(FORM)
        self.toll.lost += not person.is_kept(person.page.read_text(TEXT))

    async def save(self, person: Person) -> None:
        person.sent += 1
        await person.page.save_text(TEXT, str(person.sent))
        person.saved = person.sent

    async def save_unheard(self, person: Person) -> None:
        """Type, and do not wait for an answer."""
        person.sent += 1
        await person.page.type_text(TEXT, str(person.sent))

    def look(self) -> None:
        """Compare the vault with what the pages said."""
        for person in self.people.values():
            with vault.unlock(self.folder, DEMO_PASSPHRASES[person.seat]) as lane:
                kept = answers.read_all_answers(lane, IntentionAnswers).values()
            texts = [each.value.expects for each in kept if each.value.expects.isdecimal()]
            self.toll.lost += not person.is_kept(max(texts, key=int, default=""))

    def find_kernel(self, page: PageClient) -> psutil.Process:
        """Return the process of a page's kernel: it has sockets with the kernel's name."""
        return next(
            each
            for each in self.server.kernels()
            if any(page.kernel in str(line.laddr) for line in each.net_connections("unix"))
        )


# ---- What happens --------------------------------------------------------------------------


async def come_and_save(couple: Couple, _: Random) -> None:
    for person in (couple.staying, couple.changing):
        await couple.save(person)


async def drop_and_return(couple: Couple, dice: Random) -> None:
    person = dice.choice(list(couple.people.values()))
    if dice.random() < 0.5:
        await couple.save_unheard(person)
    person.page.drop()
    await asyncio.sleep(dice.uniform(0, 0.5))
    try:
        await person.page.connect()
    except (PageLost, HTTPClientError):  # a busy computer let its time go by, as a slow network
        couple.late += 1
        await couple.open(person)
    couple.toll.lost += not person.is_kept(person.page.read_text(TEXT))
    await couple.save(person)


async def close_and_open(couple: Couple, _: Random) -> None:
    await couple.changing.page.close()
    await couple.open(couple.changing)


async def leave_and_open(couple: Couple, _: Random) -> None:
    """The page goes without a word; its kernel ends after its time."""
    couple.changing.page.drop()
    await couple.open(couple.changing)


async def kill_kernel(couple: Couple, dice: Random) -> None:
    page = couple.changing.page
    kernel = couple.find_kernel(page)
    await couple.save_unheard(couple.changing)
    await asyncio.sleep(dice.uniform(0, 0.1))
    kernel.kill()
    page.drop()
    await couple.open(couple.changing)


async def kill_server(couple: Couple, dice: Random) -> None:
    for person in couple.people.values():
        with suppress(PageLost):
            await couple.save_unheard(person)
    await asyncio.sleep(dice.uniform(0, 0.1))
    processes = couple.server.process.children(recursive=True)
    couple.server.process.kill()
    for person in couple.people.values():
        person.page.drop()
    _, left = await asyncio.to_thread(psutil.wait_procs, processes, timeout=60)
    assert not left  # kernels end with their server, by themselves
    gone = couple.server.folder
    couple.look()
    await asyncio.to_thread(couple.run.close)
    await asyncio.to_thread(couple.start)
    assert not gone.exists()  # the next start clears up
    for person in couple.people.values():
        await couple.open(person)


HAPPENS: tuple[tuple[Callable, int], ...] = (
    (come_and_save, 8),
    (drop_and_return, 5),
    (close_and_open, 2),
    (leave_and_open, 2),
    (kill_kernel, 2),
)
"""What happens, and how often in comparison."""


async def happen(couple: Couple, dice: Random) -> str:
    what, weights = zip(*HAPPENS, strict=True)
    chosen = dice.choices(what, weights)[0]
    if couple.is_killed and dice.random() < 0.15:
        chosen = kill_server
    await chosen(couple, dice)
    couple.toll.runs += 1
    return chosen.__name__


# ---- What is counted -----------------------------------------------------------------------


async def come_to_rest(couple: Couple) -> None:
    """Close the second page, and wait until its kernel and all that were left have ended."""
    await couple.changing.page.close()
    await couple.save(couple.staying)
    end = time.monotonic() + 90
    while len(couple.server.kernel_ids()) > 2 or len(couple.server.kernels()) > 2:
        if time.monotonic() > end:
            return  # what is left is counted
        await asyncio.sleep(0.5)


def count(couple: Couple) -> Figures:
    launcher = couple.server.process
    kernel = couple.find_kernel(couple.staying.page)
    made = [
        *couple.server.folder.rglob("*"),
        *(each for each in couple.folder.iterdir() if each.name != "backups"),
    ]
    return Figures(
        launcher_kb=launcher.memory_full_info().uss / 1024,
        kernel_kb=kernel.memory_full_info().uss / 1024,
        launcher_files=launcher.num_fds(),
        kernel_files=kernel.num_fds(),
        processes=len(launcher.children(recursive=True)),
        files=len(made),
    )


def mean(figures: list[Figures]) -> Figures:
    names = [each.name for each in fields(Figures)]
    return Figures(**{name: fmean(getattr(each, name) for each in figures) for name in names})


def growth(rests: list[Figures], name: str) -> float:
    """Return by how much a figure grew over the second half, by the line that fits best."""
    half = [getattr(each, name) for each in rests[len(rests) // 2 :]]
    return linear_regression(range(len(half)), half).slope * (len(half) - 1)


# ---- The test ------------------------------------------------------------------------------


@pytest.fixture
def couples(tmp_path: Path, toll: Toll) -> Iterator[list[Couple]]:
    made = tmp_path / "made"
    made.mkdir()
    fill_vault(made, date.today())
    with ExitStack() as running_now:
        found = []
        for number in range(COUPLES):
            folder = Path(shutil.copytree(made, tmp_path / str(number)))
            couple = Couple(folder, number >= COUPLES - KILLED, toll)
            running_now.callback(lambda couple=couple: couple.run.close())
            couple.start()
            found.append(couple)
        yield found


async def live(couples: list[Couple], seconds: float, dice: Random) -> list[Figures]:
    """Let things happen for so long; return what was counted at each rest, the first after one."""
    rests: list[Figures] = []
    done: dict[str, int] = {}

    async def keep_alive() -> None:
        while True:
            await asyncio.sleep(5)
            for page in [couple.staying.page for couple in couples]:
                with suppress(PageLost):  # it is just coming back
                    await page.ping()

    for couple in couples:
        for person in couple.people.values():
            await couple.open(person)
    pings = asyncio.create_task(keep_alive())
    began = time.monotonic()
    for rest in range(1, RESTS + 1):
        while time.monotonic() < began + seconds * rest / RESTS:
            what = await happen(dice.choice(couples), dice)
            done[what] = done.get(what, 0) + 1
        await asyncio.gather(*map(come_to_rest, couples))
        await asyncio.sleep(2)
        rests.append(mean([count(couple) for couple in couples if not couple.is_killed]))
        print(f"{time.monotonic() - began:6.0f} s {rests[-1]}", flush=True)
        for couple in couples:
            await couple.open(couple.changing)
    assert not pings.done()
    pings.cancel()
    saved = sum(person.saved for couple in couples for person in couple.people.values())
    late = sum(couple.late for couple in couples)
    print(f"{saved} saved, {late} came back late, {done}")
    return rests


@pytest.mark.long
@pytest.mark.timeout(MINUTES * 60 * 2 + 600)
def test_ten_couples_for_a_long_time_lose_nothing_and_nothing_grows(couples, toll):
    """41 ten couples, with pages dropped and kernels and servers killed"""
    rests = aside(live(couples, MINUTES * 60, Random(20261130)))

    for couple in couples:
        couple.look()
    assert toll.nothing
    grown = {each.name: growth(rests, each.name) for each in fields(Figures)}
    print("over the second half:", {name: round(by, 2) for name, by in grown.items()})
    assert {n: by for n, by in grown.items() if by > getattr(LIMITS, n)} == {}
