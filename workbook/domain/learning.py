"""What each person says afterwards, and what the book makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from workbook.domain.errors import InvalidAnswer
from workbook.domain.levels import Level
from workbook.domain.merging import FirstOf, MergeRule, merge_by
from workbook.domain.products import NO_PRODUCT

COMFORT_SCALE = range(11)
"""Comfort, 0 to 10."""

GIVING = "giving"
"""Stands in ``Setting.what`` for how firmly its owner gives; no area or product has this key."""

SHOWN_NOTE = "note"
"""Stands for the note in ``Debrief.shown``; no area has this key."""


class Stayed(StrEnum):
    """Whether the evening stayed what both had settled on."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Debrief:
    """One person's private word about one evening; the partner reads ``thanks``, once given.

    What else the partner reads is in ``shown``.

    Raises:
        InvalidAnswer: if a comfort is outside 0 to 10.

    """

    on: date
    thanks: str = ""
    """For the partner, in own words, at most ``TEXT_LENGTH`` characters."""
    more: frozenset[str] = frozenset()
    """Area keys to have more of."""
    less: Mapping[str, Level] = field(
        default_factory=dict, metadata=merge_by(MergeRule.LOWER_LEVEL)
    )
    """By area key, the level at which it was a bit much; becomes a setting, never a text."""
    body: int | None = None
    """How comfortable the body was, 0 to 10."""
    free: int | None = None
    """How free this person felt to say no, 0 to 10; never shown to the partner."""
    note: str = ""
    """Private, unless its owner shows it."""
    shown: frozenset[str] = frozenset()
    """Lines that their owner shows to the partner: area keys of ``more``, and ``SHOWN_NOTE``."""
    gentler: Mapping[str, Level] = field(
        default_factory=dict, metadata=merge_by(MergeRule.LOWER_LEVEL)
    )
    """By area key, the level that was felt, where the owner asked for gentler next evenings."""
    give_less: Level | None = field(default=None, metadata=merge_by(FirstOf((*Level, None))))
    """The level at which this person gave, where their hands would like a bit less; else None."""
    stayed: Stayed | None = None
    """Whether it stayed what both had settled on; never shown to the partner."""

    def __post_init__(self) -> None:
        for value in (self.body, self.free):
            if value is not None and value not in COMFORT_SCALE:
                raise InvalidAnswer(field="comfort")

    @property
    def more_shown(self) -> frozenset[str]:
        """The areas to have more of that the partner may read."""
        return self.more & self.shown

    @property
    def note_shown(self) -> str:
        """The note if the partner may read it, else blank."""
        return self.note if SHOWN_NOTE in self.shown else ""


class Skin(StrEnum):
    """The skin on the day after."""

    FINE = "fine"
    REACTED = "reacted"


class Soreness(StrEnum):
    """The muscles on the day after, most sore first."""

    STRONG = "strong"
    """More than tender: somebody to ask, and the areas close until then."""
    TENDER = "tender"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class NextDay:
    """One person's thirty seconds on the day after; private."""

    on: date
    """Local date of the evening it speaks about."""
    skin: Skin | None = field(
        default=None, metadata=merge_by(FirstOf((Skin.REACTED, None, Skin.FINE)))
    )
    soreness: Soreness | None = field(
        default=None,
        metadata=merge_by(FirstOf((Soreness.STRONG, Soreness.TENDER, None, Soreness.NONE))),
    )
    sore_areas: frozenset[str] = field(default=frozenset(), metadata=merge_by(MergeRule.WITH_CLASS))
    """Area keys; empty with soreness means everywhere that was touched."""
    glad: bool | None = None
    mood: str = field(default="", metadata=merge_by(MergeRule.LINES))
    product: str = field(default=NO_PRODUCT, metadata=merge_by(MergeRule.LATER))
    """What was on the skin that evening."""
    touched: Mapping[str, Level] = field(default_factory=dict, metadata=merge_by(MergeRule.LATER))
    """By area key, the level of that evening, for "everywhere that was touched"."""
    gave: Level | None = field(default=None, metadata=merge_by(MergeRule.LATER))
    """The highest level at which this person gave that evening; None: they did not give."""
    hands: Soreness | None = field(
        default=None,
        metadata=merge_by(FirstOf((Soreness.STRONG, Soreness.TENDER, None, Soreness.NONE))),
    )
    """The hands of who gave."""


class Reason(StrEnum):
    """Why a setting exists; for its owner only."""

    A_BIT_LESS = "a_bit_less"
    GENTLER = "gentler"
    """A no was not easy, and its owner asked for gentler next evenings."""
    TENDER = "tender"
    STRONG = "strong"
    SKIN = "skin"
    HANDS_LESS = "hands_less"
    """Who gave asked for a bit less to give."""
    HANDS_TENDER = "hands_tender"
    HANDS_SORE = "hands_sore"


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing a past evening changed."""

    what: str
    """An area key, a product ID, or ``GIVING``."""
    cap: Level | None
    """Highest level from now on; None closes it."""
    reason: Reason
    on: date
    """Date of the evening it comes from."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that past evenings changed for one person, the latest word on each thing."""

    each: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class LearnedRow:
    """One change that one past evening made."""

    evening: str
    """Id of the evening."""
    setting: Setting


@dataclass(frozen=True, slots=True)
class PastEvenings:
    """What past evenings left for one person; read in place of every past debrief."""

    adult: bool | None = None
    """The last answer to "18 or older?"; None: never answered."""
    learned: tuple[LearnedRow, ...] = ()
    """Changes by evening; what they mean now is judged when they are read."""
    liked: tuple[str, ...] = ()
    """Ids of the latest evenings on which this person received and liked it, oldest first."""
    taken_back: Mapping[str, date] = field(default_factory=dict)
    """By area or product, the date up to which its changes were taken back by their owner."""
