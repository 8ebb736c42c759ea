"""What the health rules make of one person's answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from workbook.domain.areas import Side
from workbook.domain.evening import Answers, Energy, Hands, is_for_tonight
from workbook.domain.health import (
    Action,
    Clearance,
    Effect,
    HealthAnswers,
    ReportedCondition,
    Screening,
)
from workbook.domain.levels import Level
from workbook.domain.seats import Role
from workbook.domain.tables import HealthCase, HealthQuestion, HealthRow, LocalEffect, Tables
from workbook.rules.areas import (
    area_of,
    find_parts,
    list_choosable_parts,
    lowest_caps,
    neighbours_of,
    side_of,
)

_TOUCHING_AREAS = frozenset({"hands", "forearm"})
"""Areas of their own body that a giver touches with (R-31)."""

_LAST_PREGNANCY_WEEK = 42
"""Last week that is counted; the condition holds until it is unticked."""


def screen(answers: HealthAnswers, tables: Tables, now: datetime) -> Screening:
    """Return what one person's health answers allow on this evening.

    The strictest action decides; every cap and every closed part counts.

    Args:
        answers: what they ticked, and the date for which it was said to be true.
        tables: the rows to go by; a rule knows no file.
        now: local time; a rule knows no clock.

    Source: facts, section 3 (action codes) and 3.1; design ("Screening")

    """
    today = now.date()
    spoken = [
        _FiredCase(row, case, answers.ticked[case.key])
        for row in tables.health
        for case in row.cases
        if case.key in answers.ticked and _applies(case, answers.ticked[case.key], today)
    ]
    words = answers.clearances
    return Screening(
        complete=_is_complete(answers, tables, now),
        receiving=_combine_effects(
            _apply_clearances(_receiving_effect(one, tables), one, words, tables, today)
            for one in spoken
            if Role.RECEIVER in one.case.who
        ),
        giving=_combine_effects(
            _apply_clearances(_giving_effect(one, tables), one, words, tables, today)
            for one in spoken
            if Role.GIVER in one.case.who
        ),
    )


def merge_other_topics(answers: Answers) -> HealthAnswers:
    """Return the health answers with the statements that other forms tick.

    Consent, energy and hands are asked elsewhere; their rows are H-52, H-53, H-56 and
    H-57. A blank there is no statement: without an answer nothing is planned anyway.
    """
    consent, time = answers.consent, answers.time
    said = {
        "not_free": consent.is_no,
        "under_age": consent.adult is False,
        "giver_none": time.energy is Energy.NONE,
        "hands_open": time.hands is Hands.OPEN,
        "hands_sore": time.hands is Hands.SORE,
    }
    ticked = {key: ReportedCondition() for key, holds in said.items() if holds}
    return replace(answers.health, ticked={**answers.health.ticked, **ticked})


@dataclass(frozen=True, slots=True)
class _FiredCase:
    """A case that speaks tonight, with its row and the tick it speaks about."""

    row: HealthRow
    case: HealthCase
    tick: ReportedCondition


def list_questions(tables: Tables, *, tonight: bool) -> list[HealthQuestion]:
    """Return the questions of one part: of the groups that ask about tonight, or of the others.

    A follow-up about tonight belongs to the group of the answer that opens it.
    """
    lasting = {question.group for question in tables.questions if not question.tonight}
    return [each for each in tables.questions if (each.group not in lasting) is tonight]


def is_part_answered(answers: HealthAnswers, tables: Tables, *, tonight: bool) -> bool:
    """Return whether one part of the questions is answered; for which day, the caller looks at."""
    return all(
        question.key in answers.asked
        for question in list_questions(tables, tonight=tonight)
        if question.opens is None or question.opens in answers.ticked
    )


def _is_complete(answers: HealthAnswers, tables: Tables, now: datetime) -> bool:
    """Every question that applies was answered, and all of it was said for tonight."""
    parts = (is_part_answered(answers, tables, tonight=tonight) for tonight in (True, False))
    return is_for_tonight(answers.on, now) and all(parts)


def _applies(case: HealthCase, tick: ReportedCondition, today: date) -> bool:
    """A ticked case speaks if it is recent enough, in its weeks, and warm enough."""
    return (
        _is_recent(case, tick, today)
        and _is_in_weeks(case, tick, today)
        and _reaches_temperature(case, tick)
    )


def _is_recent(case: HealthCase, tick: ReportedCondition, today: date) -> bool:
    """It was true within the last ``days``, or it is so now, or nobody said when."""
    if case.days is None or tick.last is None:
        return True
    return (today - tick.last).days <= case.days


def _is_in_weeks(case: HealthCase, tick: ReportedCondition, today: date) -> bool:
    """Today's week is one of the case's weeks; an unknown week may be any of them."""
    if case.weeks is None or tick.week is None or tick.told is None:
        return True
    passed = max((today - tick.told).days, 0) // 7
    first, last = case.weeks
    return first <= min(max(tick.week, 1) + passed, _LAST_PREGNANCY_WEEK) <= last


def _reaches_temperature(case: HealthCase, tick: ReportedCondition) -> bool:
    """The temperature reaches the case's own; one that nobody wrote down may be any."""
    return case.celsius is None or tick.celsius is None or tick.celsius >= case.celsius


def _row_effect(one: _FiredCase, tables: Tables) -> Effect:
    """What a case says for anybody, its areas turned into parts."""
    case = one.case
    side = _named_side(one, tables)
    return Effect(
        action=case.action,
        cap=case.cap,
        caps={part: cap for key, cap in case.caps.items() for part in tables.areas[key].parts},
        closed=frozenset(
            part
            for key in case.closes
            for part in tables.areas[key].parts
            if side is None or part in (key, f"{key}.{side}")
        ),
        positions_out=frozenset(case.positions_out),
        techniques_out=frozenset(case.techniques_out),
        adaptations=frozenset(case.adaptations),
        gentle=case.gentle,
        rows=(one.row.id,),
    )


def _named_side(one: _FiredCase, tables: Tables) -> Side | None:
    """The one side on which everything lies that was named; None: on both, or nobody said.

    Source: design ("A side")
    """
    if one.case.local is LocalEffect.NOTHING or not one.tick.where:
        return None
    side = side_of(find_parts(one.tick.where, tables))
    return side if side in (Side.LEFT, Side.RIGHT) else None


def _receiving_effect(one: _FiredCase, tables: Tables) -> Effect:
    """What a case says for a body that is touched: its row, and the places it names.

    A closed place keeps its neighbours on that side at level 1. A place that was not
    said may be anywhere.
    """
    effect = _row_effect(one, tables)
    case, where = one.case, one.tick.where
    named = find_parts(where, tables) if where else frozenset(list_choosable_parts(tables))
    match case.local:
        case LocalEffect.CLOSE:
            around = {near for part in named for near in neighbours_of(part, tables)} - named
            caps = dict.fromkeys(sorted(around), Level.LOTION)
            return replace(
                effect, closed=effect.closed | named, caps=lowest_caps((effect.caps, caps))
            )
        case LocalEffect.CAP:
            # On both sides, as an own level for an area is: so a lower one tells no cause.
            sides = find_parts({area_of(part) for part in named}, tables)
            caps = dict.fromkeys(sorted(sides), case.local_cap)
            return replace(effect, caps=lowest_caps((effect.caps, caps)))
        case LocalEffect.NOTHING:
            return effect


def _giving_effect(one: _FiredCase, tables: Tables) -> Effect:
    """What a case says for a body that touches: its row, and what it names on the hands.

    Somebody whose hands or forearms it closes, or who did not say where it is, does not
    give (R-21); a cap there is a cap on all their giving. Elsewhere it changes nothing.
    """
    effect = _row_effect(one, tables)
    case, where = one.case, one.tick.where
    on_hands = not where or any(
        area_of(part) in _TOUCHING_AREAS for part in find_parts(where, tables)
    )
    match case.local:
        case LocalEffect.CLOSE if on_hands:
            return replace(effect, action=min(effect.action, Action.POSTPONE))
        case LocalEffect.CAP if on_hands:
            return replace(effect, cap=min(effect.cap, case.local_cap))
        case _:
            return effect


def _apply_clearances(
    effect: Effect, one: _FiredCase, words: Iterable[Clearance], tables: Tables, today: date
) -> Effect:
    """Return ``effect`` after a professional agreed: the evening opens, no limit is lifted.

    Without that word, what has been steady for a year or more opens a gentle evening, in the
    rows that allow it. Several rows that ask about one statement ask for one word, under the
    first of them: a midwife agrees once, also in the first weeks. Limits of a word that was
    given under another of them hold as well.

    Source: design ("Ask first"); SS-42
    """
    if effect.action is not Action.ASK_FIRST:
        return effect
    days = one.case.clearance_days
    if _is_steady(one):
        days = max(days, int(tables.settings["steady_word_days"].default))
    rules = _list_asking_rows(one.case.key, tables)
    holding = [
        word for word in words if word.rule in rules and _clearance_holds(word, one, today, days)
    ]
    if not any(word.rule == rules[0] for word in holding):
        waiting = replace(effect, ask_first=rules[:1])
        return _open_gentle_evening(waiting) if _is_steady(one) else waiting
    limited = replace(
        effect,
        cap=min(effect.cap, *(word.cap for word in holding)),
        closed=effect.closed.union(*(find_parts(word.closed, tables) for word in holding)),
    )
    return replace(limited, action=_remaining_action(limited))


def _list_asking_rows(key: str, tables: Tables) -> tuple[str, ...]:
    """Return the ids of the rows that ask for a professional's word about a statement."""
    return tuple(
        row.id
        for row in tables.health
        for case in row.cases
        if case.key == key and case.action is Action.ASK_FIRST
    )


def _is_steady(one: _FiredCase) -> bool:
    """It has been steady for a year or more, and its row allows a gentle evening then."""
    return one.case.gentle_if_steady and one.tick.steady is True


def _open_gentle_evening(effect: Effect) -> Effect:
    """Return an effect that waits for a word with a gentle evening open, within its limits."""
    action = Action.AVOID_AREA if effect.closed else Action.LIGHT_ONLY
    return replace(effect, action=action, in_gentle_evening=True)


def _clearance_holds(word: Clearance, one: _FiredCase, today: date, days: int) -> bool:
    """A word holds from its day on, for ``days``, and only about what had happened by then."""
    about_it = one.tick.last is None or one.tick.last <= word.on
    return about_it and 0 <= (today - word.on).days <= days


def _remaining_action(effect: Effect) -> Action:
    """The action of what is left once the professional has agreed."""
    if effect.closed:
        return Action.AVOID_AREA
    if effect.caps or effect.cap < Level.STRONG:
        return Action.LIGHT_ONLY
    if effect.positions_out or effect.techniques_out or effect.adaptations or effect.gentle:
        return Action.ADAPT
    return Action.OK


def _combine_effects(each: Iterable[Effect]) -> Effect:
    """The strictest action, and every limit added up."""
    effects = tuple(each)
    return Effect(
        action=min((e.action for e in effects), default=Action.OK),
        cap=min((e.cap for e in effects), default=Level.STRONG),
        caps=lowest_caps(e.caps for e in effects),
        closed=frozenset(part for e in effects for part in e.closed),
        positions_out=frozenset(place for e in effects for place in e.positions_out),
        techniques_out=frozenset(code for e in effects for code in e.techniques_out),
        adaptations=frozenset(key for e in effects for key in e.adaptations),
        gentle=any(e.gentle for e in effects),
        in_gentle_evening=any(e.in_gentle_evening for e in effects),
        rows=tuple(dict.fromkeys(row for e in effects for row in e.rows)),
        ask_first=tuple(dict.fromkeys(row for e in effects for row in e.ask_first)),
    )
