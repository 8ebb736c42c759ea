"""Joins the store and the screen: commands write; snapshot, view and controller read and show."""

from __future__ import annotations

import os
from pathlib import Path

from workbook.app.places import display_widgets
from workbook.app.workbook import COVER, PAGE, Workbook
from workbook.content.editions import read_edition
from workbook.content.words import load_words
from workbook.paths import default_data_folder, expand_home

__all__ = ["Workbook", "open_workbook"]


def open_workbook() -> Workbook:
    """Open the book: in the app blank and locked, in a notebook with a field to unlock it.

    The vault's folder comes from ``WORKBOOK_DATA``; it is a path, not a secret.

    Raises:
        NoHome: if no folder is named and this computer has no home for this user.

    """
    named = os.environ.get("WORKBOOK_DATA")
    app = os.environ.get("WORKBOOK_APP") == "1"
    book = Workbook(
        expand_home(Path(named)) if named else default_data_folder(),
        app=app,
        demo=os.environ.get("WORKBOOK_DEMO") == "1",
        words=load_words(edition=read_edition(os.environ)),
    )
    if not app:
        display_widgets(book.form(PAGE), book.form(COVER))
    return book
