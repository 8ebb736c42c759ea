"""Every sentence that the screen asks for is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import workbook
from workbook.content.rows import CONTENT_FOLDER, read_toml
from workbook.content.words import load_words

ROOT = Path(workbook.__file__).parent
SAY = load_words()
FILES = sorted([*(ROOT / "ui").rglob("*.py"), *(ROOT / "app").rglob("*.py")])
TABLES = "|".join(sorted(path.stem for path in (CONTENT_FOLDER / "en").glob("*.toml")))
KEY = re.compile(rf'(?<!f)"((?:{TABLES})\.[a-z_0-9.]+)"')
STEM = re.compile(rf'f"((?:{TABLES})\.[a-z_0-9.]*)\{{')
FIELD = re.compile(
    r'\b(?:make_text_field|make_text_area)\((?:context\.words|say|words), "([a-z_]+)"'
)
PLAIN = re.compile(r'\bsay\["([a-z_]+)"\]')


def found(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    return [
        (path.name, key)
        for path in FILES
        for key in pattern.findall(path.read_text(encoding="utf-8"))
    ]


def test_every_key_that_is_written_out_has_its_words():
    asked = found(KEY)

    files = (".css", ".js")
    missing = [
        (where, key)
        for where, key in asked
        if key not in SAY and not _table(key) and not key.endswith(files)
    ]
    assert len(asked) > 120
    assert missing == []


def _table(key: str) -> bool:
    """Whether a key names a whole table of words."""
    path = CONTENT_FOLDER / "en" / f"{key.split('.', maxsplit=1)[0]}.toml"
    there = read_toml(path)
    for part in key.split(".")[1:]:
        there = there.get(part, {}) if isinstance(there, dict) else {}
    return isinstance(there, dict) and bool(there)


def test_every_key_that_is_put_together_has_words_that_begin_so():
    everything = [f"forms.{key}" for key in SAY.table("forms")]
    asked = [(where, stem) for where, stem in found(STEM) if stem.startswith("forms.")]

    stems = [(where, stem) for where, stem in asked if stem != "forms."]
    assert stems
    assert [s for s in stems if not any(key.startswith(s[1]) for key in everything)] == []


@pytest.mark.parametrize("pattern", [FIELD, PLAIN], ids=["fields", "plain"])
def test_every_field_has_a_label(pattern):
    asked = found(pattern)

    assert asked
    assert [each for each in asked if f"forms.{each[1]}" not in SAY] == []
