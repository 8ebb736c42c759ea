"""The figure of the body map, from the front and the back, to colour in by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from reportlab.lib.colors import HexColor, white

from workbook.content.outlines import AreaOutline
from workbook.paper.drawings import load_figure, put_path
from workbook.paper.fonts import TEXT, width_of
from workbook.paper.sheet import INK, MUTED, Sheet

View = Literal["front", "back"]

_LEFT, _TOP, _WIDTH, _HEIGHT = -86.0, 8.0, 172.0, 468.0
"""What is seen of the drawing, in its units."""

_PER_SIZE = 12.2
"""Widest that one view is, in sizes of the text: it shrinks with the letters of its page."""

_NUMBER_SIZE = 6.4
"""Of the letters on a place, in points."""

_HATCH = 4.2
"""From one line of a closed place to the next, in the same units."""

_EDGE, _THIN, _CLOSED = HexColor("#685D56"), HexColor("#A3978C"), HexColor("#B9ADA1")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class PaperMap:
    """Both views side by side; open places are numbered, closed ones hatched."""

    outlines: Mapping[str, AreaOutline]
    numbers: Mapping[str, int]
    """The number of each area that may be coloured in; the others are closed."""
    words: Mapping[str, str]
    """``front back left right``, and ``says``: what is shown, for who cannot see it."""

    def measure(self, width: float, size: float) -> float:
        """Return its height in points."""
        return self._wide(width, size) * _HEIGHT / _WIDTH + 3.2 * size

    def draw(self, sheet: Sheet, left: float, top: float, width: float, size: float) -> None:
        """Draw it."""
        wide = self._wide(width, size)
        views: tuple[View, View] = ("front", "back")
        with sheet.tags.mark("Figure", self.words["says"]):
            for number, view in enumerate(views):
                at = left + (width / 2 - wide) / 2 + number * width / 2
                place = _At(at, top - 2.6 * size, wide)
                self._draw_view(sheet, view, place)
                self._name_sides(sheet, view, place, size)

    @staticmethod
    def _wide(width: float, size: float) -> float:
        return min(width * 0.48, _PER_SIZE * size)

    def _name_sides(self, sheet: Sheet, view: View, at: _At, size: float) -> None:
        """Write the view, and whose left and right it shows: of the person drawn."""
        canvas = sheet.canvas
        left, base, wide = at.left, at.top + 1.6 * size, at.wide
        canvas.setFillColor(INK)
        canvas.setFont(TEXT, size)
        canvas.drawCentredString(left + wide / 2, base, self.words[view])
        canvas.setFillColor(MUTED)
        canvas.setFont(TEXT, size * 0.85)
        first, last = ("right", "left") if view == "front" else ("left", "right")
        canvas.drawString(left, base, self.words[first])
        canvas.drawRightString(left + wide, base, self.words[last])

    def _draw_view(self, sheet: Sheet, view: View, at: _At) -> None:
        canvas = sheet.canvas
        left, top, scale = at.left, at.top, at.wide / _WIDTH
        trunk, arm = load_figure()
        canvas.saveState()
        canvas.translate(left - _LEFT * scale, top + _TOP * scale)
        canvas.scale(scale, -scale)
        canvas.setLineJoin(1)
        canvas.setFillColor(white)
        canvas.setStrokeColor(_EDGE)
        canvas.setLineWidth(2.2)
        for outline in (arm, trunk):
            path = put_path(canvas, [(outline, 1), (outline, -1)])
            canvas.drawPath(path, stroke=1, fill=0)
        for outline in (arm, trunk):
            path = put_path(canvas, [(outline, 1), (outline, -1)])
            canvas.drawPath(path, stroke=0, fill=1, fillMode=1)
        for key, area in self.outlines.items():
            if d := getattr(area, view):
                outline = trunk if area.figure == "trunk" else arm
                self._draw_area(sheet, d, outline, whole=area.whole, is_open=key in self.numbers)
        canvas.restoreState()
        for key, area in self.outlines.items():
            if (d := getattr(area, view)) and key in self.numbers:
                self._write_number(sheet, d, (1,) if area.whole else (1, -1), self.numbers[key], at)

    @staticmethod
    def _draw_area(sheet: Sheet, d: str, outline: str, *, whole: bool, is_open: bool) -> None:
        canvas = sheet.canvas
        for mirror in (1,) if whole else (1, -1):
            canvas.saveState()
            body = put_path(canvas, [(outline, 1), (outline, -1)])
            canvas.clipPath(body, stroke=0, fill=0, fillMode=1)
            area = put_path(canvas, [(d, mirror)])
            if not is_open:
                canvas.saveState()
                canvas.clipPath(area, stroke=0, fill=0)
                canvas.setStrokeColor(_CLOSED)
                canvas.setLineWidth(0.9)
                at = -_HEIGHT
                while at < _WIDTH:
                    canvas.line(at, 0, at + _HEIGHT + _TOP, _HEIGHT + _TOP)
                    at += _HATCH
                canvas.restoreState()
            canvas.setStrokeColor(_THIN)
            canvas.setLineWidth(0.8)
            canvas.drawPath(put_path(canvas, [(d, mirror)]), stroke=1, fill=0)
            canvas.restoreState()

    @staticmethod
    def _write_number(sheet: Sheet, d: str, mirrors: tuple[int, ...], number: int, at: _At) -> None:
        numbers = [float(each) for each in _NUMBER.findall(d)]
        xs, ys = numbers[::2], numbers[1::2]
        x, y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
        scale = at.wide / _WIDTH
        said, letters = str(number), _NUMBER_SIZE
        sheet.canvas.setFillColor(INK)
        sheet.canvas.setFont(TEXT, letters)
        for mirror in mirrors:
            left = at.left + (x * mirror - _LEFT) * scale - width_of(said, TEXT, letters) / 2
            sheet.canvas.drawString(left, at.top - (y - _TOP) * scale - letters * 0.36, said)


class _At(NamedTuple):
    """Where one view is drawn, in points."""

    left: float
    top: float
    wide: float
