"""The commands that make sheets to print: ``workbook paper`` and ``workbook kit``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from workbook.domain.errors import InvalidInput

if TYPE_CHECKING:
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
    replace = click.option("--replace", is_flag=True, help="Replace what is there already.")
    return size(country(replace(command)))


@click.command(short_help="Make blank sheets to print and fill in by hand.")
@click.argument("file", metavar="OUT.pdf", type=click.Path(path_type=Path))
@sheet_options
def paper(file: Path, size: str, country: str | None, *, replace: bool) -> None:
    """Make blank sheets to print and fill in by hand, as a PDF.

    A private sheet for each of you with a body map, the card of consent and signals,
    kinds of touch and steps with drawings, oil and skin tests, and when to seek help.
    Print it on both sides: each private sheet is then one leaf. No vault is opened,
    and nothing of yours is on it.
    """
    from workbook.content.guidance import load_resources
    from workbook.content.words import load_words
    from workbook.paper.booklet import make_paper

    say, resources = load_words(), load_resources()
    made = make_paper(say, resources, size, find_country(resources, country))
    write_new(file, made, replace=replace)
    click.echo(f"Written to {file}")


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
        why = getattr(error, "strerror", None) or "it cannot be written"
        raise InvalidInput(field=str(file), why=why[0].lower() + why[1:]) from None
