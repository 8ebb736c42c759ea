"""Serves the page's own files: few, small, read once, compressed once, kept by the browser."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tornado.web import HTTPError, RequestHandler

IMMUTABLE_CACHE_CONTROL = "public, max-age=31536000, immutable"
"""For an address that names its content's version; another content has another one."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file as it is sent."""

    media_type: str
    """Its media type."""
    version: str
    """The first 16 hexadecimal digits of its SHA-256."""
    body: bytes
    gzipped: bytes
    """The same with gzip, as tight as it goes: nobody waits for it here."""


def load_page_files(folder: Path) -> dict[str, PageFile]:
    """Return the files of ``folder`` by name."""
    return {file.name: _read(file) for file in sorted(folder.glob("*.*")) if file.is_file()}


def _read(file: Path) -> PageFile:
    body = file.read_bytes()
    return PageFile(
        media_type=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        version=hashlib.sha256(body).hexdigest()[:16],
        body=body,
        gzipped=gzip.compress(body, 9, mtime=0),
    )


class PageFileHandler(RequestHandler):
    """One of the files handed to it, and no other path."""

    def initialize(self, files: Mapping[str, PageFile]) -> None:
        """Take the files to serve, by name."""
        self._files = files

    def compute_etag(self) -> None:
        """None: the address is the version."""

    def get(self, name: str) -> None:
        """Answer with the file, for good if the address names its version; 404 for others."""
        file = self._files.get(name)
        if file is None:
            raise HTTPError(404)
        self.set_header("Content-Type", file.media_type)
        self.set_header("Vary", "Accept-Encoding")
        known = self.request.query == f"v={file.version}"
        self.set_header("Cache-Control", IMMUTABLE_CACHE_CONTROL if known else "no-cache")
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(file.gzipped)
        else:
            self.finish(file.body)
