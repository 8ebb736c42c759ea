"""The composition root: the only room that knows both the store and the screen."""

from __future__ import annotations

from workbook.book.workbook import Workbook, open_workbook

__all__ = ["Workbook", "open_workbook"]
