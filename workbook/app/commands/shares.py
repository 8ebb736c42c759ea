"""Commands that hand a share in, take it back, and bring it up to date."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from workbook.app import snapshot as snapshots
from workbook.app import view as views
from workbook.app.commands.agreements import clear_yes
from workbook.app.commands.sessions import follow_shares, stop_session
from workbook.app.commands.tonight import ensure_evening
from workbook.domain.evening import find_evening_day
from workbook.domain.seats import Seat
from workbook.domain.session import SessionEnd
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

    It ends every yes that holds. A session under way is brought within it where it allows
    less; what it allows more changes nothing until that turn is over. Wishes go into a sealed
    ballot, unless both ballots are there already.
    """
    with vault.writing():
        evening = ensure_evening(vault)
        now = vault.now()
        own = snapshots.load_own(vault, evenings.current_evening(vault, now))
        share = views.own_share(own, tables, now)
        saved = _put_share(vault, evening, share)
        clear_yes(vault, evening)
        _follow(vault, evening, tables, share)
        last = wishes.last_round(vault)
        if wish_rules.is_round_due(
            last.on if last else None, find_evening_day(now), tables
        ) and len(wishes.list_handed_in(vault, evening)) < len(Seat):
            asked = wish_rules.draw_wishes(tables.wishes, wishes.read_seed(vault))
            wished = views.counted_answers(own, tables).wishes.wished
            wishes.hand_in_ballot(vault, evening, wished & frozenset(asked))
    return saved.at


def _put_share(vault: UnlockedVault, evening: str, share: Share) -> Saved[Share]:
    before = shares.read_own(vault, evening)
    return shares.hand_in(vault, evening, share, before.version if before else 0)


def _follow(vault: UnlockedVault, evening: str, tables: Tables, share: Share) -> None:
    """Bring a session under way within ``share``, this person's own, and the other one's."""
    follow_shares(vault, tables, {**shares.read_all(vault, evening), vault.seat: share})


def take_back(vault: UnlockedVault, tables: Tables) -> None:
    """Take this person's *Ready* back, with their ballot; a session under way stops."""
    with vault.writing():
        evening = evenings.current_evening(vault, vault.now())
        if evening is not None:
            _withdraw_share(vault, evening.id)
            stop_session(vault, tables, SessionEnd.LAPSED)


def _withdraw_share(vault: UnlockedVault, evening: str) -> None:
    shares.take_back(vault, evening)
    wishes.take_back_ballot(vault, evening)
    clear_yes(vault, evening)


def renew_share(vault: UnlockedVault, tables: Tables) -> ShareChange:
    """Replace the share that was handed in if this person's answers mean another one now.

    What allows less takes its place at once and keeps a yes; anything else is taken back,
    ends every yes, and waits for its owner's *Ready*. A session under way follows at once
    whatever allows less; only when it is over is a share taken back that allows more.
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
        running = sessions.latest_session(vault, evening.id)
        if running is not None and not new.tonight:
            then = views.own_share(own, tables, evening.began)
            if then.tonight and running.has_ended:
                return ShareChange.KEPT  # the day has ended: what it was stays on the page
            new = then if then.tonight else new  # the day has ended: this turn goes on
        is_live = running is not None and not running.has_ended
        if not is_live or limits.is_tighter(new, old):
            return _replace_share(vault, evening.id, tables, old, new)
        _follow(vault, evening.id, tables, new)
        return ShareChange.KEPT


def _replace_share(
    vault: UnlockedVault, evening: str, tables: Tables, old: Share, new: Share
) -> ShareChange:
    """Put ``new`` in the place of ``old`` if it is tighter, or else take ``old`` back."""
    if old == new:
        return ShareChange.KEPT
    if not limits.is_tighter(new, old):
        _withdraw_share(vault, evening)
        return ShareChange.TAKEN_BACK
    _put_share(vault, evening, new)
    if not new.tonight:
        clear_yes(vault, evening)
    _follow(vault, evening, tables, new)
    return ShareChange.TIGHTENED
