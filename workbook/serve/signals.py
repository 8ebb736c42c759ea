"""Which signals end the book, each in the same way as Ctrl-C."""

from __future__ import annotations

import signal

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGXCPU", "SIGBREAK")
"""SIGHUP and SIGBREAK: the window was closed. Not every system has each of them."""

_ENDING = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))


def end_on_signals() -> None:
    """Raise ``KeyboardInterrupt`` at any of these signals, so that everything is cleaned up.

    A shell script that starts this process in the background makes it ignore SIGINT; here it
    counts again. With ``nohup`` a closed window goes on to end nothing.
    """
    for number in _ENDING:
        if number == getattr(signal, "SIGHUP", None) and signal.getsignal(number) is signal.SIG_IGN:
            continue
        signal.signal(number, signal.default_int_handler)


def ignore_signals() -> None:
    """Let none of these signals cut the cleaning up short."""
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)
