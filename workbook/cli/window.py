"""A small window for a book that was started without a terminal: what it says, and its end."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any

from workbook.content.words import Words, load_words

SERVER_OPTIONS = ("start", "--until-closed")
"""The command of the server; the window holds its standard input."""

CLOSE_TIMEOUT_S = 15
"""Seconds after which a server that does not end is killed; what says Saved is on the disk."""

_STEP_MS = 100
"""Milliseconds between two looks at what the server wrote."""

_ADDRESS = re.compile(r"Open (?P<url>(?P<book>https?://\S+?)pair#\S+)")

_MOST_LINES = 4
"""Lines of the server that are shown at a time."""

_ICON = Path(__file__).with_name("icon.png")
"""There is one in a bundle."""

# As in ui/look/tokens.css.
_PAPER, _INK, _MUTED, _LINE = "#FBF7F2", "#2B2622", "#685D56", "#E2D6C9"
_CLAY, _CLAY_DEEP, _CLAY_WASH = "#A4533B", "#873F2A", "#F6E6DE"
_MARGIN = 24
_WIDTH = 440
"""Pixels of a line of text at most."""


def has_window() -> bool:
    """Return whether a window can be shown here."""
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        return False  # Tk knows X alone; on Wayland there is one as well
    try:
        import tkinter as tk  # some systems have none

        tk.Tk().destroy()
    except (ImportError, tk.TclError):
        return False
    return True


def show_window(command: Sequence[str]) -> int:
    """Start the server, show the window until both have ended, and return the server's code.

    Args:
        command: what runs ``workbook`` here, without arguments.

    """
    server = _Server([*command, *SERVER_OPTIONS])
    return _Window(server, load_words()).run()


class _Server:
    """The server's process; it ends when its standard input is closed, or with this process.

    Args:
        command: the whole command line.

    """

    def __init__(self, command: Sequence[str]) -> None:
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        """What it wrote in its terminal, and was not read yet."""
        hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows would show a console
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            creationflags=hidden,
        )
        for stream in (self._process.stdout, self._process.stderr):
            Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self.lines.put(line.strip())

    @property
    def code(self) -> int | None:
        """The exit code; None while it runs."""
        return self._process.poll()

    def close(self) -> None:
        """Ask it to end."""
        with suppress(OSError):  # it has ended
            self._process.stdin.close()  # type: ignore[union-attr]  # it is a pipe

    def kill(self) -> None:
        self._process.kill()


class _Window:
    """The window: how the book is, what its server says, its address, and two buttons.

    Args:
        server: whose lines are shown.
        words: ``window.*``.

    """

    def __init__(self, server: _Server, words: Words) -> None:
        import tkinter as tk  # some systems have none

        self._server, self._words = server, words
        self._book = ""
        """Address of the book itself, for a browser that was let in."""
        self._is_closing = self._is_signalled = False
        self._root = root = tk.Tk(className="Attune")
        root.title(words("window.title"))
        root.configure(background=_PAPER, padx=_MARGIN, pady=_MARGIN)
        root.resizable(width=False, height=False)
        root.protocol("WM_DELETE_WINDOW", self.close)
        if sys.platform == "darwin":
            root.createcommand("tk::mac::Quit", self.close)
        if _ICON.exists():
            self._icon = tk.PhotoImage(file=str(_ICON))  # Tk keeps no reference
            root.iconphoto(True, self._icon)
        self._said = tk.StringVar(root, words("window.opening"))
        self._address = tk.StringVar(root)
        self._notice = tk.StringVar(root)
        self._build(tk)

    def _build(self, tk: Any) -> None:
        root, words = self._root, self._words
        plain: dict[str, Any] = {
            "background": _PAPER,
            "foreground": _INK,
            "anchor": "w",
            "justify": "left",
        }
        plain |= {"wraplength": _WIDTH}
        tk.Label(root, text=words("window.name"), font=("TkHeadingFont", 20), **plain).grid(
            sticky="w", columnspan=2
        )
        tk.Label(root, textvariable=self._said, font=("TkDefaultFont", 12), **plain).grid(
            sticky="w", columnspan=2, pady=(8, 16)
        )
        self._hint = tk.Label(
            root, text=words("window.address"), **(plain | {"foreground": _MUTED})
        )
        self._field = tk.Entry(
            root, textvariable=self._address, state="readonly", readonlybackground=_PAPER,
            foreground=_INK, font="TkFixedFont", relief="solid", borderwidth=1,
        )  # fmt: skip
        self._noticed = tk.Label(root, textvariable=self._notice, **plain)
        self._noticed.grid(row=2, sticky="w", columnspan=2, pady=(0, 16))
        self._hint.grid(row=3, sticky="w", columnspan=2)
        self._field.grid(row=4, sticky="we", columnspan=2, pady=(4, 16), ipady=6)
        for each in (self._noticed, self._hint, self._field):
            each.grid_remove()
        button: dict[str, Any] = {"padx": 16, "pady": 10, "highlightthickness": 2}
        _, other = _button_colours()
        self._again = tk.Button(root, text=words("window.again"), command=self._show, **button)
        self._enable_show(enabled=False)
        self._again.grid(row=5, column=0, sticky="we", padx=(0, 6))
        closing = tk.Button(root, text=words("window.close"), command=self.close, **button, **other)
        closing.grid(row=5, column=1, sticky="we", padx=(6, 0))
        for each in (self._again, closing):
            each.bind("<Return>", lambda event: event.widget.invoke())
        tk.Label(
            root, text=words("window.note"), **(plain | {"foreground": _MUTED})
        ).grid(row=6, sticky="w", columnspan=2, pady=(16, 0))  # fmt: skip
        root.columnconfigure((0, 1), weight=1, uniform="buttons", minsize=_WIDTH // 2)

    def run(self) -> int:
        """Show the window until it was closed and the server has ended; return its code."""
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._note_signal)
        self._root.after(_STEP_MS, self._look)
        try:
            self._root.mainloop()
        finally:
            self._server.close()
        return 0 if self._is_closing else self._server.code or 0

    def _note_signal(self, *_: object) -> None:
        self._is_signalled = True  # Tk is left alone in the middle of whatever it does

    def close(self) -> None:
        """Have the server end; the window goes when it has."""
        if not self._is_closing:
            self._is_closing = True
            self._said.set(self._words("window.closing"))
            self._server.close()
            self._root.after(CLOSE_TIMEOUT_S * 1000, self._server.kill)

    def _look(self) -> None:
        """Show what the server wrote since the last look, and whether it has ended."""
        if self._is_signalled:
            self.close()
        ended = self._server.code is not None
        with suppress(queue.Empty):
            while True:
                self._show_line(self._server.lines.get_nowait())
        if ended and (self._is_closing or self._server.code == 0):
            self._root.destroy()
            return
        if ended:  # what it said last stays to be read
            self._enable_show(enabled=False)
            self._said.set(self._words("window.ended"))
        self._root.after(_STEP_MS, self._look)  # signals are heard between two looks

    def _show_line(self, line: str) -> None:
        found = _ADDRESS.fullmatch(line)
        if not found:
            lines = [*self._notice.get().splitlines(), line]
            self._notice.set("\n".join(lines[-_MOST_LINES:]))
            self._noticed.grid()
            return
        self._said.set(self._words("window.shown" if self._book else "window.open"))
        self._address.set(found["url"])
        self._book = found["book"]
        self._field.configure(width=len(found["url"]) + 1)  # all of it, to be typed elsewhere
        self._hint.grid()
        self._field.grid()
        self._enable_show(enabled=True)
        self._again.focus_set()

    def _enable_show(self, *, enabled: bool) -> None:
        main, other = _button_colours()
        self._again.configure(
            state="normal" if enabled else "disabled", **(main if enabled else other)
        )

    def _show(self) -> None:
        webbrowser.open(self._book)


def _button_colours() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the colours of the first button and of others; macOS draws buttons by itself."""
    if sys.platform == "darwin":
        return {}, {}
    flat = {"relief": "flat", "borderwidth": 0, "highlightbackground": _PAPER}
    flat |= {"highlightcolor": _INK}
    return (
        {"background": _CLAY, "foreground": "#FFFFFF", "activebackground": _CLAY_DEEP}
        | {"activeforeground": "#FFFFFF"}
        | flat,
        {"background": _CLAY_WASH, "foreground": _INK, "activebackground": _LINE}
        | {"activeforeground": _INK, "disabledforeground": _MUTED}
        | flat,
    )
