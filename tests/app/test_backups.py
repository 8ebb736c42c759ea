"""The day's backup beside the page, and erasing from the page."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from types import MethodType

from tests.app.evening import SAY, Couple, buttons, press, shown, value_of
from tests.aside import aside
from workbook.app import Workbook
from workbook.domain.errors import DamagedVault, NotSaved
from workbook.domain.seats import Seat
from workbook.store import backups, erasing, vault
from workbook.store.connection import DATABASE_FILE
from workbook.store.evenings import list_evenings

PAGE_BYTES = 4096


def _opened(couple: Couple, seat: Seat = Seat.A) -> Workbook:
    book = couple.locked()
    book._run_in_background = MethodType(Workbook._run_in_background, book)
    book.unlock(couple.secrets[seat])
    return book


def _wait(until) -> None:
    pause = Event()
    for _ in range(400):
        if until():
            return
        pause.wait(0.05)
    raise AssertionError


def test_unlocking_makes_the_days_backup(couple):
    _opened(couple)

    _wait(lambda: backups.list_backups(couple.folder))
    assert backups.list_backups(couple.folder)[0].on == couple.clock.now.date()


def test_the_page_does_not_wait_for_the_backup(couple, monkeypatch):
    go_on, went_on = Event(), Event()

    def slow(_lane):
        return lambda: (go_on.wait(30), went_on.set())

    monkeypatch.setattr(backups, "daily_backup", slow)

    book = _opened(couple)

    assert book.controller is not None
    assert not went_on.is_set()
    go_on.set()
    assert went_on.wait(30)


def test_a_backup_that_fails_is_said_quietly_and_keeps_nobody_out(couple, said):
    (couple.folder / "backups").write_bytes(b"in the way")

    with ThreadPoolExecutor(1) as thread:  # where no loop runs, whatever runs in this one
        book = thread.submit(_opened, couple).result()

    assert book.controller is not None
    _wait(lambda: said)
    assert ("show_notice", SAY("forms.backup_failed")) in said


def _is_in_use_and_damaged(couple) -> bool:
    """A free page is read by nobody, so that damage to it goes unseen and does no harm."""
    with suppress(DamagedVault):
        unlocked = vault.unlock(couple.folder, couple.secrets[Seat.A], verify=False)
        try:
            vault.page_check(unlocked)()
        except DamagedVault:
            return True
        finally:
            unlocked.close()
    return False


def test_a_damaged_page_that_nothing_reads_at_first_closes_the_book(lived, said):
    lived.leave(lived.open(Seat.A))  # what is done once to a vault is done
    whole = (lived.folder / DATABASE_FILE).read_bytes()
    for page in range(len(whole) // PAGE_BYTES - 1, 0, -1):
        flipped = bytearray(whole)
        flipped[page * PAGE_BYTES + 99] ^= 1
        (lived.folder / DATABASE_FILE).write_bytes(flipped)
        if not _is_in_use_and_damaged(lived):
            continue
        # Where no loop runs, whatever runs in this thread: a browser test leaves one that stands.
        with suppress(DamagedVault), ThreadPoolExecutor(1) as thread:
            book = thread.submit(_opened, lived).result()
            break

    _wait(lambda: book.controller is None)
    assert book.controller is None


def test_in_a_page_it_is_said_by_the_pages_own_loop(couple, said, monkeypatch):
    def fails(_lane):
        def work():
            raise NotSaved(errno=28)

        return work

    monkeypatch.setattr(backups, "daily_backup", fails)

    async def page():
        _opened(couple)
        for _ in range(400):
            if said:
                break
            await asyncio.sleep(0.05)

    aside(page())

    assert ("show_notice", SAY("forms.backup_failed")) in said


def test_a_demo_makes_no_backup(couple, monkeypatch):
    monkeypatch.setattr(backups, "daily_backup", lambda _lane: 1 / 0)
    book = couple.locked(demo=True)

    book.unlock(couple.secrets[Seat.A])


# Erasing


def test_erasing_is_asked_twice_and_says_whom_it_affects(lived):
    book = lived.open(Seat.A)
    assert SAY("forms.erase_shared_now") not in buttons(book, "people")

    press(book, "people", "erase_shared")

    assert "Robin loses them too" in shown(book, "people")
    assert "copies kept elsewhere stay" in shown(book, "people")
    press(book, "people", "erase_shared_not")
    assert "Robin loses them too" not in shown(book, "people")
    assert SAY("forms.erase_shared") in buttons(book, "people")


def test_the_shared_part_is_erased_for_both_and_the_page_locks(lived):
    robin = lived.open(Seat.B)
    learned = robin.controller.view.answers.learned
    assert list_evenings(robin.controller.vault)
    lived.leave(robin)
    book = lived.open(Seat.A)

    press(book, "people", "erase_shared")
    press(book, "people", "erase_shared_now")

    assert book.controller is None
    robin = lived.open(Seat.B)
    assert list_evenings(robin.controller.vault) == ()
    assert "Your breathing slowed down." not in shown(robin, "journal")
    assert learned.each
    assert robin.controller.view.answers.learned == learned
    assert value_of(robin, "limits").receiving


def test_ones_own_part_is_erased_and_the_partners_stays(lived):
    book = lived.open(Seat.A)

    press(book, "people", "erase")
    press(book, "people", "erase_now")

    assert book.controller is None
    kim = lived.open(Seat.A)
    assert not value_of(kim, "limits").receiving
    lived.leave(kim)
    robin = lived.open(Seat.B)
    assert value_of(robin, "limits").receiving
    assert "Your breathing slowed down." in shown(robin, "journal")


def test_a_refused_erasing_is_said_and_locks_nobody_out(lived, said, monkeypatch):
    book = lived.open(Seat.A)
    monkeypatch.setattr(erasing, "erase_shared", lambda _lane: (_ for _ in ()).throw(NotSaved()))

    press(book, "people", "erase_shared")
    press(book, "people", "erase_shared_now")

    assert book.controller is not None
    assert ("show_notice", SAY("errors.NotSaved")) in said
