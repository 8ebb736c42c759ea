"""Charts as SVG, written by hand: they follow the reader's light or dark theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import floor, log10

WIDTH = 820
LEFT, RIGHT = 210, 70
ROW, BAR, FOOT = 30, 14, 36
EDGE, TALL = 70, 300
COLOURS = ("#2563a8", "#b4532a", "#2f7d4f", "#7a4fa3", "#8a6d00", "#00808a", "#a03060", "#5c6470")
"""Told apart also by the dashes of a line and the order of a legend."""
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #222 }
  .title { font-size: 15px; font-weight: 600 }
  .quiet { fill: #666 }
  .grid { stroke: #ddd }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6e6e6 } .quiet { fill: #aaa } .grid { stroke: #444 }
  }
"""


def choose_ticks(most: float, about: int = 5) -> list[float]:
    """Return round numbers from 0 to at least ``most``, about ``about`` steps of them."""
    if most <= 0:
        return [0.0, 1.0]
    rough = most / about
    ten = 10.0 ** floor(log10(rough))
    step = next(each * ten for each in (1, 2, 2.5, 5, 10) if each * ten >= rough)
    count = int(most / step + 0.999999)
    return [step * number for number in range(max(count, 1) + 1)]


def _format_number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def _make_element(name: str, text: str = "", **attributes: float | str) -> str:
    """Return one SVG element; ``_`` in an attribute's name becomes ``-``, ``kind`` ``class``."""
    said = "".join(
        f" {'class' if key == 'kind' else key.replace('_', '-')}="
        f'"{escape(value) if isinstance(value, str) else format(value, ".1f")}"'
        for key, value in attributes.items()
        if value != ""
    )
    return f"<{name}{said}>{text}</{name}>"


def _make_text(words: str, x: float, y: float, anchor: str = "", kind: str = "") -> str:
    return _make_element("text", escape(words), x=x, y=y, text_anchor=anchor, kind=kind)


def _make_line(x1: float, y1: float, x2: float, y2: float, **look: float | str) -> str:
    return _make_element("line", x1=x1, y1=y1, x2=x2, y2=y2, **look)


def _make_svg(title: str, height: float, body: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img">'
    named = [_make_element("title", escape(title)), _make_element("style", STYLE)]
    return "\n".join([head, *named, _make_text(title, 12, 24, kind="title"), *body, "</svg>", ""])


def _choose_style(number: int) -> dict[str, str]:
    """Colour and dashes of the series with this number."""
    return {
        "stroke": COLOURS[number % len(COLOURS)],
        "stroke_dasharray": ("", "7 4")[number // len(COLOURS) % 2],
    }


def _draw_legend(names: Sequence[str], y: float) -> tuple[list[str], float]:
    """Return a legend of these names, and the y of the line below it."""
    drawn, x = [], 12.0
    for number, name in enumerate(names):
        wide = 24 + 7.4 * len(name) + 16
        if x + wide > WIDTH:
            x, y = 12.0, y + 20
        drawn += [
            _make_line(x, y - 4, x + 18, y - 4, stroke_width=4, **_choose_style(number)),
            _make_text(name, x + 24, y),
        ]
        x += wide
    return drawn, y + 18


def draw_spans(title: str, rows: Mapping[str, Mapping[str, float]], unit: str = "ms") -> str:
    """Return a chart with a bar for each stack, divided by its marks (first paint, text, …).

    Args:
        rows: for each label the time of each mark; the marks are the same in every row.
    """
    marks = list(next(iter(rows.values()), {}))
    steps = choose_ticks(max((max(row.values()) for row in rows.values()), default=1))
    body, top = _draw_legend(marks, 48)
    bottom = top + ROW * len(rows)

    def across(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * value / steps[-1]

    for step in steps:
        body += [
            _make_line(across(step), top, across(step), bottom, kind="grid"),
            _make_text(_format_number(step), across(step), bottom + 20, "middle", "quiet"),
        ]
    body.append(_make_text(unit, 12, bottom + 20, kind="quiet"))
    for number, (label, row) in enumerate(rows.items()):
        y = top + ROW * (number + 0.5)
        body.append(_make_text(label, LEFT - 10, y + 5, "end"))
        begun = 0.0
        for mark, colour in zip(marks, COLOURS, strict=False):
            until = max(row[mark], begun)
            said = _make_element(
                "title", escape(f"{label}, {mark}: {_format_number(row[mark])} {unit}")
            )
            wide = across(until) - across(begun)
            place = {"x": across(begun), "y": y - BAR / 2, "width": wide, "height": float(BAR)}
            body.append(_make_element("rect", said, fill=colour, **place))
            begun = until
        body.append(_make_text(_format_number(begun), across(begun) + 6, y + 5))
    return _make_svg(title, bottom + FOOT, body)


def draw_lines(
    title: str, unit: str, series: Mapping[str, Mapping[int, float]], across: str
) -> str:
    """Return a chart with a line for each stack over whole numbers; both scales begin at 0."""
    widest = max((x for points in series.values() for x in points), default=1)
    steps = choose_ticks(
        max((max(points.values()) for points in series.values() if points), default=1)
    )
    body, top = _draw_legend(list(series), 48)
    bottom = top + TALL

    def at(x: float, y: float) -> tuple[float, float]:
        return EDGE + (WIDTH - EDGE - 30) * x / widest, bottom - TALL * y / steps[-1]

    for step in steps:
        left, y = at(0, step)
        body += [
            _make_line(left, y, WIDTH - 30, y, kind="grid"),
            _make_text(_format_number(step), left - 8, y + 4, "end", "quiet"),
        ]
    for x in sorted({x for points in series.values() for x in points}):
        body.append(_make_text(str(x), at(x, 0)[0], bottom + 20, "middle", "quiet"))
    body.append(_make_text(f"{unit}; across: {across}", EDGE, bottom + 42, kind="quiet"))
    for number, (name, points) in enumerate(series.items()):
        dots = [at(x, y) for x, y in sorted(points.items())]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)
        look = {"fill": "none", "stroke_width": 2.5, **_choose_style(number)}
        body.append(
            _make_element("polyline", _make_element("title", escape(name)), points=path, **look)
        )
        body += [_make_element("circle", cx=x, cy=y, r=4.0, fill=look["stroke"]) for x, y in dots]
    return _make_svg(title, bottom + 58, body)
