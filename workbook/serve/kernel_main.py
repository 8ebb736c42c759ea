"""Runs the kernel of one page: this interpreter, no debugger, no history on disk."""

from __future__ import annotations

import sys
from typing import Any

KERNEL_OPTIONS = ("--HistoryManager.enabled=False", "--InteractiveShell.cache_size=0")
"""Command line options of every kernel, besides the connection file."""


def disable_debugger() -> None:
    """Keep ipykernel from importing debugpy, 170 modules that are not used here."""
    sys.modules["debugpy"] = None  # type: ignore[assignment]


def disable_output_pipe() -> None:
    """Keep ipykernel from opening a socket for the output of child processes; there are none.

    That socket is unencrypted, and the only one of a kernel that other users of this
    computer could reach.
    """
    from ipykernel import kernelapp  # noqa: PLC0415 - only after disable_debugger()

    names: Any = vars(kernelapp)
    thread = names["IOPubThread"]
    names["IOPubThread"] = lambda socket, **how: thread(socket, **(how | {"pipe": False}))


if __name__ == "__main__":
    disable_debugger()
    disable_output_pipe()

    from ipykernel.kernelapp import launch_new_instance

    from workbook.serve.terminal import keep_kernel_quiet

    keep_kernel_quiet()

    launch_new_instance()
