"""Where to turn where these two live: emergency numbers, and places somebody added."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook.content.words import Words
from workbook.domain.guidance import HelpPlace, Resources
from workbook.ui.form import Reading
from workbook.ui.widgets.prose import Block, Prose, h, item, p

_NOT_DIALLED = re.compile(r"[^+0-9]")


class ResourcesForm(Reading):
    """Numbers to tap; addresses as text, since the book leads nowhere by itself.

    Source: facts, section 13
    """

    def __init__(self, say: Words, resources: Resources) -> None:
        blocks: list[Block] = [h(say("resources.emergency")), *numbers(say, resources)]
        for place in resources.places:
            blocks += _place(say, place)
        super().__init__([Prose(blocks, live=False)])


def numbers(say: Words, resources: Resources) -> list[Block]:
    """Return the emergency numbers, each to be tapped."""
    return [
        item(say("resources.number_in", number=each.number, where=each.where), tel(each.number))
        for each in resources.emergency
    ]


def _place(say: Words, place: HelpPlace) -> Iterator[Block]:
    """A place with what it is there for."""
    yield h(place.name)
    for name in place.help:
        yield p(say(f"help.{name}"))
    if place.phone:
        yield item(say("resources.call", number=place.phone), tel(place.phone))
    if place.web:
        yield item(say("resources.web", web=place.web))
    if place.note:
        yield p(place.note)


def tel(number: str) -> str:
    """Return the address that dials ``number``."""
    return f"tel:{_NOT_DIALLED.sub('', number)}"
