"""The areas of the body on the screen: a body map, and lists with the same answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from traitlets import Dict

from workbook.content.words import Words, name_level, name_part
from workbook.domain.levels import Level
from workbook.domain.tables import Area, AreaState
from workbook.ui.form import QuietBox, set_visible
from workbook.ui.guard import Show, observe_change
from workbook.ui.questions import option, rows
from workbook.ui.strokes import outlines_json
from workbook.ui.widgets.body_map import (
    BodyMap,
    MapBrush,
    MapLayer,
    MapOffer,
    MapPattern,
    MapPlace,
    MapWho,
)
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
            "label": name_level(words, lv),
            "look": LEVEL_PATTERNS[lv],
        }
        for lv in levels
    ]


def make_map_places(areas: Iterable[Area], words: Words, *, sided: bool = True) -> list[MapPlace]:
    """Return areas for the body map, each with its note.

    With ``sided`` an area has a part for each side; otherwise it is its own only part.
    """
    shown, outlines = [], outlines_json()
    for area in areas:
        name = words(f"areas.names.{area.key}")
        parts = {at: name_part(words, at) for at in area.parts} if sided else {area.key: name}
        place: MapPlace = {
            "key": area.key,
            "outline": outlines[area.key],
            "parts": parts,
            "note": words(f"areas.why.{area.key}"),
        }
        if area.state is AreaState.KEEPOFF:
            place["shut"] = "keepoff"
        elif area.state is AreaState.LOCKED:
            place["shut"] = "locked"
        shown.append(place)
    return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaLayer:
    """One set of answers about the areas, such as a receiver's."""

    key: str
    """Of its marks, and of the list's answers."""
    title: str
    """The question."""
    listed: str
    """Heading of its list."""
    label: str = ""
    """What the switch between two layers calls it."""
    who: MapWho | None = None
    """Whose answers these are; shown where there is only one layer."""


class AreaMarks(QuietBox):
    """A body map and lists of areas; what is marked on one is marked on the other.

    A switch on the map shows the list of the same answers in its place. The list has one row
    for both sides of an area, until they are marked differently on the map: then it has a row
    for each.

    Args:
        words: names and sentences in the page's language.
        show: shows an error.
        areas: in the list's order.
        brushes: the marks.
        layers: the sets of answers; the first is shown first.
        help: what stands below the question.
        note: what stands beside the figure.
        offers: buttons that mark places where there is no mark yet.
        count: what is counted for each group of the list; without it, the answered rows.
        heading: whether the question is seen; without it, it is only read out.
        sided: whether the two sides of an area can be marked differently.

    """

    marks = Dict()
    """By layer: key of a mark by part, or by area if ``sided`` is false. Not synced."""

    def __init__(
        self,
        words: Words,
        show: Show,
        areas: Iterable[Area],
        brushes: Sequence[MapBrush],
        layers: Sequence[AreaLayer],
        *,
        help: str = "",  # noqa: A002 - as everywhere on the screen
        note: str = "",
        offers: Sequence[MapOffer] = (),
        count: GroupCount | None = None,
        heading: bool = True,
        sided: bool = True,
    ) -> None:
        self._words, self._areas, self._brushes = words, tuple(areas), brushes
        self._layers, self._count = {layer.key: layer for layer in layers}, count
        self._parts = {
            area.key: area.parts if sided else (area.key,) for area in self._areas if area.choosable
        }
        self._apart: dict[str, set[str]] = {key: set() for key in self._layers}
        self._map = BodyMap(
            layers[0].title,
            make_map_places(self._areas, words, sided=sided),
            brushes,
            words.table("body_map"),
            help,
            layers=_list_map_layers(layers),
            note=note,
            offers=list(offers),
            heading=heading,
            has_list=True,
        )
        self._lists = {
            key: Questions([self._question(key)], {}, words.table("questions"))
            for key in self._layers
        }
        super().__init__([self._map], marks={key: {} for key in self._layers})
        observe_change(self._map, "marks", self._map_changed, show)
        for each in ("listed", "layer", "layers"):
            observe_change(self._map, each, lambda _old, _new: self._render_lists(), show)
        for key, asked in self._lists.items():
            observe_change(asked, "answers", partial(self._list_changed, key), show)

    def __repr__(self) -> str:
        return "AreaMarks()"  # the saved notebook holds no answers

    def set_marks(self, marks: Mapping[str, Mapping[str, str]]) -> None:
        """Show marks that were not made on this page just now."""
        full = {key: dict(marks.get(key, {})) for key in self._layers}
        self._fill_fields(full)
        self.marks = full

    def show_layers(self, keys: Collection[str]) -> None:
        """Ask only for these sets of answers; the others stay as they are."""
        shown = _list_map_layers([self._layers[key] for key in self._layers if key in keys])
        if shown == self._map.layers:
            return
        with self._map.hold_sync():
            self._map.layers = shown
            if self._map.layer not in {layer["key"] for layer in shown}:
                self._map.layer = shown[0]["key"]

    def _render_lists(self) -> None:
        """Show the list of the layer that is shown, if the map's switch is on it."""
        for key, asked in self._lists.items():
            set_visible(asked, self._map.listed and key == self._map.layer)
        if self._map.listed and len(self.children) == 1:  # the browser builds no list before
            self.children = [self._map, *self._lists.values()]

    def _question(self, layer: str) -> Question:
        marks = [option(each["key"], each["label"]) for each in self._brushes]
        listed = [row for area in self._areas for row in self._rows(area, layer)]
        return rows(layer, self._layers[layer].listed, marks, listed, count=self._count)

    def _rows(self, area: Area, layer: str) -> list[QuestionRow]:
        say = self._words
        name, group = say(f"areas.names.{area.key}"), say(f"areas.regions.{area.region}")
        if area.key in self._apart[layer]:
            parts = {at: name_part(say, at) for at in area.parts}
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

    def _fill_fields(self, marks: Mapping[str, Mapping[str, str]]) -> None:
        with self.silenced():
            for layer, asked in self._lists.items():
                self._fill_list(asked, layer, marks[layer])
            self._map.marks = {key: dict(each) for key, each in marks.items()}

    def _fill_list(self, asked: Questions, layer: str, marks: Mapping[str, str]) -> None:
        parts, apart = self._parts, self._apart[layer]
        told = {key for key, at in parts.items() if len({marks.get(part) for part in at}) > 1}
        rows: dict[str, str] = {}
        for key, at in parts.items():
            # Each side has a row of its own, or both have one with the first side's mark.
            own = at if key in apart | told else (key,)
            rows |= {row: marks[part] for row, part in zip(own, at, strict=False) if part in marks}
        if not told <= apart:
            apart |= told
            asked.questions = [self._question(layer)]
        asked.answers = {layer: rows}

    def _map_changed(self, _old: object, new: Mapping[str, object]) -> None:
        self._answers_changed(new)

    def _list_changed(self, layer: str, _old: object, new: Mapping[str, Mapping[str, str]]) -> None:
        rows = new.get(layer) or {}
        marked = {part: mark for row, mark in rows.items() for part in self._parts.get(row, (row,))}
        self._answers_changed({**self.marks, layer: marked})

    def _answers_changed(self, marks: Mapping[str, object]) -> None:
        if self.is_silenced:
            return
        said = {layer: each for layer, each in marks.items() if isinstance(each, Mapping)}
        self.set_marks(
            {
                layer: self._list_valid(said.get(layer, before))
                for layer, before in self.marks.items()
            }
        )

    def _list_valid(self, marks: Mapping[str, str]) -> dict[str, str]:
        known = {part for at in self._parts.values() for part in at}
        keys = [each["key"] for each in self._brushes]
        return {part: mark for part, mark in marks.items() if part in known and mark in keys}


def _list_map_layers(layers: Iterable[AreaLayer]) -> list[MapLayer]:
    made = []
    for layer in layers:
        shown: MapLayer = {"key": layer.key, "title": layer.title, "label": layer.label}
        if layer.who is not None:
            shown["who"] = layer.who
        made.append(shown)
    return made
