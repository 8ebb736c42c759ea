"""Finds for each fact and each row of a table where the book uses it, and what is used nowhere.

A seed fact is used by a cell of a chapter (its metadata), by a row of a table, or by a
form or a rule (the ``Source`` of its docstring), or it is declined with the number of
a resolution. A row is shown in a cell or in a form that shows its table, or it is used
in a rule. No place may name a fact that does not exist.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from workbook.content.guidance import load_guidance
from workbook.content.quotes import find_row_words, has_quote
from workbook.content.rows import CONTENT_FOLDER, find_duplicates, read_rows, read_toml
from workbook.content.tables import file_of
from workbook.content.words import load_words
from workbook.domain.tables import Provenance
from workbook.serve.compose import Chapter, read_chapters

PACKAGE_FOLDER = Path(__file__).parent
CODE_FOLDERS = ("rules", "ui/forms", "app", "store")
"""Folders of the package whose docstrings are searched for ``Source``."""

LOCK_FILE = "safety.json"
"""File with a hash of each safety row at its last review."""

SAFETY_TOPICS = (
    *("health", "areas", "levels", "techniques", "strokes", "steps", "gates", "settings"),
    *(
        "question_counts",
        "reactions",
        "prompts",
        "consent",
        "oils",
        "essential_oils",
        "patch_test",
        "materials",
    ),
    *("help", "aftercare", "ways"),
)
"""Tables whose rows may change only with a review; prose and resources may change freely."""

SAFETY_LISTS = ("room", "make_ready", "silent_signals", "safety_round", "adaptations")
"""Lists of ``choices.toml`` whose rows are safety rows too."""

LATER_COLUMNS: Mapping[str, object] = {
    "gentle": False,
    "areas": (),
    "in_gentle_evening": False,
    "gentle_if_steady": False,
}
"""Columns that a table got after its rows were reviewed, with what a row means that has none."""

_FACT_ID = re.compile(
    r"\b(?P<letters>STEP-|SS-|CX-|PT-|AC-|RD-|IN-|[A-Z]{1,2}-?)(?P<number>\d{1,3})\b"
)
_ID_RANGE = re.compile(
    rf"{_FACT_ID.pattern}\s+to\s+(?P<last_letters>[A-Z]+-?)(?P<last>\d{{1,3}})\b"
)
_SOURCE_SECTION = re.compile(r"^\s*Source: (?P<names>.*?)(?=\n\s*\n|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedFact:
    """One of the facts the book was written from."""

    id: str
    gist: str
    quote: str = ""
    """Words that carry it, from a cell or a row that names it; empty only if it is declined."""
    see: tuple[str, ...] = ()
    """Numbers of resolutions that say how the fact may be worded."""
    declined: str = ""
    """Number of the resolution by which the book leaves the fact out; empty if it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactResolution(Provenance):
    """How a contradiction between facts, or a gap, was settled."""

    kinds: tuple[str, ...]
    gist: str
    quote: str
    """Words that carry it out, from a cell or a row that names it."""


@dataclass(frozen=True, slots=True)
class FactTrace:
    """Every fact and every place that uses it."""

    seeds: tuple[SeedFact, ...]
    resolutions: tuple[FactResolution, ...]
    rows: Mapping[str, tuple[Provenance, ...]]
    sources: tuple[str, ...]
    places: Mapping[str, tuple[str, ...]]
    """By ID, the places that use it: ``"limits: for-tonight"``, ``"health.toml: H-16"``,
    ``"rules/limits.py"``, ``"form myths"``."""
    words: Mapping[str, str]
    """By place, what people read there; only cells and rows have words."""

    def find_faults(self) -> Iterator[str]:
        """Yield one sentence for each fact without place or quote and each unknown name."""
        yield from self._find_unknown_names()
        yield from self._find_lost_quotes()
        resolved = {each.id for each in self.resolutions}
        for seed in self.seeds:
            if seed.declined and seed.declined not in resolved:
                yield f"{seed.id} is declined by {seed.declined}, and there is none."
            elif not seed.declined and seed.id not in self.places:
                yield f"{seed.id} ({seed.gist}) is carried by nothing; name it in a cell or a row."
        for each in self.resolutions:
            if each.id not in self.places:
                yield f"{each.id} ({each.gist}) is carried by nothing; name it in a cell or a row."
        for topic, rows in self.rows.items():
            for row in rows:
                if row.id not in self.places:
                    yield f"{file_of(topic)}, {row.id}: nobody meets this row; name it in a cell."
        for name in self.sources:
            if name not in self.places:
                yield f"sources.toml, {name}: no row rests on it."

    def _find_lost_quotes(self) -> Iterator[str]:
        """Yield one sentence for each fact whose quote stands in no place that names the fact."""
        told = (seed for seed in self.seeds if not seed.declined)
        facts: Iterator[SeedFact | FactResolution] = chain(told, self.resolutions)
        for each in facts:
            places = self.places.get(each.id, ())
            if not each.quote:
                yield f"{each.id} ({each.gist}) has no quote; give it the words that carry it."
            elif not any(has_quote(self.words.get(place, ""), each.quote) for place in places):
                yield (
                    f"{each.id} ({each.gist}): “{each.quote}” stands in none of its places. "
                    f"Put the words back, or quote those that carry it now ({'; '.join(places)})."
                )

    def _find_unknown_names(self) -> Iterator[str]:
        """Yield one sentence for each name of no known fact and each id that stands twice."""
        resolved = {each.id for each in self.resolutions}
        known = {row.id for rows in self.rows.values() for row in rows} | set(self.sources)
        known |= resolved | {seed.id for seed in self.seeds}
        for name in sorted(self.places.keys() - known):
            yield f"{self.places[name][0]} names {name}, and there is no such fact."
        for name in find_duplicates(
            [*(s.id for s in self.seeds), *(r.id for r in self.resolutions)]
        ):
            yield f"facts.toml, {name}: this id stands twice."
        for seed in self.seeds:
            for name in set(seed.see) - resolved:
                yield f"facts.toml, {seed.id} names {name}, and there is no such resolution."


def trace_facts(chapters: Sequence[Chapter], folder: Path = CONTENT_FOLDER) -> FactTrace:
    """Return every fact with the places that use it.

    Args:
        chapters: all chapters in reading order.
        folder: folder of the tables.

    Raises:
        InvalidTable: if a table contradicts itself.

    """
    guidance = load_guidance(folder)
    seeds, resolutions = load_facts(folder)
    places: dict[str, list[str]] = defaultdict(list)
    for name, where in (
        *_places_in_chapters(chapters, guidance.provenance),
        *_places_in_tables({**guidance.provenance, "facts": resolutions}),
        *_places_in_code(),
    ):
        places[name].append(where)
    return FactTrace(
        seeds=seeds,
        resolutions=resolutions,
        rows=guidance.provenance,
        sources=tuple(guidance.sources),
        places={name: tuple(dict.fromkeys(where)) for name, where in places.items()},
        words={
            **_words_of_chapters(chapters),
            **_words_of_rows({**guidance.provenance, "facts": resolutions}, folder),
        },
    )


@cache
def load_facts(
    folder: Path = CONTENT_FOLDER,
) -> tuple[tuple[SeedFact, ...], tuple[FactResolution, ...]]:
    """Return the seed facts and the resolutions of their contradictions.

    Raises:
        InvalidTable: if the table contradicts itself.

    """
    heads = ("seed", "resolution")
    seeds = read_rows(folder, "facts.toml", SeedFact, "seed", heads)
    return seeds, read_rows(folder, "facts.toml", FactResolution, "resolution", heads)


def _places_in_chapters(
    chapters: Sequence[Chapter], provenance: Mapping[str, Sequence[Provenance]]
) -> Iterator[tuple[str, str]]:
    """Yield (id, place) for each fact that a cell names and each row that a form shows."""
    for chapter in chapters:
        for cell in chapter.cells:
            yield from ((name, f"{chapter.slug}: {cell.id}") for name in cell.facts)
        for form in chapter.forms:
            shown = (row for topic in _topics_shown_by(form) for row in provenance[topic])
            yield from ((row.id, f"form {form}") for row in shown)


def _places_in_tables(provenance: Mapping[str, Sequence[Provenance]]) -> Iterator[tuple[str, str]]:
    """Yield (id, place) for each fact and source that a row names."""
    for topic, rows in provenance.items():
        for row in rows:
            named = (*row.facts, *(name for name in row.source if _FACT_ID.fullmatch(name)))
            yield from ((name, f"{file_of(topic)}: {row.id}") for name in named)


def _words_of_chapters(chapters: Sequence[Chapter]) -> Mapping[str, str]:
    return {f"{each.slug}: {cell.id}": cell.source for each in chapters for cell in each.cells}


def _words_of_rows(
    provenance: Mapping[str, Sequence[Provenance]], folder: Path
) -> Mapping[str, str]:
    """Return what people read of each row, by its place."""
    words = {}
    for topic, rows in provenance.items():
        path = folder / "en" / file_of(topic)
        strings = read_toml(path) if path.exists() else {}
        for row in rows:
            names = {row.id, getattr(row, "key", row.id)}
            words[f"{file_of(topic)}: {row.id}"] = find_row_words(strings, names)
    return words


def _topics_shown_by(form: str) -> tuple[str, ...]:
    """Return the topics of which a form shows every row; its module has the name of the form."""
    try:
        module = import_module(f"workbook.ui.forms.{form}")
    except ModuleNotFoundError:
        return ()  # an unknown form; workbook check reports it separately
    kinds = (each for each in vars(module).values() if isinstance(each, type))
    own = (each for each in kinds if each.__module__ == module.__name__)
    return tuple(topic for each in own for topic in getattr(each, "SHOWS", ()))


def _places_in_code() -> Iterator[tuple[str, str]]:
    """Yield (id, file) for each fact that a docstring names as its source."""
    for part in CODE_FOLDERS:
        for file in sorted((PACKAGE_FOLDER / part).glob("*.py")):
            where = file.relative_to(PACKAGE_FOLDER).as_posix()
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
                    continue
                for named in _SOURCE_SECTION.finditer(ast.get_docstring(node) or ""):
                    yield from ((name, where) for name in find_fact_ids(named["names"]))


def find_fact_ids(text: str) -> Iterator[str]:
    """Yield the IDs in ``text``; ``K-01 to K-03`` yields three."""
    for found in _ID_RANGE.finditer(text):
        first, last = int(found["number"]), int(found["last"])
        width = len(found["number"])
        yield from (f"{found['letters']}{n:0{width}}" for n in range(first, last + 1))
    yield from (found[0] for found in _FACT_ID.finditer(_ID_RANGE.sub("", text)))


# The reviewed state of the safety rows


def hash_safety_rows(folder: Path = CONTENT_FOLDER) -> Mapping[str, str]:
    """Return the hash of every safety row and of the words of each reviewed file, by name.

    The state of a row ends with the date of its review.
    """
    provenance = load_guidance(folder).provenance
    safety = (*SAFETY_TOPICS, *SAFETY_LISTS)
    rows = {
        row.id: f"{_hash_value(row)} {row.reviewed}"
        for topic in safety
        for row in provenance[topic]
    }
    spoken = {}
    for file in sorted({file_of(topic) for topic in safety} - {"gates.toml", "settings.toml"}):
        if (path := folder / "en" / file).exists():
            spoken[f"words of {file}"] = _hash_value(read_toml(path))
    questions = _hash_value(read_toml(folder / "health.toml")["question"])
    return {**rows, **spoken, "questions of health.toml": questions}


def find_unreviewed_rows(today: date, folder: Path = CONTENT_FOLDER) -> Iterator[str]:
    """Yield one sentence for each safety row that changed and has no new date of review.

    A row that was reviewed ``today`` may change again today.
    """
    was = json.loads((CONTENT_FOLDER / LOCK_FILE).read_text(encoding="utf-8"))
    for name, state in hash_safety_rows(folder).items():
        before = was.get(name, "")
        reviewed = state.partition(" ")[2]
        if state != before and reviewed == before[-10:] != str(today) and reviewed:
            yield f"{name} changed; say in the row when it was reviewed."


def find_altered_rows(folder: Path = CONTENT_FOLDER) -> Iterator[str]:
    """Yield one sentence for each safety row that differs from its reviewed state."""
    was = json.loads((CONTENT_FOLDER / LOCK_FILE).read_text(encoding="utf-8"))
    now = hash_safety_rows(folder)
    for name in sorted(was.keys() - now.keys()):
        yield f"The safety row {name} is gone. Put it back as it was."
    for name in sorted(now.keys() - was.keys()):
        yield f"The safety row {name} was never reviewed."
    for name in sorted(name for name in was.keys() & now.keys() if was[name] != now[name]):
        yield f"The safety row {name} is not as it was reviewed. Put it back, or have it reviewed."


def format_lock(folder: Path = CONTENT_FOLDER) -> str:
    """Return the text of ``LOCK_FILE`` for the present rows, as JSON."""
    return json.dumps(dict(sorted(hash_safety_rows(folder).items())), indent=1) + "\n"


def _hash_value(value: Any) -> str:
    plain = _drop_unsaid(msgspec.to_builtins(value, order="deterministic"))
    return sha256(msgspec.json.encode(plain)).hexdigest()[:16]


def _drop_unsaid(plain: Any) -> Any:
    """What a row says, without the columns that came later and that it leaves at their default."""
    if isinstance(plain, list | tuple):
        return [_drop_unsaid(each) for each in plain]
    if not isinstance(plain, dict):
        return plain
    return {
        key: _drop_unsaid(each)
        for key, each in plain.items()
        if key not in LATER_COLUMNS or each != LATER_COLUMNS[key]
    }


# For an editor


def format_markdown(found: FactTrace, titles: Mapping[str, str]) -> str:
    """Return the text of ``docs/content.md``: where each fact is used.

    Args:
        found: facts and places.
        titles: the heading of each topic.

    """
    lines = [
        "# Where each fact lives",
        "",
        "For whoever edits a chapter or a table. `make content` makes this page, and a test holds",
        "it equal to the chapters and tables. *chapter: cell* names a cell of a notebook,",
        "*file: row* a row of a table, *rules/…* and *ui/…* the code that carries a fact out.",
        "",
        "## Seed facts",
        "",
        "What the book was written from, in short, and the words of the book that carry it.",
        "`workbook check` names a fact whose words are gone. A fact with an R-number is told only",
        "as that resolution says.",
        "",
        "| Fact | In short | In the words of the book | Told as | Lives in |",
        "|---|---|---|---|---|",
    ]
    for seed in found.seeds:
        lives = f"declined: {seed.declined}" if seed.declined else _format_places(found, seed.id)
        lines.append(
            f"| {seed.id} | {seed.gist} | {seed.quote} | {', '.join(seed.see)} | {lives} |"
        )
    lines += [
        "",
        "## Resolutions",
        "",
        "| No. | In short | In the words of the book | Source | Lives in |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {each.id} | {each.gist} | {each.quote} | {', '.join(each.source)} "
        f"| {_format_places(found, each.id)} |"
        for each in found.resolutions
    ]
    for topic, rows in found.rows.items():
        lines += ["", f"## {titles[topic]} (`{file_of(topic)}`)", ""]
        lines += [
            "| Row | Source | Mark | Our choice | Looked at | Met in |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_format_row(found, row) for row in rows]
    return "\n".join(lines) + "\n"


def _format_row(found: FactTrace, row: Provenance) -> str:
    source, own = ", ".join(row.source), ", ".join(row.design)
    key = getattr(row, "key", row.id)
    name = row.id if key == row.id else f"{row.id} `{key}`"
    places = _format_places(found, row.id)
    return f"| {name} | {source} | {row.mark} | {own} | {row.reviewed} | {places} |"


def _format_places(found: FactTrace, name: str) -> str:
    return "; ".join(_sort_places(found.places.get(name, ())))


def _sort_places(places: Iterable[str]) -> Iterator[str]:
    """Yield chapters and forms first, then tables, then code."""
    yield from sorted(places, key=lambda each: (each.endswith(".py"), ".toml" in each))


def main() -> None:
    """Write ``docs/content.md``; with the argument ``reviewed``, ``LOCK_FILE`` as well.

    Exits without writing the lock if a row changed without a new date of review.
    """
    root = PACKAGE_FOLDER.parent
    found = trace_facts(read_chapters(root / "notebooks"))
    page = format_markdown(found, load_words().table("sources.topics"))
    (root / "docs" / "content.md").write_text(page, encoding="utf-8")
    if sys.argv[1:] == ["reviewed"]:
        if left := list(find_unreviewed_rows(date.today())):
            sys.exit("\n".join(left))
        (CONTENT_FOLDER / LOCK_FILE).write_text(format_lock(), encoding="utf-8")


if __name__ == "__main__":
    main()
