"""Finds the words of a row in the strings of a language, and a quote in such words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

_EMPHASIS = re.compile(r"[*_`]")
_SPACE = re.compile(r"\s+")


def has_quote(words: str, quote: str) -> bool:
    """Whether ``quote`` stands in ``words``, whatever the line breaks and the emphasis."""
    return _plain(quote) in _plain(words)


def find_row_words(strings: Mapping[str, Any], names: Collection[str]) -> str:
    """Return all that stands under one of ``names`` at any depth, each string on its line.

    Args:
        strings: the strings of one file of ``content/en``, as TOML has them.
        names: the id and the key of a row; ``spine`` finds ``names.spine`` and ``why.spine``.

    """
    return "\n".join(_find_strings(strings, names, found=False))


def _find_strings(value: Any, names: Collection[str], *, found: bool) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _find_strings(inner, names, found=found or key in names)
    elif found and isinstance(value, str):
        yield value


def _plain(text: str) -> str:
    return _SPACE.sub(" ", _EMPHASIS.sub("", text)).strip()
