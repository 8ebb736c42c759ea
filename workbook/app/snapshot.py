"""The data that tonight's view needs, read from the vault in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from workbook.content.tables import load_tables
from workbook.domain.consent import AgreementEvent, ConsentAnswers, Signals
from workbook.domain.evening import IntentionCard, RoomCard, find_evening_day
from workbook.domain.learning import Debrief, NextDay, PastEvenings
from workbook.domain.levels import Duet, Level
from workbook.domain.plan import Plan
from workbook.domain.products import OilAnswers
from workbook.domain.seats import People, Seat
from workbook.domain.shares import Share
from workbook.domain.techniques import Coverage
from workbook.domain.topics import TOPICS, Topic, topic_for
from workbook.rules.areas import area_of
from workbook.rules.signals import count_signals
from workbook.store import (
    agreements,
    answers,
    cards,
    clock,
    evenings,
    people,
    plans,
    sessions,
    shares,
    thanks,
    wishes,
)
from workbook.store.evenings import Evening
from workbook.store.plans import StoredPlan
from workbook.store.records import Saved
from workbook.store.sessions import StoredSession
from workbook.store.thanks import Thanks
from workbook.store.unlocked import UnlockedVault
from workbook.store.wishes import OpenedRound


@dataclass(frozen=True, slots=True)
class OwnAnswers:
    """One person's answers: the standing ones and those of the present evening."""

    saved: Mapping[str, Saved[Any]]
    """By topic; a topic that was never answered is not in it."""
    past: PastEvenings
    used: frozenset[str]
    """Products that were used on an evening since their patch test was started."""

    def value(self, topic: Topic) -> Any:
        """Return the answer to a topic; blank if there is none."""
        saved = self.saved.get(topic.name)
        if saved is not None:
            return saved.value
        if topic.answers is ConsentAnswers:
            return ConsentAnswers(adult=self.past.adult)
        return None if topic.answers is Coverage else topic.answers()


@dataclass(frozen=True, slots=True)
class PlayedPlan:
    """One session of one plan, as it was played."""

    plan: Plan
    session: StoredSession

    @property
    def plan_hash(self) -> str:
        """Hash under which the plan was agreed and kept."""
        return self.session.saved.value.plan

    @property
    def reached(self) -> Plan:
        """The plan up to the step that was reached last."""
        last = self.session.saved.value.session.step
        return replace(self.plan, steps=self.plan.steps[: last + 1])


@dataclass(frozen=True, slots=True)
class WishState:
    """The state of the round of wishes; it holds no content of a ballot."""

    seed: bytes
    """Seed from which the wishes of the present round are drawn."""
    last: OpenedRound | None
    first_request: tuple[Seat, bytes] | None
    """Who asked first to open the ballots, and the bytes that identify the request."""
    handed_in: frozenset[Seat]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that one person may see of this evening, at one moment."""

    seat: Seat
    people: People
    evening: Evening | None
    """The present evening; None: none has begun."""
    has_earlier_evening: bool
    has_earlier_session: bool
    own: OwnAnswers
    shares: Mapping[Seat, Share]
    """Shares that were handed in tonight."""
    signals: Signals
    """As it counts today."""
    duet: Duet
    room: RoomCard
    intention: IntentionCard
    events: tuple[AgreementEvent, ...]
    last_event: int
    """Number of the last event about an agreement; 0: none."""
    agreed_plan: StoredPlan | None
    """The plan that was last said yes to tonight."""
    played: tuple[PlayedPlan, ...]
    """Sessions of this evening in order, the present one last."""
    wishes: WishState
    thanks: Mapping[Seat, Saved[Thanks]]
    debrief: Saved[Debrief] | None
    next_day: NextDay | None
    """The last evening before today that was played, with what was said about it."""
    next_day_evening: str | None
    """Id of that evening."""
    clock_is_behind: bool
    card_versions: Mapping[str, int] = field(default_factory=dict)

    @property
    def session(self) -> StoredSession | None:
        """The latest session of this evening."""
        return self.played[-1].session if self.played else None

    @property
    def is_under_way(self) -> bool:
        """Whether a session has begun and not ended."""
        return self.session is not None and not self.session.has_ended

    @property
    def has_ended(self) -> bool:
        """Whether the latest session of this evening has ended."""
        return self.session is not None and self.session.has_ended


def load(vault: UnlockedVault, today: date | None = None) -> Snapshot:
    """Return the state of this evening; one read transaction.

    Args:
        vault: the unlocked vault of the person at the screen.
        today: local date; the next-day questions are about evenings before it. Left out:
            today by the vault's clock.

    Raises:
        DamagedVault: if a row cannot be decrypted or read.

    """
    now = vault.now()
    today = today or find_evening_day(now)
    with vault.reading():
        evening = evenings.current_evening(vault, now)
        played = load_played(vault, evening.id) if evening else ()
        signals = cards.read_card(vault, Signals)
        duet = cards.read_card(vault, Duet)
        room = cards.read_card(vault, RoomCard, evening.id) if evening else None
        settled = cards.read_card(vault, IntentionCard, evening.id) if evening else None
        agreed = plans.latest_plan(vault, evening.id) if evening else None
        next_day_evening, next_day = _load_next_day(vault, today)
        return Snapshot(
            seat=vault.seat,
            people=people.read_people(vault),
            evening=evening,
            has_earlier_evening=evenings.has_earlier(vault, evening.id if evening else None),
            has_earlier_session=sessions.has_earlier_session(
                vault, evening.id if evening else None
            ),
            own=load_own(vault, evening),
            shares=shares.read_all(vault, evening.id) if evening else {},
            signals=count_today(signals.value) if signals else Signals(),
            duet=duet.value if duet else Duet(),
            room=room.value if room else RoomCard(),
            intention=settled.value if settled else IntentionCard(),
            events=agreements.list_events(vault, evening.id) if evening else (),
            last_event=agreements.last_seq(vault),
            agreed_plan=agreed,
            played=played,
            wishes=WishState(
                wishes.read_seed(vault),
                wishes.last_round(vault),
                wishes.first_request(vault),
                wishes.list_handed_in(vault, evening.id) if evening else frozenset(),
            ),
            thanks=thanks.read_thanks(vault, evening.id) if evening else {},
            debrief=answers.read_answer(vault, Debrief, evening.id) if evening else None,
            next_day=next_day,
            next_day_evening=next_day_evening,
            clock_is_behind=clock.clock_behind(vault),
            card_versions={
                "signals": signals.version if signals else 0,
                "duet": duet.version if duet else 0,
                "room": room.version if room else 0,
                "prepare": room.version if room else 0,
            },
        )


def count_today(signals: Signals) -> Signals:
    """Return a saved card of signals as it counts by today's table."""
    return count_signals(signals, load_tables().silent_signals)


def load_own(vault: UnlockedVault, evening: Evening | None) -> OwnAnswers:
    """Return this person's own answers; joins the transaction that is open."""
    wanted: dict[type[Any], str | None] = {PastEvenings: None}
    wanted |= {topic.answers: None for topic in TOPICS if topic.is_standing}
    if evening:
        wanted |= {topic.answers: evening.id for topic in TOPICS if not topic.is_standing}
    with vault.reading():
        found = answers.read_several_answers(vault, wanted)
        saved = {each.name: found[each.answers] for each in TOPICS if each.answers in found}
        past = found.get(PastEvenings)
        oils = saved.get("oils")
        tests = oils.value.tests if oils and isinstance(oils.value, OilAnswers) else {}
        used = frozenset(
            product
            for product, test in tests.items()
            if not test.used
            and sessions.was_product_used(
                vault, product, test.started, but_not=evening.id if evening else None
            )
        )
        return OwnAnswers(saved, past.value if past else PastEvenings(), used)


def load_played(vault: UnlockedVault, evening: str) -> tuple[PlayedPlan, ...]:
    """Return the sessions of an evening with their plans, in order."""
    with vault.reading():
        return tuple(
            PlayedPlan(made, stored)
            for stored in sessions.list_sessions(vault, evening)
            if (made := plans.read_plan(vault, evening, stored.saved.value.plan)) is not None
        )


def felt_levels(played: tuple[PlayedPlan, ...], receiver: Seat) -> dict[str, Level]:
    """Return by area the highest level that ``receiver`` felt in these sessions.

    Only steps that were reached count, each at most at the level it was softened to or said yes to.
    """
    felt: dict[str, Level] = {}
    for each in played:
        session = each.session.saved.value.session
        if each.plan.turn.receiver is not receiver:
            continue
        for step in each.reached.steps:
            level = min(step.level, session.cap, session.allowed)
            for part in step.parts:
                area = area_of(part)
                felt[area] = max(level, felt.get(area, Level.STILL))
    return felt


def given_level(played: tuple[PlayedPlan, ...], giver: Seat) -> Level | None:
    """Return the highest level at which ``giver`` gave in these sessions; None: they did not.

    Steps count as in ``felt_levels``.
    """
    levels = [
        level
        for each in played
        if each.plan.turn.receiver is not giver
        for level in felt_levels((each,), each.plan.turn.receiver).values()
    ]
    return max(levels, default=None)


def _load_next_day(vault: UnlockedVault, today: date) -> tuple[str | None, NextDay | None]:
    """Return the last played evening before ``today``, and what was said about it so far."""
    evening = sessions.latest_played_before(vault, today)
    if evening is None:
        return None, None
    saved = answers.read_answer(vault, NextDay, evening.id)
    if saved is not None:
        return evening.id, saved.value
    played = load_played(vault, evening.id)
    said = NextDay(
        on=evening.on,
        touched=felt_levels(played, vault.seat),
        gave=given_level(played, vault.seat),
    )
    if played:
        said = replace(said, product=played[-1].plan.product)
    return evening.id, said


def has_lost_answers(before: Snapshot, after: Snapshot) -> bool:
    """Return whether an answer of ``before`` is missing in ``after``: another page erased it."""
    evening = [now.evening and now.evening.id for now in (before, after)]
    gone = before.own.saved.keys() - after.own.saved.keys()
    return any(topic_for(n).is_standing or evening[0] == evening[1] for n in gone)
