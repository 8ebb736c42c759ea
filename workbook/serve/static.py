"""Serves the page's own files: few, small, read once, compressed once, kept by the browser."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tornado.web import HTTPError, RequestHandler

FOREVER = "public, max-age=31536000, immutable"
"""For an address that names its content's version; another content has another one."""


@dataclass(frozen=True, slots=True)
class File:
    """One file as it is sent."""

    kind: str
    """Its media type."""
    version: str
    """The first 16 hexadecimal digits of its SHA-256."""
    plain: bytes
    small: bytes
    """The same with gzip, as tight as it goes: nobody waits for it here."""


def read(folder: Path) -> dict[str, File]:
    """Return the files of ``folder`` by name."""
    return {file.name: _read(file) for file in sorted(folder.glob("*.*")) if file.is_file()}


def _read(file: Path) -> File:
    plain = file.read_bytes()
    return File(
        kind=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        version=hashlib.sha256(plain).hexdigest()[:16],
        plain=plain,
        small=gzip.compress(plain, 9, mtime=0),
    )


class Static(RequestHandler):
    """One of the files handed to it, and no other path."""

    def initialize(self, files: Mapping[str, File]) -> None:
        """Take the files to serve, by name."""
        self._files = files

    def compute_etag(self) -> None:
        """None: the address is the version."""

    def get(self, name: str) -> None:
        """Answer with the file, for good if the address names its version; 404 for others."""
        file = self._files.get(name)
        if file is None:
            raise HTTPError(404)
        self.set_header("Content-Type", file.kind)
        self.set_header("Vary", "Accept-Encoding")
        known = self.request.query == f"v={file.version}"
        self.set_header("Cache-Control", FOREVER if known else "no-cache")
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(file.small)
        else:
            self.finish(file.plain)
