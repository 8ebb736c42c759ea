"""One unlocked page: runs a command, loads what is saved, makes the view, shows what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from ipywidgets import Widget

from workbook.app import feedback
from workbook.app.actions import PageActions
from workbook.app.commands import agreements, answers, sessions, shares
from workbook.app.commands.answers import SavedAnswer
from workbook.app.commands.sessions import SessionChange
from workbook.app.due import is_next_day_due
from workbook.app.forms import FormSet
from workbook.app.peers import Peers
from workbook.app.refreshing import RefreshTimer
from workbook.app.reveal import RevealRequests
from workbook.app.session import SessionMonitor, SessionNews, find_end_line
from workbook.app.snapshot import Snapshot, has_lost_answers, load
from workbook.app.view import Choices, EveningView, make_view
from workbook.content.words import Words
from workbook.domain.consent import Signals
from workbook.domain.errors import ChangedElsewhere, VaultLocked
from workbook.domain.evening import find_evening_day
from workbook.domain.plan import Turn
from workbook.domain.seats import People, Seat
from workbook.domain.session import Event, Phase
from workbook.domain.tables import Tables
from workbook.domain.topics import topic_for
from workbook.store import people, wishes
from workbook.store.changes import CommitWatcher
from workbook.store.unlocked import UnlockedVault
from workbook.ui.form import FormContext
from workbook.ui.forms.again import ReturnAnswers
from workbook.ui.widgets.page import Page
from workbook.ui.widgets.player import PlayerEvent, PlayerPosition

T = TypeVar("T")


class Controller:
    """What one person sees while the book is open; it holds no private answer of the partner.

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
        self.page, self.page_actions = page, actions
        self._watcher = CommitWatcher(vault)  # before the first read, so that no commit is missed
        self.session = SessionMonitor(vault, self._watcher)
        self.peers = Peers(vault, self._watcher, self.session)
        feedback.ensure_past(vault, tables)
        agreements.clear_expired_yes(vault)
        today = find_evening_day(vault.now())
        self.snapshot: Snapshot = load(vault, today)
        self.choices = Choices(today, asks_next_day=is_next_day_due(self.snapshot, tables, today))
        self.context = FormContext(
            tables,
            words,
            actions.show,
            people.read_people(vault),
            vault.seat,
            today,
            editing=lambda: page.editing,
        )
        self.view: EveningView = self._make_view()
        self.forms = FormSet(self)
        self._day_was_over, self._refresh_timer = False, RefreshTimer()
        self._reveal = RevealRequests(actions.show)

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
            shares.renew_share(self.vault, self.context.tables)
            self._load()
        if has_lost_answers(before, self.snapshot):
            self.page_actions.lock_erased()
            return True
        self._show_people()
        if line := find_end_line(self.context.words, before, self.snapshot):
            self.page.show_notice(line)
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
        self.page_actions.put_away()  # before anything is shown anew
        self.forms.render()
        self._show_evening()

    def _show_people(self) -> None:
        if self.snapshot.people != self.context.people:
            self.context = replace(self.context, people=self.snapshot.people)
            self._show_seat()

    def _show_evening(self) -> None:
        self.page.chapters = dict(self.view.chapters)
        self.page.evening = self.view.steps.as_json()

    def _show_seat(self) -> None:
        me = self.context.me
        self.page.seat = {"name": me.name, "colour": me.colour, "shape": me.shape}

    def _show_saved(self, at: datetime | None) -> None:
        if at is not None:  # something was written
            clock = self.context.words.language.write_time(at)
            self.page.show_saved(self.context.words("forms.saved", clock=clock))

    def _show_saved_answer(self, saved: SavedAnswer[T]) -> None:
        self._show_saved(saved.at)
        if saved.is_merged:
            self.page.show_notice(self.context.words("forms.joined"))

    # The page --------------------------------------------------------------------------------

    def build(self, name: str) -> Widget:
        """Build the form of this name for this person."""
        return self.forms.build(name)

    def welcome(self) -> None:
        """Show where the evening is, and the person at the screen."""
        self._show_evening()  # first, so that the page turns once
        self._show_seat()
        self.page.under_way = self.snapshot.is_under_way
        if self._request_reveal():
            self.refresh()

    def is_under_way(self) -> bool:
        """Return whether a session runs, on any page."""
        return self.session.is_under_way(self._evening)

    @property
    def _evening(self) -> str | None:
        return self.snapshot.evening.id if self.snapshot.evening else None

    def apply_deferred(self) -> None:
        """Show saved values in the text fields that were being edited until now."""
        self.forms.apply_deferred()

    def release(self) -> None:
        """Drop all answers and stop saving; the vault stays unlocked."""
        self._vault = None
        self._watcher.close()
        self.forms.clear()

    def close(self) -> None:
        """Drop the keys and all answers."""
        if self._vault is not None:
            self._vault.close()
        self.release()

    # Answers ---------------------------------------------------------------------------------

    def save_topic(self, name: str, value: object, base: object, *, confirms: bool = True) -> None:
        """Save one topic; show "Saved" after COMMIT, and the saved value in every form of it."""
        with self._locking_if_erased():
            saved = answers.save_answer(
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

    @contextmanager
    def _locking_if_erased(self) -> Iterator[None]:
        """Lock the page where a save finds that the answer before it is gone."""
        try:
            yield
        except ChangedElsewhere:
            self.page_actions.lock_erased()
            raise

    def save_return(self, value: ReturnAnswers, base: ReturnAnswers) -> None:
        """Save what a return evening asks afresh."""
        parts = [
            (name, getattr(value, name), getattr(base, name), name in self.snapshot.own.saved)
            for name in ("consent", "time", "health")
            if getattr(value, name) != self.snapshot.own.value(topic_for(name))
        ]
        with self._locking_if_erased():
            saved = answers.save_return(self.vault, parts, self.context.tables)
        if saved is not None:
            self._show_saved_answer(saved)
        self.refresh()

    def confirm_standing(self) -> None:
        """Save that every standing answer is still true tonight."""
        tables, today = self.context.tables, self.choices.today
        self.run_command(lambda vault: answers.confirm_standing(vault, tables, today))

    def save_people(self, value: People, base: People) -> None:
        """Save this person's own name, colour and shape."""
        seat = self.vault.seat
        saved = answers.save_person(self.vault, value.at(seat), base.at(seat))
        self._show_saved_answer(saved)
        self.refresh()

    def save_card(self, name: str, value: Any, base: Any) -> None:
        """Save a card that both people write on."""
        saved = answers.save_card(self.vault, value, base)
        self._show_saved_answer(saved)
        self.forms.set_value(name, saved.value)
        self.refresh()

    def note_tried(self) -> None:
        """Save that both signals were tried this evening."""
        signals: Signals = self.snapshot.signals
        self.save_card("signals", replace(signals, tried_on=self.choices.today), signals)

    # Ready and the agreement -----------------------------------------------------------------

    def hand_in(self) -> None:
        """Hand in what this person's answers mean now, and ask for the wishes to be opened."""
        at = shares.hand_in(self.vault, self.context.tables)
        self._reveal.renew()
        self._show_saved(at)
        self.refresh()
        if self._request_reveal():
            self.refresh()

    def take_back(self) -> None:
        """Take *Ready* back."""
        shares.take_back(self.vault, self.context.tables)
        self.refresh()

    def choose_turn(self, turn: Turn) -> None:
        """Choose who gives, for how long and how; nothing is saved by it."""
        self._apply_choices(replace(self.choices, turn=turn))

    def go_on(self, turn: Turn | None = None) -> None:
        """Lead back to the plan after a massage, for another turn or for the same one."""
        self._apply_choices(replace(self.choices, turn=turn or self.choices.turn, goes_on=True))

    def _apply_choices(self, choices: Choices) -> None:
        self.choices = choices
        self.view = self._make_view()
        self._render()

    def affirm(self, seat: Seat) -> None:
        """Save a person's yes to the plan that is shown."""
        found = self.view.proposal
        if found.plan is None or not found.can_affirm or not self._may_speak_for(seat):
            return
        on = self.choices.today
        self._show_saved(agreements.affirm(self.vault, seat, found.plan, found.plan_hash, on))
        self.refresh()

    def _may_speak_for(self, seat: Seat) -> bool:
        """Return whether this person may press here; the partner's open page is the place."""
        return seat is self.vault.seat or not self.peers.is_partner_open(self._evening)

    def withdraw(self, seat: Seat) -> None:
        """Withdraw a person's yes; a running session stops."""
        on, plan_hash = self.choices.today, self.view.proposal.plan_hash
        self._show_saved(agreements.withdraw(self.vault, self.context.tables, seat, plan_hash, on))
        self.refresh()

    # Wishes ----------------------------------------------------------------------------------

    def _request_reveal(self) -> bool:
        """Ask for the wishes to be opened; return whether they are now."""
        return self._reveal.request(self.vault, self.snapshot, self.view)

    def withdraw_wish(self, wish: str) -> None:
        """Take a matched wish off the list for both."""
        wishes.withdraw_wish(self.vault, wish)
        self._show_saved(self.vault.now())
        self.refresh()

    # The session -----------------------------------------------------------------------------

    def apply_event(self, event: Event, at: PlayerEvent | None) -> None:
        """Carry an event of the guide, or of the pad (``at`` is None), into the session."""
        tables = self.context.tables
        plan_hash = at["plan"] if at else None
        if event is Event.START:
            self.choices = replace(self.choices, goes_on=False)
            change = sessions.start_session(self.vault, tables, self.choices, plan_hash)
        else:
            elapsed = float(at["elapsed"]) if at else None
            change = sessions.apply_event(
                self.vault, tables, event, elapsed=elapsed, plan_hash=plan_hash
            )
        self._note_change(change, has_begun=event is not Event.START)

    def save_position(self, state: PlayerPosition) -> None:
        """Keep where the guide is, so that a reload goes on there."""
        phase, elapsed, tables = Phase(state["phase"]), float(state["elapsed"]), self.context.tables
        change = sessions.save_position(self.vault, tables, phase, elapsed, state["plan"])
        self._note_change(change)

    def _note_change(self, change: SessionChange | None, *, has_begun: bool = True) -> None:
        """Show what another page said before, and where things stand once it has ended."""
        if change is None:  # nothing is under way; a guide that does not know it yet stops
            if has_begun:  # how it ended may be known
                self.poll_session()
            if player := self.forms.player:
                player.end_lapsed()
            return
        self._show_session(self.session.note(change.before))
        self.session.note_written(change.after)
        self.page.under_way = not change.after.has_ended
        if change.after.has_ended:
            self._show_saved(self.vault.now())
            self.refresh()
        elif change.before.saved.version == 1:  # it has just begun
            self.refresh()

    def stop_session(self) -> None:
        """Stop the session that is under way: somebody pressed Stop on a cover."""
        sessions.stop_session(self.vault, self.context.tables)
        self.poll_session()
        self.refresh()
        self.page.under_way = self.is_under_way()

    def send_heartbeat(self) -> None:
        """Say that this page is there, while it guides, is the pad, or shows tonight's plan."""
        on_screen = {"is_live": self.is_under_way(), "is_tonight": self.view.proposal.tonight}
        self.peers.send_heartbeat(self.forms.player, self._evening, **on_screen)

    def update_peer_status(self) -> None:
        """Show who else is there, and who has gone; called several times a second."""
        self.page.under_way = is_live = self.is_under_way()
        self.peers.show(self.forms.player, is_live=is_live)
        is_open = self.view.proposal.tonight and self.peers.is_partner_open(self._evening)
        if not is_live and is_open != self.choices.partner_is_open:
            self._apply_choices(replace(self.choices, partner_is_open=is_open))

    # Other pages -----------------------------------------------------------------------------

    def catch_up(self) -> bool:
        """Show what any page has saved since the last time; return whether there was anything.

        Raises:
            VaultError: if the vault cannot be read any more.

        """
        if not self._watcher.has_changed() and not self._refresh_timer.is_pending:
            return False
        self._refresh_timer.note_refresh()
        self.poll_session()  # what was committed just now may be a stop
        is_lively = self.is_under_way()  # keep polling quickly: the next event may come soon
        changed = self.refresh()
        if self._vault is not None and self._reveal.answer(self.vault, self.snapshot, self.view):
            self.refresh()
        return changed or is_lively

    def poll_session(self) -> bool:
        """Show session events of other pages; return whether nothing else seems to have changed."""
        player = self.forms.player
        if player is None:
            return False
        news, is_all = self.session.poll(self._evening)
        if news is None:
            return is_all
        self._show_session(news)
        # A plan that was tightened is shown at once, while hands are still.
        return is_all and news.session.saved.value.plan == self.view.guide.plan_hash

    def _show_session(self, news: SessionNews) -> None:
        if player := self.forms.player:
            record = news.session.saved.value
            player.apply_remote_session(record.session, news=news.is_news, ended=record.ended)

    def poll(self) -> bool:
        """Show other pages' changes; in a session its events at once and the rest a little later.

        Returns whether something changed or is still to be shown; raises as ``catch_up``.
        """
        day_is_over = find_evening_day(self.vault.now()) != self.choices.today
        if day_is_over and not self._day_was_over:
            self._day_was_over = True
            agreements.clear_expired_yes(self.vault)
            self.refresh()
        if self._watcher.has_changed():
            self._refresh_timer.schedule(session_only=self.poll_session())
        if not self._refresh_timer.is_pending:
            return False
        if not self._refresh_timer.is_due() and self.is_under_way():
            return True
        return self.catch_up()

    # Afterwards ------------------------------------------------------------------------------

    def save_feedback(self, evening: str, value: Any, base: Any) -> None:
        """Save a debrief or next-day answers, merged with what another page saved."""
        saved = feedback.save_feedback(self.vault, evening, value, base, self.context.tables)
        self._show_saved_answer(saved)
        self.forms.set_feedback(evening, saved.value)
        if saved.at is not None:
            self.refresh()

    def run_command(self, command: Callable[[UnlockedVault], datetime | None]) -> None:
        """Run a command that has nothing to merge; show the time of its save and what differs."""
        self._show_saved(command(self.vault))
        self.refresh()
