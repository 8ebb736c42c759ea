"""What a file of ours says it is: format and version come before all else in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import msgspec

from workbook.domain.errors import NewerVault

T = TypeVar("T")

_NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What JSON raises that is none, or not what was asked for."""


@dataclass(frozen=True, slots=True)
class FileHeader:
    """Two fields that every such file has."""

    format: str
    version: int


def read_header(content: bytes) -> FileHeader | None:
    """Return format and version that a JSON file names; None if it names none.

    Args:
        content: the file, or its first line.

    """
    try:
        return msgspec.json.decode(content, type=FileHeader)
    except _NOT_JSON:
        return None


def decode_file(content: bytes, kind: type[T], ours: FileHeader) -> T | None:
    """Return the value that a JSON file holds; None if it is damaged or of another format.

    Args:
        content: the file.
        kind: class of the value.
        ours: format and version that are expected.

    Raises:
        NewerVault: if it claims our format in a later version.

    """
    claim = read_header(content)
    if claim is not None and claim.format == ours.format and claim.version > ours.version:
        raise NewerVault
    if claim != ours:
        return None
    try:
        return msgspec.json.decode(content, type=kind)
    except _NOT_JSON:
        return None
