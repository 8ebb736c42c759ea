"""The book's own widgets: each is a folder with its Python, JavaScript and style."""

from __future__ import annotations

from pathlib import Path

import anywidget
from traitlets import TraitType

BUILT = Path(__file__).parent / "built"
"""Where ``make page`` writes the script of each widget, with what it imports bundled into it."""

_CLASSES: dict[tuple[type, tuple[tuple[str, object], ...]], type] = {}
"""Class with the added traits, by the class before and the values of the traits."""


class BookWidget(anywidget.AnyWidget):
    """An anywidget that shares the class with its script, style and name.

    anywidget adds these three traits to each object, and traitlets makes a new class each time;
    a page has more than a hundred of these objects.
    """

    def add_traits(self, **traits: TraitType) -> None:
        """Add traits; objects of one class with the same traits and values share one class."""
        values = tuple((name, trait.default_value) for name, trait in sorted(traits.items()))
        key = (type(self), values)
        if key in _CLASSES:
            self.__class__ = _CLASSES[key]
            return
        super().add_traits(**traits)
        _CLASSES[key] = type(self)
