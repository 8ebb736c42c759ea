"""Reads the tables that people read, and checks what every table refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from workbook.content.rows import (
    CONTENT_FOLDER,
    RowT,
    check_names,
    find_duplicates,
    read_rows,
    refuse_row,
)
from workbook.content.tables import check_ids, file_of, load_provenance
from workbook.domain.guidance import (
    ConsentRule,
    Context,
    Country,
    DoDont,
    EmergencyNumber,
    Finding,
    Gate,
    Guidance,
    HelpEntry,
    Helpline,
    HelpPlace,
    LevelRow,
    Myth,
    NumberSource,
    Resources,
    Source,
    Way,
)
from workbook.domain.tables import Evidence, PatchStep, Provenance, SessionSetting

NO_SOURCE_MARKS = ("GK", "design")
"""What stands in place of a source: general knowledge, and a choice of this book."""

_PHONE_NUMBER = re.compile(r"\+?[0-9](?:[ ./-]?[0-9])*")
"""One telephone number: digits, perhaps in groups, perhaps with the country before it."""

LEAST_SOURCES = 2
"""Sources that agree about a number, at least."""

REVIEW_DAYS = 366
"""Days after which somebody looks at a number again."""

PRESSURE_SCALE = range(6)
"""Levels of the pressure scale; this book offers the lower ones."""


@cache
def load_guidance(folder: Path = CONTENT_FOLDER) -> Guidance:
    """Return everything people read from tables, once and never changed.

    Raises:
        InvalidTable: naming ``file``, ``row`` and ``why``: an unknown source or rule, an
            ID that stands twice, a number out of its range.

    """
    sources = read_rows(folder, "sources.toml", Source)
    consent = read_rows(folder, "consent.toml", ConsentRule)
    levels = read_rows(folder, "levels.toml", LevelRow)
    patch_test = read_rows(folder, "patch_test.toml", PatchStep)
    do_dont = read_rows(folder, "do_dont.toml", DoDont)
    ways = read_rows(folder, "ways.toml", Way)
    contexts = read_rows(folder, "contexts.toml", Context)
    myths = read_rows(folder, "myths.toml", Myth)
    entries = read_rows(folder, "help.toml", HelpEntry)
    evidence = read_rows(folder, "evidence.toml", Finding)
    gates = read_rows(folder, "gates.toml", Gate)
    settings = read_rows(folder, "settings.toml", SessionSetting)
    provenance: dict[str, tuple[Provenance, ...]] = {
        **load_provenance(folder),
        "consent": consent,
        "levels": levels,
        "patch_test": patch_test,
        "do_dont": do_dont,
        "ways": ways,
        "contexts": contexts,
        "myths": myths,
        "help": entries,
        "evidence": evidence,
        "gates": gates,
        "settings": settings,
    }
    check_ids(provenance)
    for name in find_duplicates(source.id for source in sources):
        refuse_row("sources.toml", name, "this id stands twice")
    known = {source.id for source in sources} | {
        row.id for rows in provenance.values() for row in rows
    }
    _check_references(provenance, known)
    for level in levels:
        if level.level not in PRESSURE_SCALE:
            refuse_row("levels.toml", level.id, f"level {level.level} is outside 0 to 5")
    for entry in entries:
        check_names("help.toml", entry.id, "rule", (entry.after,) if entry.after else (), known)
    for setting in settings:
        if not setting.low <= setting.default <= setting.high:
            refuse_row("settings.toml", setting.id, "the default is outside low to high")
    return Guidance(
        sources=MappingProxyType({source.id: source for source in sources}),
        consent=consent,
        levels=levels,
        patch_test=patch_test,
        do_dont=do_dont,
        ways=ways,
        contexts=contexts,
        myths=myths,
        help=entries,
        evidence=evidence,
        gates=gates,
        settings=MappingProxyType({setting.key: setting for setting in settings}),
        provenance=MappingProxyType(provenance),
    )


@cache
def load_resources(folder: Path = CONTENT_FOLDER, own: Path | None = None) -> Resources:
    """Return where to turn: numbers by country, and places somebody added.

    Args:
        folder: of the tables.
        own: a file like ``resources.toml`` that is laid over it: of each kind of row that it
            has, its rows take the place of the others.

    Raises:
        InvalidTable: naming ``file``, ``row`` and ``why``: a number that cannot be dialled, a
            line on which fewer than two dated sources agree, an unknown source or country.

    """
    heads = ("emergency", "source", "country", "line", "place")
    file = own.name if own else "resources.toml"

    def read(kind: type[RowT], head: str, least: int = 0) -> tuple[RowT, ...]:
        found = read_rows(own.parent, own.name, kind, head, heads, least=0) if own else ()
        return found or read_rows(folder, "resources.toml", kind, head, heads, least=least)

    numbers = read(EmergencyNumber, "emergency", 1)
    sources = read(NumberSource, "source")
    countries = read(Country, "country")
    helplines = read(Helpline, "line")
    places = read(HelpPlace, "place")
    entries = {entry.id for entry in read_rows(folder, "help.toml", HelpEntry)}
    for name in find_duplicates([*(each.id for each in sources), *(c.id for c in countries)]):
        refuse_row(file, name, "this id stands twice")
    for zone in find_duplicates(zone for country in countries for zone in country.zones):
        refuse_row(file, zone, "this time zone stands twice")
    for number in numbers:
        _check_number(file, number.where, number.number)
    dated = {source.id: source.dated for source in sources}
    for country in countries:
        for each in filter(None, (country.emergency, country.police)):
            _check_number(file, country.id, each)
        _check_sources(file, country.id, country.source, dated, least_dated=1)
    for line in helplines:
        _check_number(file, line.name, line.number)
        check_names(file, line.name, "country", (line.country,), {each.id for each in countries})
        _check_sources(file, line.name, line.source, dated, least_dated=2)
    for place in places:
        check_names(file, place.name, "row of help.toml", place.help, entries)
        if place.phone:
            _check_number(file, place.name, place.phone)
        if not (place.phone or place.web or place.note):
            refuse_row(
                file, place.name, "nothing to turn to: give a phone, a web address or a note"
            )
    return Resources(emergency=numbers, countries=countries, helplines=helplines, places=places)


def list_old_numbers(resources: Resources, today: date) -> Iterator[str]:
    """Yield a name for each number that was last looked at more than ``REVIEW_DAYS`` ago."""
    for country in resources.countries:
        if (today - country.reviewed).days > REVIEW_DAYS:
            yield f"{country.id} {country.emergency}"
    for line in resources.helplines:
        if (today - line.reviewed).days > REVIEW_DAYS:
            yield f"{line.country} {line.name}"


def _check_number(file: str, row: str, number: str) -> None:
    if not _PHONE_NUMBER.fullmatch(number):
        refuse_row(file, row, f"{number!r} cannot be dialled; one number alone")


def _check_sources(
    file: str,
    row: str,
    named: Sequence[str],
    dated: Mapping[str, date | None],
    *,
    least_dated: int,
) -> None:
    """Refuse a row on which fewer than two sources agree, or too few that bear a date."""
    check_names(file, row, "source", named, dated)
    if len(set(named)) < LEAST_SOURCES:
        refuse_row(file, row, "fewer than two sources")
    if len({name for name in named if dated[name] is not None}) < least_dated:
        refuse_row(file, row, "too few sources that bear a date")


def _check_references(provenance: Mapping[str, tuple[Provenance, ...]], known: set[str]) -> None:
    """A row rests on sources, on other rows, or says that it has none.

    A seed fact may be a source too; whether there is one of that name is the trace's to say.
    """
    for topic, rows in provenance.items():
        for row in rows:
            named = (name for name in row.source if not _is_fact(name))
            check_names(file_of(topic), row.id, "source", named, {*known, *NO_SOURCE_MARKS})
            if row.mark is Evidence.SEEN and "GK" in row.source:
                refuse_row(file_of(topic), row.id, "marked seen, with a source that is none")


def _is_fact(name: str) -> bool:
    """Whether it is named like a seed fact or a resolution: ``"A-01"``, ``"R-17"``."""
    return name[:2] in ("A-", "B-", "C-", "R-") and name[2:].isdigit()
