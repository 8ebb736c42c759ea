"""One unlocked page: runs a command, loads what is saved, makes the view, shows what differs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from ipywidgets import Widget

from workbook.app import commands, feedback
from workbook.app.forms import FormSet
from workbook.app.session import SessionMonitor
from workbook.app.snapshot import Snapshot, load
from workbook.app.view import Choices, EveningView, make_view
from workbook.content.words import Words
from workbook.domain.consent import Signals
from workbook.domain.errors import ChangedElsewhere, VaultError, VaultLocked
from workbook.domain.plan import Turn
from workbook.domain.seats import People, Seat
from workbook.domain.session import Event, GuideBeat, PadBeat
from workbook.domain.tables import Tables
from workbook.domain.topics import topic_for
from workbook.store import people, wishes
from workbook.store.changes import CommitWatcher
from workbook.store.unlocked import UnlockedVault
from workbook.ui.form import Form, FormContext
from workbook.ui.forms.again import ReturnAnswers
from workbook.ui.forms.people import PeopleForm
from workbook.ui.guard import Show
from workbook.ui.widgets.page import Page
from workbook.ui.widgets.player import PlayerPosition

T = TypeVar("T")

REFRESH_DELAY_S = 1.0
"""Seconds for which other pages' changes may wait while hands are on somebody."""

REFRESH_DELAY_DURING_HEARTBEATS_S = 5.0
"""The same where the session's own events, taken at once, are all that seems to have changed."""

MAX_REVEAL_RETRIES = 3
"""How often a page asks for the wishes because the other one does, without a new *Ready*:
where neither can reach what waits for it, they do not go on for ever."""


@dataclass(frozen=True, slots=True)
class PageActions:
    """What a page can do that concerns more than its forms."""

    pass_screen: Callable[[], None]
    """Give the screen to the other person."""
    show: Show
    change_passphrase: Callable[[str, str], None]
    new_recovery_code: Callable[[str], str] | None = None
    set_pin: Callable[[str], None] | None = None
    erase: Callable[[], None] = lambda: None
    """Erase what this person answered in private, and lock."""
    erase_shared: Callable[[], None] = lambda: None
    """Erase what both people share, and lock."""
    lock_erased: Callable[[], None] = lambda: None
    """Lock, because another page of this person erased their answers."""


class Controller:
    """What one person sees while the book is open; nothing of the partner's private lane.

    Args:
        vault: the unlocked vault of this person.
        tables: the content tables.
        words: the words of the page's language.
        page: the page's own widget.
        actions: what the page can do.

    """

    def __init__(
        self,
        vault: UnlockedVault,
        tables: Tables,
        words: Words,
        *,
        page: Page,
        actions: PageActions,
    ) -> None:
        self._vault: UnlockedVault | None = vault
        self.page, self._actions = page, actions
        self._watcher = CommitWatcher(vault)  # before anything is read: nothing falls in between
        self.session = SessionMonitor(vault, self._watcher)
        feedback.ensure_past(vault, tables)
        today = vault.now().date()
        self.choices = Choices(today)
        self.context = FormContext(
            tables,
            words,
            actions.show,
            people.read_people(vault),
            vault.seat,
            today,
            editing=lambda: page.editing,
        )
        self.snapshot: Snapshot = load(vault, today)
        self.view: EveningView = self._make_view()
        self.forms = FormSet(self)
        self._day_was_over = False
        self._refreshed_at = float("-inf")
        self._refresh_due: float | None = None
        """When to look at what was saved since then; None: nothing was."""
        self._answered_request: bytes | None = None
        """The partner's request to open the wishes that this page has answered."""
        self._reveals_left = MAX_REVEAL_RETRIES

    @property
    def vault(self) -> UnlockedVault:
        """The unlocked vault of this person.

        Raises:
            VaultLocked: once this page was released.

        """
        if self._vault is None:
            raise VaultLocked
        return self._vault

    # One flow: load, view, render ------------------------------------------------------------

    def refresh(self) -> bool:
        """Load what is saved and show what differs; return whether anything does."""
        before, shown = self.snapshot, self.view
        self._load()
        if self.view.share_is_outdated:
            commands.renew_share(self.vault, self.context.tables)
            self._load()
        if self._was_erased(before):
            self._actions.lock_erased()
            return True
        self._show_people()
        self.forms.apply_remote(before)
        if before == self.snapshot and shown == self.view:
            return False
        self._render()
        return True

    def _load(self) -> None:
        self.snapshot = load(self.vault, self.choices.today)
        self.view = self._make_view()

    def _make_view(self) -> EveningView:
        view = make_view(self.snapshot, self.context.tables, self.vault.now(), self.choices)
        self.choices = replace(self.choices, landing=view.landing)
        return view

    def _render(self) -> None:
        self.forms.render()
        self.page.chapters = dict(self.view.chapters)

    def _was_erased(self, before: Snapshot) -> bool:
        """Return whether an answer that was there is gone: another page has erased it."""
        evenings = [now.evening and now.evening.id for now in (before, self.snapshot)]
        gone = before.own.saved.keys() - self.snapshot.own.saved.keys()
        return any(topic_for(n).is_standing or evenings[0] == evenings[1] for n in gone)

    def _show_people(self) -> None:
        """Show the names and marks that both have now."""
        if self.snapshot.people != self.context.people:
            self.context = replace(self.context, people=self.snapshot.people)
            self._show_seat()

    def _show_seat(self) -> None:
        me = self.context.me
        self.page.seat = {"name": me.name, "colour": me.colour, "shape": me.shape}

    def _show_saved(self, at: datetime | None) -> None:
        """Say that something is in the vault, and since when."""
        if at is not None:
            self.page.show_saved(self.context.words("forms.saved", clock=f"{at:%H:%M}"))

    def _show_saved_answer(self, saved: commands.SavedAnswer[T]) -> None:
        self._show_saved(saved.at)
        if saved.is_merged:
            self.page.show_notice(self.context.words("forms.joined"))

    # The page --------------------------------------------------------------------------------

    def build(self, name: str) -> Widget:
        """Build the form of this name for this person."""
        return self.forms.build(name)

    def welcome(self) -> None:
        """Show where to go on, and who is at the screen."""
        if self.goes_on:
            self.page.open_at_chapter("tonight")  # first, so that the page turns once
        self._show_seat()
        self.page.chapters = dict(self.view.chapters)
        if self._request_reveal():
            self.refresh()

    @property
    def goes_on(self) -> bool:
        """Whether the page opens at *Tonight*: on a later evening, or with a session under way."""
        return self.snapshot.is_under_way or self.view.is_return

    def is_under_way(self) -> bool:
        """Return whether a session has begun and not ended, on whichever page."""
        return self.session.is_under_way(self._evening)

    @property
    def _evening(self) -> str | None:
        return self.snapshot.evening.id if self.snapshot.evening else None

    def apply_deferred(self) -> None:
        """Show what is saved where somebody was writing until now."""
        self.forms.apply_deferred()

    def pass_screen(self) -> None:
        """Give the screen to the other person."""
        self._actions.pass_screen()

    def build_people(self) -> PeopleForm:
        """Build the form of names, passphrases and erasing."""
        actions = self._actions
        return PeopleForm(
            self.context,
            self.snapshot.people,
            actions.change_passphrase,
            actions.erase,
            actions.erase_shared,
            new_code=actions.new_recovery_code,
            pin=actions.set_pin,
            printing=self.page.print_text,
        )

    def release(self) -> None:
        """Drop everything that was answered, and keep the keys; nothing is saved any more."""
        self._vault = None
        self._watcher.close()
        self.forms.clear()

    def close(self) -> None:
        """Drop the keys and everything that was answered."""
        if self._vault is not None:
            self._vault.close()
        self.release()

    # Answers ---------------------------------------------------------------------------------

    def save_topic(self, name: str, value: object, base: object, *, confirms: bool = True) -> None:
        """Save one topic; "Saved" is shown after COMMIT, and every form of it follows."""
        with self._locking_if_erased():
            saved = commands.save_answer(
                self.vault,
                topic_for(name),
                value,
                base,
                self.context.tables,
                was_saved=name in self.snapshot.own.saved,
                confirms=confirms,
            )
        self._show_saved_answer(saved)
        self.forms.set_value(name, saved.value)
        if saved.at is not None or saved.is_merged:
            self.refresh()

    def _locking_if_erased(self) -> _LockIfErased:
        return _LockIfErased(self._actions.lock_erased)

    def save_return(self, value: ReturnAnswers, base: ReturnAnswers) -> None:
        """Save what a return evening asks afresh."""
        parts = [
            (name, getattr(value, name), getattr(base, name), name in self.snapshot.own.saved)
            for name in ("consent", "time", "health")
            if getattr(value, name) != self.snapshot.own.value(topic_for(name))
        ]
        with self._locking_if_erased():
            saved = commands.save_return(self.vault, parts, self.context.tables)
        if saved is not None:
            self._show_saved_answer(saved)
        self.refresh()

    def confirm_standing(self) -> None:
        """Say of every standing answer that it is still true tonight."""
        at = commands.confirm_standing(self.vault, self.context.tables, self.choices.today)
        self._show_saved(at)
        self.refresh()

    def save_people(self, value: People, base: People) -> None:
        """Save this person's own name, colour and shape."""
        seat = self.vault.seat
        saved = commands.save_person(self.vault, value.at(seat), base.at(seat))
        self._show_saved_answer(saved)
        self.refresh()

    def save_card(self, name: str, value: Any, base: Any) -> None:
        """Save a card that both people write on."""
        saved = commands.save_card(self.vault, value, base)
        self._show_saved_answer(saved)
        self.forms.set_value(name, saved.value)
        self.refresh()

    def note_tried(self) -> None:
        """Note that both signals were tried this evening."""
        signals: Signals = self.snapshot.signals
        self.save_card("signals", replace(signals, tried_on=self.choices.today), signals)

    # Ready and the agreement -----------------------------------------------------------------

    def hand_in(self) -> None:
        """Hand in what this person's answers mean now, and ask for the wishes to be opened."""
        at = commands.hand_in(self.vault, self.context.tables)
        self._reveals_left = MAX_REVEAL_RETRIES
        self._show_saved(at)
        self.refresh()
        if self._request_reveal():
            self.refresh()

    def take_back(self) -> None:
        """Take *Ready* back."""
        commands.take_back(self.vault)
        self.refresh()

    def choose_turn(self, turn: Turn) -> None:
        """Choose who gives, for how long and how; nothing is saved by it."""
        self.choices = replace(self.choices, turn=turn)
        self.view = self._make_view()
        self._render()

    def affirm(self, seat: Seat) -> None:
        """Say yes to the plan that is shown."""
        found = self.view.proposal
        if found.plan is None or not found.can_affirm:
            return
        on = self.choices.today
        self._show_saved(commands.affirm(self.vault, seat, found.plan, found.plan_hash, on))
        self.refresh()

    def withdraw(self, seat: Seat) -> None:
        """Take a yes back; hands that are on somebody stop."""
        on, plan_hash = self.choices.today, self.view.proposal.plan_hash
        self._show_saved(commands.withdraw(self.vault, seat, plan_hash, on))
        self.refresh()

    # Wishes ----------------------------------------------------------------------------------

    def _request_reveal(self) -> bool:
        """Ask for the wishes to be opened; return whether they are now.

        *Ready* asks, and so does a page that opens while it stands. What is in the way of
        wishes is in the way of nothing else.
        """
        if self._evening is None or not self.view.may_ask_wishes:
            return False
        try:
            return wishes.request_reveal(self.vault, self._evening)
        except VaultError as error:
            self._actions.show(error)
            return False

    def _answer_request(self) -> bool:
        """Ask as well where the partner does, once for each time; return whether it opened."""
        first = self.snapshot.wishes.first_request
        if first is None or first[0] is self.vault.seat or first[1] == self._answered_request:
            return False
        if not self._reveals_left:
            return False
        self._reveals_left -= 1
        self._answered_request = first[1]
        return self._request_reveal()

    def withdraw_wish(self, wish: str) -> None:
        """Take a matched wish off the list for both."""
        wishes.withdraw_wish(self.vault, wish)
        self._show_saved(self.vault.now())
        self.refresh()

    # The session -----------------------------------------------------------------------------

    def apply_event(self, event: Event) -> None:
        """Carry an event of the guide or the pad into the session."""
        if event is Event.START:
            change = commands.start_session(self.vault, self.context.tables, self.choices)
        else:
            change = commands.apply_event(self.vault, event)
        self._note_change(change)

    def finish_session(self) -> None:
        """Bring the session to its end: the page has played its last step."""
        self._note_change(commands.finish_session(self.vault))

    def save_position(self, state: PlayerPosition) -> None:
        """Keep where the guide is, so that a reload goes on there."""
        if self.view.guide.plan is None:
            return
        steps = tuple(step.seconds for step in self.view.guide.plan.steps)
        step, elapsed = int(state["step"]), int(state["elapsed"])
        self._note_change(commands.save_position(self.vault, steps, step, elapsed), ended=False)

    def _note_change(self, change: commands.SessionChange | None, *, ended: bool = True) -> None:
        """Show what another page said before, and where things stand once it has ended."""
        if change is None:
            return
        news = self.session.note(change.before)
        if player := self.forms.player:
            player.apply_remote_session(news.session.saved.value.session, news=news.is_news)
        self.session.note_written(change.after)
        if ended and change.after.has_ended:
            self._show_saved(self.vault.now())
            self.refresh()
        elif change.before.saved.version == 1:  # it has just begun
            self.refresh()

    def send_heartbeat(self) -> None:
        """Say that this page is there, while it guides a session or is its pad."""
        player = self.forms.player
        if player is None or self._evening is None:
            return
        if not (player.is_guide or player.is_pad_on_screen):
            return
        if self.is_under_way():
            self.session.send_heartbeat(self._evening, GuideBeat if player.is_guide else PadBeat)

    def update_peer_status(self) -> None:
        """Show who else is there, and who has gone; called several times a second."""
        player = self.forms.player
        if player is None:
            return
        if not self.is_under_way():
            player.note_session_over()
        elif player.is_guide:
            player.set_pad_present(self.session.is_there(PadBeat))
        else:
            player.set_led_elsewhere(bool(self.session.is_there(GuideBeat)))

    # Other pages -----------------------------------------------------------------------------

    def catch_up(self) -> bool:
        """Show what any page has saved since the last time; return whether there was anything.

        Raises:
            VaultError: if the vault cannot be read any more.

        """
        if not self._watcher.has_changed() and self._refresh_due is None:
            return False
        self._refresh_due, self._refreshed_at = None, time.monotonic()
        self.poll_session()  # what was committed just now may be a stop
        is_lively = self.is_under_way()  # the next event may come at any moment
        changed = self.refresh()
        if self._vault is not None and self._answer_request():
            self.refresh()
        return changed or is_lively

    def poll_session(self) -> bool:
        """Show what another page has said in the session; return whether that is all there is."""
        player = self.forms.player
        if player is None:
            return False
        news, is_all = self.session.poll(self._evening)
        if news is not None:
            player.apply_remote_session(news.session.saved.value.session, news=news.is_news)
        return is_all

    def poll(self) -> bool:
        """Catch up; in a session its own events come at once, and all else a little later.

        Raises:
            VaultError: if the vault cannot be read any more.

        """
        day_is_over = self.vault.now().date() != self.choices.today
        if day_is_over and not self._day_was_over:
            self._day_was_over = True
            self.refresh()
        if self._watcher.has_changed():
            is_session_only = self.poll_session()
            delay = REFRESH_DELAY_DURING_HEARTBEATS_S if is_session_only else REFRESH_DELAY_S
            due = self._refreshed_at + delay
            self._refresh_due = due if self._refresh_due is None else min(self._refresh_due, due)
        if self._refresh_due is None:
            return False
        if time.monotonic() < self._refresh_due and self.is_under_way():
            return True
        return self.catch_up()

    # Afterwards ------------------------------------------------------------------------------

    def save_feedback(self, form: Form, evening: str, value: Any, base: Any) -> None:
        """Save a debrief or next-day answers, joined with what another page saved."""
        saved = feedback.save_feedback(self.vault, evening, value, base, self.context.tables)
        self._show_saved_answer(saved)
        form.set_value(saved.value)
        if saved.at is not None:
            self.refresh()

    def give_thanks(self) -> None:
        """Hand in this person's thank-you."""
        self._show_saved(feedback.give_thanks(self.vault, self.choices.today))
        self.refresh()


class _LockIfErased:
    """Locks the page where a save finds that the answer before it is gone."""

    def __init__(self, lock: Callable[[], None]) -> None:
        self._lock = lock

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is not None and issubclass(kind, ChangedElsewhere):
            self._lock()
