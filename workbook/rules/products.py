"""Which product suits one person, and which may be offered to both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from workbook.domain.health import Screening
from workbook.domain.learning import Settings
from workbook.domain.products import (
    BEGINNERS_PRODUCT,
    Offer,
    OilAnswers,
    PatchResult,
    PatchTest,
    Suitability,
    Verdict,
)
from workbook.domain.shares import TURN_MINUTES, Share
from workbook.domain.tables import Oil, Tables
from workbook.rules import learning
from workbook.rules.essential_oils import is_none_tonight

_NOTHING_LEARNED = Settings()


def assess_products(
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

    Source: facts, sections 4.1 and 4.3; R-17, R-20; design ("Products")

    """
    asked = screening.receiving.adaptations | screening.giving.adaptations
    skin = _Skin(
        answers,
        sensitive=answers.sensitive or "week_test" in asked,
        scent_free="scent_free" in asked or is_none_tonight(answers.circumstances, tables),
        blocked=frozenset(learning.learned_caps(learned)),
    )
    return tuple(_assess_product(oil, skin, tables, now) for oil in tables.oils.values())


def list_to_try(answers: OilAnswers, tables: Tables) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the IDs of products to try on the skin: the few to begin with, and the others.

    What holds an allergen of this person is not among them, nor what is not for sensitive skin
    where that was said. A product with a test stays, so that its test can be read.

    Source: R-17; facts, section 4.1

    """
    listed = [
        oil
        for oil in tables.oils.values()
        if oil.id in answers.tests
        or (
            oil.offered
            and oil.on_skin
            and answers.allergies.isdisjoint(oil.allergens)
            and (oil.sensitive_ok or not answers.sensitive)
        )
    ]
    first = sorted((o for o in listed if o.suggested), key=lambda o: o.id != BEGINNERS_PRODUCT)
    return tuple(o.id for o in first), tuple(o.id for o in listed if not o.suggested)


def patch_test_duration(tables: Tables, *, sensitive: bool) -> timedelta:
    """Return how long a patch test runs; longer for sensitive skin or a product with scent.

    Args:
        tables: the hours of the row ``wait``, first the usual, then the longer time.
        sensitive: whether the longer time is needed.

    Source: R-20; PT-4

    """
    short, long = tables.patch_test["wait"].hours
    return timedelta(hours=long if sensitive else short)


def schedule_looks(started: datetime, wait: timedelta, tables: Tables) -> tuple[datetime, ...]:
    """Return when to look at a test, the last time being the one from which it counts.

    Args:
        started: local time of the first application.
        wait: how long the test runs.
        tables: the hours at which to look.

    Source: R-20; PT-3

    """
    looks = {timedelta(hours=each) for each in tables.patch_test["look"].hours}
    return tuple(
        _drop_timezone(started) + after for after in sorted({*looks, wait}) if after <= wait
    )


def first_use_minutes(tables: Tables) -> int:
    """Return the longest turn with a newly tested product, in whole minutes.

    Source: SS-14
    """
    return int(tables.settings["first_use_minutes"].default)


def offers(a: Share, b: Share, tables: Tables) -> tuple[Offer, ...]:
    """Return the products both people may have on their skin tonight; "nothing" always.

    Both tried the same bottle, with scent or without, and one with scent stays closed
    if it suits either of them badly. A product that is new to either of them has a
    shorter longest turn.

    Args:
        a: share of one person.
        b: share of the other; the order does not matter.
        tables: the products, in their order.

    Returns:
        An offer for each product, with the longest turn in whole minutes.

    Source: R-14, R-17, SS-14

    """
    suiting = (a.products & b.products) - (a.scented ^ b.scented)
    new = a.new_products | b.new_products
    first_use = first_use_minutes(tables)
    return tuple(
        Offer(oil.id, oil.suggested, first_use if oil.id in new else TURN_MINUTES[-1])
        for oil in tables.oils.values()
        if not oil.on_skin or oil.id in suiting
    )


@dataclass(frozen=True, slots=True)
class _Skin:
    """What one person's skin allows."""

    answers: OilAnswers
    sensitive: bool
    """A week of testing for everything (H-38)."""
    scent_free: bool
    """Nothing with scent (R-14), by the same table as the drops (E-04, E-05, E-11)."""
    blocked: frozenset[str]
    """Products that past evenings took out."""


def _assess_product(oil: Oil, skin: _Skin, tables: Tables, now: datetime) -> Suitability:
    """One product for one person: the first reason against it, or that it suits."""
    answers = skin.answers
    test = answers.tests.get(oil.id)
    used = test is not None and test.used
    scented = test is not None and test.with_scent
    wait = patch_test_duration(tables, sensitive=skin.sensitive or scented)
    times = () if test is None else schedule_looks(test.started, wait, tables)
    if not oil.on_skin:
        return Suitability(oil.id, Verdict.SUITS)
    reasons = (
        (Verdict.NOT_OFFERED, not oil.offered),
        (Verdict.NOT_ASKED, not answers.answered),
        (Verdict.ALLERGY, not answers.allergies.isdisjoint(oil.allergens)),
        (Verdict.REACTED, oil.id in skin.blocked or _has_reacted(test)),
        (Verdict.NOT_OFFERED, skin.sensitive and not oil.sensitive_ok),
        (Verdict.SCENT, scented and skin.scent_free),
        (Verdict.NOT_OFFERED, answers.severe and not used),
        (Verdict.UNTESTED, test is None),
        (Verdict.TESTING, _is_running(test, times, now)),
        (Verdict.RETEST, _is_expired(test, tables, now)),
        (Verdict.DECLINED, answers.without),
    )
    verdict = next((reason for reason, holds in reasons if holds), Verdict.SUITS)
    running = times if verdict is Verdict.TESTING else ()
    ready = running[-1] if running else None
    return Suitability(oil.id, verdict, ready, not used, scented, running)


def _has_reacted(test: PatchTest | None) -> bool:
    """The skin answered, on whatever day it was."""
    return test is not None and test.result is PatchResult.REACTED


def _is_running(test: PatchTest | None, times: Sequence[datetime], now: datetime) -> bool:
    """Nobody read the test yet, or it was read too early to say anything."""
    if test is None:
        return False
    read = (
        _drop_timezone(now)
        if test.read is None
        else min(_drop_timezone(test.read), _drop_timezone(now))
    )
    return test.result is None or read < times[-1]


def _is_expired(test: PatchTest | None, tables: Tables, now: datetime) -> bool:
    """Return whether the test is too old to count (PT-8)."""
    if test is None:
        return False
    (hours,) = tables.patch_test["again"].hours
    return _drop_timezone(now) > _drop_timezone(test.started) + timedelta(hours=hours)


def _drop_timezone(moment: datetime) -> datetime:
    """The reading of the clock on the wall, so that any two can be compared."""
    return moment.replace(tzinfo=None)
