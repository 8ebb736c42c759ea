"""Starts the kernel of one page: our interpreter, no debugger, no history on disk."""

from __future__ import annotations

import sys
from typing import Any

KERNEL_OPTIONS = ("--HistoryManager.enabled=False", "--InteractiveShell.cache_size=0")
"""What every kernel of the book is told, besides its connection file."""


def disable_debugger() -> None:
    """Keep ipykernel from importing debugpy: 170 modules nobody uses here."""
    sys.modules["debugpy"] = None  # type: ignore[assignment]


def disable_output_pipe() -> None:
    """Keep ipykernel from opening a port for what child processes print: there are none here.

    It is a plain socket, and the only one of a kernel that other users could reach.
    """
    from ipykernel import kernelapp  # noqa: PLC0415 - after the debugger was kept out

    names: Any = vars(kernelapp)
    thread = names["IOPubThread"]
    names["IOPubThread"] = lambda socket, **how: thread(socket, **(how | {"pipe": False}))


if __name__ == "__main__":
    disable_debugger()
    disable_output_pipe()

    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
