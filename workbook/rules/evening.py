"""What the book would say about one evening: the whole chain, from answers to plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbook.domain.evening import EveningQuestion
from workbook.domain.health import Action, Screening
from workbook.domain.plan import Plan, Turn
from workbook.domain.products import Offer, Suitability
from workbook.domain.seats import Seat
from workbook.domain.shares import Limits, Share
from workbook.domain.tables import Tables
from workbook.rules import limits, plan, products, screening


@dataclass(frozen=True, slots=True)
class PersonOutcome:
    """What the rules make of one person's answers; for that person and who helps them."""

    tonight: bool
    """Whether anything happens for them tonight."""
    receives: bool
    gives: bool
    complete: bool
    """Whether every health question was answered for today."""
    action: Action
    """The strictest of receiving and giving."""
    rows: tuple[str, ...]
    """IDs of the health rows that fired."""
    needs: tuple[str, ...]
    """IDs of the rows that wait for a professional's word."""
    products: tuple[Suitability, ...]


@dataclass(frozen=True, slots=True)
class TurnOutcome:
    """What would happen in one turn."""

    turn: Turn
    limits: Limits
    offers: tuple[Offer, ...]
    plan: Plan
    fingerprint: str
    """What both would agree to."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the book would say about one evening."""

    people: Mapping[Seat, PersonOutcome]
    turns: tuple[TurnOutcome, ...]


def evaluate_evening(question: EveningQuestion, tables: Tables) -> Outcome:
    """Return what follows from two people's answers: outcomes, limits, offers and plans.

    Args:
        question: both people's answers, the local time and the turns asked for.
        tables: what the rules go by.

    Source: design ("plan and play")

    """
    screened = {
        seat: screening.screen(screening.merge_other_topics(answers), tables, question.now)
        for seat, answers in question.people.items()
    }
    shares = {
        seat: limits.share(answers, screened[seat], tables, question.now)
        for seat, answers in question.people.items()
    }
    first, second = (answers.wishes.wished for answers in question.people.values())
    wishes = first & second
    return Outcome(
        people={
            seat: _evaluate_person(question, seat, screened[seat], shares[seat], tables)
            for seat in Seat
        },
        turns=tuple(_evaluate_turn(turn, shares, tables, wishes) for turn in question.turns),
    )


def _evaluate_person(
    question: EveningQuestion, seat: Seat, screened: Screening, shared: Share, tables: Tables
) -> PersonOutcome:
    """One person's side of it."""
    receiving, giving = screened.receiving, screened.giving
    answers = question.people[seat]
    return PersonOutcome(
        tonight=shared.tonight,
        receives=shared.receiving is not None,
        gives=shared.giving is not None,
        complete=screened.complete,
        action=min(receiving.action, giving.action),
        rows=tuple(dict.fromkeys(receiving.rows + giving.rows)),
        needs=tuple(dict.fromkeys(receiving.ask_first + giving.ask_first)),
        products=products.assess_products(
            answers.oils, screened, tables, question.now, answers.learned
        ),
    )


def _evaluate_turn(
    turn: Turn, shares: Mapping[Seat, Share], tables: Tables, wishes: frozenset[str]
) -> TurnOutcome:
    """One turn; whom it is for changes nothing about its limits."""
    giver, receiver = shares[turn.giver], shares[turn.receiver]
    merged = limits.merge(giver, receiver, tables)
    planned = plan.make(merged, turn, tables, wishes)
    return TurnOutcome(
        turn=turn,
        limits=merged,
        offers=products.offers(giver, receiver, tables),
        plan=planned,
        fingerprint=plan.plan_hash(planned),
    )
