"""What a bundle runs: a window, a command of ``workbook``, or one of the book's own processes.

In a bundle ``sys.executable`` is this program, and there is no Python to start: the processes
that the book starts as ``python -m MODULE`` come back here.
"""

from __future__ import annotations

import os
import runpy
import sys
import warnings
from pathlib import Path

PROCESSES = frozenset(
    {"workbook.serve.kernel_main", "workbook.serve.zygote", "workbook.store.ballot_process"}
)
"""Modules that the book runs as processes; no other one is run."""

INTERPRETER_OPTIONS = frozenset({"-E", "-s", "-P"})
"""What the book passes on to Python before ``-m``; a bundle heeds no surroundings anyway."""

SHELL = "attune-workbook.exe"
"""The same program with a terminal, on Windows, where a program has either that or a window."""


def main() -> None:
    """Run what the arguments name; without any, open the book with its window."""
    _restore_library_path()
    warnings.showwarning = _drop_warning  # Voilà turns some on that the option -W turns off
    arguments = sys.argv[1:]
    while arguments and arguments[0] in INTERPRETER_OPTIONS:
        arguments.pop(0)
    if arguments[:1] == ["-m"] and arguments[1] in PROCESSES:
        sys.argv = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        return
    if not arguments and Path(sys.executable).name != SHELL:
        from workbook.cli.window import has_window, show_window  # noqa: PLC0415 - kernels have none

        if has_window():
            beside = Path(sys.executable).with_name(SHELL)
            sys.exit(show_window([str(beside if beside.exists() else sys.executable)]))
    from workbook.cli import main as workbook  # noqa: PLC0415 - processes need none of it

    workbook(prog_name="attune-workbook")


def _drop_warning(*_: object, **__: object) -> None:
    """Warnings speak to whoever writes a program, and not to those who use it."""


def _restore_library_path() -> None:
    """Have other programs, such as the browser, find their own libraries and not the bundle's."""
    name = "LD_LIBRARY_PATH"
    before = os.environ.pop(f"{name}_ORIG", None)
    os.environ.pop(name, None)
    if before is not None:
        os.environ[name] = before


if __name__ == "__main__":
    main()
