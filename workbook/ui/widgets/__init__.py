"""The book's own widgets: each is a folder with its Python, JavaScript and style."""

from pathlib import Path

BUILT = Path(__file__).parent / "built"
"""Where ``make page`` writes the script of each widget, with what it imports bundled into it."""
