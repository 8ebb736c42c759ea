"""Reads PDFs back: text, structure and fonts."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from pypdf import PdfReader


@cache
def read(made: bytes) -> PdfReader:
    return PdfReader(BytesIO(made))


def texts(made: bytes) -> list[str]:
    """The text of each page, with every space and line break as one space."""
    return [text(made, number) for number in range(len(read(made).pages))]


@cache
def text(made: bytes, number: int) -> str:
    """The text of one page; -1 is the last one."""
    return plain(read(made).pages[number].extract_text())


def plain(text: str) -> str:
    return " ".join(text.replace("**", "").split())


def elements(made: bytes) -> list[dict]:
    """Every element of the structure, parents before their children."""
    found = []

    def walk(element: dict) -> None:
        found.append(element)
        for child in element["/K"]:
            inside = child.get_object()
            if not isinstance(inside, int):
                walk(inside)

    walk(read(made).trailer["/Root"]["/StructTreeRoot"]["/K"][0])
    return found
