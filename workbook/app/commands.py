"""What changes the vault: each command is one write transaction and returns what was saved.

Inside a write transaction nobody else writes, so what a command reads there is what it
replaces: another page's answer is merged in, and nothing has to be tried again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Generic, TypeVar

from workbook.app import snapshot as snapshots
from workbook.app import view as views
from workbook.domain.consent import (
    AgreementEvent,
    AgreementKind,
    ConsentAnswers,
    Signals,
    Standing,
)
from workbook.domain.errors import ChangedElsewhere
from workbook.domain.evening import RoomCard, StillTrue
from workbook.domain.health import HealthAnswers
from workbook.domain.learning import PastEvenings
from workbook.domain.levels import Duet
from workbook.domain.plan import Plan
from workbook.domain.seats import Person, Seat
from workbook.domain.session import Event, Phase
from workbook.domain.shares import Share
from workbook.domain.tables import Tables
from workbook.domain.topics import Topic, list_standing, topic_for
from workbook.rules import limits, session
from workbook.rules import wishes as wish_rules
from workbook.rules.three_way import merge_values
from workbook.store import (
    agreements,
    answers,
    cards,
    evenings,
    people,
    plans,
    sessions,
    shares,
    wishes,
)
from workbook.store.records import Saved
from workbook.store.sessions import SessionRecord, StoredSession
from workbook.store.unlocked import UnlockedVault

T = TypeVar("T")
Card = TypeVar("Card", Signals, RoomCard, Duet)


@dataclass(frozen=True, slots=True)
class SavedAnswer(Generic[T]):
    """What a command left in the vault."""

    value: T
    at: datetime | None
    """Local time of the save; None: it was there already."""
    is_merged: bool = False
    """Whether another page's change is in it as well."""


class ShareChange(Enum):
    """What became of a share that its owner's answers no longer mean."""

    KEPT = "kept"
    TIGHTENED = "tightened"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class SessionChange:
    """A session as it was read, and as it was written."""

    before: StoredSession
    after: StoredSession


def ensure_evening(vault: UnlockedVault) -> str:
    """Return the id of the evening that runs, which begins if there is none."""
    now = vault.now()
    return evenings.begin_evening(vault, now.date(), now)


# Answers ----------------------------------------------------------------------------------


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
        topic: which topic.
        value: the answer.
        base: what the page showed when it was given.
        tables: the content tables.
        was_saved: whether the page has seen an answer in the vault.
        confirms: whether a standing topic counts as confirmed for tonight by it.

    Raises:
        ChangedElsewhere: if an answer that was there is gone: another page erased it.
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
    """Write ``value`` with what another page has saved since ``base`` was shown."""
    merged = value if before is None else merge_values(base, value, before.value)
    if merged is None or (before is not None and merged == before.value):
        return SavedAnswer(merged, None, merged != value)
    version = before.version if before else 0
    saved = answers.write_answer(vault, merged, evening, expected_version=version)
    return SavedAnswer(saved.value, saved.at, saved.value != value)


def _confirm(vault: UnlockedVault, topics: Iterable[str]) -> None:
    """Note that standing topics were given or confirmed on this evening."""
    evening = ensure_evening(vault)
    before = answers.read_answer(vault, StillTrue, evening)
    known = before.value.topics if before else frozenset[str]()
    if not set(topics) <= known:
        version = before.version if before else 0
        value = StillTrue(known | frozenset(topics))
        answers.write_answer(vault, value, evening, expected_version=version)


def confirm_standing(vault: UnlockedVault, tables: Tables, today: date) -> datetime:
    """Say of every standing answer that it is still true; return the local time of the save.

    Tonight's own health questions are asked afresh; the standing ones are confirmed.
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
    """Save a card that both people write on; the room's card belongs to the evening."""
    kind = type(value)
    with vault.writing():
        evening = ensure_evening(vault) if kind is RoomCard else None
        before = cards.read_card(vault, kind, evening)
        now = before.value if before else kind()
        merged = merge_values(base, value, now)
        if merged == now:
            return SavedAnswer(merged, None)
        version = before.version if before else 0
        saved = cards.write_card(vault, merged, evening, expected_version=version)
    return SavedAnswer(saved.value, saved.at, saved.value != value)


# The share ---------------------------------------------------------------------------------


def hand_in(vault: UnlockedVault, tables: Tables) -> datetime:
    """Hand in what this person's answers mean now; return the local time of the save.

    Their wishes go into a sealed ballot, unless both ballots are there already.
    """
    with vault.writing():
        evening = ensure_evening(vault)
        now = vault.now()
        own = snapshots.load_own(vault, evenings.current_evening(vault, now))
        saved = _put_share(vault, evening, views.own_share(own, tables, now))
        last = wishes.last_round(vault)
        if wish_rules.is_round_due(last.on if last else None, now.date()) and len(
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
    """Take this person's *Ready* back, with their ballot; a session under way stops."""
    with vault.writing():
        evening = evenings.current_evening(vault, vault.now())
        if evening is not None:
            _withdraw_share(vault, evening.id)
            stop_session(vault)


def _withdraw_share(vault: UnlockedVault, evening: str) -> None:
    shares.take_back(vault, evening)
    wishes.take_back_ballot(vault, evening)


def renew_share(vault: UnlockedVault, tables: Tables) -> ShareChange:
    """Bring what was handed in to what this person's answers mean now.

    What allows less takes its place at once; anything else is taken back and waits for
    its owner's *Ready*. *Not tonight* stops a session that is under way.
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
            if running.has_ended:
                return ShareChange.KEPT  # what it was stays on the page, past midnight too
            if views.own_share(own, tables, evening.began).tonight:
                return ShareChange.KEPT  # midnight: a massage under way goes on
        if not limits.is_tighter(new, old):
            _withdraw_share(vault, evening.id)
            return ShareChange.TAKEN_BACK
        _put_share(vault, evening.id, new)
        if not new.tonight or _nothing_is_open(vault, tables, now):
            stop_session(vault)
        return ShareChange.TIGHTENED


def _nothing_is_open(vault: UnlockedVault, tables: Tables, now: datetime) -> bool:
    """Return whether both have handed in and no place is open to both any more."""
    snapshot = snapshots.load(vault)
    made = views.make_proposal(snapshot, tables, now, views.Choices(now.date())).plan
    return made is not None and not made.steps


# The agreement ------------------------------------------------------------------------------


def affirm(vault: UnlockedVault, seat: Seat, made: Plan, plan_hash: str, on: date) -> datetime:
    """Note one person's yes to exactly this plan; return the local time of the save.

    Args:
        vault: the unlocked vault of the person at the screen.
        seat: whose yes it is, said beside this page.
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
    """Note that one person takes their yes back; a session under way stops."""
    with vault.writing():
        evening = ensure_evening(vault)
        if plan_hash:
            event = AgreementEvent(AgreementKind.WITHDRAWN, seat, plan_hash, on)
            agreements.append_event(vault, evening, event, spoken=seat is not vault.seat)
        stop_session(vault)
    return vault.now()


# The session --------------------------------------------------------------------------------


def stop_session(vault: UnlockedVault) -> None:
    """Stop the session that is under way, if there is one."""
    with vault.writing():
        evening = evenings.current_evening(vault, vault.now())
        running = sessions.current_session(vault, evening.id) if evening else None
        if running is not None and not running.has_ended:
            apply_event(vault, Event.STOP)


def start_session(
    vault: UnlockedVault, tables: Tables, choices: views.Choices
) -> SessionChange | None:
    """Begin a session of the plan that both said yes to; None if no yes stands."""
    with vault.writing():
        snapshot = snapshots.load(vault, choices.today)
        if snapshot.is_under_way:
            return apply_event(vault, Event.START)
        found = views.make_proposal(snapshot, tables, vault.now(), choices)
        if found.standing is not Standing.STANDS or found.plan is None or not snapshot.evening:
            return None
        record = SessionRecord(found.plan_hash, session.begin_session(found.plan))
        sessions.begin_session(vault, snapshot.evening.id, record)
        return apply_event(vault, Event.START)


def apply_event(vault: UnlockedVault, *events: Event) -> SessionChange | None:
    """Carry events through the session of this evening; None if none is under way.

    Its end ends the agreement as well.
    """
    with vault.writing():
        evening = evenings.current_evening(vault, vault.now())
        before = sessions.current_session(vault, evening.id) if evening else None
        if evening is None or before is None or before.has_ended:
            return None
        record = before.saved.value
        for event in events:
            after = session.advance(record.session, event)
            stopped = after.phase is Phase.STOPPED
            record = replace(record, session=after, ended_early=stopped)
        written = _write_session(vault, before, record)
        if written.has_ended:
            kind = AgreementKind.STOPPED if record.ended_early else AgreementKind.FINISHED
            event_ = AgreementEvent(kind, None, record.plan, vault.now().date())
            agreements.append_event(vault, evening.id, event_)
        return SessionChange(before, written)


def finish_session(vault: UnlockedVault) -> SessionChange | None:
    """Bring the session to its end: the page has played its last step.

    The page may have played on while nothing reached the vault.
    """
    with vault.writing():
        evening = evenings.current_evening(vault, vault.now())
        before = sessions.current_session(vault, evening.id) if evening else None
        if before is None or before.has_ended:
            return None
        steps = before.saved.value.session.steps
        return apply_event(vault, Event.GO_ON, *[Event.NEXT] * steps)


def save_position(
    vault: UnlockedVault, steps: tuple[int, ...], step: int, elapsed: int
) -> SessionChange | None:
    """Keep where the guide is, so that a reload goes on there; None if nothing runs.

    Args:
        vault: the unlocked vault of the person at the screen.
        steps: seconds of each step of the plan.
        step: index of the present one.
        elapsed: seconds of the plan so far, pauses not counted.

    """
    with vault.writing():
        evening = evenings.current_evening(vault, vault.now())
        before = sessions.current_session(vault, evening.id) if evening else None
        if before is None or before.has_ended:
            return None
        step = min(step, len(steps) - 1)
        record = before.saved.value
        moved = replace(
            record,
            session=replace(record.session, step=step),
            seconds=max(0, elapsed - sum(steps[:step])),
        )
        return SessionChange(before, _write_session(vault, before, moved))


def _write_session(
    vault: UnlockedVault, before: StoredSession, record: SessionRecord
) -> StoredSession:
    version = before.saved.version
    saved = sessions.write_session(vault, before.id, record, expected_version=version)
    return StoredSession(before.id, saved)


# Several answers at once --------------------------------------------------------------------


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
                confirms=name != "health",  # the body of today confirms nothing that stands
            )
            if saved.at is not None:
                last = saved
    return last
