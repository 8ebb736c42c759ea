"""The areas of the body on the screen: a body map, and a list that says the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ipywidgets import VBox
from traitlets import Any as AnyTrait

from workbook.content.outlines import load_outlines
from workbook.content.words import Words
from workbook.domain.levels import Level
from workbook.domain.tables import Area, AreaState
from workbook.ui.guard import Show, show_errors
from workbook.ui.widgets.body_map import BodyMap, MapBrush, MapOutline, MapPattern, MapPlace
from workbook.ui.widgets.questions import Questions

LEVEL_PATTERNS: Mapping[Level, MapPattern] = {
    Level.STILL: "dots",
    Level.LOTION: "light",
    Level.SUNSCREEN: "lines",
    Level.MEDIUM: "solid",
    Level.STRONG: "solid",
}
"""Every level with its pattern: the firmer, the fuller."""


def make_level_brushes(words: Words, levels: Iterable[Level]) -> list[MapBrush]:
    """Return levels as marks for the body map, in words."""
    return [
        {
            "key": lv.name,
            "label": words(f"levels.{lv.name.lower()}.name"),
            "look": LEVEL_PATTERNS[lv],
        }
        for lv in levels
    ]


def make_map_places(areas: Iterable[Area], words: Words, *, sided: bool = True) -> list[MapPlace]:
    """Return areas for the body map, each with what to know about it.

    ``sided`` tells their sides apart; otherwise an area is its own only part.
    """
    shown = []
    for area in areas:
        name = words(f"areas.names.{area.key}")
        parts = {at: find_part_name(words, at) for at in area.parts} if sided else {area.key: name}
        place: MapPlace = {
            "key": area.key,
            "outline": _make_outline(area),
            "parts": parts,
            "note": words(f"areas.why.{area.key}"),
        }
        if area.state is AreaState.KEEPOFF:
            place["shut"] = "keepoff"
        elif area.state is AreaState.LOCKED:
            place["shut"] = "locked"
        shown.append(place)
    return shown


def _make_outline(area: Area) -> MapOutline:
    row = load_outlines()[area.key]
    return {
        "figure": row.figure,
        "window": row.window,
        "whole": row.whole,
        "front": row.front,
        "back": row.back,
    }


def find_part_name(words: Words, part: str) -> str:
    """Return the name of one part of an area, such as ``"calves.left"``."""
    return words(f"areas.parts.{part.replace('.', '_')}")


class AreaMarks(VBox):
    """A body map and a list of areas; what is marked on one is marked on the other.

    The list answers for both sides of an area at once, until they have been told apart
    on the map: then it has a row for each.

    Args:
        words: where names and sentences come from.
        show: what becomes of an error.
        areas: in the list's order.
        brushes: the marks.
        key: of the list's answers.
        title: the question.
        help: what stands below it.
        listed: heading of the list.
        count: what is counted for each group of the list; without it, what is answered.
        sided: whether the two sides of an area can be told apart at all.

    """

    marks = AnyTrait()
    """Key of a mark by part, or by area where sides are not told apart. Not synced."""

    def __init__(
        self,
        words: Words,
        show: Show,
        areas: Iterable[Area],
        brushes: Sequence[MapBrush],
        *,
        key: str,
        title: str,
        help: str,  # noqa: A002 - as everywhere on the screen
        listed: str,
        count: Mapping[str, str] | None = None,
        sided: bool = True,
    ) -> None:
        self._words, self._areas, self._brushes = words, tuple(areas), brushes
        self._key, self._listed, self._count = key, listed, count
        self._parts = {
            area.key: area.parts if sided else (area.key,) for area in self._areas if area.choosable
        }
        self._apart: set[str] = set()
        self._taking = False
        self._map = BodyMap(
            title,
            make_map_places(self._areas, words, sided=sided),
            brushes,
            words.table("body_map"),
            help,
        )
        self._list = Questions([self._question()], {}, words.table("questions"))
        super().__init__([self._map, self._list], marks={})
        self._map.observe(
            show_errors(lambda change: self._answers_changed(change.new), show), "marks"
        )
        self._list.observe(show_errors(self._list_changed, show), "answers")

    def __repr__(self) -> str:
        return "AreaMarks()"  # saved with the notebook: no answers

    def set_marks(self, marks: Mapping[str, str]) -> None:
        """Show marks that nobody has made just now."""
        self._fill_fields(marks)
        self.marks = dict(marks)

    def _question(self) -> dict[str, Any]:
        question: dict[str, Any] = {
            "key": self._key,
            "kind": "rows",
            "label": self._listed,
            "options": [{"key": each["key"], "label": each["label"]} for each in self._brushes],
            "folded": True,
            "rows": [row for area in self._areas for row in self._rows(area)],
        }
        return question | ({"count": self._count} if self._count else {})

    def _rows(self, area: Area) -> list[dict[str, Any]]:
        say = self._words
        name, group = say(f"areas.names.{area.key}"), say(f"areas.regions.{area.region}")
        row: dict[str, Any] = {"key": area.key, "label": name, "group": group}
        if area.state is AreaState.KEEPOFF:
            row |= {"locked": True, "note": say("forms.area_keepoff")}
        elif area.state is AreaState.LOCKED:
            row |= {"locked": True, "note": say("forms.area_locked")}
        if area.key not in self._apart:
            return [row]
        return [row | {"key": at, "label": find_part_name(say, at)} for at in area.parts]

    def _fill_fields(self, marks: Mapping[str, str]) -> None:
        parts = self._parts
        told = {key for key, at in parts.items() if len({marks.get(part) for part in at}) > 1}
        rows: dict[str, str] = {}
        for key, at in parts.items():
            # A row of its own for each side, or one that is read from the first.
            own = at if key in self._apart | told else (key,)
            rows |= {row: marks[part] for row, part in zip(own, at, strict=False) if part in marks}
        self._taking = True
        try:
            if not told <= self._apart:
                self._apart |= told
                self._list.questions = [self._question()]
            self._map.marks = dict(marks)
            self._list.answers = {self._key: rows}
        finally:
            self._taking = False

    def _list_changed(self, change: Any) -> None:
        rows: Mapping[str, str] = change.new.get(self._key) or {}
        self._answers_changed(
            {part: mark for row, mark in rows.items() for part in self._parts.get(row, (row,))}
        )

    def _answers_changed(self, marks: Mapping[str, str]) -> None:
        if self._taking:
            return
        known = {part for at in self._parts.values() for part in at}
        keys = {each["key"] for each in self._brushes}
        self.set_marks(
            {part: mark for part, mark in marks.items() if part in known and mark in keys}
        )
