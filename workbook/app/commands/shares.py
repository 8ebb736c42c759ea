"""Commands that hand a share in, take it back, and bring it up to date."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from workbook.app import snapshot as snapshots
from workbook.app import view as views
from workbook.app.commands.sessions import stop_session
from workbook.app.commands.tonight import ensure_evening
from workbook.domain.seats import Seat
from workbook.domain.shares import Share
from workbook.domain.tables import Tables
from workbook.rules import limits
from workbook.rules import wishes as wish_rules
from workbook.store import evenings, sessions, shares, wishes
from workbook.store.records import Saved
from workbook.store.unlocked import UnlockedVault


class ShareChange(Enum):
    """What ``renew_share`` did with the share that was handed in."""

    KEPT = "kept"
    TIGHTENED = "tightened"
    TAKEN_BACK = "taken_back"


def hand_in(vault: UnlockedVault, tables: Tables) -> datetime:
    """Hand in what this person's answers mean now; return the local time of the save.

    If a round of wishes is due, their wishes go into a sealed ballot, unless both ballots are
    there already.
    """
    with vault.writing():
        evening = ensure_evening(vault)
        now = vault.now()
        own = snapshots.load_own(vault, evenings.current_evening(vault, now))
        saved = _put_share(vault, evening, views.own_share(own, tables, now))
        last = wishes.last_round(vault)
        if wish_rules.is_round_due(last.on if last else None, now.date(), tables) and len(
            wishes.list_handed_in(vault, evening)
        ) < len(Seat):
            asked = wish_rules.draw_wishes(tables.wishes, wishes.read_seed(vault))
            wished = views.counted_answers(own, tables).wishes.wished
            wishes.hand_in_ballot(vault, evening, wished & frozenset(asked))
    return saved.at


def _put_share(vault: UnlockedVault, evening: str, share: Share) -> Saved[Share]:
    before = shares.read_own(vault, evening)
    return shares.hand_in(vault, evening, share, before.version if before else 0)


def take_back(vault: UnlockedVault) -> None:
    """Take this person's share and ballot back; a running session stops."""
    with vault.writing():
        evening = evenings.current_evening(vault, vault.now())
        if evening is not None:
            _withdraw_share(vault, evening.id)
            stop_session(vault)


def _withdraw_share(vault: UnlockedVault, evening: str) -> None:
    shares.take_back(vault, evening)
    wishes.take_back_ballot(vault, evening)


def renew_share(vault: UnlockedVault, tables: Tables) -> ShareChange:
    """Replace the share that was handed in if this person's answers mean another one now.

    A share that allows less replaces it at once. A share that allows more is not handed in: the old
    one is taken back until its owner presses *Ready*. *Not tonight* stops a running session.
    """
    with vault.writing():
        now = vault.now()
        evening = evenings.current_evening(vault, now)
        handed = shares.read_own(vault, evening.id) if evening else None
        if evening is None or handed is None or handed.value is None:
            return ShareChange.KEPT
        own = snapshots.load_own(vault, evening)
        old, new = handed.value, views.own_share(own, tables, now)
        if old == new:
            return ShareChange.KEPT
        running = sessions.current_session(vault, evening.id)
        if running is not None and not new.tonight:
            if running.has_ended:  # the ended session stays on the page, after midnight too
                return ShareChange.KEPT
            if views.own_share(own, tables, evening.began).tonight:
                return ShareChange.KEPT  # only the date changed: the session goes on
        if not limits.is_tighter(new, old):
            _withdraw_share(vault, evening.id)
            return ShareChange.TAKEN_BACK
        _put_share(vault, evening.id, new)
        if not new.tonight or _nothing_is_open(vault, tables, now):
            stop_session(vault)
        return ShareChange.TIGHTENED


def _nothing_is_open(vault: UnlockedVault, tables: Tables, now: datetime) -> bool:
    """Return whether both have handed in and no area is open to both any more."""
    snapshot = snapshots.load(vault)
    made = views.make_proposal(snapshot, tables, now, views.Choices(now.date())).plan
    return made is not None and not made.steps
