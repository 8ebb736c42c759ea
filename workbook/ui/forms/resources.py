"""Where to get help: numbers by country, and places that were added to the table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ipywidgets import Widget

from workbook.content.guidance import load_resources
from workbook.content.words import Words
from workbook.domain.guidance import Country, HelplineKind, HelpPlace, Resources
from workbook.ui.form import FormContext, QuietBox, ReferenceForm, set_visible
from workbook.ui.widgets.helplines import CountryLines, Helplines
from workbook.ui.widgets.prose import Block, Prose, h, item, p

_NOT_DIALLED = re.compile(r"[^+0-9]")


class ResourcesForm(ReferenceForm):
    """Shows numbers as links and addresses as text, because the book opens no web page.

    Source: facts, section 13
    """

    def __init__(self, say: Words, resources: Resources) -> None:
        shown: list[Widget] = [make_helplines(say, resources)]
        places = [block for place in resources.places for block in _list_place(say, place)]
        if places:
            shown.append(Prose(places, live=False))
        super().__init__(shown)


def make_helplines(
    say: Words,
    resources: Resources,
    kinds: Sequence[HelplineKind] = tuple(HelplineKind),
    *,
    folded: bool = False,
) -> Helplines:
    """Return the numbers of every country, of which the page shows one.

    Args:
        say: the strings of the page's language.
        resources: the tables.
        kinds: kinds of lines to show beside the emergency number.
        folded: whether the reader opens them first.

    """
    words = dict(say.table("resources.helplines"))
    if not folded:
        del words["fold"]
    countries = [_describe_country(say, resources, each, kinds) for each in resources.countries]
    countries.sort(key=lambda country: country["name"])
    general = [(each.where, each.number) for each in resources.emergency]
    return Helplines(countries, general, [str(kind) for kind in kinds], words)


class SomewhereToTurn(QuietBox):
    """Numbers in a fold, beside an answer that somebody may wish to talk about.

    They are made when they are first shown.
    """

    def __init__(self, context: FormContext) -> None:
        self._context = context
        super().__init__()
        set_visible(self, shown=False)

    def __repr__(self) -> str:
        return "SomewhereToTurn()"

    def show_if(self, is_needed: bool) -> None:  # noqa: FBT001 - it says what it is
        """Show the fold, or hide it."""
        if is_needed and not self.children:
            say = self._context.words
            kinds = (HelplineKind.VIOLENCE, HelplineKind.CRISIS)
            self.children = [make_helplines(say, load_resources(), kinds, folded=True)]
        set_visible(self, shown=is_needed)


def _describe_country(
    say: Words, resources: Resources, country: Country, kinds: Sequence[HelplineKind]
) -> CountryLines:
    lines = [line for kind in kinds for line in resources.lines_of(country.id, kind)]
    looked = min((country.reviewed, *(line.reviewed for line in lines)))
    calls = [(say("resources.medical"), country.emergency)]
    if country.police:
        calls = [
            (say("resources.ambulance"), country.emergency),
            (say("resources.police"), country.police),
        ]
    return {
        "id": country.id,
        "name": say(f"resources.countries.{country.id}"),
        "zones": country.zones,
        "calls": calls,
        "lines": [(str(line.kind), line.name, line.number, line.hours) for line in lines],
        "looked": say.language.write_date(looked),
    }


def _list_place(say: Words, place: HelpPlace) -> Iterator[Block]:
    """Return the block of a place with what it helps with."""
    yield h(place.name)
    for name in place.help:
        yield p(say(f"help.{name}"))
    if place.phone:
        yield item(say("resources.call", number=place.phone), make_phone_address(place.phone))
    if place.web:
        yield item(say("resources.web", web=place.web))
    if place.note:
        yield p(place.note)


def make_phone_address(number: str) -> str:
    """Return the ``tel:`` address that dials ``number``."""
    return f"tel:{_NOT_DIALLED.sub('', number)}"
