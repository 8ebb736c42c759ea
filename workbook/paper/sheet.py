"""Pages of paper: each holds its blocks in letters as large as it has room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfgen.canvas import Canvas

from workbook.paper.fonts import TEXT, Line, check_letters, list_runs, load_fonts, width_of
from workbook.paper.tags import Tags

SIZES = {"a4": A4, "letter": LETTER}
"""Width and height in points, by name."""

MARGIN = 40.0
"""On each side, in points; no printer reaches the edge."""

FOOT = 20.0
"""Height that the line at the bottom takes, in points."""

LARGEST, SMALLEST = 11.6, 8.2
"""Size of the plain text, in points."""

INK, MUTED, CLAY, LINE, WASH = (
    HexColor(each) for each in ("#2B2622", "#685D56", "#873F2A", "#8A7C71", "#F6EFE6")
)

_LOOSEST = 1.1
"""Most that is added between two blocks of a page with room left, in sizes of the text."""


class PaperBlock(Protocol):
    """A part of a page, as wide as it is given."""

    def measure(self, width: float, size: float) -> float:
        """Return its height in points, for a plain text of ``size`` points."""

    def draw(self, sheet: Sheet, left: float, top: float, width: float, size: float) -> None:
        """Draw it downward from ``top``."""


@dataclass(frozen=True, slots=True)
class PaperPage:
    """Blocks that belong on one page, and what stands at its foot."""

    blocks: Sequence[PaperBlock]
    foot: str


class Sheet:
    """A PDF in the making."""

    def __init__(self, size: str, title: str, language: str = "en") -> None:
        load_fonts()
        self.width, self.height = SIZES[size]
        self._bytes = BytesIO()
        self.canvas = Canvas(
            self._bytes,
            pagesize=(self.width, self.height),
            pageCompression=1,
            invariant=1,  # no date inside, and the same bytes every time
            lang=language,
            initialFontName=TEXT,
        )
        self.canvas.setTitle(title)
        self.canvas.setAuthor("Attune")
        self.canvas.setSubject("")
        self.canvas.setCreator("Attune")
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        self.tags = Tags(self.canvas)
        self.smallest = LARGEST
        """Size of the smallest plain text so far, in points."""

    def add(self, page: PaperPage) -> None:
        """Add a page; what does not fit in the smallest letters goes on to another one."""
        blocks = list(page.blocks)
        while blocks:
            here, size = self._fit(blocks)
            self._draw_page(here, size, page.foot)
            blocks = blocks[len(here) :]

    def finish(self) -> bytes:
        """Return the PDF."""
        self.tags.write()
        self.canvas.save()
        return self._bytes.getvalue()

    def write(self, line: Line, left: float, base: float, size: float, colour: object) -> None:
        """Write one line of text; ``base`` is where its letters stand."""
        text = self.canvas.beginText(left, base)
        text.setFillColor(colour)
        for said, font in list_runs(line):
            text.setFont(font, size)
            text.textOut(said)
        self.canvas.drawText(text)

    def rule(self, left: float, y: float, width: float, colour: object = LINE) -> None:
        """Draw a thin line from left to right."""
        with self.tags.decoration():
            self.canvas.setStrokeColor(colour)
            self.canvas.setLineWidth(0.5)
            self.canvas.line(left, y, left + width, y)

    @property
    def _inner(self) -> tuple[float, float]:
        return self.width - 2 * MARGIN, self.height - 2 * MARGIN - FOOT

    def _fit(self, blocks: list[PaperBlock]) -> tuple[list[PaperBlock], float]:
        """Return the blocks of the next page, all if they fit, and the size of the text."""
        width, room = self._inner

        def needs(some: Sequence[PaperBlock], size: float) -> float:
            return sum(block.measure(width, size) for block in some)

        if needs(blocks, SMALLEST) <= room:
            least, most = SMALLEST, LARGEST
            if needs(blocks, most) <= room:
                return blocks, most
            for _ in range(9):
                size = (least + most) / 2
                least, most = (size, most) if needs(blocks, size) <= room else (least, size)
            return blocks, least
        size = SMALLEST + 1.2
        count = 1
        while count < len(blocks) and needs(blocks[: count + 1], size) <= room:
            count += 1
        return blocks[:count], size

    def _draw_page(self, blocks: Sequence[PaperBlock], size: float, foot: str) -> None:
        width, room = self._inner
        heights = [block.measure(width, size) for block in blocks]
        parted = [not getattr(block, "is_heading", False) for block in blocks]
        spare = max(0.0, room - sum(heights)) / max(1, sum(parted[:-1]))
        top = self.height - MARGIN
        for block, height, is_parted in zip(blocks, heights, parted, strict=True):
            block.draw(self, MARGIN, top, width, size)
            top -= height + (min(spare, _LOOSEST * size) if is_parted else 0.0)
        self._draw_foot(foot, width)
        self.smallest = min(self.smallest, size)
        self.canvas.showPage()
        self.tags.end_page()

    def _draw_foot(self, foot: str, width: float) -> None:
        check_letters(foot)
        self.rule(MARGIN, MARGIN + 11, width)
        with self.tags.decoration():
            self.canvas.setFont(TEXT, 7.5)
            self.canvas.setFillColor(MUTED)
            left, _, right = foot.partition("|")
            self.canvas.drawString(MARGIN, MARGIN, left.strip())
            at = MARGIN + width - width_of(right.strip(), TEXT, 7.5)
            self.canvas.drawString(at, MARGIN, right.strip())
