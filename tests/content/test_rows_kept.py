"""A row of a safety table that goes, or says something else, is named by a check or refused."""

from __future__ import annotations

import json
import sys
import tomllib
from copy import deepcopy
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from workbook import provenance
from workbook.content import guidance, rows, tables
from workbook.content.rows import CONTENT_FOLDER
from workbook.domain.errors import InvalidTable
from workbook.provenance import SAFETY_LISTS, SAFETY_TOPICS

FILES = {
    topic: tomllib.loads((CONTENT_FOLDER / f"{topic}.toml").read_text("utf-8"))
    for topic in (*SAFETY_TOPICS, "choices", "facts", "resources")
}
HEADS = {"health": ("row", "question"), "choices": SAFETY_LISTS}
SAFETY_ROWS = [
    pytest.param(topic, head, number, id=f"{topic}-{row.get('id', row.get('key'))}")
    for topic in (*SAFETY_TOPICS, "choices")
    for head in HEADS.get(topic, ("row",))
    for number, row in enumerate(FILES[topic][head])
]

ABOUT_THE_ROW = {"id", "source", "mark", "design", "reviewed", "facts"}
"""Columns that say where a row comes from; the others act."""

NUMBERS_FILE = Path(__file__).with_name("numbers_looked_up.json")
"""A hash of each number to call, as it was when somebody last looked it up."""


@pytest.fixture(scope="module")
def faults_with():
    """What the checks say when one file of the tables holds something else."""
    really = rows.read_toml
    read = {}

    def read_once(changed, path: Path) -> dict[str, Any]:
        if path.name in changed and path.parent == CONTENT_FOLDER:
            return deepcopy(changed[path.name])
        if path not in read:
            read[path] = really(path)
        return deepcopy(read[path])

    def find(file: str, content: dict[str, Any]) -> list[str]:
        with pytest.MonkeyPatch.context() as patched:
            reader = partial(read_once, {file: content})
            for module in (rows, provenance, tables, guidance):
                if hasattr(module, "read_toml"):
                    patched.setattr(module, "read_toml", reader)
            clear()
            try:
                return list(provenance.find_altered_rows())
            except InvalidTable as error:
                return [f"{error.facts['file']} {error.facts['row']}: {error.facts['why']}"]
            finally:
                clear()

    return find


def clear() -> None:
    tables._load_content.cache_clear()
    guidance.load_guidance.cache_clear()


def other_value(value: Any) -> Any:
    """Something else of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, dict):
        return {key: other_value(each) for key, each in value.items()} or {"x": 1}
    if isinstance(value, list | tuple):
        return [other_value(each) for each in value] or ["x"]
    return f"{value}x"


def test_unchanged_tables_have_no_fault(faults_with):
    assert faults_with("health.toml", FILES["health"]) == []


@pytest.mark.long
@pytest.mark.parametrize(("topic", "head", "number"), SAFETY_ROWS)
def test_a_safety_row_that_goes_is_named(topic, head, number, faults_with):
    without = deepcopy(FILES[topic])
    del without[head][number]

    assert faults_with(f"{topic}.toml", without)


@pytest.mark.long
@pytest.mark.parametrize(("topic", "head", "number"), SAFETY_ROWS)
def test_a_safety_row_that_says_something_else_is_named(topic, head, number, faults_with):
    """In one of its columns, a different one from row to row."""
    changed = deepcopy(FILES[topic])
    row = changed[head][number]
    columns = [column for column in row if column not in ABOUT_THE_ROW] or ["id"]
    column = columns[number % len(columns)]
    row[column] = other_value(row[column])

    assert faults_with(f"{topic}.toml", changed), column


def test_the_state_of_a_row_changes_with_each_of_its_columns():
    unnoticed = []
    for topic in (*SAFETY_TOPICS, *SAFETY_LISTS):
        for row in guidance.load_guidance().provenance[topic]:
            said = msgspec.to_builtins(row)
            changed = [
                (column, {**said, column: other_value(value)})
                for column, value in said.items()
                if column != "reviewed"  # the state ends with it
            ]
            state = provenance._hash_value(said)
            unnoticed += [
                (row.id, column)
                for column, other in changed
                if provenance._hash_value(other) == state
            ]

    assert unnoticed == []


# Numbers to call: whoever hands the book on may change them, so that no check of the book holds
# them. As the book ships them, they are those that somebody looked up.


def hash_numbers() -> dict[str, str]:
    """Return a hash of each emergency number, country, line and source of them, by its name."""
    kept = FILES["resources"]
    names = {"emergency": "where", "source": "id", "country": "id"}
    found = {f"{head} {row[name]}": row for head, name in names.items() for row in kept[head]}
    found |= {f"{row['country']} {row['kind']} {row['name']}": row for row in kept["line"]}
    assert len(found) == sum(len(kept[head]) for head in (*names, "line"))
    return {
        name: sha256(json.dumps(row, default=str, sort_keys=True).encode()).hexdigest()[:16]
        for name, row in sorted(found.items())
    }


def test_the_numbers_to_call_are_those_that_were_looked_up():
    """After looking one up in two sources: ``python -m tests.content.test_rows_kept``."""
    was, now = json.loads(NUMBERS_FILE.read_text("utf-8")), hash_numbers()

    assert {name for name in {*was, *now} if was.get(name) != now.get(name)} == set()


if __name__ == "__main__":
    text = json.dumps(hash_numbers(), indent=1, ensure_ascii=False) + "\n"
    sys.exit(NUMBERS_FILE.write_text(text, "utf-8") and 0)
