"""The icon: the shapes of two people, side by side on the book's paper, as on its pages."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

PAPER, CLAY, SLATE, LINE = "#FBF7F2", "#A4533B", "#4C6378", "#E2D6C9"
"""Colours of workbook/ui/look/tokens.css."""

SIZE = 1024
SMALL = (16, 24, 32, 48, 64, 128, 256)
_FINER = 4
"""Drawn so many times larger, so that edges are smooth."""


def draw_icons(folder: Path) -> Path:
    """Write ``attune.png``, ``attune.ico`` and ``attune.icns`` into ``folder``; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    icon = _draw()
    icon.resize((256, 256), Image.Resampling.LANCZOS).save(folder / "attune.png")
    icon.save(folder / "attune.ico", sizes=[(size, size) for size in SMALL])
    icon.save(folder / "attune.icns")
    return folder


def _draw() -> Image.Image:
    def scale(*shares: float) -> list[float]:
        return [share * SIZE * _FINER for share in shares]

    image = Image.new("RGBA", (SIZE * _FINER, SIZE * _FINER))
    draw = ImageDraw.Draw(image)
    (radius, width) = scale(0.22, 0.012)
    draw.rounded_rectangle(
        scale(0.04, 0.04, 0.96, 0.96), radius, fill=PAPER, outline=LINE, width=round(width)
    )
    draw.ellipse(scale(0.15, 0.33, 0.49, 0.67), fill=CLAY)
    draw.polygon(scale(0.69, 0.29, 0.90, 0.50, 0.69, 0.71, 0.48, 0.50), fill=SLATE)
    return image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
