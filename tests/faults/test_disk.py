"""Rows 5, 6 and 8 of the fault list: a disk that is full, fails, or forgets a bit."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import LOW, WORDS, Toll, sizes
from tests.faults.disk import Disk
from workbook.domain.consent import Signals
from workbook.domain.errors import DamagedVault, NotSaved, WrongPassphrase
from workbook.domain.evening import IntentionAnswers
from workbook.domain.seats import Seat
from workbook.store import answers, cards, erasing, thanks, vault
from workbook.store.connection import DATABASE_FILE
from workbook.store.thanks import Thanks
from workbook.store.unlocked import UnlockedVault

PAGE = 4096


def text(number: int) -> str:
    return f"{number} " + "x" * (number * 397 % 9000)


def number_of(said: str) -> int:
    number, _, rest = said.partition(" ")
    assert rest == text(int(number)).partition(" ")[2]
    return int(number)


class Home:
    """A vault, and what its people were told is saved."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secret = WORDS[Seat.A]
        self.told = {"private": 0, "card": 0, "thanks": 0}

    def steps(self, rounds: int) -> Iterator[tuple[str, Callable[[UnlockedVault], None]]]:
        """What somebody does on a page, one save after another."""
        for number in range(1, rounds + 1):
            for what in self.told:
                yield what, lambda lane, what=what, number=number: self._save(lane, what, number)
            new = f"copper saddle meadow {number}"
            yield "passphrase", lambda lane, new=new: self._change(lane, new)
            yield "rewritten", erasing.sweep

    def _save(self, lane: UnlockedVault, what: str, number: int) -> None:
        expected_version = self.told[what]
        if what == "private":
            answers.write_answer(
                lane, IntentionAnswers(expects=text(number)), expected_version=expected_version
            )
        elif what == "card":
            cards.write_card(lane, Signals(word=text(number)), expected_version=expected_version)
        else:
            thanks.hand_in_thanks(
                lane, "e", Thanks(text(number)), expected_version=expected_version
            )
        self.told[what] = number

    def _change(self, lane: UnlockedVault, new: str) -> None:
        vault.change_passphrase(lane, self.secret, new, cost=LOW)
        self.secret = new

    def found(self, lane: UnlockedVault) -> dict[str, int]:
        """What there is, as far as it was ever written so."""
        private = answers.read_answer(lane, IntentionAnswers)
        card = cards.read_card(lane, Signals)
        mine = thanks.read_thanks(lane, "e").get(Seat.A)
        return {
            "private": number_of(private.value.expects) if private else 0,
            "card": number_of(card.value.word) if card else 0,
            "thanks": number_of(mine.value.text) if mine else 0,
        }


class Refusing:
    """Refuses the k-th act on the disk, or that one and all after it."""

    def __init__(self, at: int, how: str | None, *, once: bool) -> None:
        self.at, self.how, self.once, self.met, self.refused = at, how, once, 0, 0

    def __call__(self, _what: str) -> str | None:
        self.met += 1
        if self.met - 1 == self.at or (self.met > self.at and not self.once):
            self.refused += 1
            return self.how
        return None

    def free(self) -> None:
        self.how = None


def evening(home: Home, disk: Refusing, toll: Toll, rounds: int) -> None:
    """Live until the disk refuses something, then once more with a disk that is well."""
    lane = None
    steps = home.steps(rounds)
    step: Callable[[UnlockedVault], None] = lambda _lane: None  # noqa: E731
    try:
        lane = vault.unlock(home.folder, home.secret)
        for _, step in steps:
            step(lane)
            if disk.refused:
                break  # it was done all the same, as a checkpoint that can wait
    except NotSaved:
        pass
    disk.free()
    if lane:
        toll.lost += home.found(lane) != home.told
        try:
            step(lane)  # once more; a change of passphrase may have got as far as the main file
        except WrongPassphrase:
            toll.unseen += 1
        toll.lost += home.found(lane) != home.told
        lane.close()
    with vault.unlock(home.folder, home.secret) as again:
        toll.lost += home.found(again) != home.told
    vault.unlock(home.folder, WORDS[Seat.B]).close()


def acts(folder: Path, rounds: int) -> int:
    """How many acts on the disk an evening without faults takes."""
    counting = Refusing(-1, None, once=True)
    with Disk(folder, counting).watch():
        evening(Home(folder), counting, Toll(""), rounds)
    return counting.met


def refused(new_vault: Callable[[], Path], toll: Toll, times: int, how: str) -> None:
    """Refuse at so many acts, spread over an evening that has at least as many."""
    rounds, most = 0, 0
    while most < times:
        rounds += 1
        most = acts(new_vault(), rounds)
    for number in range(times):
        disk = Refusing(number * most // times, how, once=how == "error")
        home = Home(new_vault())
        watched = Disk(home.folder, disk)
        with watched.watch():
            evening(home, disk, toll, rounds)
        watched.forget()  # two thousand evenings would fill the memory
        assert disk.refused
        toll.runs += 1
        shutil.rmtree(home.folder)


@sizes(30, 600)
def test_a_full_disk_is_said_and_what_was_saved_stays(new_vault, toll, times):
    """5 disk full from the k-th write on"""
    refused(new_vault, toll, times, "full")

    assert toll.nothing


@sizes(40, 2000)
def test_a_disk_that_fails_once_is_said_and_what_was_saved_stays(new_vault, toll, times):
    """6 I/O error at the k-th write or sync"""
    refused(new_vault, toll, times, "error")

    assert toll.nothing


@pytest.fixture
def limit() -> Iterator[Callable[[int], None]]:
    """Let no file of this process grow beyond so many bytes, until the test ends."""
    resource = pytest.importorskip("resource", reason="Windows knows no limit of a file's size.")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda most: resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def save_until_refused(lane: UnlockedVault, most: int) -> int:
    """Save one evening after the other; return how many were, before the disk refused."""
    for saved in range(most):
        try:
            answers.write_answer(lane, IntentionAnswers(expects=text(saved)), str(saved))
        except NotSaved:
            return saved
    raise AssertionError("It was never full.")


def gone(lane: UnlockedVault, saved: int) -> int:
    """How many of them are not there as they were saved."""
    found = [answers.read_answer(lane, IntentionAnswers, str(each)) for each in range(saved)]
    return sum(not kept or kept.value.expects != text(each) for each, kept in enumerate(found))


@pytest.mark.parametrize("room", range(36000, 160000, 31000))
def test_a_file_that_may_grow_no_more_is_a_full_disk(vault_folder, limit, room):
    with vault.unlock(vault_folder, WORDS[Seat.A]) as lane:
        limit(room)
        saved = save_until_refused(lane, 200)
        limit(-1)
        assert gone(lane, saved) == 0
        assert answers.read_answer(lane, IntentionAnswers, str(saved)) is None
        answers.write_answer(lane, IntentionAnswers(expects=text(saved)), str(saved))

    with vault.unlock(vault_folder, WORDS[Seat.A]) as lane:
        assert gone(lane, saved + 1) == 0


def test_a_full_disk_is_no_damage_when_the_vault_is_opened(vault_folder, limit):
    limit(1000)

    with pytest.raises(NotSaved):
        vault.unlock(vault_folder, WORDS[Seat.A])

    limit(-1)
    vault.unlock(vault_folder, WORDS[Seat.A]).close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Mount a file system of so many MiB, where this account may."""
    mounted: list[Path] = []

    def mount(size: int) -> Path:
        where = tmp_path / f"small-{size}"
        where.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", where]
        if shutil.which("mount") is None or subprocess.call(command, stderr=subprocess.DEVNULL):
            pytest.skip("This account may not mount a small file system.")
        mounted.append(where)
        return where

    yield mount
    for where in mounted:
        subprocess.run(["umount", where], check=True)


def test_a_small_file_system_that_fills_up_keeps_what_was_saved(new_vault, small_disk, toll):
    """5 a file system of 1, 2, 4 MiB fills up"""
    for size in (1, 2, 4):
        folder = Path(shutil.copytree(new_vault(), small_disk(size) / "vault"))
        room = folder.parent / "something-else"
        room.write_bytes(bytes(200_000))
        with vault.unlock(folder, WORDS[Seat.A]) as lane:
            saved = save_until_refused(lane, 5000)
        with vault.unlock(folder, WORDS[Seat.A]) as lane:  # still full
            toll.lost += gone(lane, saved)
            room.unlink()
            answers.write_answer(lane, IntentionAnswers(expects=text(saved)), str(saved))
        with vault.unlock(folder, WORDS[Seat.A]) as lane:
            toll.lost += gone(lane, saved + 1)
        toll.runs += 1

    assert toll.nothing


# A bit flips --------------------------------------------------------------------------------------


@sizes(3, 64)
def test_one_flipped_bit_anywhere_is_found_when_the_vault_is_opened(vault_folder, toll, times):
    """8 a flipped bit, every page, so many places each"""
    with vault.unlock(vault_folder, WORDS[Seat.A]) as lane:
        for number in range(5):
            answers.write_answer(lane, IntentionAnswers(expects=text(number)), f"e{number}")
    path = vault_folder / DATABASE_FILE
    whole = path.read_bytes()
    places = [round(n * (PAGE - 1) / (times - 1)) for n in range(times)]

    for page in range(len(whole) // PAGE):
        for place in places:
            flipped = bytearray(whole)
            flipped[page * PAGE + place] ^= 1 << (page + place) % 8
            path.write_bytes(flipped)
            toll.runs += 1
            try:
                vault.unlock(vault_folder, WORDS[Seat.A]).close()
                toll.unseen += 1
            except DamagedVault:
                toll.torn += path.read_bytes() != flipped  # what is damaged is left as it is

    assert toll.nothing
    path.write_bytes(whole)
    vault.unlock(vault_folder, WORDS[Seat.A]).close()
