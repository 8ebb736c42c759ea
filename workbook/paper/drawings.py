"""The figure and the hands, as the screen draws them, for paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path as File
from types import MappingProxyType

import msgspec
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

_FILE = File(__file__).parent / "drawings.json"
"""Made by ``python -m bench.drawings``, which runs the drawing modules of the screen."""

_COMMAND = re.compile(r"([MLCQZ])([^MLCQZ]*)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_NUMBERS = {"M": 2, "L": 2, "C": 6, "Q": 4}


@dataclass(frozen=True, slots=True)
class DrawnShape:
    """One path with its colours; sizes in units of the drawing."""

    d: str
    fill: str = ""
    stroke: str = ""
    width: float = 1.0
    dash: tuple[float, ...] = ()
    round: bool = False
    opacity: float = 1.0
    clip: tuple[int, ...] = ()
    """Which of the drawing's clips it is cut by."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes from below to above."""

    box: tuple[float, float, float, float]
    """Left, top, width and height of what is seen."""
    clips: tuple[str, ...]
    shapes: tuple[DrawnShape, ...]


@cache
def load_drawings() -> Mapping[str, Drawing]:
    """Return the drawings of strokes, by key, of ``forearm`` and of the steps of the card."""
    return MappingProxyType(msgspec.convert(_read_file()["strokes"], dict[str, Drawing]))


@cache
def load_figure() -> tuple[str, str]:
    """Return half the outline of the trunk, and of an arm; the other half is its mirror image."""
    figure = _read_file()["figure"]
    return str(figure["trunk"]), str(figure["arm"])


def _read_file() -> dict[str, dict[str, object]]:
    return msgspec.json.decode(_FILE.read_bytes(), type=dict[str, dict[str, object]])


Segment = tuple[str, tuple[float, ...]]


def read_path(d: str, mirror: int = 1) -> Iterator[Segment]:
    """Yield the segments of a path of absolute commands: M, L, C and Z.

    Args:
        d: the path, of the commands M, L, C, Q and Z.
        mirror: -1 for its mirror image.

    """
    x = y = 0.0
    for command, rest in _COMMAND.findall(d):
        if command == "Z":
            yield "Z", ()
            continue
        numbers = [float(each) for each in _NUMBER.findall(rest)]
        size = _NUMBERS[command]
        for at in range(0, len(numbers), size):
            part = [n if i % 2 else n * mirror for i, n in enumerate(numbers[at : at + size])]
            if command == "Q":
                a, b, u, v = part
                part = [
                    *(x + 2 * (a - x) / 3, y + 2 * (b - y) / 3),
                    *(u + 2 * (a - u) / 3, v + 2 * (b - v) / 3, u, v),
                ]
            kind = "C" if command == "Q" else "L" if command == "M" and at else command
            x, y = part[-2:]
            yield kind, tuple(part)


def put_path(canvas: Canvas, paths: Sequence[tuple[str, int]]) -> object:
    """Return a path object of ReportLab from paths, each with 1 or -1 for its mirror image."""
    path = canvas.beginPath()
    put = {"M": path.moveTo, "L": path.lineTo, "C": path.curveTo}
    for d, mirror in paths:
        for kind, numbers in read_path(d, mirror):
            if kind == "Z":
                path.close()
            else:
                put[kind](*numbers)
    return path


def draw(canvas: Canvas, drawing: Drawing, left: float, top: float, width: float) -> None:
    """Draw on a page; ``left``, ``top`` and ``width`` in points."""
    x, y, wide, high = drawing.box
    scale = width / wide
    canvas.saveState()
    canvas.translate(left - x * scale, top + y * scale)
    canvas.scale(scale, -scale)
    frame = canvas.beginPath()
    frame.roundRect(x, y, wide, high, 4)
    canvas.clipPath(frame, stroke=0, fill=0)
    canvas.setFillColor(HexColor("#FAF3EB"))
    canvas.rect(x, y, wide, high, stroke=0, fill=1)
    for shape in drawing.shapes:
        _draw_shape(canvas, shape, drawing.clips)
    canvas.restoreState()


def _draw_shape(canvas: Canvas, shape: DrawnShape, clips: Sequence[str]) -> None:
    canvas.saveState()
    for clip in shape.clip:
        canvas.clipPath(put_path(canvas, [(clips[clip], 1)]), stroke=0, fill=0)
    if shape.fill:
        canvas.setFillColor(_see_through(shape.fill, shape.opacity))
    if shape.stroke:
        canvas.setStrokeColor(_see_through(shape.stroke, shape.opacity))
        canvas.setLineWidth(shape.width)
        canvas.setLineJoin(1)
        canvas.setLineCap(1 if shape.round else 0)
        if shape.dash:
            canvas.setDash(list(shape.dash))
    path = put_path(canvas, [(shape.d, 1)])
    canvas.drawPath(path, stroke=int(bool(shape.stroke)), fill=int(bool(shape.fill)), fillMode=1)
    canvas.restoreState()


def _see_through(colour: str, opacity: float) -> Color:
    plain = HexColor(colour)
    return Color(plain.red, plain.green, plain.blue, opacity)
