"""Puts the pictures of a Markdown cell into its text, so that the page needs no file beside it."""

from __future__ import annotations

import mimetypes
import re
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

PICTURE_TYPES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")
"""MIME types that are shown, the preferred first."""

MAX_PICTURE_BYTES = 5_000_000
"""Size of the largest picture that goes into a page; each open page is sent it anew."""

_PICTURE = re.compile(
    r"(?P<fenced>^(?P<fence>```|~~~).*?^(?P=fence))"
    r'|!\[(?P<alt>[^\]]*)\]\(\s*<?(?P<source>[^)\s>]+)>?(?:\s+"[^"]*")?\s*\)',
    re.MULTILINE | re.DOTALL,
)


def embed_pictures(
    text: str, attachments: Mapping[str, Mapping[str, Any]], folder: Path
) -> tuple[str, tuple[str, ...]]:
    """Return Markdown whose pictures stand in it as data, and the names of those that cannot.

    In the place of such a picture stands a line that names it.

    Args:
        text: Markdown of one cell.
        attachments: the cell's own pictures by name, each by its MIME type.
        folder: folder of the notebook; pictures in it, or below it, are read from there.

    """
    missing: list[str] = []

    def embed(match: re.Match[str]) -> str:
        source = match["source"]
        if match["fenced"] or source.startswith("data:"):
            return match[0]
        if source.startswith("attachment:"):
            name = unquote(source.removeprefix("attachment:"))
            address = _from_attachment(attachments.get(name, {}))
        else:
            name = unquote(source)
            address = _from_file(folder, name)
        if address is None:
            missing.append(name)
            return f"*A picture is missing here: {name}*"
        return f"![{match['alt']}]({address})"

    return _PICTURE.sub(embed, text), tuple(missing)


def _from_attachment(bundle: Mapping[str, Any]) -> str | None:
    for kind in PICTURE_TYPES:
        if kind in bundle:
            body = "".join(bundle[kind]).strip()
            if body.startswith("<"):  # an SVG that is stored as text
                body = b64encode(body.encode()).decode()
            return f"data:{kind};base64,{''.join(body.split())}"
    return None


def _from_file(folder: Path, name: str) -> str | None:
    kind = mimetypes.guess_type(name)[0]
    try:
        file = (folder / name).resolve()
        inside = file.is_relative_to(folder.resolve())
        if kind not in PICTURE_TYPES or not inside or file.stat().st_size > MAX_PICTURE_BYTES:
            return None
        return f"data:{kind};base64,{b64encode(file.read_bytes()).decode()}"
    except (OSError, ValueError):  # ValueError: a name that contains a null byte
        return None
