"""Passphrases and recovery codes as typed, for the forms that ask and the store that checks."""

from __future__ import annotations

import unicodedata

from workbook.domain.text import plain_text

_MISREAD_DIGITS = str.maketrans("0189", "OIBG")

MIN_PASSPHRASE_CHARACTERS = 12
"""Fewest characters of a passphrase of one's own choice, spaces around it not counted."""


def fold_code(typed: str) -> str:
    """Return the letters of a recovery code, or of one group of it, as somebody typed it.

    Small letters, spaces, dashes and the digits people read for letters do not matter.
    """
    letters = plain_text(typed).upper().translate(_MISREAD_DIGITS)
    return "".join(each for each in letters if unicodedata.category(each) not in {"Pd", "Zs"})
