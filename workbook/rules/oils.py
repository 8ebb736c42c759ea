"""Which product suits one person, and which may be offered to both."""

from __future__ import annotations

from datetime import datetime, timedelta

from workbook.domain.health import Screening
from workbook.domain.learning import Settings
from workbook.domain.limits import MINUTES, Share
from workbook.domain.oils import Offer, OilAnswers, PatchResult, PatchTest, Suitability, Verdict
from workbook.domain.tables import Oil, Tables
from workbook.rules import learning

WAIT = timedelta(hours=48)
"""How long a test runs (R-20)."""

WAIT_SENSITIVE = timedelta(days=7)
"""How long a test runs on sensitive skin."""

LASTS = timedelta(days=182)
"""A clear test is repeated after six months (facts, section 4.3)."""

FIRST_USE_MINUTES = 10
"""Longest turn with a newly tested product, in whole minutes."""

_NOTHING_LEARNED = Settings()


def suitable(
    answers: OilAnswers,
    screening: Screening,
    tables: Tables,
    now: datetime,
    learned: Settings = _NOTHING_LEARNED,
) -> tuple[Suitability, ...]:
    """Return for every product whether it suits one person's skin, as giver or receiver.

    Args:
        answers: allergies and tests; nothing suits while the allergies are unanswered.
        screening: what health says about the skin.
        tables: the products, in their order.
        now: local time.
        learned: products that past evenings took out.

    Source: facts, sections 4.1 and 4.3; R-17, R-20; design, section 10

    """
    wait = WAIT_SENSITIVE if answers.sensitive or _sensitive(screening) else WAIT
    blocked = learning.caps(learned)
    return tuple(
        _suitability(oil, answers, wait, now, blocked=oil.id in blocked)
        for oil in tables.oils.values()
    )


def offers(a: Share, b: Share, tables: Tables) -> tuple[Offer, ...]:
    """Return the products both people may have on their skin tonight; "nothing" always.

    A product that is new to either of them is for ten minutes at most.
    """
    new = a.new_products | b.new_products
    return tuple(
        Offer(oil.id, oil.suggested, FIRST_USE_MINUTES if oil.id in new else MINUTES[-1])
        for oil in tables.oils.values()
        if not oil.on_skin or oil.id in a.products & b.products
    )


def _sensitive(screening: Screening) -> bool:
    """Health asks for a week of testing (H-38)."""
    return "week_test" in screening.receiving.adaptations | screening.giving.adaptations


def _suitability(
    oil: Oil, answers: OilAnswers, wait: timedelta, now: datetime, *, blocked: bool
) -> Suitability:
    """One product for one person: the first reason against it, or that it suits."""
    test = answers.tests.get(oil.id)
    used = test is not None and test.used
    ready = None if test is None else _local(test.started) + wait
    if not oil.on_skin:
        return Suitability(oil.id, Verdict.SUITS)
    reasons = (
        (Verdict.NOT_OFFERED, not oil.offered),
        (Verdict.NOT_ASKED, not answers.answered),
        (Verdict.ALLERGY, not answers.allergies.isdisjoint(oil.allergens)),
        (Verdict.REACTED, blocked or _reacted(test)),
        (Verdict.NOT_OFFERED, wait > WAIT and not oil.sensitive_ok),
        (Verdict.NOT_OFFERED, answers.severe and not used),
        (Verdict.UNTESTED, test is None),
        (Verdict.TESTING, _running(test, ready, now)),
        (Verdict.RETEST, _old(test, now)),
        (Verdict.DECLINED, answers.without),
    )
    verdict = next((reason for reason, holds in reasons if holds), Verdict.SUITS)
    return Suitability(oil.id, verdict, ready if verdict is Verdict.TESTING else None, not used)


def _reacted(test: PatchTest | None) -> bool:
    """The skin answered, on whatever day it was."""
    return test is not None and test.result is PatchResult.REACTED


def _running(test: PatchTest | None, ready: datetime | None, now: datetime) -> bool:
    """Nobody read the test yet, or it was read too early to say anything."""
    return test is not None and ready is not None and (test.result is None or _local(now) < ready)


def _old(test: PatchTest | None, now: datetime) -> bool:
    """The test is more than six months old."""
    return test is not None and _local(now) > _local(test.started) + LASTS


def _local(moment: datetime) -> datetime:
    """The reading of the clock on the wall, so that any two can be compared."""
    return moment.replace(tzinfo=None)
