"""Other pages of the same evening: which are there, and that this one is."""

from __future__ import annotations

import time
from contextlib import suppress
from secrets import token_hex

from workbook.app.session import SessionMonitor
from workbook.domain.errors import VaultError
from workbook.domain.seats import Seat
from workbook.domain.session import Beat, GuideBeat, PadBeat, SeatABeat, SeatBBeat
from workbook.store import cards
from workbook.store.changes import CommitWatcher
from workbook.store.unlocked import UnlockedVault
from workbook.ui.forms.player import PlayerForm

SEAT_BEAT_INTERVAL_S = 4.0
"""Seconds between two signs of life of a page that shows tonight's plan."""

SEAT_TIMEOUT_S = 10.0
"""Seconds without one after which the partner's page counts as closed."""

_KINDS: dict[Seat, type[Beat]] = {Seat.A: SeatABeat, Seat.B: SeatBBeat}


class Peers:
    """Says that this page is there, and knows which other ones are.

    Args:
        vault: the unlocked vault of the person at the screen.
        watcher: tells whether anything was committed.
        session: follows the session for this page.

    """

    def __init__(
        self, vault: UnlockedVault, watcher: CommitWatcher, session: SessionMonitor
    ) -> None:
        self._vault, self._watcher, self._session = vault, watcher, session
        self._page = token_hex(8)
        self._sent_at = self._seen_at = float("-inf")
        self._read_for: tuple[str, int] | None = None
        self._beat: int | None = None
        """Number of the partner's last sign of life; None: not read yet."""

    def send_heartbeat(
        self, player: PlayerForm | None, evening: str | None, *, is_live: bool, is_tonight: bool
    ) -> None:
        """Say that this page guides the session, is its pad, or shows tonight's plan.

        Where it cannot be written, other pages say that they are alone, as they are.

        Args:
            player: the guide's form, if it is built.
            evening: id of the evening that runs.
            is_live: whether a session has begun and not ended.
            is_tonight: whether a plan is on the screen.

        """
        if evening is None:
            return
        if is_live:
            if player is not None and (player.is_guide or player.is_pad_on_screen):
                kind = GuideBeat if player.is_guide else PadBeat
                self._session.send_heartbeat(evening, kind)
        elif is_tonight and time.monotonic() - self._sent_at > SEAT_BEAT_INTERVAL_S:
            self._sent_at = time.monotonic()
            with suppress(VaultError):
                cards.write_beat(self._vault, _KINDS[self._vault.seat], evening, self._page)

    def is_partner_open(self, evening: str | None) -> bool:
        """Return whether a page of the partner shows tonight's plan; read only after a commit."""
        if evening is None:
            return False
        now = evening, self._watcher.data_version()
        if now != self._read_for:
            self._read_for = now
            with self._vault.reading():
                found = cards.read_card(self._vault, _KINDS[self._vault.seat.other], evening)
            beat = found.value.beat if found else 0
            if self._beat is not None and beat > self._beat:
                self._seen_at = time.monotonic()
            self._beat = beat
        return time.monotonic() - self._seen_at < SEAT_TIMEOUT_S

    def show(self, player: PlayerForm | None, *, is_live: bool) -> None:
        """Show the guide whether its pad is there, and the pad whether its guide is."""
        if player is None:
            return
        if not is_live:
            player.note_session_over()
        elif player.is_guide:
            player.set_pad_present(self._session.is_there(PadBeat))
        else:
            player.set_led_elsewhere(bool(self._session.is_there(GuideBeat)))
