"""What pages are made of: text, ticks, lines to write on, tables, columns and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.colors import HexColor

from workbook.paper.drawings import Drawing, draw
from workbook.paper.fonts import BOLD, TEXT, TITLE, break_lines, width_of
from workbook.paper.sheet import CLAY, INK, LINE, MUTED, WASH, PaperBlock, Sheet

LEADING = 1.28
"""From one line to the next, in sizes of its letters."""

_RISE = 0.98
"""From the top of a line to where its letters stand."""

_HAIR = HexColor("#DDD0C2")
"""Of lines between rows."""

_BOX, _INDENT = 0.86, 1.5
"""Width of a box to tick, and of what stands before its words."""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``**`` makes bold. ``scale``, ``before`` and ``after`` in sizes of the text."""

    text: str
    scale: float = 1.0
    font: str = TEXT
    colour: object = INK
    role: str = "P"
    before: float = 0.0
    after: float = 0.4

    @property
    def is_heading(self) -> bool:
        """Whether it belongs to what follows."""
        return self.role == "H2"

    def measure(self, width: float, size: float) -> float:
        """Return its height in points."""
        count = len(break_lines(self.text, width, size * self.scale, self.font))
        return count * size * self.scale * LEADING + (self.before + self.after) * size

    def draw(self, sheet: Sheet, left: float, top: float, width: float, size: float) -> None:
        """Draw it."""
        letters = size * self.scale
        base = top - self.before * size - _RISE * letters
        with sheet.tags.mark(self.role):
            for line in break_lines(self.text, width, letters, self.font):
                sheet.write(line, left, base, letters, self.colour)
                base -= letters * LEADING


def heading(text: str, before: float = 0.45) -> Text:
    """Return the name of a part of a page."""
    return Text(text, 1.1, BOLD, CLAY, "H2", before=before, after=0.2)


def small(text: str) -> Text:
    """Return a note in smaller letters."""
    return Text(text, 0.9, TEXT, MUTED)


@dataclass(frozen=True, slots=True)
class Ticks:
    """Boxes to tick, in one column or several of the same width."""

    labels: Sequence[str]
    columns: int = 1
    after: float = 0.35

    def measure(self, width: float, size: float) -> float:
        """Return its height in points."""
        return max(self._heights(width, size)) + self.after * size

    def draw(self, sheet: Sheet, left: float, top: float, width: float, size: float) -> None:
        """Draw it."""
        wide = width / self.columns
        with sheet.tags.group("L"):
            for number, labels in enumerate(self._split()):
                y = top
                for label in labels:
                    _draw_tick(sheet, label, (left + number * wide, y), wide, size)
                    y -= _tick_height(label, wide, size)

    def _split(self) -> list[Sequence[str]]:
        count = -(-len(self.labels) // self.columns)
        return [self.labels[at : at + count] for at in range(0, len(self.labels), count)]

    def _heights(self, width: float, size: float) -> list[float]:
        wide = width / self.columns
        return [sum(_tick_height(each, wide, size) for each in some) for some in self._split()]


def _tick_height(label: str, width: float, size: float) -> float:
    count = len(break_lines(label, width - (_INDENT + 0.6) * size, size))
    return (count * LEADING + 0.22) * size


def _draw_tick(
    sheet: Sheet, label: str, at: tuple[float, float], width: float, size: float
) -> None:
    """Draw one box with its words; ``at`` is their left upper corner."""
    left, top = at
    base = top - _RISE * size
    draw_box(sheet, left, base, size)
    with sheet.tags.group("LI"), sheet.tags.mark("LBody"):
        for line in break_lines(label, width - (_INDENT + 0.6) * size, size):
            sheet.write(line, left + _INDENT * size, base, size, INK)
            base -= size * LEADING


def draw_box(sheet: Sheet, left: float, base: float, size: float) -> None:
    """Draw a box to tick that stands on a line of text."""
    with sheet.tags.decoration():
        sheet.canvas.setStrokeColor(INK)
        sheet.canvas.setLineWidth(0.7)
        side = _BOX * size
        sheet.canvas.roundRect(left, base - 0.12 * size, side, side, 1.2, stroke=1, fill=0)


@dataclass(frozen=True, slots=True)
class Inline:
    """A question and, in the same line while there is room, boxes to tick."""

    question: str
    labels: Sequence[str]
    after: float = 0.3

    def measure(self, width: float, size: float) -> float:
        """Return its height in points."""
        rows = self._place(width, size)[-1][2] + 1
        return (rows * 1.45 + self.after) * size

    def draw(self, sheet: Sheet, left: float, top: float, width: float, size: float) -> None:
        """Draw it."""
        with sheet.tags.group("L"):
            for text, x, row, is_box in self._place(width, size):
                base = top - (row * 1.45 + _RISE) * size
                if is_box:
                    draw_box(sheet, left + x, base, size)
                at = left + x + (_INDENT * size if is_box else 0)
                with sheet.tags.group("LI"), sheet.tags.mark("LBody" if is_box else "Lbl"):
                    sheet.write(break_lines(text, width, size)[0], at, base, size, INK)

    def _place(self, width: float, size: float) -> list[tuple[str, float, int, bool]]:
        """Return each text with where it begins, its row, and whether it has a box."""
        placed = []
        x, row = 0.0, 0
        if self.question:
            placed.append((f"**{self.question}**", 0.0, 0, False))
            x = width_of(self.question, BOLD, size) + 1.1 * size
        for label in self.labels:
            wide = width_of(label, TEXT, size) + _INDENT * size
            if x and x + wide > width:
                x, row = 0.0, row + 1
            placed.append((label, x, row, True))
            x += wide + 1.3 * size
        return placed


@dataclass(frozen=True, slots=True)
class Write:
    """Words, and lines to write on."""

    label: str
    lines: int = 1

    def measure(self, width: float, size: float) -> float:
        """Return its height in points."""
        return self.lines * 1.95 * size + 0.2 * size

    def draw(self, sheet: Sheet, left: float, top: float, width: float, size: float) -> None:
        """Draw it."""
        used = width_of(self.label, BOLD, size) + 0.7 * size if self.label else 0.0
        for row in range(self.lines):
            base = top - (1.45 + 1.95 * row) * size
            if not row and self.label:
                with sheet.tags.mark("P"):
                    line = break_lines(f"**{self.label}**", width, size)[0]
                    sheet.write(line, left, base, size, INK)
            start = 0.0 if row else used
            sheet.rule(left + start, base - 1.5, width - start)


@dataclass(frozen=True, slots=True)
class Rows:
    """Pairs of words and what is said about them, with a thin line between."""

    pairs: Sequence[tuple[str, str]]
    share: float = 0.3
    """Of the width, for the words."""
    scale: float = 1.0

    def measure(self, width: float, size: float) -> float:
        """Return its height in points."""
        return sum(self._height(pair, width, size) for pair in self.pairs) + 0.3 * size

    def draw(self, sheet: Sheet, left: float, top: float, width: float, size: float) -> None:
        """Draw it."""
        letters = size * self.scale
        with sheet.tags.group("Table"):
            for number, pair in enumerate(self.pairs):
                if number:
                    sheet.rule(left, top, width, _HAIR)
                with sheet.tags.group("TR"):
                    for at, wide, text, role in self._cells(pair, width, size):
                        base = top - (_RISE + 0.22) * letters
                        with sheet.tags.mark(role):
                            for line in break_lines(text, wide, letters):
                                sheet.write(line, left + at, base, letters, INK)
                                base -= letters * LEADING
                top -= self._height(pair, width, size)

    def _cells(
        self, pair: tuple[str, str], width: float, size: float
    ) -> list[tuple[float, float, str, str]]:
        first = width * self.share
        return [
            (0.0, first - size, f"**{pair[0]}**", "TH"),
            (first, width - first, pair[1], "TD"),
        ]

    def _height(self, pair: tuple[str, str], width: float, size: float) -> float:
        letters = size * self.scale
        cells = self._cells(pair, width, size)
        count = max(len(break_lines(text, wide, letters)) for _at, wide, text, _role in cells)
        return (count * LEADING + 0.42) * letters


@dataclass(frozen=True, slots=True)
class TickTable:
    """Lines with a box in each of some narrow columns at the right."""

    heads: Sequence[str]
    lines: Sequence[str]
    column: float = 3.9
    """Width of a column of boxes, in sizes of the text."""

    def measure(self, width: float, size: float) -> float:
        """Return its height in points."""
        heights = (self._height(line, width, size) for line in self.lines)
        return sum(heights) + (1.5 + 0.3) * size

    def draw(self, sheet: Sheet, left: float, top: float, width: float, size: float) -> None:
        """Draw it."""
        wide = self.column * size
        first = width - wide * len(self.heads)
        with sheet.tags.group("Table"):
            with sheet.tags.group("TR"):
                for number, head in enumerate(self.heads):
                    at = left + first + (number + 0.5) * wide - width_of(head, BOLD, size * 0.9) / 2
                    with sheet.tags.mark("TH"):
                        line = break_lines(f"**{head}**", width, size)[0]
                        sheet.write(line, at, top - _RISE * size, size * 0.9, MUTED)
            top -= 1.5 * size
            for text in self.lines:
                sheet.rule(left, top, width, _HAIR)
                base = top - (_RISE + 0.16) * size
                for number in range(len(self.heads)):
                    draw_box(sheet, left + first + (number + 0.5) * wide - 0.43 * size, base, size)
                with sheet.tags.group("TR"), sheet.tags.mark("TD"):
                    for line in break_lines(text, first - size, size):
                        sheet.write(line, left, base, size, INK)
                        base -= size * LEADING
                top -= self._height(text, width, size)

    def _height(self, text: str, width: float, size: float) -> float:
        first = width - self.column * size * len(self.heads) - size
        return (len(break_lines(text, first, size)) * LEADING + 0.3) * size


@dataclass(frozen=True, slots=True)
class Grid:
    """A table to fill in by hand."""

    heads: Sequence[str]
    rows: int
    shares: Sequence[float]
    """Widths of the columns; together 1."""
    high: float = 2.0
    """Height of an empty row, in sizes of the text."""

    def measure(self, width: float, size: float) -> float:
        """Return its height in points."""
        return self._head(width, size) + (self.rows * self.high + 0.6) * size

    def draw(self, sheet: Sheet, left: float, top: float, width: float, size: float) -> None:
        """Draw it."""
        at, head = left, self._head(width, size)
        bottom = top - head - self.rows * self.high * size
        with sheet.tags.group("Table"), sheet.tags.group("TR"):
            for text, share in zip(self.heads, self.shares, strict=True):
                base = top - (_RISE + 0.2) * size * 0.92
                with sheet.tags.mark("TH"):
                    for line in break_lines(f"**{text}**", share * width - size, size * 0.92):
                        sheet.write(line, at + 0.4 * size, base, size * 0.92, INK)
                        base -= size * 0.92 * LEADING
                at += share * width
        for row in range(self.rows + 1):
            sheet.rule(left, top - head - row * self.high * size, width)
        sheet.rule(left, top, width)
        with sheet.tags.decoration():
            edge = left
            for share in (0.0, *self.shares):
                edge += share * width
                sheet.canvas.line(edge, top, edge, bottom)

    def _head(self, width: float, size: float) -> float:
        counts = (
            len(break_lines(f"**{text}**", share * width - size, size * 0.92))
            for text, share in zip(self.heads, self.shares, strict=True)
        )
        return (max(counts) * LEADING * 0.92 + 0.4) * size


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks beside each other."""

    columns: Sequence[Sequence[PaperBlock]]
    shares: Sequence[float] = ()
    """Of the width, together 1; blank: all the same."""
    gap: float = 1.8
    """In sizes of the text."""
    ruled: bool = False

    def measure(self, width: float, size: float) -> float:
        """Return its height in points."""
        return max(
            sum(block.measure(wide, size) for block in blocks)
            for blocks, wide in zip(self.columns, self._widths(width, size), strict=True)
        )

    def draw(self, sheet: Sheet, left: float, top: float, width: float, size: float) -> None:
        """Draw it."""
        for number, (blocks, wide) in enumerate(
            zip(self.columns, self._widths(width, size), strict=True)
        ):
            y = top
            for block in blocks:
                block.draw(sheet, left, y, wide, size)
                y -= block.measure(wide, size)
            left += wide + self.gap * size
            if self.ruled and number < len(self.columns) - 1:
                with sheet.tags.decoration():
                    sheet.canvas.setStrokeColor(_HAIR)
                    sheet.canvas.setLineWidth(0.5)
                    x = left - self.gap * size / 2
                    sheet.canvas.line(x, top, x, top - self.measure(width, size))

    def _widths(self, width: float, size: float) -> list[float]:
        count = len(self.columns)
        free = width - (count - 1) * self.gap * size
        return [free * share for share in (self.shares or [1 / count] * count)]


@dataclass(frozen=True, slots=True)
class Panel:
    """Blocks on a quiet ground."""

    blocks: Sequence[PaperBlock]
    after: float = 0.6
    padding: float = 0.7
    """In sizes of the text."""

    def measure(self, width: float, size: float) -> float:
        """Return its height in points."""
        return self._inside(width, size) + (2 * self.padding + self.after) * size

    def draw(self, sheet: Sheet, left: float, top: float, width: float, size: float) -> None:
        """Draw it."""
        pad = self.padding * size
        high = self._inside(width, size) + 2 * pad
        with sheet.tags.decoration():
            sheet.canvas.setFillColor(WASH)
            sheet.canvas.setStrokeColor(LINE)
            sheet.canvas.setLineWidth(0.5)
            sheet.canvas.roundRect(left, top - high, width, high, 5, stroke=1, fill=1)
        y = top - pad
        for block in self.blocks:
            block.draw(sheet, left + 1.2 * pad, y, width - 2.4 * pad, size)
            y -= block.measure(width - 2.4 * pad, size)

    def _inside(self, width: float, size: float) -> float:
        inner = width - 2.4 * self.padding * size
        last = self.blocks[-1]
        over = last.after * size if isinstance(last, Text) else 0.0
        return sum(block.measure(inner, size) for block in self.blocks) - over


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, in the middle of its width."""

    drawing: Drawing
    says: str
    """What it shows, for who cannot see it."""
    widest: float = 9.6
    """In sizes of the text: a drawing shrinks with the letters of its page."""
    after: float = 0.3

    def measure(self, width: float, size: float) -> float:
        """Return its height in points."""
        _x, _y, wide, high = self.drawing.box
        return self._wide(width, size) * high / wide + self.after * size

    def draw(self, sheet: Sheet, left: float, top: float, width: float, size: float) -> None:
        """Draw it."""
        own = self._wide(width, size)
        with sheet.tags.mark("Figure", self.says):
            draw(sheet.canvas, self.drawing, left + (width - own) / 2, top, own)

    def _wide(self, width: float, size: float) -> float:
        return min(width, self.widest * size)


def title(text: str, line: str = "") -> Columns:
    """Return the name of a page, with a sentence below it."""
    blocks = [Text(text, 2.1, TITLE, INK, "H1", after=0.1)]
    if line:
        blocks.append(Text(line, 1.0, TEXT, MUTED, after=0.6))
    return Columns([blocks])
