"""One evening: what each person answered, from opening the book to the debrief."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from workbook.domain.areas import AreaAnswers
from workbook.domain.consent import ConsentAnswers
from workbook.domain.errors import InvalidAnswer
from workbook.domain.health import HealthAnswers
from workbook.domain.learning import Settings
from workbook.domain.levels import PressureAnswers
from workbook.domain.merging import STRICTER_IF_YES, FirstOf, MergeRule, merge_by
from workbook.domain.plan import Turn
from workbook.domain.products import OilAnswers
from workbook.domain.seats import Role, Seat
from workbook.domain.shares import TURN_MINUTES
from workbook.domain.techniques import Coverage, TechniqueAnswers

MAX_TEXT_CHARS = 4000
"""Longest free text, in characters."""

MAX_AFTERCARE_WISHES = 4
"""Most wishes for afterwards that one person may choose."""


DAY_ENDS_AT_HOUR = 4
"""Local hour at which an evening's day ends (design, "A yes for tonight")."""


def find_evening_day(now: datetime) -> date:
    """Return the date of the evening that ``now``, a local time, belongs to.

    Until 04:00 it is still the evening of the day before.
    """
    return (now - timedelta(hours=DAY_ENDS_AT_HOUR)).date()


def is_for_tonight(on: date | None, now: datetime) -> bool:
    """Return whether what was said for the local date ``on`` still counts at ``now``."""
    return on is not None and find_evening_day(now) <= on <= now.date()


class Willing(StrEnum):
    """What somebody would like to do tonight."""

    GIVE = "give"
    RECEIVE = "receive"

    @property
    def role(self) -> Role:
        """The role of a person who would like this."""
        return Role.GIVER if self is Willing.GIVE else Role.RECEIVER


class Energy(StrEnum):
    """Energy to give, least first."""

    NONE = "none"
    """Exhausted, angry or unwilling: not tonight as giver (H-53)."""
    LITTLE = "little"
    ENOUGH = "enough"


class Hands(StrEnum):
    """The giver's own hands, most careful first (H-52)."""

    OPEN = "open"
    """Infected, weeping or open: does not give tonight."""
    SORE = "sore"
    """Cracked, tired or painful: still hands or forearms only."""
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class TimeAnswers:
    """Who would like what tonight, for how long. Asked each evening.

    Raises:
        InvalidAnswer: if minutes are outside 5 to 30.

    """

    willing: frozenset[Willing] = frozenset()
    minutes_receiving: int | None = field(default=None, metadata=merge_by(MergeRule.SMALLER))
    """At most, in whole minutes; blank is 5."""
    minutes_giving: int | None = field(default=None, metadata=merge_by(MergeRule.SMALLER))
    """At most, in whole minutes; blank is 5."""
    energy: Energy | None = field(default=None, metadata=merge_by(FirstOf((None, *Energy))))
    """Blank is none."""
    hands: Hands | None = field(default=None, metadata=merge_by(FirstOf((None, *Hands))))
    """Blank: does not give tonight."""
    on: date | None = field(default=None, metadata=merge_by(MergeRule.SMALLER))
    """The local date this was said for."""
    five_minutes: bool = field(default=False, metadata=merge_by(STRICTER_IF_YES))
    """Whether this person wants five minutes tonight: shoulders, through clothes, on a chair."""
    says: frozenset[str] = frozenset()
    """Those of ``OWN_LINES`` that this person would rather say; the others are kept."""

    def roles_on(self, today: date) -> frozenset[Role]:
        """Return the roles that were chosen for ``today``; empty: none yet."""
        return frozenset(each.role for each in self.willing) if self.on == today else frozenset()

    def __post_init__(self) -> None:
        for minutes in (self.minutes_receiving, self.minutes_giving):
            if minutes is not None and minutes not in TURN_MINUTES:
                raise InvalidAnswer(field="minutes")


@dataclass(frozen=True, slots=True)
class IntentionAnswers:
    """What this person would like the evening to be."""

    chosen: frozenset[str] = frozenset()
    """Keys of ``intentions.toml``; shared at ready."""
    expects: str = ""
    """In own words, private."""


@dataclass(frozen=True, slots=True)
class WishAnswers:
    """Wishes, double-blind: one is shown only where both said yes."""

    wished: frozenset[str] = frozenset()
    """Keys of ``wishes.toml``."""


@dataclass(frozen=True, slots=True)
class AftercareAnswers:
    """What would feel good afterwards; at most four.

    Raises:
        InvalidAnswer: if more than four are chosen or minutes are not 5, 10 or 20.

    """

    chosen: tuple[str, ...] = field(default=(), metadata=merge_by(MergeRule.WITH_CLASS))
    """IDs of ``aftercare.toml``, in the order chosen."""
    minutes: int = 5

    def __post_init__(self) -> None:
        if len(self.chosen) > MAX_AFTERCARE_WISHES:
            raise InvalidAnswer(field="aftercare")
        if self.minutes not in (5, 10, 20):
            raise InvalidAnswer(field="minutes")


@dataclass(frozen=True, slots=True)
class StillTrue:
    """Which standing answers were given or confirmed on this evening; the rest count as blank."""

    topics: frozenset[str] = frozenset()
    """Names of topics, such as ``"limits"``."""


@dataclass(frozen=True, slots=True)
class RoomCard:
    """The room, prepared together; a shared card for one evening."""

    done: frozenset[str] = frozenset()
    """Keys of ``room.toml`` that are ticked."""
    flame: bool | None = field(default=None, metadata=merge_by(STRICTER_IF_YES))
    """Whether a real flame burns; then every candle line is needed (R-13)."""
    music: str = field(default="", metadata=merge_by(MergeRule.LINES))
    light: str = field(default="", metadata=merge_by(MergeRule.LINES))


@dataclass(frozen=True, slots=True)
class IntentionCard:
    """What both settled on for this evening; a shared card."""

    settled: str = ""
    """Key of ``choices.toml``, or that of quiet rest; blank: nothing is settled."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything one person answered, standing and for tonight. Blank is the cautious end."""

    consent: ConsentAnswers = field(default_factory=ConsentAnswers)
    intentions: IntentionAnswers = field(default_factory=IntentionAnswers)
    wishes: WishAnswers = field(default_factory=WishAnswers)
    limits: AreaAnswers = field(default_factory=AreaAnswers)
    coverage: Coverage | None = None
    """Blank is clothed."""
    health: HealthAnswers = field(default_factory=HealthAnswers)
    time: TimeAnswers = field(default_factory=TimeAnswers)
    pressure: PressureAnswers = field(default_factory=PressureAnswers)
    techniques: TechniqueAnswers = field(default_factory=TechniqueAnswers)
    oils: OilAnswers = field(default_factory=OilAnswers)
    aftercare: AftercareAnswers = field(default_factory=AftercareAnswers)
    learned: Settings = field(default_factory=Settings)


@dataclass(frozen=True, slots=True)
class EveningQuestion:
    """The whole of what ``workbook plan`` reads: two people's answers and the turns asked for.

    Raises:
        InvalidAnswer: if not both seats are there, or not one or two turns are asked for.

    """

    now: datetime
    """Local time of the question."""
    people: Mapping[Seat, Answers]
    turns: tuple[Turn, ...]
    """One or two."""

    def __post_init__(self) -> None:
        if set(self.people) != set(Seat):
            raise InvalidAnswer(field="people")
        if not 1 <= len(self.turns) <= 2:
            raise InvalidAnswer(field="turns")
