"""Clean text, wherever it stands in a value that is to be kept."""

from __future__ import annotations

from workbook.domain.text import clean_text


def clean_texts(value: object) -> object:
    """Return lists, mappings and texts with every text in them clean, keys as well."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_texts(key): clean_texts(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [clean_texts(item) for item in value]
    return value
