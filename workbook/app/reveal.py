"""When a page asks for the wishes of both people to be opened."""

from __future__ import annotations

from workbook.app.snapshot import Snapshot
from workbook.app.view import EveningView
from workbook.domain.errors import VaultError
from workbook.store import wishes
from workbook.store.unlocked import UnlockedVault
from workbook.ui.guard import Show

MAX_REVEAL_RETRIES = 3
"""How often a page asks for the wishes because the other page does, without a new *Ready*.
The limit ends the exchange if neither page can answer the other's request."""


class RevealRequests:
    """The requests of one page to open the wishes.

    Args:
        show: shows the error that prevented a request.

    """

    def __init__(self, show: Show) -> None:
        self._show = show
        self._answered: bytes | None = None
        """The partner's request that this page has answered."""
        self._left = MAX_REVEAL_RETRIES

    def renew(self) -> None:
        """Allow all retries again, after a new *Ready*."""
        self._left = MAX_REVEAL_RETRIES

    def request(self, vault: UnlockedVault, snapshot: Snapshot, view: EveningView) -> bool:
        """Ask for the wishes to be opened; return whether they are now.

        Called after *Ready*, and when a page opens while *Ready* stands. An error is only
        shown: the page works without the wishes.
        """
        if snapshot.evening is None or not view.may_ask_wishes:
            return False
        try:
            return wishes.request_reveal(vault, snapshot.evening.id)
        except VaultError as error:
            self._show(error)
            return False

    def answer(self, vault: UnlockedVault, snapshot: Snapshot, view: EveningView) -> bool:
        """Answer a new request of the partner; return whether the wishes are open now."""
        first = snapshot.wishes.first_request
        if first is None or first[0] is vault.seat or first[1] == self._answered:
            return False
        if not self._left:
            return False
        self._left -= 1
        self._answered = first[1]
        return self.request(vault, snapshot, view)
