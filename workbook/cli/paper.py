"""The commands that make sheets to print: ``workbook paper`` and ``workbook kit``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from workbook.cli.shell import HomePath, exit_with_sentence
from workbook.domain.errors import InvalidInput, InvalidTable

if TYPE_CHECKING:
    from workbook.content.words import Words
    from workbook.domain.guidance import Country, Resources

CommandT = TypeVar("CommandT", bound=Callable[..., object])


def sheet_options(command: CommandT) -> CommandT:
    """Add the options that everything on paper has."""
    size = click.option(
        "--size",
        type=click.Choice(["a4", "letter"]),
        default="a4",
        show_default=True,
        help="Size of the paper.",
    )
    country = click.option(
        "--country",
        metavar="XX",
        default=None,
        help="Two letters, such as GB: its numbers stand on the page about help.  "
        "[default: the numbers of all countries, on a page of their own]",
    )
    own = click.option(
        "--resources",
        type=HomePath(path_type=Path),
        default=None,
        metavar="FILE",
        help="Your own table of where to turn, laid over the one of the book.",
    )
    replace = click.option("--replace", is_flag=True, help="Replace what is there already.")
    return size(country(own(replace(command))))


@click.command(short_help="Make blank sheets to print and fill in by hand.")
@click.argument("file", metavar="OUT.pdf", type=HomePath(path_type=Path))
@sheet_options
def paper(
    file: Path, size: str, country: str | None, resources: Path | None, *, replace: bool
) -> None:
    """Make blank sheets to print and fill in by hand, as a PDF.

    A private sheet for each of you with a body map, the card of consent and signals,
    kinds of touch and steps with drawings, oil and skin tests, and when to seek help.
    Print it on both sides: each private sheet is then one leaf. No vault is opened,
    and nothing of yours is on it.
    """
    from workbook.paper.booklet import make_paper

    say, known = load_own(resources)
    made = make_paper(say, known, size, find_country(known, country))
    write_new(file, made, replace=replace)
    click.echo(f"Written to {file}")


@click.command(short_help="Make what a leader of a workshop needs, to print.")
@click.argument("folder", metavar="FOLDER", type=HomePath(path_type=Path))
@sheet_options
def kit(
    folder: Path, size: str, country: str | None, resources: Path | None, *, replace: bool
) -> None:
    """Make what therapists and leaders of workshops need, as PDFs in FOLDER.

    A page to read first, sessions of 60 and of 90 minutes, handouts of one page each,
    the blank sheets for two, and a page on which a group says how the session was.
    Nothing is made unless every safety row is as it was last reviewed. No vault is
    opened, and nothing of any couple is in it.
    """
    from workbook.paper.kit import make_kit
    from workbook.provenance import find_altered_rows

    if altered := list(find_altered_rows()):
        exit_with_sentence(*altered, "Nothing was written.")
    say, known = load_own(resources)
    made = make_kit(say, known, size, find_country(known, country))
    try:
        folder.mkdir(exist_ok=True)
        others = sorted(each.name for each in folder.iterdir())
    except (OSError, ValueError) as error:
        raise InvalidInput(field=str(folder), why=_name_cause(error)) from None
    if others and not replace:
        raise InvalidInput(
            field=str(folder),
            why=f"{others[0]} is in it; name a new folder, or --replace replaces the kit in it",
        )
    for name, content in made.items():
        write_new(folder / name, content, replace=replace)
    click.echo(f"Written to {folder}: {', '.join(made)}")


def load_own(own: Path | None) -> tuple[Words, Resources]:
    """Return the strings and where to turn, with somebody's own table laid over.

    Raises:
        InvalidInput: if the table cannot be read or contradicts itself.

    """
    from workbook.content.guidance import load_resources
    from workbook.content.words import load_words

    try:
        resources = load_resources(own=own)
        return load_words().with_resources(resources), resources
    except InvalidTable as error:
        if own is None:
            raise
        why = ": ".join(str(error.facts[key]) for key in ("row", "why") if error.facts[key])
        raise InvalidInput(field=str(own), why=why) from None


def find_country(resources: Resources, wanted: str | None) -> Country | None:
    """Return the country of these two letters, in any case; None for None.

    Raises:
        InvalidInput: if it is not in the table, naming those that are.

    """
    if wanted is None:
        return None
    known = {country.id: country for country in resources.countries}
    if wanted.upper() not in known:
        listed = ", ".join(sorted(known)) or "none"
        raise InvalidInput(field=f"{wanted} for --country", why=f"the table has {listed}")
    return known[wanted.upper()]


def write_new(file: Path, content: bytes, *, replace: bool) -> None:
    """Write a file, whole or not at all.

    Raises:
        InvalidInput: if it is there already and ``replace`` is not set, or cannot be written.

    """
    try:
        target = file.resolve()  # what a link leads to is written, and the link stays
        if target.exists() and not target.is_file():
            raise InvalidInput(field=str(file), why="it is no file; name one that is new")
        if target.exists() and not replace:
            raise InvalidInput(
                field=str(file), why="it is there already, and stays; --replace replaces it"
            )
        beside = target.with_name(f".{target.name}.part")
        beside.write_bytes(content)
        beside.replace(target)
    except (OSError, ValueError) as error:  # ValueError: a name that contains a null byte
        raise InvalidInput(field=str(file), why=_name_cause(error)) from None


def _name_cause(error: OSError | ValueError) -> str:
    why = getattr(error, "strerror", None) or "it cannot be written"
    return str(why[0].lower() + why[1:])
