"""Tells what an evening still has before it: pure functions of what is saved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

from workbook.app.snapshot import Snapshot
from workbook.domain.areas import AreaMark
from workbook.domain.learning import Debrief, NextDay
from workbook.domain.plan import Turn
from workbook.domain.seats import Seat
from workbook.domain.tables import Tables
from workbook.domain.techniques import Position
from workbook.domain.topics import topic_for
from workbook.rules.areas import area_of
from workbook.rules.narrowing import FIVE_MINUTES_AREAS


def is_debrief_due(snapshot: Snapshot) -> bool:
    """Return whether a session has ended, and this person has said nothing of it but thanks."""
    if not snapshot.has_ended:
        return False
    said = snapshot.debrief.value if snapshot.debrief else None
    return said is None or said == Debrief(on=said.on, thanks=said.thanks)


def is_next_day_due(snapshot: Snapshot, tables: Tables, today: date) -> bool:
    """Return whether the questions of the day after come first, when a page opens.

    They do for some days after the last evening with a massage, until one of them was
    answered. A page decides once, when it opens: they stay until all are answered.

    Args:
        snapshot: what is saved.
        tables: for the number of days.
        today: local date.

    Source: SS-32; design ("Who is asked")

    """
    day = snapshot.next_day
    if day is None or today - day.on > timedelta(days=tables.settings["next_day_days"].default):
        return False
    blank = NextDay(on=day.on, product=day.product, touched=day.touched, gave=day.gave)
    return day == blank


def find_other_turn(snapshot: Snapshot, givers: Collection[Seat]) -> Turn | None:
    """Return the turn the other way round, if both are willing and nobody has given it yet.

    Args:
        snapshot: what is saved.
        givers: who could give a turn tonight, by both shares.

    Returns:
        For the same minutes as the turn before, with the same product; None: there is none.

    """
    if not snapshot.has_ended:
        return None
    last = snapshot.played[-1].plan.turn
    given = {each.plan.turn.giver for each in snapshot.played}
    if last.receiver not in givers or last.receiver in given:
        return None
    return replace(last, giver=last.receiver, position=None)


def may_choose_five_minutes(snapshot: Snapshot) -> bool:
    """Return whether this person is offered five minutes in place of an evening.

    They are after a first massage, where this person's own answers leave open what five
    minutes need.

    Source: design ("Five minutes, now")

    """
    own = snapshot.own
    limits, touch = own.value(topic_for("limits")), own.value(topic_for("techniques"))
    opened = {
        area_of(part)
        for marks in (limits.receiving, limits.giving)
        for part, mark in marks.items()
        if mark is AreaMark.OPEN
    }
    return (
        snapshot.has_earlier_session
        and not opened.isdisjoint(FIVE_MINUTES_AREAS)
        and Position.CHAIR not in touch.positions_out
    )
