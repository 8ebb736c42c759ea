"""What text may be kept: everything a keyboard gives, but no half characters and no NUL."""

from __future__ import annotations

import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""Stands where something cannot be kept."""


def clean_text(text: str) -> str:
    """Return ``text`` with half characters and NUL replaced by U+FFFD; all else stays as it is.

    A lone surrogate (half an emoji) cannot be stored at all, and SQL would see a
    text end at NUL (vault.md, section 12). Two halves that belong together are joined.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", REPLACEMENT)


def escape_controls(text: str) -> str:
    """Return ``text`` as a terminal may show it: signs that act are written out.

    These are control characters with line breaks among them, signs that turn the direction of
    writing, and half characters. For every text that came from elsewhere: it could move the
    cursor, set the clipboard, or look like a line of ours.
    """
    return "".join(
        repr(sign)[1:-1] if unicodedata.category(sign) in _ACTING else sign for sign in text
    )


_ACTING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
