"""What all commands share: the group, its error sentences, options, and reading of input."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import click

from workbook.domain.errors import InvalidInput, NoHome, WorkbookError
from workbook.domain.text import escape_controls
from workbook.paths import default_data_folder, expand_home

MAX_ANSWERS_BYTES = 1_000_000
"""Largest JSON file of answers that is read; two people's answers take a few thousand bytes."""

EXIT_UNFORESEEN = 1
EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130

_PACKAGE = Path(__file__).parent.parent


def chapters_folder() -> Path:
    """Return the folder of the chapters: inside an installed package, in a checkout beside it.

    Beside an installed package another one may have left a folder of that name.
    """
    installed = _PACKAGE / "notebooks"
    return installed if installed.is_dir() else _PACKAGE.parent / "notebooks"


class HomePath(click.Path):
    """A path whose leading ``~`` is the home folder, which no shell replaces in ``--data=~/x``."""

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> Any:
        """Return the path; fail as ``click.Path`` does.

        Raises:
            NoHome: if this computer does not say where the home folder is.

        """
        if isinstance(value, str) and value.startswith("~"):
            value = str(expand_home(Path(value)))
        return super().convert(value, param, context)


def exit_with_sentence(*sentences: str) -> NoReturn:
    """Print sentences on stderr, a line each, and exit with code 2."""
    _exit(sentences, EXIT_BAD_INPUT)


def _exit(sentences: Sequence[str], code: int) -> NoReturn:
    with suppress(OSError):  # the window may have been closed
        for sentence in sentences:
            click.echo(escape_controls(sentence), err=True)
    sys.exit(code)


def describe_missing(folder: Path) -> str:
    """Return the sentence for a folder without a vault; it names the backups that lie there."""
    from workbook.store import backups

    found = backups.list_backups(folder)
    if not found:
        return f"There is no vault in {folder}."
    return (
        f"There is no vault in {folder}, but backups of one; the last is of "
        f'{found[-1].on.isoformat()}, and "workbook restore latest" brings it back.'
    )


class OneSentenceGroup(click.Group):
    """A group with a first command that runs by itself, and one sentence for each error.

    It lists commands in the order they were added. click's own reports take four lines.
    """

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; without a command they are those of the first one."""
        own = {name for option in self.get_params(context) for name in option.opts}
        is_bare = not args or (args[0].startswith("-") and args[0] not in own)
        if is_bare and not context.resilient_parsing:  # completion still offers the commands
            args = [next(iter(self.commands)), *args]
        return super().parse_args(context, args)

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names of the commands in the order they were added."""
        return list(self.commands)

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run a command and exit: with its code, 2 for bad input, 130 after Ctrl-C."""
        _open_standard_streams()
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
            _flush_output()
        except click.ClickException as error:
            message = error.format_message()
            exit_with_sentence(message if message.endswith((".", "?", ")")) else f"{message}.")
        except (click.Abort, KeyboardInterrupt):
            _exit([""], EXIT_INTERRUPTED)
        except WorkbookError as error:
            exit_with_sentence(_sentence_of(error))
        except Exception as error:  # noqa: BLE001 - nobody is shown a traceback
            from workbook.serve.failures import describe_failure

            if isinstance(error, OSError) and _is_about_output(error):
                _exit_unwritten(error)
            known = isinstance(error, OSError | MemoryError)
            _exit([describe_failure(error)], EXIT_BAD_INPUT if known else EXIT_UNFORESEEN)
        sys.exit(code if isinstance(code, int) else 0)


def _open_standard_streams() -> None:
    """Lead each standard stream that was closed before the start into nothing.

    Otherwise the next file that is opened would take its number, and be written to.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            handle = os.open(os.devnull, os.O_RDWR)
            if handle == number:
                os.set_inheritable(number, True)  # processes that it starts need one, too
            else:
                os.dup2(handle, number)
                os.close(handle)
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8"))


def _flush_output() -> None:
    """Write what is still to be written, or exit with a sentence."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        sys.exit(0)  # who reads it has read enough
    except OSError as error:
        _exit_unwritten(error)


def _exit_unwritten(error: OSError) -> NoReturn:
    _drop_output()
    why = (error.strerror or "it is closed").lower()
    exit_with_sentence(f"The output cannot be written: {why}.")


def _is_about_output(error: OSError) -> bool:
    """Return whether click raised this where it prints."""
    at = traceback.extract_tb(error.__traceback__)
    return bool(at) and at[-1].name == click.echo.__name__


def _drop_output() -> None:
    """Lead standard output into nothing, or Python would complain about it once more at its end."""
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end


def _sentence_of(error: WorkbookError) -> str:
    from workbook.content.words import error_sentence

    # The text of an InvalidChapter already names file and cell.
    return str(error) if "cell" in error.facts else error_sentence(error)


@click.group(
    cls=OneSentenceGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
)
@click.version_option(package_name="attune-workbook", prog_name="workbook")
def main() -> None:
    """A private workbook for two adults and a relaxing massage at home.

    Without a command it opens the book, as "start" does. What you write stays on this
    computer, in one encrypted file. Every command has its own --help.
    """


def _describe_default_folder() -> str:
    try:
        return str(default_data_folder())
    except NoHome:
        return "none, since this computer does not say where your home folder is"


data_option = click.option(
    "--data",
    type=HomePath(path_type=Path, file_okay=False),
    default=None,
    metavar="DIR",
    help=f"Folder of your vault.  [default: {_describe_default_folder()}]",
)


def require_range(name: str, least: int, most: int) -> Callable[..., int]:
    """Return a click callback that refuses a number below ``least`` or above ``most``.

    Args:
        name: the option without its hyphens, for the sentence.
        least: the smallest number that is accepted.
        most: the largest.

    """

    def check(_context: click.Context, _option: click.Parameter, number: int) -> int:
        if not least <= number <= most:
            raise click.BadParameter(f"{number} for --{name}; {least} to {most} will do.")
        return number

    return check


def read_input(file: Path, max_bytes: int = MAX_ANSWERS_BYTES) -> bytes:
    """Return the bytes of ``file``, or of standard input for ``-``.

    Args:
        file: a path, or ``-``.
        max_bytes: the most that is accepted; no more than one byte beyond it is read.

    Raises:
        InvalidInput: if the file cannot be read or has more than ``max_bytes`` bytes.

    """
    field = "Standard input" if str(file) == "-" else str(file)
    try:
        if str(file) == "-":
            body = sys.stdin.buffer.read(max_bytes + 1)
        else:
            with file.open("rb") as stream:
                body = stream.read(max_bytes + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that contains a null byte
        why = getattr(error, "strerror", None) or "it cannot be read"
        raise InvalidInput(field=field, why=why[0].lower() + why[1:]) from None
    check_size(body, max_bytes, field)
    return body


def check_size(body: bytes, max_bytes: int, field: str) -> None:
    """Return if ``body`` has at most ``max_bytes`` bytes.

    Raises:
        InvalidInput: if it has more; ``field`` names the input in the sentence.

    """
    if len(body) > max_bytes:
        raise InvalidInput(field=field, why=f"it has more than {max_bytes:,} bytes")
