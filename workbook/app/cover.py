"""What the cover shows besides a passphrase: set-up, a new recovery code, the demo's people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workbook.app.snapshot import load
from workbook.content.words import Words
from workbook.domain.errors import VaultExists
from workbook.domain.learning import PastEvenings
from workbook.domain.seats import Person, Seat
from workbook.store import backups, vault
from workbook.store.keyring import Cost
from workbook.store.new_vault import NewVault
from workbook.store.passphrase import suggest_passphrase
from workbook.store.restoring import restore_backup
from workbook.store.unlocked import Clock, UnlockedVault
from workbook.ui.form import Form, close_widget
from workbook.ui.forms.code import CodeForm
from workbook.ui.forms.cover import DemoForm, VaultGoneForm
from workbook.ui.forms.set_up import SetUpForm, SetUpSteps
from workbook.ui.guard import Show
from workbook.ui.widgets.page import Page
from workbook.ui.widgets.prose import seat


class SetUp:
    """Sets up a vault for two people, one after the other, in one kernel.

    After the first person nothing is kept that opens their answers (``NewVault``), so that
    the second one may go on here.

    Args:
        folder: where the vault will lie.
        cost: of the key derivation.
        clock: returns the local time.
        written: called once with the vault, unlocked for the second person.

    """

    def __init__(
        self, folder: Path, cost: Cost, clock: Clock, written: Callable[[UnlockedVault], None]
    ) -> None:
        self.folder, self._written, self._clock = folder, written, clock
        self._new = NewVault(cost, clock)
        self._second: UnlockedVault | None = None
        self._code = ""
        """The second person's code, until it is confirmed."""

    def add(self, person: Person, secret: str) -> str:
        """Take over a person, who is adult; return their recovery code.

        After the second one the vault is written, and open for them.

        Raises:
            VaultExists: if another page has set up a vault meanwhile.
            WeakPassphrase, InvalidInput, InvalidAnswer, NotSaved: as ``NewVault.add_person``
                and ``vault.write_new``; it may be tried again.

        """
        if vault.exists(self.folder):
            raise VaultExists
        code = self._new.add_person(person, secret, [PastEvenings(adult=True)])
        if person.seat is Seat.B:
            self._second, self._code = vault.write_new(self.folder, self._new), code
            self._written(self._second)
        return code

    def restore(self) -> None:
        """Put the last backup that is whole in the place of the vault, which is gone.

        Raises:
            VaultExists: if another page has set up or restored a vault meanwhile.
            NoBackup, DamagedBackup, NewerVault, NotSaved: as ``restore_backup``.

        """
        if vault.exists(self.folder):
            raise VaultExists
        restore_backup(self.folder, None, self._clock())

    def confirm(self, who: Seat) -> None:
        """Note that this person has written their code down.

        Raises:
            ChangedElsewhere: if another page has put a newer code in its place.

        """
        if self._second is None:
            self._new.confirm_code(who)
        else:
            vault.confirm_recovery_code(self._second, self._code)


def needs_code(unlocked: UnlockedVault) -> bool:
    """Return whether a new recovery code is shown before the book.

    Not while a massage is under way: its guide comes first.
    """
    return vault.has_unconfirmed_code(unlocked) and not load(unlocked).is_under_way


def make_first_form(
    set_up: SetUp,
    words: Words,
    page: Page,
    show: Show,
    *,
    done: Callable[[], None],
    on_restored: Callable[[], None],
) -> Form:
    """Return what a folder without a vault shows: its backups if it has any, else the set-up.

    Args:
        set_up: sets up a vault, or restores the one that was there.
        words: the words of the language.
        page: the page.
        show: shows an error to the reader.
        done: opens the book for the second person, once it is set up.
        on_restored: shows the cover of the vault that was restored.

    """
    found = backups.list_backups(set_up.folder)
    if not found:
        return make_set_up_form(set_up, words, page, show, done)

    def restore() -> None:
        set_up.restore()
        on_restored()

    def begin_anew() -> None:
        before = shown.children
        shown.children = [make_set_up_form(set_up, words, page, show, done)]
        for each in before:
            close_widget(each)

    offer = VaultGoneForm(
        words,
        show,
        last=found[-1].on,
        folder=readable_path(set_up.folder),
        restore=restore,
        begin_anew=begin_anew,
    )
    shown = Form([offer])
    return shown


def readable_path(folder: Path) -> str:
    """Return a path as people read it; one that is no text has a sign where it is not."""
    return str(folder.absolute()).encode("utf-8", "replace").decode()


def make_set_up_form(
    set_up: SetUp, words: Words, page: Page, show: Show, done: Callable[[], None]
) -> Form:
    """Return the form that sets up the vault; ``done`` opens the book for the second person."""
    steps = SetUpSteps(
        suggest_passphrase,
        set_up.add,
        set_up.confirm,
        done,
        folder=readable_path(set_up.folder),
        on_screen_shown=page.scroll_to_top,
        printing=page.print_text,
    )
    return SetUpForm(words, show, steps)


def make_code_form(
    unlocked: UnlockedVault,
    cost: Cost,
    words: Words,
    page: Page,
    *,
    show: Show,
    done: Callable[[], None],
) -> Form:
    """Make a new code for the person who has just unlocked; return the form that shows it.

    Args:
        unlocked: their unlocked vault.
        cost: of the key derivation.
        words: the words of the language.
        page: the page that prints it.
        show: shows an error to the reader.
        done: opens the book, once the code is written down or put off.

    Raises:
        NotSaved: if the disk refused.

    """
    code = vault.renew_unconfirmed_code(unlocked, cost)
    me = unlocked.people.at(unlocked.seat)

    def kept() -> None:
        vault.confirm_recovery_code(unlocked, code)
        done()

    form = CodeForm(
        words,
        code,
        kept,
        show=show,
        printing=page.print_text,
        later=done,
        whose=seat(me.name, me.colour, me.shape),
    )
    form.add_class("at-set-up")
    return form


def make_demo_form(words: Words, unlock: Callable[[str], None], show: Show) -> Form:
    """Return the form that asks who of the demo's couple is at the screen."""
    from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES  # noqa: PLC0415 - only in the demo

    return DemoForm(words, DEMO_NAMES, lambda who: unlock(DEMO_PASSPHRASES[who]), show)
