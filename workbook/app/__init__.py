"""Joins the store and the screen: commands write; snapshot, view and controller read and show."""

from __future__ import annotations

from workbook.app.workbook import Workbook, open_workbook

__all__ = ["Workbook", "open_workbook"]
