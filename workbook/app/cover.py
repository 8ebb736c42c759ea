"""What the cover shows besides a passphrase: set-up, a new recovery code, the demo's people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workbook.app.snapshot import load
from workbook.content.words import Words
from workbook.domain.errors import VaultExists
from workbook.domain.learning import PastEvenings
from workbook.domain.seats import Person, Seat
from workbook.store import vault
from workbook.store.keyring import Cost
from workbook.store.new_vault import NewVault
from workbook.store.passphrase import suggest_passphrase
from workbook.store.unlocked import Clock, UnlockedVault
from workbook.ui.form import Form
from workbook.ui.forms.code import CodeForm
from workbook.ui.forms.cover import DemoForm
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
        self._folder, self._written = folder, written
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
        if vault.exists(self._folder):
            raise VaultExists
        code = self._new.add_person(person, secret, [PastEvenings(adult=True)])
        if person.seat is Seat.B:
            self._second, self._code = vault.write_new(self._folder, self._new), code
            self._written(self._second)
        return code

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


def make_set_up_form(
    set_up: SetUp, words: Words, page: Page, show: Show, done: Callable[[], None]
) -> Form:
    """Return the form that sets up the vault; ``done`` opens the book for the second person."""
    steps = SetUpSteps(
        suggest_passphrase,
        set_up.add,
        set_up.confirm,
        done,
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
