"""Canary words: one for each place where something can be said."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from itertools import count
from typing import Any

from workbook.domain.evening import Answers, StillTrue
from workbook.domain.learning import Debrief, NextDay
from workbook.domain.techniques import Coverage

_LEAVES: dict[type, Any] = {
    int: 5,
    float: 36.6,
    bool: True,
    date: date(2026, 5, 3),
    datetime: datetime(2026, 5, 3, 20, 0),
}


class Planter:
    """Makes values in which every text is a canary of its own."""

    def __init__(self, whose: str) -> None:
        self.canaries: list[str] = []
        self._whose = whose
        self._count = count()

    def word(self) -> str:
        """Return a new canary: found wherever it is, in no word of ours."""
        self.canaries.append(f"zqx{self._whose}{next(self._count)}canary")
        return self.canaries[-1]

    def value(self, kind: Any) -> Any:
        """Return a value of ``kind`` with every field of it filled."""
        if kind is str:
            return self.word()
        if kind in _LEAVES or (isinstance(kind, type) and issubclass(kind, Enum)):
            return _LEAVES.get(kind) or next(iter(kind))
        if dataclasses.is_dataclass(kind):
            hints = typing.get_type_hints(kind)
            return kind(**{f.name: self.value(hints[f.name]) for f in dataclasses.fields(kind)})
        made, inner = typing.get_origin(kind), typing.get_args(kind)
        if made in (types.UnionType, typing.Union):
            return self.value(next(each for each in inner if each is not types.NoneType))
        if made is Mapping:
            return {self.value(inner[0]): self.value(inner[1])}
        return made([self.value(inner[0])])

    def private(self) -> list[Any]:
        """Return one of everything a person answers for nobody else."""
        hints = typing.get_type_hints(Answers)
        kinds = [kind for name, kind in hints.items() if name not in ("coverage", "learned")]
        return [*map(self.value, kinds), *map(self.value, (Debrief, NextDay, StillTrue)),
                Coverage.PARTLY]  # fmt: skip


def hits(canaries: list[str], *where: bytes) -> list[str]:
    """Return which of them are there, as UTF-8, UTF-16 or hexadecimal digits."""
    return [
        word
        for word in canaries
        for found in where
        if word.encode() in found
        or word.encode("utf-16-le") in found
        or word.encode().hex().encode() in found
    ]
