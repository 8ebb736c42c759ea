"""Where store and screen meet, in one direction: snapshot, view; commands; controller."""

from __future__ import annotations

from workbook.app.workbook import Workbook, open_workbook

__all__ = ["Workbook", "open_workbook"]
