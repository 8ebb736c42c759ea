"""What text may be kept: everything a keyboard gives, but no half characters and no NUL."""

from __future__ import annotations

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""Stands where something cannot be kept."""


def clean_text(text: str) -> str:
    """Return ``text`` with half characters and NUL replaced by U+FFFD; all else stays as it is.

    A lone surrogate (half an emoji) cannot be stored at all, and SQL would see a
    text end at NUL (vault.md, section 12). Two halves that belong together are joined.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", REPLACEMENT)
