"""Reads the tables that people read, and checks what every table refers to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from workbook.content.rows import (
    CONTENT_FOLDER,
    check_names,
    find_duplicates,
    read_rows,
    refuse_row,
)
from workbook.content.tables import check_ids, file_of, load_provenance
from workbook.domain.guidance import (
    ConsentRule,
    Context,
    DoDont,
    EmergencyNumber,
    Finding,
    Gate,
    Guidance,
    HelpEntry,
    HelpPlace,
    LevelRow,
    Myth,
    Resources,
    Source,
)
from workbook.domain.tables import Evidence, PatchStep, Provenance, SessionSetting

NO_SOURCE_MARKS = ("GK", "design")
"""What stands in place of a source: general knowledge, and a choice of this book."""

_PHONE_NUMBER = re.compile(r"\+?[0-9](?:[ ./-]?[0-9])*")
"""One telephone number: digits, perhaps in groups, perhaps with the country before it."""

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
        contexts=contexts,
        myths=myths,
        help=entries,
        evidence=evidence,
        gates=gates,
        settings=MappingProxyType({setting.key: setting for setting in settings}),
        provenance=MappingProxyType(provenance),
    )


@cache
def load_resources(folder: Path = CONTENT_FOLDER) -> Resources:
    """Return where to turn: emergency numbers, and places somebody added.

    Raises:
        InvalidTable: naming ``file``, ``row`` and ``why``.

    """
    file, heads = "resources.toml", ("emergency", "place")
    numbers = read_rows(folder, file, EmergencyNumber, "emergency", heads)
    entries = {entry.id for entry in read_rows(folder, "help.toml", HelpEntry)}
    places = read_rows(folder, file, HelpPlace, "place", heads, least=0)
    for number in numbers:
        if not _PHONE_NUMBER.fullmatch(number.number):
            refuse_row(file, number.where, f"{number.number!r} cannot be dialled; one number alone")
    for place in places:
        check_names(file, place.name, "row of help.toml", place.help, entries)
        if place.phone and not _PHONE_NUMBER.fullmatch(place.phone):
            refuse_row(file, place.name, f"{place.phone!r} cannot be dialled; one number alone")
        if not (place.phone or place.web or place.note):
            refuse_row(
                file, place.name, "nothing to turn to: give a phone, a web address or a note"
            )
    return Resources(emergency=numbers, places=places)


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
