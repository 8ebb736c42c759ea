"""Commands that save a yes to a plan, and a withdrawn yes."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

from workbook.app.commands.sessions import stop_session
from workbook.app.commands.tonight import ensure_evening
from workbook.domain.consent import AgreementEvent, AgreementKind
from workbook.domain.errors import NotSaved
from workbook.domain.evening import find_evening_day
from workbook.domain.plan import Plan
from workbook.domain.seats import Seat
from workbook.domain.session import SessionEnd
from workbook.domain.tables import Tables
from workbook.rules import consent
from workbook.store import agreements, evenings, plans
from workbook.store.unlocked import UnlockedVault


def affirm(vault: UnlockedVault, seat: Seat, made: Plan, plan_hash: str, on: date) -> datetime:
    """Save one person's yes to exactly this plan; return the local time of the save.

    A yes to a plan that was tightened since the other one's yes is a yes to the same
    agreement.

    Args:
        vault: the unlocked vault of the person at the screen.
        seat: whose yes it is; both people may sit at one page.
        made: the plan.
        plan_hash: its hash.
        on: local date of the page.

    """
    with vault.writing():
        evening = ensure_evening(vault)
        plans.save_plan(vault, evening, plan_hash, made)
        name = made.tightened_from or plan_hash
        event = AgreementEvent(AgreementKind.AFFIRMED, seat, name, on)
        agreements.append_event(vault, evening, event, spoken=seat is not vault.seat)
    return vault.now()


def withdraw(
    vault: UnlockedVault, tables: Tables, seat: Seat, plan_hash: str, on: date
) -> datetime:
    """Note that one person takes their yes back; a session under way stops."""
    with vault.writing():
        evening = ensure_evening(vault)
        if plan_hash:
            event = AgreementEvent(AgreementKind.WITHDRAWN, seat, plan_hash, on)
            agreements.append_event(vault, evening, event, spoken=seat is not vault.seat)
        stop_session(vault, tables, SessionEnd.LAPSED)
    return vault.now()


def clear_expired_yes(vault: UnlockedVault) -> None:
    """End every yes whose evening's day has ended, so that no clock put back revives it.

    Nothing is written where there is none, and a disk that refuses keeps nobody out.
    """
    now = vault.now()
    with vault.reading():
        evening = evenings.current_evening(vault, now)
        found = agreements.list_events(vault, evening.id) if evening else ()
    if evening is not None and consent.has_expired_yes(found, now):
        event = AgreementEvent(AgreementKind.CLEARED, None, "", find_evening_day(now))
        with suppress(NotSaved):
            agreements.append_event(vault, evening.id, event)


def clear_yes(vault: UnlockedVault, evening: str) -> None:
    """End every yes that holds: something was handed in or taken back since.

    Nothing is written where none holds.
    """
    now = vault.now()
    with vault.writing():
        if consent.holds_any_yes(agreements.list_events(vault, evening), now):
            event = AgreementEvent(AgreementKind.CLEARED, None, "", find_evening_day(now))
            agreements.append_event(vault, evening, event)
