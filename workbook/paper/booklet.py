"""The whole of the paper: two private sheets, then what both use together."""

from __future__ import annotations

from collections.abc import Iterable

from workbook.content.guidance import load_guidance
from workbook.content.tables import load_tables
from workbook.content.words import Words
from workbook.domain.guidance import Country, Guidance, Resources
from workbook.paper import answers, cards
from workbook.paper.sheet import PaperPage, Sheet


def make_paper(
    say: Words, resources: Resources, size: str, country: Country | None = None
) -> bytes:
    """Return the sheets for two people as PDF.

    Args:
        say: the strings of one language.
        resources: where to turn.
        country: whose numbers stand on it; None: those of all countries.
        size: ``"a4"`` or ``"letter"``.

    Raises:
        InvalidInput: if a text has a letter that the typefaces of paper do not have.

    """
    return print_pages(list_all(say, resources, country), say("paper.title"), size)


def list_all(say: Words, resources: Resources, country: Country | None) -> list[PaperPage]:
    """Return all pages; each private sheet is the two sides of one leaf."""
    tables, guidance = load_tables(), load_guidance()
    sheet = answers.list_pages(say, tables)
    return [
        *sheet,
        *sheet,
        cards.make_together(say, guidance, tables),
        cards.make_hands_on(say, tables),
        cards.make_strokes(say),
        cards.make_steps(say, tables),
        cards.make_oils(say, guidance, tables),
        *list_help(say, guidance, resources, country),
    ]


def list_help(
    say: Words, guidance: Guidance, resources: Resources, country: Country | None
) -> list[PaperPage]:
    """Return when to seek help, and the numbers of one country or of all."""
    pages = [cards.make_help(say, guidance, resources, country)]
    if country is None and resources.countries:
        pages.append(cards.make_numbers(say, resources))
    return pages


def print_pages(pages: Iterable[PaperPage], title: str, size: str) -> bytes:
    """Return pages as PDF."""
    sheet = Sheet(size, title)
    for page in pages:
        sheet.add(page)
    return sheet.finish()
