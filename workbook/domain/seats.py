"""The two people: equal seats, each with a name, a colour and a shape of their choice."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from workbook.domain.errors import InvalidAnswer, SameName
from workbook.domain.merging import MergeRule, merge_by
from workbook.domain.text import fold_text, has_visible_letter, longest_stack

MAX_NAME_CHARS = 40
"""Longest name, in characters."""

MAX_STACKED_MARKS = 4
"""Marks on one letter; no script that is in use needs more."""


class Seat(StrEnum):
    """One of two equal places in the book."""

    A = "A"
    B = "B"

    @property
    def other(self) -> Seat:
        """The partner's seat."""
        return Seat.B if self is Seat.A else Seat.A


class Role(StrEnum):
    """What a person does in a turn."""

    RECEIVER = "receiver"
    GIVER = "giver"


class Colour(StrEnum):
    """A seat's colour; never its only mark."""

    CLAY = "clay"
    SAGE = "sage"
    PLUM = "plum"
    SLATE = "slate"


class Shape(StrEnum):
    """A seat's shape, beside its colour."""

    CIRCLE = "circle"
    SQUARE = "square"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"


@dataclass(frozen=True, slots=True)
class Person:
    """Who sits in a seat, as they wish to be called.

    Raises:
        InvalidAnswer: if ``name`` is blank or longer than ``MAX_NAME_CHARS``.

    """

    seat: Seat
    name: str = field(metadata=merge_by(MergeRule.LATER))
    colour: Colour
    shape: Shape

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > MAX_NAME_CHARS:
            raise InvalidAnswer(field="name")


@dataclass(frozen=True, slots=True)
class People:
    """Both seats; no two people share a colour or a shape.

    Two names may be alike in vaults of an older version; ``check_names`` refuses new ones.

    Raises:
        InvalidAnswer: if seats are swapped or a mark is shared.

    """

    a: Person
    b: Person

    def __post_init__(self) -> None:
        if (self.a.seat, self.b.seat) != (Seat.A, Seat.B):
            raise InvalidAnswer(field="seat")
        if self.a.colour == self.b.colour or self.a.shape == self.b.shape:
            raise InvalidAnswer(field="colour and shape")

    def at(self, seat: Seat) -> Person:
        """The person in this seat."""
        return self.a if seat is Seat.A else self.b


def check_name(name: str) -> None:
    """Refuse a new name that nobody can see, or that covers the lines around it.

    Raises:
        InvalidAnswer: if it has no letter, digit or symbol that shows, or more than
            ``MAX_STACKED_MARKS`` marks on one letter.

    """
    if not has_visible_letter(name) or longest_stack(name) > MAX_STACKED_MARKS:
        raise InvalidAnswer(field="name")


def check_names(name: str, partners: str) -> None:
    """Refuse a name by which the two people could not be distinguished.

    Args:
        name: a person's own name.
        partners: the other person's.

    Raises:
        SameName: if they differ in nothing but capitals, spaces and signs nobody sees.

    """
    if fold_text(name) == fold_text(partners):
        raise SameName(field="name")
