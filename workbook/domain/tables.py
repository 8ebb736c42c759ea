"""The rows that rules go by. Files are read in ``content``; a rule knows no file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from workbook.domain.areas import Side
from workbook.domain.health import Action
from workbook.domain.levels import Level
from workbook.domain.seats import Role
from workbook.domain.techniques import Coverage, Position

if TYPE_CHECKING:  # a stroke has a provenance, which stands here
    from workbook.domain.strokes import Stroke


class Evidence(StrEnum):
    """How sure a row is (facts, "Marks and source tiers")."""

    SEEN = "seen"
    PART = "part"
    KNOWN = "known"
    """General knowledge, no source behind it."""
    DESIGN = "design"
    """A choice of this workbook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a row comes from; every row of every table has it."""

    id: str
    source: tuple[str, ...]
    """IDs of sources, such as ``"S37"``."""
    mark: Evidence
    design: tuple[str, ...] = ()
    """Names of the row's values that are our choice and not the source's."""
    reviewed: date
    facts: tuple[str, ...] = ()
    """Seed facts and resolutions it carries."""


class AreaState(StrEnum):
    """How an area starts out (facts, section 5)."""

    OPEN = "open"
    LIGHT = "light"
    OPTIN = "optin"
    KEEPOFF = "keepoff"
    """Shown, and never part of a plan."""
    LOCKED = "locked"
    """Outside this workbook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area(Provenance):
    """One area of the body map."""

    key: str
    views: tuple[str, ...]
    """``"front"``, ``"back"``."""
    sides: bool
    """Whether it has a left and a right part."""
    state: AreaState
    max: Level
    techniques: tuple[str, ...]
    region: str
    covered: tuple[Coverage, ...] = (Coverage.CLOTHED,)
    """When cloth or a towel lies over it."""
    dry: bool = False
    """Whether no oil goes there."""
    on_back: bool = False
    """Whether it is reached while the receiver lies on the back."""
    in_gentle_evening: bool = False
    """Whether it is open on a gentle evening."""
    neighbours: tuple[str, ...]
    """Area keys capped at level 1 on the same side when this one closes for health."""

    @property
    def parts(self) -> tuple[str, ...]:
        """Its parts, as keys of every map of areas."""
        return (f"{self.key}.left", f"{self.key}.right") if self.sides else (self.key,)

    @property
    def choosable(self) -> bool:
        """Whether people may open it at all."""
        return self.state in (AreaState.OPEN, AreaState.LIGHT, AreaState.OPTIN)


class StatementDetail(StrEnum):
    """What a ticked statement asks next."""

    NONE = "none"
    WHERE = "where"
    SINCE = "since"
    WEEK = "week"
    CELSIUS = "celsius"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Something that can be ticked under a health question."""

    key: str
    detail: StatementDetail = StatementDetail.NONE
    steady: bool = False
    """Whether it asks as well if it has been steady for a year or more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthQuestion:
    """One short question with statements to tick; "none of these" is always there."""

    key: str
    group: str
    statements: tuple[Statement, ...]
    opens: str | None = None
    """Key of the statement that has to be ticked before this question is asked."""
    tonight: bool = False
    """Asked on every evening; the others only "still true?"."""


class LocalEffect(StrEnum):
    """What happens to the places a person names."""

    NOTHING = "nothing"
    CLOSE = "close"
    """They close, and their neighbours on that side are capped at level 1."""
    CAP = "cap"
    """They are capped at ``HealthCase.local_cap``, on both sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCase:
    """What one ticked statement leads to."""

    key: str
    """Key of the statement."""
    who: tuple[Role, ...]
    action: Action
    cap: Level = Level.STRONG
    caps: Mapping[str, Level] = field(default_factory=dict)
    """By area key."""
    closes: tuple[str, ...] = ()
    """Area keys, always closed."""
    local: LocalEffect = LocalEffect.NOTHING
    local_cap: Level = Level.LOTION
    """Highest level on the named places, for ``Local.CAP``."""
    positions_out: tuple[Position, ...] = ()
    techniques_out: tuple[str, ...] = ()
    adaptations: tuple[str, ...] = ()
    gentle: bool = False
    """Whether only the gentle steps of the sequence are taken."""
    days: int | None = None
    """Speaks until this many days after ``last`` of the report; None: as long as it is ticked."""
    weeks: tuple[int, int] | None = None
    """First and last week of pregnancy in which it speaks, both included."""
    celsius: float | None = None
    """Temperature from which it speaks, in degrees Celsius."""
    clearance_days: int = 92
    """How long a professional's word holds, in days; longer for what has been steady (SS-42)."""
    gentle_if_steady: bool = False
    """Whether a gentle evening is open without that word once it has been steady for a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRow(Provenance):
    """One rule of the health table, with a case for each statement it looks at."""

    key: str
    cases: tuple[HealthCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oil(Provenance):
    """One product of the picker."""

    key: str
    allergens: tuple[str, ...]
    """Allergen keys; a ticked one takes the product out."""
    suggested: bool
    offered: bool
    """False: never offered."""
    sensitive_ok: bool = True
    """False: not for eczema or dry, sensitive skin."""
    spot_prone_ok: bool = True
    """False: may matter for spot-prone skin; said, never a rule."""
    latex_safe: bool = True
    on_skin: bool = True
    """False for "nothing", which needs no test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EssentialRule(Provenance):
    """One rule about essential oils; a rule says only what it is about."""

    key: str
    oils: tuple[str, ...] = ()
    """Oils it is about."""
    circumstances: tuple[str, ...] = ()
    """What may be true of either person tonight."""
    percent: float | None = None
    """Share by volume, in percent: the usual one, or at most under its circumstances."""
    most: float | None = None
    """Highest share for healthy adult skin, in percent."""
    drops_per_ml: int | None = None
    limits: Mapping[str, float] = field(default_factory=dict)
    """By oil, the share in percent above which it makes skin burn in the sun."""
    days: int | None = None
    """How long the finished blend is tested, in days."""
    out: bool = False
    """Its oils are never used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Technique(Provenance):
    """One kind of touch."""

    key: str
    """Code, such as ``"EFF"``."""
    lowest: Level
    highest: Level
    on: bool
    """Whether beginners are offered it."""
    for_sore_hands: bool
    """Possible with still hands or forearms."""


class PositionNeed(StrEnum):
    """How a step behaves where there is no back to lie on."""

    ANY = "any"
    LYING = "lying"
    """Left out in a chair."""


class BesideBack(StrEnum):
    """Where a giver kneels at the back of a receiver who lies face down."""

    HIP = "hip"
    WAIST = "waist"
    HEAD = "head"


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceStep(Provenance):
    """One step of the back sequence, or of what is done at a place off the back."""

    key: str
    areas: tuple[str, ...]
    """Area keys; none: any place off the back."""
    instead: tuple[str, ...] = ()
    """Area keys where none of ``areas`` is possible."""
    side: Side
    techniques: tuple[str, ...]
    """In order of preference; of the possible ones the firmest within the row is taken."""
    lowest: Level
    highest: Level
    share: int
    """Percent of a whole turn, before what is left out is given to others; 0 leaves it out."""
    middle: int
    """Percent of a shorter turn."""
    short: int
    """Percent of the shortest turn."""
    short_dry: int = 0
    """Percent of the shortest turn where nothing slides, if it is in that one alone."""
    gentle: bool
    """Stays when the cap is 1 and in pregnancy."""
    where: PositionNeed = PositionNeed.ANY
    slides: bool = False
    """Glides where there is oil: at level 1 at most, and half as long, where there is none."""
    prompt: str | None = None
    """ID of the check-in asked as it begins."""
    giver: BesideBack = BesideBack.HIP
    """Where the giver is if the receiver lies face down."""
    stroke: str = ""
    """Key of the stroke that is this row's own; blank: the first that is possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AftercareOption(Provenance):
    """Something kind for afterwards."""

    who: tuple[Role, ...]
    contact: int
    """How much contact it is, 0 least; if wishes differ, the least comes first."""
    both: bool = False
    """Only if both ticked it."""
    alone: bool = False
    """Time apart: it comes first of all, with a time to meet again."""


class GuideAction(StrEnum):
    """What the guide does when something happens under the hands."""

    STOP = "stop"
    PAUSE = "pause"
    SOFTER = "softer"
    YES = "yes"
    """They said yes: the level of this step is allowed."""
    LEAVE = "leave"
    """This place is left alone for the rest of the session; the next one begins."""
    SKIP = "skip"
    """This step is passed over."""


class PromptMoment(StrEnum):
    """When a question is asked."""

    BEFORE = "before"
    """Before the guide begins; the chapters ask it."""
    PLAN = "plan"
    """At a time of the plan, or at a step."""
    ANY = "any"
    """Whenever the giver likes."""
    PAUSED = "paused"
    """While hands are still."""
    SILENT = "silent"
    """When silence made them still."""
    REACTION = "reaction"
    """When something came up (``reactions.toml``)."""
    FINISHED = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt(Provenance):
    """A check-in question."""

    answers: tuple[str, ...]
    """Keys of answers, the softest first."""
    does: Mapping[str, GuideAction] = field(default_factory=dict)
    """By answer, what it does; any other means "as it is"."""
    moment: PromptMoment
    """When it is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction(Provenance):
    """Something that may happen while hands are on, and what it leads to."""

    key: str
    does: GuideAction
    prompt: str = ""
    """ID of what the giver asks then; empty for nothing."""
    offered: bool
    """A line of the guide; False where a zone, a check-in or the clock says it."""


class MaterialTopic(StrEnum):
    """What a rule about things is about."""

    FIRE = "fire"
    LAUNDRY = "laundry"
    LATEX = "latex"
    SKIN = "skin"
    PETS = "pets"
    FLOOR = "floor"
    ROOM = "room"


@dataclass(frozen=True, slots=True, kw_only=True)
class Material(Provenance):
    """A rule about fire, laundry, latex, skin, pets, floor or warmth."""

    key: str
    topic: MaterialTopic
    flame: bool
    """A real flame needs this line of the room card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchStep(Provenance):
    """One step of the patch test."""

    key: str
    hours: tuple[float, ...] = ()
    """Hours since the first application at which something is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSetting(Provenance):
    """A number that rules go by, with the lowest and the highest that make sense."""

    key: str
    default: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCount(Provenance):
    """How many questions a plan of this length has at most."""

    minutes: int
    most: int


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything the rules go by, loaded once and never changed."""

    areas: Mapping[str, Area]
    """By area key, in the order of the map."""
    questions: tuple[HealthQuestion, ...]
    health: tuple[HealthRow, ...]
    oils: Mapping[str, Oil]
    """By ID."""
    essential: tuple[EssentialRule, ...]
    techniques: Mapping[str, Technique]
    """By code."""
    strokes: Mapping[str, Stroke]
    """By key."""
    steps: tuple[SequenceStep, ...]
    aftercare: Mapping[str, AftercareOption]
    """By ID."""
    prompts: Mapping[str, Prompt]
    """By ID."""
    reactions: tuple[Reaction, ...]
    intentions: tuple[str, ...]
    wishes: tuple[str, ...]
    wished_areas: Mapping[str, tuple[str, ...]]
    """By wish that names a place, the area keys of that place."""
    silent_signals: tuple[str, ...]
    room: tuple[str, ...]
    candle: tuple[str, ...]
    """Lines of the room card that a real flame needs."""
    adaptations: tuple[str, ...]
    safety_round: tuple[str, ...]
    make_ready: tuple[str, ...]
    """Lines that both look at before they begin, on every evening."""
    patch_test: Mapping[str, PatchStep]
    """By key; ``patch_test.toml`` is the one place of its hours."""
    settings: Mapping[str, SessionSetting]
    """By key; ``settings.toml`` is the one place of these numbers."""
    most_questions: tuple[QuestionCount, ...]
    """By minutes of the turn, the shortest first."""
