"""Joins the store and the screen: commands write; snapshot, view and controller read and show."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from workbook.app.places import display_widgets
from workbook.app.workbook import COVER, PAGE, Workbook

__all__ = ["Workbook", "open_workbook"]


def open_workbook() -> Workbook:
    """Open the book: in the app blank and locked, in a notebook with a field to unlock it.

    The vault's folder comes from ``WORKBOOK_DATA``; it is a path, not a secret.
    """
    folder = os.environ.get("WORKBOOK_DATA") or platformdirs.user_data_path(
        "evening-notes", appauthor=False
    )
    app = os.environ.get("WORKBOOK_APP") == "1"
    book = Workbook(
        Path(folder).expanduser(),
        app=app,
        demo=os.environ.get("WORKBOOK_DEMO") == "1",
    )
    if not app:
        display_widgets(book.form(PAGE), book.form(COVER))
    return book
