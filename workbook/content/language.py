"""How one language joins names, writes dates and counts: CLDR's rules, by Babel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list

from workbook.content.rows import read_toml
from workbook.domain.errors import InvalidTable

FILE = "languages.toml"
"""File of the content folder with the locale of each language."""


@dataclass(frozen=True)
class Language:
    """The rules of one language.

    Args:
        code: CLDR's name of the locale, such as ``"en_GB"``.
        lowers_names: whether a name that is written with a capital where it stands alone has
            none within a sentence. So in English; not in German.

    """

    code: str = "en_GB"
    lowers_names: bool = True

    @cached_property
    def _locale(self) -> Locale:
        return Locale.parse(self.code)

    def join_names(self, names: Iterable[str]) -> str:
        """Return names as one line; each after the first stands within it."""
        first, *others = [*names] or [""]
        return format_list([first, *map(self.lower_name, others)], "unit", self._locale)

    def lower_name(self, name: str) -> str:
        """Return a name as it is written within a sentence."""
        return name[:1].lower() + name[1:] if self.lowers_names else name

    def write_date(self, on: date) -> str:
        """Return a date with its month in letters: "3 November 2026"."""
        return format_date(on, "d MMMM y", self._locale)

    def write_day(self, on: date) -> str:
        """Return a date without its year: "3 November"."""
        return format_date(on, "d MMMM", self._locale)

    def write_month(self, on: date) -> str:
        """Return the short name of the month of a date: "Dec"."""
        return format_date(on, "LLL", self._locale)

    def write_time(self, at: datetime | time) -> str:
        """Return hour and minute of a local time: "21:05"."""
        return format_time(at, "HH:mm", locale=self._locale)

    def choose_plural(self, forms: Mapping[str, str], number: float) -> str:
        """Return the form for ``number``: its category in CLDR, or else ``other``."""
        return forms.get(self._locale.plural_form(number), forms["other"])


def read_language(folder: Path, name: str) -> Language:
    """Return the language of this name, as ``languages.toml`` of the content folder has it.

    Raises:
        InvalidTable: if it is not there, or its locale is unknown.

    """
    try:
        row = read_toml(folder / FILE)[name]
        code, lowers_names = row["locale"], row["lowers_names"]
        Locale.parse(code)
    except (KeyError, TypeError, ValueError, UnknownLocaleError) as error:
        raise InvalidTable(file=FILE, row=name, why=f"no locale: {error}") from error
    return Language(code, lowers_names=bool(lowers_names))
