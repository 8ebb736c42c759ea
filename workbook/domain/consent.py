"""Free yes, signals and tonight's agreement."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from workbook.domain.merging import FirstOf, MergeRule, merge_by
from workbook.domain.seats import Seat


class FreeYes(StrEnum):
    """The answer to "is this a free yes tonight?"; only ``YES`` is one."""

    NO = "no"
    NOT_SURE = "not_sure"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class ConsentAnswers:
    """One person's free yes for one evening, and that they are of age."""

    free: FreeYes | None = field(
        default=None,
        metadata=merge_by(FirstOf((FreeYes.NO, FreeYes.NOT_SURE, None, FreeYes.YES))),
    )
    """"I could say no tonight without trouble, and I would like to." Blank is no."""
    adult: bool | None = field(default=None, metadata=merge_by(FirstOf((False, None, True))))
    """18 or older. False closes the book, None is unanswered."""


@dataclass(frozen=True, slots=True)
class Signals:
    """How either of you stops; agreed together, tried once each evening."""

    word: str = field(default="", metadata=merge_by(MergeRule.WITH_CLASS))
    """A spoken word that means stop."""
    silent: str = field(default="", metadata=merge_by(MergeRule.WITH_CLASS))
    """Key of a silent signal, such as ``"two_taps"``."""
    tried_on: date | None = field(default=None, metadata=merge_by(MergeRule.WITH_CLASS))
    """Local date on which both people tried both signals."""


class AgreementKind(StrEnum):
    """Kind of an event of the agreement log."""

    AFFIRMED = "affirmed"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class AgreementEvent:
    """One line of the agreement log, in the order of the vault's own sequence."""

    kind: AgreementKind
    seat: Seat | None
    """Seat of the person who affirmed or withdrew; None for the end of a session."""
    plan: str
    """Hash of the plan it is about."""
    on: date
    """The evening's local date."""


class Standing(StrEnum):
    """Whether tonight's agreement stands."""

    NONE = "none"
    ONE = "one"
    """One of two has affirmed."""
    STANDS = "stands"
    ENDED = "ended"
