"""What text may be kept: everything a keyboard gives, but no half characters and no NUL."""

from __future__ import annotations

import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""Stands where something cannot be kept."""


def clean_text(text: str) -> str:
    """Return ``text`` with half characters and NUL replaced by U+FFFD; all else stays as it is.

    A lone surrogate (half an emoji) cannot be stored at all, and SQL would see a
    text end at NUL. Two halves that belong together are joined.
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

_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Signs that count as letters, marks or symbols and show nothing."""

_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of writing, or end such a turn."""

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
"""Classes of signs that are written from right to left."""

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def strip_unseen(text: str) -> str:
    """Return ``text`` without the signs that nobody can see, and without spaces around it.

    These are format signs, fillers and variation selectors. For counting and comparing; a
    sign that joins two emoji is one of them, so it is not for showing.
    """
    return "".join(sign for sign in text if not _is_unseen(sign)).strip()


def plain_text(text: str) -> str:
    """Return ``text`` as people see it: two texts that look the same give the same.

    Composed letters (NFKC), no signs that nobody sees, one space where there are several and
    none around. For comparing and counting; what is kept stays as it was typed.
    """
    composed = unicodedata.normalize("NFKC", text)  # may give fillers, and spaces of one kind
    seen = strip_unseen(" ".join(composed.split()))
    return " ".join(unicodedata.normalize("NFKC", seen).split())


def fold_text(text: str) -> str:
    """Return ``text`` for comparing words that are spoken: also without capitals and spaces."""
    return unicodedata.normalize("NFKC", plain_text(text).casefold()).replace(" ", "")


def is_blank(text: str) -> bool:
    """Return whether nobody can see anything of ``text``."""
    return not plain_text(text)


def has_visible_letter(text: str) -> bool:
    """Return whether ``text`` has a letter, digit or symbol that can be seen."""
    return any(unicodedata.category(sign)[0] in "LNS" for sign in strip_unseen(text))


def longest_stack(text: str) -> int:
    """Return how many marks stand on one letter at most."""
    most = count = 0
    for sign in unicodedata.normalize("NFC", text):
        count = count + 1 if unicodedata.category(sign) in {"Mn", "Me"} else 0
        most = max(most, count)
    return most


def strip_turning(text: str) -> str:
    """Return ``text`` without the signs that turn the direction of writing."""
    return "".join(sign for sign in text if sign not in _TURNING)


def isolate_text(text: str) -> str:
    """Return ``text`` so that it turns nothing around it, for a place within a sentence.

    Text that is written from left to right is returned as it is. Source: Unicode Standard
    Annex 9, isolates.
    """
    if all(
        sign not in _TURNING and unicodedata.bidirectional(sign) not in _RIGHT_TO_LEFT
        for sign in text
    ):
        return text
    return f"{_FIRST_STRONG_ISOLATE}{strip_turning(text)}{_POP_ISOLATE}"


def _is_unseen(sign: str) -> bool:
    return (
        sign in _UNSEEN
        or unicodedata.category(sign) in {"Cf", "Cc"}
        or "\ufe00" <= sign <= "\ufe0f"  # variation selectors
    )
