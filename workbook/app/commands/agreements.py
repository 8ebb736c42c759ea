"""Commands that save a yes to a plan, and a withdrawn yes."""

from __future__ import annotations

from datetime import date, datetime

from workbook.app.commands.sessions import stop_session
from workbook.app.commands.tonight import ensure_evening
from workbook.domain.consent import AgreementEvent, AgreementKind
from workbook.domain.plan import Plan
from workbook.domain.seats import Seat
from workbook.store import agreements, plans
from workbook.store.unlocked import UnlockedVault


def affirm(vault: UnlockedVault, seat: Seat, made: Plan, plan_hash: str, on: date) -> datetime:
    """Save one person's yes to exactly this plan; return the local time of the save.

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
        event = AgreementEvent(AgreementKind.AFFIRMED, seat, plan_hash, on)
        agreements.append_event(vault, evening, event, spoken=seat is not vault.seat)
    return vault.now()


def withdraw(vault: UnlockedVault, seat: Seat, plan_hash: str, on: date) -> datetime:
    """Save that one person withdraws their yes; a running session stops."""
    with vault.writing():
        evening = ensure_evening(vault)
        if plan_hash:
            event = AgreementEvent(AgreementKind.WITHDRAWN, seat, plan_hash, on)
            agreements.append_event(vault, evening, event, spoken=seat is not vault.seat)
        stop_session(vault)
    return vault.now()
