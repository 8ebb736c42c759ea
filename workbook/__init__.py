"""Attune: a private workbook for two adults. ``open_workbook`` opens it in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbook.app import Workbook, open_workbook

__all__ = ["Workbook", "open_workbook"]


def __getattr__(name: str) -> Any:
    # On first use only: the rules can be imported without a widget or a database.
    if name in __all__:
        from workbook import app

        return getattr(app, name)
    raise AttributeError(name)
