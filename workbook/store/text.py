"""What text may be kept: everything a keyboard gives, but no half characters and no NUL."""

from __future__ import annotations


def clean(text: str) -> str:
    """Return ``text`` with half characters and NUL replaced by U+FFFD; all else stays as it is.

    A lone surrogate (half an emoji) cannot be stored at all, and SQL would see a
    text end at NUL (vault.md, section 12). Two halves that belong together are joined.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")


def cleaned(value: object) -> object:
    """Return lists, mappings and texts with every text in them clean, keys as well."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {cleaned(key): cleaned(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [cleaned(item) for item in value]
    return value
