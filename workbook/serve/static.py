"""Serves the scripts and style sheets of the page: read and compressed once, cached by browsers."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tornado.web import HTTPError, RequestHandler

IMMUTABLE_CACHE_CONTROL = "public, max-age=31536000, immutable"
"""For addresses with the version of the content: other content gets another address."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file, ready to send."""

    media_type: str
    """Media type, for the Content-Type header."""
    version: str
    """The first 16 hexadecimal digits of its SHA-256."""
    body: bytes
    gzipped: bytes
    """``body`` compressed with gzip at the highest level."""


def load_page_files(folder: Path) -> dict[str, PageFile]:
    """Return the files of ``folder`` by file name."""
    return {file.name: _read_file(file) for file in sorted(folder.glob("*.*")) if file.is_file()}


def _read_file(file: Path) -> PageFile:
    body = file.read_bytes()
    return PageFile(
        media_type=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        version=hashlib.sha256(body).hexdigest()[:16],
        body=body,
        gzipped=gzip.compress(body, 9, mtime=0),
    )


class PageFileHandler(RequestHandler):
    """``/static/NAME``: one of a fixed set of files, and no other path."""

    def initialize(self, files: Mapping[str, PageFile]) -> None:
        """Set the files to serve, by file name."""
        self._files = files

    def compute_etag(self) -> None:
        """Return None: the address contains the version."""

    def get(self, name: str) -> None:
        """Send the file, cached for ever if the query names its version; 404 for other names."""
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
