"""The object that a notebook uses: locked or open, one form at a time."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import ClassVar

from ipywidgets import Widget

from workbook.app import cover, readings
from workbook.app.actions import PageActions
from workbook.app.background import run_in_background
from workbook.app.commands.sessions import stop_session
from workbook.app.commands.shares import take_back
from workbook.app.controller import Controller
from workbook.app.forms import FormSet
from workbook.app.places import Place, PlaceSet
from workbook.app.polling import ChangePoller, IdleTimer
from workbook.content.tables import load_tables
from workbook.content.words import Words, load_words
from workbook.domain.errors import DamagedVault, NotFound, NotSaved, WorkbookError
from workbook.domain.evening import MAX_TEXT_CHARS
from workbook.domain.passphrase import MIN_PASSPHRASE_CHARACTERS
from workbook.domain.seats import Person
from workbook.store import backups, erasing, passphrase, vault
from workbook.store.keyring import DEFAULT_COST, Cost
from workbook.store.unlocked import Clock, UnlockedVault, local_time
from workbook.ui.forms.cover import LockedForm, ScreenLockForm
from workbook.ui.forms.private import PrivateForm
from workbook.ui.guard import show_errors
from workbook.ui.opening import leave_out_code
from workbook.ui.widgets.page import Page, PagePlace
from workbook.ui.widgets.prose import Prose, p

COVER, PAGE = "cover", "page"
ALWAYS = ("resources", "player")
"""Forms that are built at unlocking wherever the page is: Help with its numbers, and the
guide with pad and Stop."""
KERNEL_END_DELAY_S = 0.6
"""Seconds between telling the page to leave and ending the kernel with its keys."""


class Workbook:
    """The book of one kernel: locked until a passphrase is entered.

    Args:
        folder: where the vault lies.
        app: whether it is served as the app, where another person's turn gets a new kernel.
        demo: whether it is the demo, a temporary vault that opens without a passphrase.
        words: what it says; None for the words at home.
        cost: of the key derivation; only tests lower it.
        clock: returns the local time; only tests set it.

    """

    FORMS: ClassVar = FormSet.NAMES | readings.FORMS
    """Names of the forms that chapters may ask for."""

    def __init__(
        self,
        folder: Path,
        *,
        app: bool = False,
        demo: bool = False,
        words: Words | None = None,
        cost: Cost = DEFAULT_COST,
        clock: Clock = local_time,
    ) -> None:
        self._folder, self._app, self._demo = folder, app, demo
        self._cost, self._clock = cost, clock
        self._tables, self._words = load_tables(), words or load_words()
        self._throttle = passphrase.Throttle()
        self._controller: Controller | None = None
        self._places = PlaceSet()
        self._pin: passphrase.Pin | None = None
        self._covered: UnlockedVault | None = None
        """The unlocked vault behind a cover that asks for a short code or shows a recovery code."""
        self._stops_at_unlocking = False
        """Whether a massage was stopped on a cover, as the page last said."""
        self._poller, self._idle = ChangePoller(self._poll), IdleTimer(self._lock_screen)
        self.page = Page(
            show_errors(self.pass_screen, self.show),
            show_errors(self._page_came, self.show),
            on_ping=show_errors(self._pinged, self.show),
            on_editing_ended=show_errors(self._written, self.show),
            on_places=show_errors(self._note_places, self.show),
            on_forms_needed=show_errors(self._build_needed, self.show),
            on_stopped=show_errors(self._note_stopped, self.show),
            on_covered=show_errors(self._lock_screen, self.show),
        )
        said = self._words("forms.too_long", most=MAX_TEXT_CHARS)
        self.page.longest = {"most": MAX_TEXT_CHARS, "said": said}
        self._there = vault.exists(folder)
        if not app:
            self.page.include_styles()

    def __repr__(self) -> str:
        return f"Workbook({'open' if self._controller else 'locked'})"

    @property
    def controller(self) -> Controller | None:
        """What the unlocked page runs on; None while the book is locked."""
        return self._controller

    def form(self, name: str) -> Widget:
        """Return the form of this name; while the book is locked, an empty place for it.

        Raises:
            NotFound: if there is no such form; ``facts["name"]``.

        """
        if name == PAGE:
            return self.page
        if name not in (COVER, *self.FORMS):
            raise NotFound(name=name)
        places = self._places.by_name
        if name not in places:
            places[name] = Place()
            if name in readings.ON_PAPER:
                places[name].add_class("at-to-read")
            self._fill(name)
        return places[name]

    def show(self, error: WorkbookError) -> None:
        """Show an error in the sentence that the words have for its class."""
        self.page.show_notice(self._words.error(error))

    def unlock(self, secret: str) -> None:
        """Open the book for the person whose passphrase or recovery code this is.

        Raises:
            VaultError: if it is wrong or the vault cannot be opened; nothing is changed.

        """
        unlocked = vault.unlock(
            self._folder, secret, throttle=self._throttle, clock=self._clock, verify=False
        )
        try:
            needs_code = cover.needs_code(unlocked)
            controller = None if needs_code else self._load_controller(unlocked)
        except BaseException:
            unlocked.close()
            raise  # the cover stays as it is, and says why
        self._empty()  # the page may have been open already, for the same or another person
        if controller is not None:
            return self._open(controller)
        self._cover_with(unlocked)
        try:
            self._fill(COVER)
        except NotSaved:  # a full disk keeps nobody out; the next time
            self._open_covered()

    def _cover_with(self, unlocked: UnlockedVault) -> None:
        """Hold an unlocked vault until its owner has written their recovery code down."""
        self._covered, self._there = unlocked, True
        self._idle.start()

    def _open_covered(self) -> None:
        if (covered := self._covered) is not None:
            self._covered, controller = None, self._load_controller(covered)
            self._clear()
            self._open(controller)

    def _load_controller(self, unlocked: UnlockedVault) -> Controller:
        """Read all that a page needs; nothing on the page has changed yet."""
        if self._stops_at_unlocking:  # before anything is shown: nobody can go on
            show_errors(stop_session, self.show)(unlocked, self._tables)
        return Controller(
            unlocked,
            self._tables,
            self._words,
            page=self.page,
            actions=PageActions(
                pass_screen=self.pass_screen,
                put_away=self._put_away,
                show=self.show,
                change_passphrase=lambda old, new: vault.change_passphrase(
                    unlocked, old, new, self._throttle, cost=self._cost
                ),
                new_recovery_code=lambda old: vault.change_recovery_code(
                    unlocked, old, self._throttle, cost=self._cost
                ),
                confirm_recovery_code=lambda code: vault.confirm_recovery_code(unlocked, code),
                set_pin=self._set_pin,
                erase=self.erase,
                lock_erased=lambda: self._lock("forms.erased_title", "forms.erased_text"),
                erase_shared=self.erase_shared,
            ),
        )

    def _open(self, controller: Controller) -> None:
        self._controller, unlocked = controller, controller.vault
        self._fill_first()
        self._idle.start()
        self._controller.welcome()
        if unlocked.unreadable:
            self.page.show_notice(self._words("forms.unreadable"))
        jobs = (vault.page_check, backups.daily_backup)[: 1 if self._demo else 2]
        work = [job(unlocked) for job in jobs]
        self._run_in_background(lambda: [job() for job in work])

    def _run_in_background(self, work: Callable[[], object]) -> None:
        """Run ``work`` in a thread: a damaged file locks the book, a failed backup is said."""
        failed = partial(self.page.show_notice, self._words("forms.backup_failed"))
        run_in_background(work, self._lock_damaged, failed)

    def _lock_damaged(self, error: DamagedVault) -> None:
        """Lock the book, because its file is damaged."""
        if self._controller is not None:
            self._empty()
            self._end(self._words("cover.rest_title"), self._words.error(error))

    def pass_screen(self) -> None:
        """Lock, drop the keys, and let a new page with a new kernel take this one's place."""
        if self._controller is None:
            return
        partner = self._controller.context.partner
        self._empty()
        title = self._words("forms.leave_title", name=partner.name)
        self._end(title, self._words("forms.leave_text"), turn_of=partner)

    def erase(self) -> None:
        """Erase what the person at the screen answered in private, then lock."""
        if self._controller is None:
            return
        take_back(self._controller.vault, self._tables)
        self.page.under_way = False
        erasing.erase_private(self._controller.vault)
        self._lock("forms.erased_title", "forms.erased_text")

    def _lock(self, title: str, text: str) -> None:
        """Drop the keys and end the page; ``title`` and ``text`` are keys of words."""
        self._empty()
        self._end(self._words(title), self._words(text))

    def erase_shared(self) -> None:
        """Erase what both people share, then lock."""
        if self._controller is None:
            return
        erasing.erase_shared(self._controller.vault)
        self.page.under_way = False
        self._lock("forms.erased_shared_title", "forms.erased_shared_text")

    def _empty(self) -> None:
        """Lock, and end every widget that knows an answer."""
        open_now, self._controller, self._covered = (self._controller, self._covered), None, None
        for each in open_now:  # dropped first: whatever fails, nobody is let in
            if each is not None:
                each.close()
        self._pin = None
        self._idle.stop()
        self._clear()

    def _clear(self) -> None:
        self._places.shows_private = False
        for name, place in self._places.by_name.items():
            if name not in readings.BEFORE_UNLOCKING:
                place.empty()
        self.page.seat, self.page.chapters, self.page.evening = None, {}, {}
        self.page.under_way = None

    def _end(self, title: str, text: str, *, turn_of: Person | None = None) -> None:
        """End the page; in the app this kernel ends, so that its memory is freed."""
        if not self._app:
            for name in self._places.by_name:
                self._fill(name)
            return
        self.page.end(title, text, turn_of=turn_of)
        asyncio.get_event_loop().call_later(KERNEL_END_DELAY_S, os._exit, 0)

    def _note_stopped(self, is_stopped: bool) -> None:  # noqa: FBT001 - as the page calls it
        """Carry a stop that was pressed on a cover into the vault, now or at unlocking."""
        self._stops_at_unlocking = is_stopped
        if is_stopped and self._controller is not None:
            self._controller.stop_session()
        elif is_stopped and self._covered is not None:
            stop_session(self._covered, self._tables)

    # Other pages, and an idle page ------------------------------------------------------

    def _pinged(self, idle: float) -> None:
        """Note that the page is visible and was last touched ``idle`` seconds ago."""
        self._idle.note_ping(idle)
        # Before the heartbeat: a stop arrives even if the heartbeat cannot be written.
        self._poller.note_ping()
        if self._controller is not None:
            self._controller.send_heartbeat()

    def _poll(self) -> bool:
        """Show changes of other pages; return whether there were any."""
        if (controller := self._controller) is None:
            return False
        try:
            news = controller.poll()
            if self._controller is controller:  # it may have found that this page must lock
                controller.update_peer_status()
        except WorkbookError as error:
            self.show(error)
            return False
        return news

    def _written(self) -> None:
        if self._controller is not None:
            self._controller.apply_deferred()

    def _set_pin(self, code: str) -> None:
        self._pin = passphrase.Pin(code)

    def _lock_screen(self) -> bool:
        """Cover or lock a page that is idle or asked for it; return whether it is so now.

        A page is not covered while a session runs: the guide has to go on.
        """
        if self._controller is None:
            if self._covered is not None and self._pin is None:
                self._lock("cover.rest_title", "cover.rest_text")
            return True
        with suppress(WorkbookError):  # a page whose vault cannot be read is covered all the same
            if self._controller.is_under_way():
                return False
        if self._pin is None:
            self._lock("cover.rest_title", "cover.rest_text")
            return True
        controller, self._controller = self._controller, None
        self._covered = controller.vault
        controller.release()
        self._clear()
        self._fill(COVER)
        return True

    def _uncover(self, code: str) -> int:
        """Show the page again if ``code`` is right; return how many tries are left if not."""
        covered, pin = self._covered, self._pin
        if covered is None or pin is None:
            return 0
        if pin.matches(code):
            self._open_covered()
            return 0
        if not pin.left:
            self._lock("cover.rest_title", "cover.pin_over")
        return pin.left

    def _ask_passphrase(self) -> None:
        """Lock a covered page, so that it can be opened with any passphrase."""
        self._lock("cover.rest_title", "cover.rest_text")

    def _page_came(self) -> None:
        """Build the cover again if a vault was set up or erased since this kernel began."""
        if self._there is not (there := vault.exists(self._folder)):
            self._there = there
            if COVER in self._places.by_name:
                self._fill(COVER)

    # Forms that are built when they are needed ------------------------------------------

    def _note_places(self, chapters: Mapping[str, Sequence[str]], shown: PagePlace) -> None:
        """Take over which places each chapter of the app's page has."""
        leave_out_code()
        self._places.note_chapters(chapters, shown)

    def _build_needed(self, ids: Sequence[str], shown: PagePlace) -> None:
        """Build forms that the page is about to show or print and that are missing."""
        self._places.shown = shown
        if shown.step and self._places.shows_private:  # back in the evening
            self._places.shows_private = False
            self._put_away()
        self._build(self._places.names_of(ids))

    def _build(self, names: Sequence[str]) -> None:
        """Build each of these forms that may be shown and is not there yet."""
        for name in names:
            if name != COVER and not self._places.by_name[name].children:
                # Guarded one by one: an error in one form does not prevent the others.
                show_errors(self._fill, self.show)(name)

    def _fill_first(self) -> None:
        """Build the forms that the page opens at after unlocking, and those of ``ALWAYS``."""
        places = self._places.by_name
        if not self._places.are_known or self._controller is None:
            for name in places:
                self._fill(name)
            return
        self._fill(COVER)
        shown = self._places.list_shown(self._controller.view.steps)
        self._build([*(name for name in ALWAYS if name in places), *shown])

    # What only its owner may see ----------------------------------------------------------

    def _put_away(self) -> None:
        """Put private forms away once both look at the page, and give them back afterwards."""
        if self._controller is not None:
            self._places.put_away(self._controller.view.steps, self._controller.forms, self._fill)

    def _show_private(self, secret: str) -> None:
        """Show this person's answers again, if ``secret`` is theirs.

        Raises:
            WrongPassphrase, TooManyTries: if it is not.

        """
        if self._controller is None:
            return
        is_short = len(secret) < MIN_PASSPHRASE_CHARACTERS  # no passphrase uses up a try
        is_pin = self._pin is not None and is_short and self._pin.matches(secret)
        if not (is_pin or self._demo):
            vault.check_passphrase(self._controller.vault, secret, self._throttle)
        self._places.shows_private = True
        self._put_away()

    def _fill(self, name: str) -> None:
        place = self._places.by_name[name]
        place.empty()
        if name == COVER:
            place.children = [] if self._controller else [self._cover()]
        elif name in readings.FORMS:
            place.children = [self._reading(name)]
        elif self._controller and name in self._places.list_put_away(self._controller.view.steps):
            asks = None if self._demo else self._words.table("secret_private")
            place.children = [PrivateForm(self._words, asks, self._show_private, self.show)]
        elif self._controller is not None:
            place.children = [self._controller.build(name)]
        elif not self._app:
            place.children = [Prose([p(self._words("cover.above"))])]

    def _reading(self, name: str) -> Widget:
        """Return a form that is only read; if its table is broken, the error's sentence instead."""
        try:
            return readings.build_reading(name, self._words, self._tables, self.show)
        except WorkbookError as error:
            return Prose([p(self._words.error(error))])

    def _cover(self) -> Widget:
        say = self._words
        if (covered := self._covered) is not None:
            if self._pin is not None:
                return ScreenLockForm(say, self._uncover, self._ask_passphrase, self.show)
            show, done = self.show, self._open_covered
            return cover.make_code_form(covered, self._cost, say, self.page, show=show, done=done)
        if self._demo:
            return cover.make_demo_form(say, self.unlock, self.show)
        if vault.exists(self._folder):
            return LockedForm(say, self.unlock, self.show)
        set_up = cover.SetUp(self._folder, self._cost, self._clock, self._cover_with)
        done, came = self._open_covered, self._page_came
        return cover.make_first_form(set_up, say, self.page, self.show, done=done, on_restored=came)
