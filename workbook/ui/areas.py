"""The areas of the body on the screen: a body map, and a list with the same answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from traitlets import Dict

from workbook.content.outlines import load_outlines
from workbook.content.words import Words
from workbook.domain.levels import Level
from workbook.domain.tables import Area, AreaState
from workbook.ui.form import QuietBox
from workbook.ui.guard import Show, observe_change
from workbook.ui.questions import option, rows
from workbook.ui.widgets.body_map import BodyMap, MapBrush, MapOutline, MapPattern, MapPlace
from workbook.ui.widgets.questions import GroupCount, Question, QuestionRow, Questions

LEVEL_PATTERNS: Mapping[Level, MapPattern] = {
    Level.STILL: "dots",
    Level.LOTION: "light",
    Level.SUNSCREEN: "lines",
    Level.MEDIUM: "solid",
    Level.STRONG: "solid",
}
"""The pattern of every level; firmer levels have denser patterns."""


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
    """Return areas for the body map, each with its note.

    With ``sided`` an area has a part for each side; otherwise it is its own only part.
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


class AreaMarks(QuietBox):
    """A body map and a list of areas; what is marked on one is marked on the other.

    The list has one row for both sides of an area, until they are marked differently on the
    map: then it has a row for each.

    Args:
        words: names and sentences in the page's language.
        show: shows an error.
        areas: in the list's order.
        brushes: the marks.
        key: of the list's answers.
        title: the question.
        help: what stands below it.
        listed: heading of the list.
        count: what is counted for each group of the list; without it, the answered rows.
        sided: whether the two sides of an area can be marked differently.

    """

    marks = Dict()
    """Key of a mark by part, or by area if ``sided`` is false. Not synced."""

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
        count: GroupCount | None = None,
        sided: bool = True,
    ) -> None:
        self._words, self._areas, self._brushes = words, tuple(areas), brushes
        self._key, self._listed, self._count = key, listed, count
        self._parts = {
            area.key: area.parts if sided else (area.key,) for area in self._areas if area.choosable
        }
        self._apart: set[str] = set()
        self._map = BodyMap(
            title,
            make_map_places(self._areas, words, sided=sided),
            brushes,
            words.table("body_map"),
            help,
        )
        self._list = Questions([self._question()], {}, words.table("questions"))
        super().__init__([self._map, self._list], marks={})
        observe_change(self._map, "marks", self._map_changed, show)
        observe_change(self._list, "answers", self._list_changed, show)

    def __repr__(self) -> str:
        return "AreaMarks()"  # the saved notebook holds no answers

    def set_marks(self, marks: Mapping[str, str]) -> None:
        """Show marks that were not made on this page just now."""
        self._fill_fields(marks)
        self.marks = dict(marks)

    def _question(self) -> Question:
        marks = [option(each["key"], each["label"]) for each in self._brushes]
        listed = [row for area in self._areas for row in self._rows(area)]
        return rows(self._key, self._listed, marks, listed, count=self._count)

    def _rows(self, area: Area) -> list[QuestionRow]:
        say = self._words
        name, group = say(f"areas.names.{area.key}"), say(f"areas.regions.{area.region}")
        if area.key in self._apart:
            parts = {at: find_part_name(say, at) for at in area.parts}
        else:
            parts = {area.key: name}
        made: list[QuestionRow] = [
            {"key": key, "label": label, "group": group} for key, label in parts.items()
        ]
        if area.state in (AreaState.KEEPOFF, AreaState.LOCKED):
            note = "keepoff" if area.state is AreaState.KEEPOFF else "locked"
            for row in made:
                row["locked"], row["note"] = True, say(f"forms.area_{note}")
        return made

    def _fill_fields(self, marks: Mapping[str, str]) -> None:
        parts = self._parts
        told = {key for key, at in parts.items() if len({marks.get(part) for part in at}) > 1}
        rows: dict[str, str] = {}
        for key, at in parts.items():
            # Each side has a row of its own, or both have one with the first side's mark.
            own = at if key in self._apart | told else (key,)
            rows |= {row: marks[part] for row, part in zip(own, at, strict=False) if part in marks}
        with self.silenced():
            if not told <= self._apart:
                self._apart |= told
                self._list.questions = [self._question()]
            self._map.marks = dict(marks)
            self._list.answers = {self._key: rows}

    def _map_changed(self, _old: Mapping[str, str], new: Mapping[str, str]) -> None:
        self._answers_changed(new)

    def _list_changed(
        self, _old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]
    ) -> None:
        rows = new.get(self._key) or {}
        self._answers_changed(
            {part: mark for row, mark in rows.items() for part in self._parts.get(row, (row,))}
        )

    def _answers_changed(self, marks: Mapping[str, str]) -> None:
        if self.is_silenced:
            return
        known = {part for at in self._parts.values() for part in at}
        keys = {each["key"] for each in self._brushes}
        self.set_marks(
            {part: mark for part, mark in marks.items() if part in known and mark in keys}
        )
