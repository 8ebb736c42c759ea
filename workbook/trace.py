"""Follows each fact from where it is written down to where people meet it.

A seed fact is carried by a cell of a chapter (its metadata), by a row of a table, or
by a form or a rule (the ``Source`` of its docstring), or it is declined with the
number of its resolution. A row is met in a cell, in a form that shows its table, or
in a rule. Nothing may name a fact that does not exist.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from workbook.content.guidance import load_guidance
from workbook.content.rows import CONTENT_FOLDER, find_duplicates, read_rows, read_toml
from workbook.content.tables import file_of
from workbook.content.words import load_words
from workbook.domain.tables import Provenance
from workbook.serve.compose import Chapter, read_chapters

PACKAGE = Path(__file__).parent
CODE = ("rules", "ui/forms", "book", "store")
"""Where docstrings name what they carry out."""

LOCK = "safety.json"
"""Hashes of the safety rows as they were reviewed."""

SAFETY = (
    *("health", "areas", "levels", "techniques", "steps", "gates", "settings"),
    *("reactions", "prompts", "consent", "oils", "essential_oils", "patch_test", "materials"),
    *("help", "aftercare"),
)
"""Tables that only a review may change; a chapter's prose and the resources are free."""

LISTED_FOR_SAFETY = ("room", "silent_signals", "safety_round", "adaptations")
"""Lists of ``choices.toml`` that are safety rows too."""

_ID = re.compile(r"\b(?P<letters>STEP-|SS-|CX-|PT-|AC-|RD-|IN-|[A-Z]{1,2}-?)(?P<number>\d{1,3})\b")
_RANGE = re.compile(rf"{_ID.pattern}\s+to\s+(?P<last_letters>[A-Z]+-?)(?P<last>\d{{1,3}})\b")
_SOURCE = re.compile(r"^\s*Source: (?P<names>.*?)(?=\n\s*\n|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """One of the facts the book was written from."""

    id: str
    gist: str
    see: tuple[str, ...] = ()
    """Resolutions that say in which form it may be told."""
    declined: str = ""
    """The resolution by which it is not told at all; empty: it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution(Provenance):
    """How a contradiction or a gap was settled."""

    kinds: tuple[str, ...]
    gist: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Every fact and every place where it lives."""

    seeds: tuple[Seed, ...]
    resolutions: tuple[Resolution, ...]
    rows: Mapping[str, tuple[Provenance, ...]]
    sources: tuple[str, ...]
    places: Mapping[str, tuple[str, ...]]
    """By ID, where it is met: ``"limits: for-tonight"``, ``"health.toml: H-16"``,
    ``"rules/limits.py"``, ``"form myths"``."""

    def faults(self) -> Iterator[str]:
        """Yield in words what is wrong: facts nobody carries, names nobody knows."""
        yield from self._unknown()
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

    def _unknown(self) -> Iterator[str]:
        """Names that nobody knows, and names that stand twice."""
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


def trace(chapters: Sequence[Chapter], folder: Path = CONTENT_FOLDER) -> Trace:
    """Return where every fact lives.

    Args:
        chapters: as they are read in order.
        folder: of the tables.

    Raises:
        InvalidTable: if a table contradicts itself.

    """
    guidance = load_guidance(folder)
    seeds, resolutions = load_facts(folder)
    places: dict[str, list[str]] = defaultdict(list)
    for name, where in (
        *_in_chapters(chapters, guidance.provenance),
        *_in_tables({**guidance.provenance, "facts": resolutions}),
        *_in_code(),
    ):
        places[name].append(where)
    return Trace(
        seeds=seeds,
        resolutions=resolutions,
        rows=guidance.provenance,
        sources=tuple(guidance.sources),
        places={name: tuple(dict.fromkeys(where)) for name, where in places.items()},
    )


@cache
def load_facts(folder: Path = CONTENT_FOLDER) -> tuple[tuple[Seed, ...], tuple[Resolution, ...]]:
    """Return the seed facts and how their contradictions were resolved.

    Raises:
        InvalidTable: if the table contradicts itself.

    """
    heads = ("seed", "resolution")
    seeds = read_rows(folder, "facts.toml", Seed, "seed", heads)
    return seeds, read_rows(folder, "facts.toml", Resolution, "resolution", heads)


def _in_chapters(
    chapters: Sequence[Chapter], provenance: Mapping[str, Sequence[Provenance]]
) -> Iterator[tuple[str, str]]:
    """The facts that cells name, and the rows that forms show, with where that is."""
    for chapter in chapters:
        for cell in chapter.cells:
            yield from ((name, f"{chapter.slug}: {cell.id}") for name in cell.facts)
        for form in chapter.forms:
            shown = (row for topic in _shown_by(form) for row in provenance[topic])
            yield from ((row.id, f"form {form}") for row in shown)


def _in_tables(provenance: Mapping[str, Sequence[Provenance]]) -> Iterator[tuple[str, str]]:
    """The facts that rows name, and what they rest on, with the row."""
    for topic, rows in provenance.items():
        for row in rows:
            named = (*row.facts, *(name for name in row.source if _ID.fullmatch(name)))
            yield from ((name, f"{file_of(topic)}: {row.id}") for name in named)


def _shown_by(form: str) -> tuple[str, ...]:
    """Topics of which a form shows every row; a form has a module of its own name."""
    try:
        module = import_module(f"workbook.ui.forms.{form}")
    except ModuleNotFoundError:
        return ()  # a chapter's mistake, which has a sentence of its own
    kinds = (each for each in vars(module).values() if isinstance(each, type))
    own = (each for each in kinds if each.__module__ == module.__name__)
    return tuple(topic for each in own for topic in getattr(each, "SHOWS", ()))


def _in_code() -> Iterator[tuple[str, str]]:
    """The facts that docstrings name as their source, with the file they stand in."""
    for part in CODE:
        for file in sorted((PACKAGE / part).glob("*.py")):
            where = file.relative_to(PACKAGE).as_posix()
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
                    continue
                for named in _SOURCE.finditer(ast.get_docstring(node) or ""):
                    yield from ((name, where) for name in named_in(named["names"]))


def named_in(text: str) -> Iterator[str]:
    """Yield the IDs that a text names; ``K-01 to K-03`` are three."""
    for found in _RANGE.finditer(text):
        first, last = int(found["number"]), int(found["last"])
        width = len(found["number"])
        yield from (f"{found['letters']}{n:0{width}}" for n in range(first, last + 1))
    yield from (found[0] for found in _ID.finditer(_RANGE.sub("", text)))


# The reviewed state of the safety rows


def reviewed(folder: Path = CONTENT_FOLDER) -> Mapping[str, str]:
    """Return the hash of every safety row, its reviewed words included."""
    provenance = load_guidance(folder).provenance
    safety = (*SAFETY, *LISTED_FOR_SAFETY)
    rows = {row.id: f"{_hash(row)} {row.reviewed}" for topic in safety for row in provenance[topic]}
    spoken = {}
    for file in sorted({file_of(topic) for topic in safety} - {"gates.toml", "settings.toml"}):
        if (path := folder / "en" / file).exists():
            spoken[f"words of {file}"] = _hash(read_toml(path))
    questions = _hash(read_toml(folder / "health.toml")["question"])
    return {**rows, **spoken, "questions of health.toml": questions}


def unreviewed(folder: Path = CONTENT_FOLDER) -> Iterator[str]:
    """Yield the safety rows that changed while the day of their review did not."""
    was = json.loads((CONTENT_FOLDER / LOCK).read_text(encoding="utf-8"))
    for name, state in reviewed(folder).items():
        before = was.get(name, "")
        if state != before and " " in state and state.split()[1] == before[-10:]:
            yield f"{name} changed; say in the row when it was reviewed."


def altered(folder: Path = CONTENT_FOLDER) -> Iterator[str]:
    """Yield in words which safety rows are not as they were reviewed."""
    was = json.loads((CONTENT_FOLDER / LOCK).read_text(encoding="utf-8"))
    now = reviewed(folder)
    for name in sorted(was.keys() - now.keys()):
        yield f"The safety row {name} is gone. Put it back as it was."
    for name in sorted(now.keys() - was.keys()):
        yield f"The safety row {name} was never reviewed."
    for name in sorted(name for name in was.keys() & now.keys() if was[name] != now[name]):
        yield f"The safety row {name} is not as it was reviewed. Put it back, or have it reviewed."


def lock(folder: Path = CONTENT_FOLDER) -> str:
    """Return the file that holds the reviewed state, as JSON."""
    return json.dumps(dict(sorted(reviewed(folder).items())), indent=1) + "\n"


def _hash(value: Any) -> str:
    plain = msgspec.to_builtins(value, order="deterministic")
    return sha256(msgspec.json.encode(plain)).hexdigest()[:16]


# For an editor


def as_markdown(found: Trace, titles: Mapping[str, str]) -> str:
    """Return ``docs/content.md``: where each fact lives.

    Args:
        found: the trace.
        titles: by topic, its heading.

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
        "What the book was written from, in short. A fact with an R-number is told only as that",
        "resolution says.",
        "",
        "| Fact | In short | Told as | Lives in |",
        "|---|---|---|---|",
    ]
    for seed in found.seeds:
        lives = f"declined: {seed.declined}" if seed.declined else _where(found, seed.id)
        lines.append(f"| {seed.id} | {seed.gist} | {', '.join(seed.see)} | {lives} |")
    lines += [
        "",
        "## Resolutions",
        "",
        "| No. | In short | Source | Lives in |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {each.id} | {each.gist} | {', '.join(each.source)} | {_where(found, each.id)} |"
        for each in found.resolutions
    ]
    for topic, rows in found.rows.items():
        lines += ["", f"## {titles[topic]} (`{file_of(topic)}`)", ""]
        lines += [
            "| Row | Source | Mark | Our choice | Looked at | Met in |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_row(found, row) for row in rows]
    return "\n".join(lines) + "\n"


def _row(found: Trace, row: Provenance) -> str:
    source, own = ", ".join(row.source), ", ".join(row.design)
    key = getattr(row, "key", row.id)
    name = row.id if key == row.id else f"{row.id} `{key}`"
    return f"| {name} | {source} | {row.mark} | {own} | {row.reviewed} | {_where(found, row.id)} |"


def _where(found: Trace, name: str) -> str:
    return "; ".join(_short(found.places.get(name, ())))


def _short(places: Iterable[str]) -> Iterator[str]:
    """Places in the order of reading: chapters, forms, tables, code."""
    yield from sorted(places, key=lambda each: (each.endswith(".py"), ".toml" in each))


def main() -> None:
    """Write ``docs/content.md`` anew; with ``reviewed``, the state of the safety rows as well.

    A row that changed is taken over only with a new day of its review.
    """
    root = PACKAGE.parent
    found = trace(read_chapters(root / "notebooks"))
    page = as_markdown(found, load_words().table("sources.topics"))
    (root / "docs" / "content.md").write_text(page, encoding="utf-8")
    if sys.argv[1:] == ["reviewed"]:
        if left := list(unreviewed()):
            sys.exit("\n".join(left))
        (CONTENT_FOLDER / LOCK).write_text(lock(), encoding="utf-8")


if __name__ == "__main__":
    main()
