"""Starts the kernel of one page: our interpreter, no debugger, no history on disk."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    # ipykernel imports debugpy when it is there: 170 modules nobody uses here.
    sys.modules["debugpy"] = None  # type: ignore[assignment]

    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
