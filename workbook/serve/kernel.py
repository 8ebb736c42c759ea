"""Starts the kernel of one page: our interpreter, no debugger, no history on disk."""

from __future__ import annotations

import sys

OPTIONS = ("--HistoryManager.enabled=False", "--InteractiveShell.cache_size=0")
"""What every kernel of the book is told, besides its connection file."""


def without_debugger() -> None:
    """Keep ipykernel from importing debugpy: 170 modules nobody uses here."""
    sys.modules["debugpy"] = None  # type: ignore[assignment]


if __name__ == "__main__":
    without_debugger()

    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
