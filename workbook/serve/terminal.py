"""What the launcher shows where it was started: addresses, QR codes, and a browser window."""

from __future__ import annotations

import logging
import os
import sys
import webbrowser
from html import escape
from pathlib import Path
from typing import Any

from workbook.domain.text import escape_controls

_PHONES = """
Your phones, in the same network, get in with the codes below: one each, once and within
five minutes. Their browsers will say that they do not know this computer. Let them go on
only if they show this SHA-256 fingerprint for the certificate:
{fingerprint}
"""

_WAY_IN = """<!DOCTYPE html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={url}">
<title>Evening notes</title>
<p><a href="{url}">Open the book</a></p>
"""


def print_ready(url: str) -> None:
    """Print the one line on stdout: the address that lets a first browser in."""
    print(f"Open {url}", flush=True)


def print_error(sentence: str) -> None:
    """Print a sentence on stderr."""
    print(escape_controls(sentence), file=sys.stderr)


def print_pairing_url(url: str, *, as_qr: bool) -> None:
    """Print an address that lets one browser in on stderr.

    Args:
        url: the address of the pairing page, with a code in its fragment.
        as_qr: whether a QR code of it follows.

    """
    qr = _draw_qr(url) if as_qr else ""
    print(f"Open {url}\n{qr}", end="", file=sys.stderr, flush=True)


def print_phone_instructions(fingerprint: str) -> None:
    """Print on stderr what to do with the QR codes that follow.

    Args:
        fingerprint: SHA-256 of the certificate, as browsers show it.

    """
    print(_PHONES.format(fingerprint=fingerprint), file=sys.stderr)


def _draw_qr(url: str) -> str:
    """Return ``url`` as a QR code, or "" if the terminal lacks the characters for it."""
    from workbook.serve import lan  # noqa: PLC0415 - without phones no cryptography is imported

    code = lan.draw_qr(url)
    try:
        code.encode(sys.stderr.encoding)
    except UnicodeEncodeError:
        return ""
    return code


class _EscapedRecord(logging.LogRecord):
    """A log line whose text cannot act on the terminal, whoever wrote what is in it."""

    def getMessage(self) -> str:  # noqa: N802 - as logging calls it
        return escape_controls(super().getMessage())


def escape_log_lines() -> None:
    """Have every log line of this process escaped, and no traceback shown with it.

    A traceback quotes what was sent; type and place of an error are in our own lines.
    """

    def make(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = _EscapedRecord(*args, **kwargs)
        if record.exc_info and record.exc_info[0] is not None:
            record.msg, record.args = f"{record.getMessage()} ({record.exc_info[0].__name__})", ()
        record.exc_info = record.stack_info = None
        return record

    logging.setLogRecordFactory(make)


def keep_kernel_quiet() -> None:
    """Leave the terminal to the log lines of our own code; for a kernel.

    Whatever else a kernel writes there quotes messages of a page: a page could write into the
    window that shows codes and the certificate's fingerprint.
    """
    escape_log_lines()
    terminal = os.fdopen(os.dup(2), "w", encoding="utf-8", errors="backslashreplace", buffering=1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    ours = logging.getLogger("workbook")
    handler = logging.StreamHandler(terminal)
    handler.setLevel(logging.ERROR)
    ours.addHandler(handler)
    ours.propagate = False


def write_way_in(folder: Path, url: str) -> Path:
    """Write a file for this user alone that leads a browser to ``url``; return its path.

    A browser is opened with the path: what is in its command line, every user of this
    computer can read.

    Args:
        folder: a folder that only this user can enter.
        url: the address of the pairing page, with a code in its fragment.

    """
    path = folder / "open.html"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(_WAY_IN.format(url=escape(url)))
    return path


def has_browser() -> bool:
    """Whether a browser window can open; a text browser would take over the terminal."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True
