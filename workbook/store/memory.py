"""What a process does so that its memory stays its own."""

from __future__ import annotations

from contextlib import suppress


def forbid_core_dumps() -> None:
    """Keep this process and its children from leaving their memory in a file when they crash.

    Does nothing on Windows.
    """
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
