"""Lets a kernel live on another day: a test cannot wait for the next evening.

Found by Python at start through PYTHONPATH; TEST_DAYS_LATER says how many days.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from datetime import timedelta
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

_LATER = timedelta(days=int(os.environ.get("TEST_DAYS_LATER", "0")))


class _AnotherDay:
    """Finds ``workbook.store.unlocked`` and moves its clock, the only one the book has."""

    @staticmethod
    def find_spec(name: str, path: object = None, _target: object = None) -> ModuleSpec | None:
        if name != "workbook.store.unlocked":
            return None
        spec = PathFinder.find_spec(name, path)
        run = spec.loader.exec_module

        def moved(module: ModuleType) -> None:
            run(module)
            names = vars(module)
            today = names["local_time"]
            names["local_time"] = lambda: today() + _LATER

        spec.loader.exec_module = moved
        return spec


if _LATER:
    sys.meta_path.insert(0, _AnotherDay)
    importlib.invalidate_caches()
