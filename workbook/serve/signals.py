"""Which signals end the book, each in the same way as Ctrl-C."""

from __future__ import annotations

import _thread
import os
import signal
import threading

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


def end_with_input() -> None:
    """Act as at Ctrl-C once standard input is closed: by who started this, or by their end."""
    threading.Thread(target=_wait_for_end, daemon=True).start()


def _wait_for_end() -> None:
    while os.read(0, 4096):
        pass
    if hasattr(signal, "pthread_kill"):
        # A real signal, since the main thread may wait for the network.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()
