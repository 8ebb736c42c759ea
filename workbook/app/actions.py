"""What forms ask of the page they are on, and what a page asks of the book."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from workbook.app.snapshot import Snapshot
from workbook.app.view import EveningView
from workbook.domain.plan import Turn
from workbook.domain.seats import People, Seat
from workbook.domain.session import Event
from workbook.store.unlocked import UnlockedVault
from workbook.ui.form import FormContext
from workbook.ui.forms.again import ReturnAnswers
from workbook.ui.guard import Show
from workbook.ui.widgets.page import Page
from workbook.ui.widgets.player import PlayerEvent, PlayerPosition


@dataclass(frozen=True, slots=True)
class PageActions:
    """What a page can do that concerns more than its forms."""

    pass_screen: Callable[[], None]
    """Give the screen to the other person."""
    put_away: Callable[[], None]
    """Put private forms away, or give them back, as the state of the evening wants it."""
    show: Show
    change_passphrase: Callable[[str, str], None]
    new_recovery_code: Callable[[str], str]
    confirm_recovery_code: Callable[[str], None]
    """Note that this person has written their code down."""
    set_pin: Callable[[str], None]
    erase: Callable[[], None]
    """Erase what this person answered in private, and lock."""
    erase_shared: Callable[[], None]
    """Erase what both people share, and lock."""
    lock_erased: Callable[[], None]
    """Lock, because another page of this person erased their answers."""


class Actions(Protocol):
    """What the forms ask of the page they are on."""

    context: FormContext
    page: Page
    page_actions: PageActions
    snapshot: Snapshot
    view: EveningView

    @property
    def vault(self) -> UnlockedVault:
        """The unlocked vault of the person at the screen."""

    def save_topic(self, name: str, value: object, base: object, *, confirms: bool = True) -> None:
        """Save one topic."""

    def save_return(self, value: ReturnAnswers, base: ReturnAnswers) -> None:
        """Save what a return evening asks afresh."""

    def save_people(self, value: People, base: People) -> None:
        """Save this person's own name and mark."""

    def save_card(self, name: str, value: object, base: object) -> None:
        """Save a card of both people."""

    def save_feedback(self, evening: str, value: object, base: object) -> None:
        """Save a debrief or next-day answers."""

    def confirm_standing(self) -> None:
        """Save that every standing answer is still true."""

    def hand_in(self) -> None:
        """Hand in what this person's answers mean now (*Ready*)."""

    def take_back(self) -> None:
        """Take *Ready* back."""

    def choose_turn(self, turn: Turn) -> None:
        """Choose who gives, for how long and how."""

    def go_on(self, turn: Turn | None = None) -> None:
        """Lead back to the plan after a massage, for another turn or for the same one."""

    def note_tried(self) -> None:
        """Note that the signals were tried."""

    def affirm(self, seat: Seat) -> None:
        """Save a person's yes to the plan that is shown."""

    def withdraw(self, seat: Seat) -> None:
        """Take a yes back."""

    def withdraw_wish(self, wish: str) -> None:
        """Take a matched wish off the list."""

    def apply_event(self, event: Event, at: PlayerEvent | None) -> None:
        """Carry an event of the guide, or of the pad (``at`` is None), into the session."""

    def save_position(self, state: PlayerPosition) -> None:
        """Save the position of the guide in the plan."""

    def run_command(self, command: Callable[[UnlockedVault], datetime | None]) -> None:
        """Run a command that has nothing to merge, and show when it was saved."""
