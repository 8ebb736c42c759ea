"""The shell: ``workbook start | plan | check | erase``. Bad input is one sentence, exit 2."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click
import platformdirs

from workbook.domain.errors import InvalidInput, WorkbookError

MOST = 1_000_000
"""Most bytes that ``plan`` reads; two people's answers are a few thousand."""
REPOSITORY = Path(__file__).parent.parent


def data_folder() -> Path:
    """Where the vault lies unless ``--data`` says otherwise; a neutral name on purpose."""
    return platformdirs.user_data_path("evening-notes", appauthor=False)


def chapters() -> Path:
    """The chapters: beside the package in a checkout, inside it when installed."""
    beside = REPOSITORY / "notebooks"
    return beside if beside.is_dir() else Path(__file__).parent / "notebooks"


def _fail(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(2)


def _in_words(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn an error of ours into its sentence and exit code 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except WorkbookError as error:
            from workbook.content.words import words

            _fail(words().error(error))

    return run


_data = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help=f"Folder of your vault.  [default: {data_folder()}]",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88})
@click.version_option(package_name="attune-workbook", prog_name="workbook")
def main() -> None:
    """A private workbook for two adults and a relaxing massage at home.

    Everything stays on this computer, in one encrypted file.
    """


@main.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=None,
    help="Port on 127.0.0.1.  [default: 8787, or the next free one]",
)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@_data
@click.option("--demo", is_flag=True, help="Try it with a made-up couple; nothing is kept.")
@_in_words
def start(port: int | None, *, no_browser: bool, data: Path | None, demo: bool) -> None:
    """Open the book in the browser.

    Prints one line, "Open <address>", and runs until Ctrl-C.
    """
    from workbook.serve.launcher import serve

    if demo:
        from workbook.book.demo import demo_vault

        with demo_vault() as folder:
            sys.exit(
                serve(
                    data=folder, notebooks=chapters(), port=port, browser=not no_browser, demo=True
                )
            )
    folder = data or data_folder()
    sys.exit(serve(data=folder, notebooks=chapters(), port=port, browser=not no_browser))


@main.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--schema", is_flag=True, help="Print the JSON schema of FILE and end.")
@_in_words
def plan(file: Path | None, *, schema: bool) -> None:
    """What would the book say? Reads two people's answers, touches no vault.

    FILE is JSON ("-" for standard input); see docs/examples/. Prints outcome,
    limits, offers and plan as JSON.
    """
    from workbook import paper

    if schema:
        click.echo(paper.schema())
        return
    if file is None:
        _fail("Name a file to read, or - for standard input. --schema prints its form.")
    click.echo(paper.answer(_read(file)))


def _read(file: Path) -> bytes:
    try:
        if str(file) == "-":
            body = sys.stdin.buffer.read(MOST + 1)
        else:
            with file.open("rb") as stream:
                body = stream.read(MOST + 1)
    except OSError as error:
        raise InvalidInput(field=str(file), why=error.strerror or "cannot be read") from None
    if len(body) > MOST:
        raise InvalidInput(field=str(file), why=f"more than {MOST:,} bytes")
    return body


@main.command()
@click.option(
    "--chapters",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Folder of the chapters.",
)
@_in_words
def check(folder: Path | None) -> None:
    """Check the chapters and the tables, and say in words what is wrong."""
    from workbook.book import Workbook
    from workbook.content.tables import load_tables
    from workbook.content.words import words
    from workbook.serve.compose import read_chapters

    tables = load_tables()
    words()
    found = read_chapters(folder or chapters())
    used = [form for chapter in found for form in chapter.forms]
    for name in used:
        if name not in Workbook.FORMS:
            raise InvalidInput(field=name, why="a chapter asks for this form and there is none")
    for name in sorted(Workbook.FORMS - set(used)):
        raise InvalidInput(field=name, why="no chapter holds this form")
    click.echo(
        f"All is well: {len(found)} chapters, {len(used)} forms, "
        f"{len(tables.health)} health rules, {len(tables.areas)} areas."
    )


@main.command()
@_data
@click.option("--yes", is_flag=True, help="Do not ask.")
@_in_words
def erase(data: Path | None, *, yes: bool) -> None:
    """Erase the vault for good: keys first, then the files.

    Copies elsewhere (exports, cloud folders, printed pages) are not touched.
    """
    from workbook.store import vault

    folder = data or data_folder()
    if not vault.exists(folder):
        _fail(f"There is no vault in {folder}. Nothing was changed.")
    if not yes:
        typed = click.prompt(f"This erases everything in {folder}. Type erase to go on", default="")
        if typed != "erase":
            _fail("Nothing was changed.")
    vault.erase(folder)
    click.echo("Erased. Copies elsewhere, if you made any, are still there.")


if __name__ == "__main__":
    main()
