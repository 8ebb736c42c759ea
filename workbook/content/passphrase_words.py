"""Plain words from which a passphrase is drawn; written for this book."""

from __future__ import annotations

from functools import cache

from workbook.content.rows import CONTENT_FOLDER


@cache
def load_passphrase_words(language: str = "en") -> tuple[str, ...]:
    """Return the words of one language, each once, in the order of the alphabet.

    They have four to seven letters, no word begins another one, and few differ from another
    one in a single letter. Words that are unpleasant, intimate, or spelled in two ways are
    left out.

    Args:
        language: name of a folder of content.

    """
    path = CONTENT_FOLDER / language / "passphrase_words.txt"
    return tuple(path.read_text(encoding="utf-8").split())
