"""The structure of a PDF, so that a screen reader knows headings, lists and pictures.

ReportLab writes no structure; its catalogue and pages have places for one (ISO 32000-1, 14.7).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas


@dataclass
class _Element:
    role: str
    """A standard type, such as ``"H1"`` or ``"LI"``."""
    alt: str = ""
    page: int = 0
    marks: list[int] = field(default_factory=list)
    """Numbers of its own contents on its page."""
    inside: list[_Element] = field(default_factory=list)


class Tags:
    """Marks what is drawn on a canvas, and writes the structure at the end."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._root = _Element("Document")
        self._open = [self._root]
        self._pages: list[list[_Element]] = [[]]
        self._marking = False

    @contextmanager
    def group(self, role: str) -> Iterator[None]:
        """Hold together what is marked inside, such as the entries of a list."""
        element = _Element(role, page=len(self._pages) - 1)
        self._open[-1].inside.append(element)
        self._open.append(element)
        yield
        self._open.pop()

    @contextmanager
    def mark(self, role: str, alt: str = "") -> Iterator[None]:
        """Mark what is drawn inside; ``alt`` says what a picture shows."""
        page = self._pages[-1]
        element = _Element(role, alt, len(self._pages) - 1, [len(page)])
        self._open[-1].inside.append(element)
        self._write(f"/{role} <</MCID {len(page)}>> BDC")
        page.append(element)
        self._marking = True
        yield
        self._marking = False
        self._write("EMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Mark what is drawn inside as lines and colours that say nothing."""
        if self._marking:  # a box inside a picture is part of it
            yield
            return
        self._write("/Artifact BMC")
        yield
        self._write("EMC")

    def end_page(self) -> None:
        """End a page, of which ReportLab has just made an object."""
        page = self._canvas._doc.Pages[-1]  # noqa: SLF001 - the only way to a page's own entries
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents = len(self._pages) - 1
        page.Tabs = pdfdoc.PDFName("S")
        self._pages.append([])

    def write(self) -> None:
        """Write the structure into the document; the last thing before it is saved."""
        document = self._canvas._doc  # noqa: SLF001 - as above
        made: dict[int, pdfdoc.PDFObjectReference] = {}
        root = pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("StructTreeRoot")})
        parent = document.Reference(root)
        root["K"] = pdfdoc.PDFArray([self._write_element(self._root, parent, made)])
        numbers: list[Any] = []
        for number, elements in enumerate(self._pages[:-1]):
            numbers += [number, pdfdoc.PDFArray([made[id(each)] for each in elements])]
        tree = pdfdoc.PDFDictionary({"Nums": pdfdoc.PDFArray(numbers)})
        root["ParentTree"] = document.Reference(tree)
        root["ParentTreeNextKey"] = len(self._pages) - 1
        catalogue = document.Catalog
        catalogue.StructTreeRoot = parent
        catalogue.MarkInfo = pdfdoc.PDFDictionary({"Marked": pdfdoc.PDFName("true")})
        catalogue.MarkInfo["Marked"] = "true"

    def _write(self, code: str) -> None:
        self._canvas._code.append(code)  # noqa: SLF001 - ReportLab has no call for marks

    def _write_element(
        self, element: _Element, parent: Any, made: dict[int, pdfdoc.PDFObjectReference]
    ) -> Any:
        document = self._canvas._doc  # noqa: SLF001 - as above
        written = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("StructElem"),
                "S": pdfdoc.PDFName(element.role),
                "P": parent,
                "Pg": document.Reference(document.Pages[element.page]),
            }
        )
        own = document.Reference(written)
        made[id(element)] = own
        if element.alt:
            written["Alt"] = pdfdoc.PDFString(element.alt)
        inside = [self._write_element(each, own, made) for each in element.inside]
        written["K"] = pdfdoc.PDFArray([*element.marks, *inside])
        return own
