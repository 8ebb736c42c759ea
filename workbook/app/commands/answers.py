"""Commands that save answers, cards and people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Generic, TypeVar

from workbook.app import snapshot as snapshots
from workbook.app.commands.shares import renew_share
from workbook.app.commands.tonight import ensure_evening
from workbook.domain.consent import ConsentAnswers, Signals
from workbook.domain.errors import ChangedElsewhere
from workbook.domain.evening import IntentionCard, RoomCard, StillTrue
from workbook.domain.health import HealthAnswers
from workbook.domain.learning import PastEvenings
from workbook.domain.levels import Duet
from workbook.domain.seats import Person
from workbook.domain.tables import Tables
from workbook.domain.topics import Topic, list_standing, topic_for
from workbook.rules.three_way import merge_values
from workbook.store import answers, cards, evenings, people
from workbook.store.records import Saved
from workbook.store.unlocked import UnlockedVault

T = TypeVar("T")
Card = TypeVar("Card", Signals, RoomCard, IntentionCard, Duet)


@dataclass(frozen=True, slots=True)
class SavedAnswer(Generic[T]):
    """What a command saved in the vault."""

    value: T
    at: datetime | None
    """Local time of the save; None: the vault had the same value already."""
    is_merged: bool = False
    """Whether ``value`` contains a change of another page as well."""


def save_answer(
    vault: UnlockedVault,
    topic: Topic,
    value: T,
    base: T,
    tables: Tables,
    *,
    was_saved: bool,
    confirms: bool = True,
) -> SavedAnswer[T]:
    """Save this person's answer to one topic, and what follows from it for their share.

    Args:
        vault: the unlocked vault of the person at the screen.
        topic: the topic that is answered.
        value: the answer.
        base: what the page showed when it was given.
        tables: the content tables.
        was_saved: whether the page has seen an answer in the vault.
        confirms: whether a standing topic counts as confirmed for tonight by it.

    Raises:
        ChangedElsewhere: if the answer was saved before and another page has erased it.
        NotSaved: if the disk refused; nothing was written.

    """
    with vault.writing():
        evening = None if topic.is_standing else ensure_evening(vault)
        before = answers.read_answer(vault, topic.answers, evening)
        if before is None and was_saved:
            raise ChangedElsewhere
        saved = write_merged(vault, value, base, before, evening)
        if saved.at is None:
            return saved
        if isinstance(saved.value, ConsentAnswers):
            _remember_adult(vault, saved.value)
        if topic.is_standing and confirms:
            _confirm(vault, {topic.name})
        renew_share(vault, tables)
    return saved


def write_merged(
    vault: UnlockedVault, value: T, base: T, before: Saved[T] | None, evening: str | None
) -> SavedAnswer[T]:
    """Write ``value``, merged with what another page has saved since ``base`` was shown."""
    merged = value if before is None else merge_values(base, value, before.value)
    if merged is None or (before is not None and merged == before.value):
        return SavedAnswer(merged, None, merged != value)
    version = before.version if before else 0
    saved = answers.write_answer(vault, merged, evening, expected_version=version)
    return SavedAnswer(saved.value, saved.at, saved.value != value)


def _confirm(vault: UnlockedVault, topics: Iterable[str]) -> None:
    """Save that standing topics were answered or confirmed on this evening."""
    evening = ensure_evening(vault)
    before = answers.read_answer(vault, StillTrue, evening)
    known = before.value.topics if before else frozenset[str]()
    if not set(topics) <= known:
        version = before.version if before else 0
        value = StillTrue(known | frozenset(topics))
        answers.write_answer(vault, value, evening, expected_version=version)


def confirm_standing(vault: UnlockedVault, tables: Tables, today: date) -> datetime:
    """Confirm every standing answer for tonight; return the local time of the save.

    Of the health answers only the standing ones are confirmed; the others are asked again.
    """
    with vault.writing():
        own = snapshots.load_own(vault, evenings.current_evening(vault, vault.now()))
        if health := own.saved.get("health"):
            _renew_health(vault, health, tables, today)
        _confirm(vault, {t.name for t in list_standing() if t.name in own.saved})
        renew_share(vault, tables)
        return vault.now()


def _renew_health(
    vault: UnlockedVault, saved: Saved[HealthAnswers], tables: Tables, today: date
) -> None:
    """Date the standing health answers to ``today`` and drop those about another day."""
    health = saved.value
    if health.on == today:
        return
    stand = [q for q in tables.questions if not q.tonight]
    lasting = {s.key for q in stand for s in q.statements}
    renewed = replace(
        health,
        on=today,
        asked=health.asked & {q.key for q in stand},
        ticked={key: tick for key, tick in health.ticked.items() if key in lasting},
    )
    answers.write_answer(vault, renewed, expected_version=saved.version)


def _remember_adult(vault: UnlockedVault, said: ConsentAnswers) -> None:
    before = answers.read_answer(vault, PastEvenings)
    past = before.value if before else PastEvenings()
    if past.adult != said.adult:
        version = before.version if before else 0
        answers.write_answer(vault, replace(past, adult=said.adult), expected_version=version)


def save_person(vault: UnlockedVault, person: Person, base: Person) -> SavedAnswer[Person]:
    """Save this person's own name, colour and shape."""
    with vault.writing():
        before = people.read_own_person(vault)
        merged = merge_values(base, person, before.value)
        if merged == before.value:
            return SavedAnswer(merged, None)
        saved = people.save_person(vault, merged, expected_version=before.version)
    return SavedAnswer(saved.value, saved.at, saved.value != person)


def save_card(vault: UnlockedVault, value: Card, base: Card) -> SavedAnswer[Card]:
    """Save a card that both people write on; room and intention belong to the evening."""
    kind = type(value)
    with vault.writing():
        evening = ensure_evening(vault) if kind in (RoomCard, IntentionCard) else None
        before = cards.read_card(vault, kind, evening)
        now = before.value if before else kind()
        if isinstance(now, Signals):
            now = snapshots.count_today(now)
        merged = merge_values(base, value, now)
        if merged == now:
            return SavedAnswer(merged, None)
        version = before.version if before else 0
        saved = cards.write_card(vault, merged, evening, expected_version=version)
    return SavedAnswer(saved.value, saved.at, saved.value != value)


def save_return(
    vault: UnlockedVault, parts: Iterable[tuple[str, object, object, bool]], tables: Tables
) -> SavedAnswer[object] | None:
    """Save several topics at once; return the last one that needed saving.

    Args:
        vault: the unlocked vault of the person at the screen.
        parts: name of the topic, the answer, what the page showed, whether it was saved.
        tables: the content tables.

    """
    last = None
    with vault.writing():
        for name, value, base, was_saved in parts:
            saved = save_answer(
                vault,
                topic_for(name),
                value,
                base,
                tables,
                was_saved=was_saved,
                confirms=name != "health",  # today's answers do not confirm the standing ones
            )
            if saved.at is not None:
                last = saved
    return last
