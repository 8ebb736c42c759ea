"""Builds the documentation and the chapters as a site: ``python docs/site/build.py FOLDER``.

Pages are made from the Markdown files of the repository and the Markdown cells of the chapters.
They hold no script and ask nothing of any host; the folder can be opened from a disk.
"""

from __future__ import annotations

import re
import shutil
import sys
from html import escape
from pathlib import Path
from posixpath import normpath, relpath
from typing import NamedTuple

import mistune
import nbformat
from jinja2 import Environment

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

TOP = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "SECURITY.md")
"""Files of the top folder that become pages, where they exist."""

_LINK = re.compile(r'(?P<name>href|src)="(?P<address>[^"]*)"')
_TAG = re.compile(r"<[^>]+>")
_HEADING = re.compile(r"<h(?P<level>[1-4])>(?P<text>.*?)</h(?P=level)>", re.DOTALL)
_ELSEWHERE = re.compile(r"[a-z]+:|#|$")


class Page(NamedTuple):
    """One page of the site."""

    source: str
    """Path in the repository."""
    address: str
    """Path in the site."""
    title: str
    """As HTML."""
    text: str
    """Its Markdown."""


def build_site(folder: Path) -> list[Page]:
    """Write the site into ``folder``, which is emptied first, and return its pages."""
    chapters = [_read_chapter(path) for path in sorted(ROOT.glob("notebooks/[0-9]*.ipynb"))]
    top = [_read_markdown(ROOT / name) for name in TOP if (ROOT / name).is_file()]
    docs = [_read_markdown(path) for path in sorted(ROOT.glob("docs/*.md"))]
    groups = [("Attune", top), ("Documentation", docs), ("The chapters", chapters)]
    pages = [page for _, group in groups for page in group]
    addresses = {page.source: page.address for page in pages}
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(HERE / "site.css", folder / "site.css")
    page_text = (HERE / "page.html.j2").read_text("utf-8")
    template = Environment(autoescape=False).from_string(page_text)  # noqa: S701 - see Page.title
    render = mistune.create_markdown(escape=False, plugins=["table", "strikethrough"])
    for page in pages:
        body = _add_anchors(str(render(page.text)))
        body = _LINK.sub(lambda link, page=page: _lead(link, page, addresses, folder), body)
        up = "../" * page.address.count("/")
        target = folder / page.address
        target.parent.mkdir(parents=True, exist_ok=True)
        values = {"title": page.title, "address": page.address, "up": up}
        target.write_text(template.render(values, groups=groups, body=body), "utf-8")
    return pages


def _read_markdown(path: Path) -> Page:
    source = path.relative_to(ROOT).as_posix()
    address = "index.html" if source == "README.md" else f"{source.removesuffix('.md')}.html"
    text = path.read_text("utf-8")
    title = text.partition("\n")[0].lstrip("# ")
    return Page(source, address, escape(title), text)


def _read_chapter(path: Path) -> Page:
    cells = nbformat.read(path, as_version=4).cells
    parts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    title = parts[0].partition("\n")[0].lstrip("# ")
    shown = [
        cell.source if cell.cell_type == "markdown" else '<p class="form">Here the book asks.</p>'
        for cell in cells
        if cell.cell_type == "markdown" or cell.source.startswith("book.form")
    ]
    source = path.relative_to(ROOT).as_posix()
    address = f"chapters/{path.stem}.html"
    return Page(source, address, escape(title), "\n\n".join(shown))


def _add_anchors(html: str) -> str:
    """Give each heading the id that a link to it uses."""

    def add(match: re.Match[str]) -> str:
        words = re.sub(r"[^\w\- ]", "", _TAG.sub("", match["text"]).lower()).replace(" ", "-")
        level = match["level"]
        return f'<h{level} id="{words}">{match["text"]}</h{level}>'

    return _HEADING.sub(add, html)


def _lead(link: re.Match[str], page: Page, addresses: dict[str, str], folder: Path) -> str:
    """Return a link as the site has it; what it leads to is copied where it is no page."""
    address = link["address"]
    if _ELSEWHERE.match(address):
        return link[0]
    path, _, anchor = address.partition("#")
    wanted = normpath(f"{page.source.rpartition('/')[0]}/{path}").lstrip("/")
    there = addresses.get(wanted, wanted)
    if wanted not in addresses and (ROOT / wanted).is_file():
        (folder / there).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / wanted, folder / there)
    start = page.address.rpartition("/")[0] or "."
    return f'{link["name"]}="{relpath(there, start)}{"#" + anchor if anchor else ""}"'


if __name__ == "__main__":
    built = Path(sys.argv[1])
    sys.stdout.write(f"{len(build_site(built))} pages in {built}\n")
