"""Each sentence of the threat model has a test that holds it, or says that it has none."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
DOCUMENT = TESTS.parent / "docs" / "threat-model.md"
NOT_TESTED = "(not tested)"
KEPT_BY: dict[str, list[str]] = tomllib.loads((TESTS / "threat_model.toml").read_text("utf-8"))
"""Tests by the first words of a sentence; none: nothing tests it, and the document says so."""


def _statements() -> list[str]:
    """Every sentence, those in the cells of tables too, without headings and names of rows."""
    found: list[str] = []
    for line in DOCUMENT.read_text("utf-8").splitlines():
        is_title = line.startswith(("#", "|--", "| who |", "| form |", "| |")) or line.endswith(":")
        if not line.strip() or is_title or line.startswith(">"):  # the promise is the book's own
            continue
        if line.startswith("|"):
            _, *cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            sentences = [each for cell in cells for each in re.split(r"(?<=\.)\s+", cell)]
            found += [each for each in sentences if len(each.split()) > 1]
        else:
            found += re.split(r"(?<=\.)\s+", line.removeprefix("- "))
    return found


STATEMENTS = _statements()


def _key_of(statement: str) -> str | None:
    keys = [key for key in KEPT_BY if statement.startswith(key)]
    return max(keys, key=len, default=None)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_each_sentence_has_its_test_or_says_that_it_has_none(statement: str) -> None:
    key = _key_of(statement)

    assert key is not None, f"no line of tests/threat_model.toml is about: {statement}"
    assert (NOT_TESTED in statement) == (not KEPT_BY[key])


@pytest.mark.parametrize("named", sorted({test for each in KEPT_BY.values() for test in each}))
def test_each_test_that_is_named_is_there(named: str) -> None:
    file, _, function = named.partition("::")

    assert f"def {function}(" in (TESTS / file).read_text("utf-8")


def test_no_line_is_about_a_sentence_that_is_gone() -> None:
    assert set(KEPT_BY) == {_key_of(statement) for statement in STATEMENTS}
