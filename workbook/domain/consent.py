"""Free yes, signals and tonight's agreement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from workbook.domain.merging import STRICTER_IF_YES, FirstOf, MergeRule, merge_by
from workbook.domain.seats import Seat
from workbook.domain.text import fold_text, has_visible_letter


class FreeYes(StrEnum):
    """An answer about a free yes: to "would you like this", and to "would a no be easy"."""

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
    """Whether they would like this tonight. Blank is no."""
    adult: bool | None = field(default=None, metadata=merge_by(FirstOf((False, None, True))))
    """18 or older. False closes the book, None is unanswered."""
    easy: FreeYes | None = field(
        default=None,
        metadata=merge_by(FirstOf((FreeYes.NO, FreeYes.NOT_SURE, None, FreeYes.YES))),
    )
    """Whether a no would be easy; asked under a free yes."""
    not_tonight: bool | None = field(default=None, metadata=merge_by(STRICTER_IF_YES))
    """Whether it shall be not tonight; asked where a no would not be easy, and then it decides."""

    @property
    def is_free_yes(self) -> bool:
        """Whether all of it was answered, and it is a yes; blank is no."""
        if self.free is not FreeYes.YES or self.easy is None:
            return False
        return self.easy is FreeYes.YES or self.not_tonight is False

    @property
    def is_no(self) -> bool:
        """Whether all of it was answered, and it is anything but a yes."""
        if self.free is FreeYes.YES:
            return self.easy not in (None, FreeYes.YES) and self.not_tonight is True
        return self.free is not None


@dataclass(frozen=True, slots=True)
class SignalChoice:
    """A word and a silent signal that mean stop."""

    word: str = field(default="", metadata=merge_by(MergeRule.LINES))
    """A spoken word."""
    silent: str = ""
    """Key of a silent signal, such as ``"lifted_hand"``; blank: none is chosen."""

    @property
    def is_complete(self) -> bool:
        """Whether both are there, and the word can be seen."""
        return bool(has_visible_letter(self.word) and self.silent)

    def is_same_as(self, other: SignalChoice) -> bool:
        """Return whether both mean the same: capitals and what nobody sees do not count."""
        return (fold_text(self.word), self.silent) == (fold_text(other.word), other.silent)


@dataclass(frozen=True, slots=True)
class Signals:
    """How either person stops: what each of them has chosen, and when both tried it.

    A choice is its owner's proposal, and the same choice by the other person is assent to it.
    Neither person writes the other one's choice. ``rules.signals`` says what counts.
    """

    word: str = ""
    """The word of a card saved before each person chose for themselves."""
    silent: str = ""
    """The key of its silent signal, offered today or not."""
    tried_on: date | None = field(default=None, metadata=merge_by(MergeRule.WITH_CLASS))
    """Local date on which both people tried both signals."""
    chosen: Mapping[Seat, SignalChoice] = field(
        default_factory=dict, metadata=merge_by(MergeRule.WITH_CLASS)
    )
    """By person what they have chosen; not in it: nothing yet."""

    def choice_of(self, seat: Seat) -> SignalChoice:
        """Return what this person has chosen; blank if nothing."""
        return self.chosen.get(seat, SignalChoice())

    @property
    def agreed(self) -> SignalChoice | None:
        """The word and the silent signal that both have chosen; None until then."""
        one, other = (self.choice_of(seat) for seat in Seat)
        return one if one.is_complete and one.is_same_as(other) else None


class AgreementKind(StrEnum):
    """Kind of an event of the agreement log."""

    AFFIRMED = "affirmed"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    FINISHED = "finished"
    CLEARED = "cleared"
    """A new *Ready*, one taken back, or a change that is more than a tightening."""


@dataclass(frozen=True, slots=True)
class AgreementEvent:
    """One line of the agreement log, in the order of the vault's own sequence."""

    kind: AgreementKind
    seat: Seat | None
    """Seat of the person who affirmed or withdrew; None for any other kind."""
    plan: str
    """Hash of the plan it is about."""
    on: date
    """The date of the evening's day, which ends at 04:00."""


class Standing(StrEnum):
    """Whether tonight's agreement stands."""

    NONE = "none"
    ONE = "one"
    """One of two has affirmed."""
    STANDS = "stands"
    ENDED = "ended"
