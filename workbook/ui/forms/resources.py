"""Where to get help: emergency numbers, and places that were added to the table."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook.content.words import Words
from workbook.domain.guidance import HelpPlace, Resources
from workbook.ui.form import ReferenceForm
from workbook.ui.widgets.prose import Block, Prose, h, item, p

_NOT_DIALLED = re.compile(r"[^+0-9]")


class ResourcesForm(ReferenceForm):
    """Shows numbers as links and addresses as text, because the book opens no web page.

    Source: facts, section 13
    """

    def __init__(self, say: Words, resources: Resources) -> None:
        blocks: list[Block] = [h(say("resources.emergency")), *list_numbers(say, resources)]
        for place in resources.places:
            blocks += _place(say, place)
        super().__init__([Prose(blocks, live=False)])


def list_numbers(say: Words, resources: Resources) -> list[Block]:
    """Return the emergency numbers, each as a link."""
    return [
        item(
            say("resources.number_in", number=each.number, where=each.where),
            make_phone_address(each.number),
        )
        for each in resources.emergency
    ]


def _place(say: Words, place: HelpPlace) -> Iterator[Block]:
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
