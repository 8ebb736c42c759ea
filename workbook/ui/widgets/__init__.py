"""The book's own widgets: each is a folder with its Python, JavaScript and style."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self

import anywidget
from traitlets import TraitType, Unicode

BUILT = Path(__file__).parent / "built"
"""Where ``make page`` writes the script of each widget, with what it imports bundled into it."""

HOT_RELOAD_VARIABLE = "ANYWIDGET_HMR"
"""Environment variable with which anywidget watches the files; read when a widget is made."""


_CLASSES: dict[type, type] = {}
"""The class with the added traits, by the class without them."""


class BookWidget(anywidget.AnyWidget):
    """An anywidget whose class has the traits for script, style and name already.

    anywidget adds these three to each object: traitlets makes a new class each time, and the
    file of the script keeps each object for ever, closed ones and their text as well, since it
    tells them of changes. Only while somebody edits the scripts is there something to tell.
    """

    def __new__(cls, *args: object, **kwargs: object) -> Self:
        """Return an object of the subclass with these traits."""
        if os.environ.get(HOT_RELOAD_VARIABLE) == "1":
            return super().__new__(cls, *args, **kwargs)
        if cls not in _CLASSES:
            _CLASSES[cls] = _add_file_traits(cls)
        return super().__new__(_CLASSES[cls], *args, **kwargs)

    def add_traits(self, **traits: TraitType) -> None:
        """Add those traits that the class does not have."""
        added = {name: trait for name, trait in traits.items() if not self.has_trait(name)}
        if added:
            super().add_traits(**added)


def _add_file_traits(cls: type) -> type:
    """Return ``cls`` with the traits that anywidget adds to an object."""
    traits = {name: str(getattr(cls, name)) for name in ("_esm", "_css") if hasattr(cls, name)}
    traits["_anywidget_id"] = f"{cls.__module__}.{cls.__name__}"
    made = {name: Unicode(value).tag(sync=True) for name, value in traits.items()}
    return type(cls.__name__, (cls,), {"__module__": cls.__module__, **made})
