"""What is said where the book runs on somebody else's computer, in place of what is so at home."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.notebooks.reading import CHAPTERS
from workbook.content.editions import Edition, read_edition
from workbook.content.rows import CONTENT_FOLDER, read_toml
from workbook.content.words import Words, load_words
from workbook.domain.errors import InvalidTable
from workbook.serve.compose import read_chapters, replace_cells

HERE = re.compile(
    r"\b(this|your|the) (computer|laptop|machine)\b(?! (that|behind))|nothing is sent|no cloud",
    re.IGNORECASE,
)
"""Says that the book runs on a computer of the reader's, or that nobody else is there."""
AT_HOME = {"pair", "hosted"}
"""Files whose words a hosted book does not show: there are no codes; its own words replace."""
ONLY_IN_A_SHELL = {"errors.NoHome", "errors.NotDownloaded"}
"""Of who starts the program themselves, or keeps the folder in iCloud."""


@pytest.fixture(scope="module")
def hosted() -> Words:
    return load_words(edition=Edition.HOSTED)


def list_strings(said: Words) -> dict[str, str]:
    files = [path.stem for path in (CONTENT_FOLDER / "en").glob("*.toml")]
    return {
        f"{file}.{key}": text
        for file in files
        if file not in AT_HOME
        for key, text in said.table(file).items()
    }


def test_no_string_says_of_a_host_s_computer_that_it_is_the_reader_s(hosted: Words) -> None:
    at_home = {key for key, text in list_strings(load_words()).items() if HERE.search(text)}
    there = {key for key, text in list_strings(hosted).items() if HERE.search(text)}

    assert {"cover.promise", "page.stays", "page.stopped", "forms.clock_behind"} <= at_home
    assert there == ONLY_IN_A_SHELL


def test_no_chapter_says_so_either(hosted: Words) -> None:
    chapters = read_chapters(CHAPTERS[0].parent)
    there = replace_cells(chapters, hosted.list_cells(Edition.HOSTED))

    def list_such(of):
        return {cell.id for each in of for cell in each.cells if HERE.search(cell.source)}

    assert list_such(chapters) == {"privacy-promise", "privacy-more", "leaving-no-trace"}
    assert list_such(there) == set()
    assert [each.title for each in there] == [each.title for each in chapters]
    assert [[c.facts for c in each.cells] for each in there] == [
        [c.facts for c in each.cells] for each in chapters
    ]


def test_what_is_the_same_everywhere_stays(hosted: Words) -> None:
    home = load_words()

    assert hosted("cover.begin") == home("cover.begin")
    assert hosted("cover.promise") != home("cover.promise")
    assert home.list_cells(Edition.HOME) == {}


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('[words.cover]\npromis = "x"\n', "words.cover.promis"),
        ('[words.covers]\npromise = "x"\n', "words.covers.promise"),
        ('[words.cover]\npin_wrong = "x"\n', "words.cover.pin_wrong"),
        (None, ""),
    ],
    ids=["no such string", "no such file", "a table", "no words at all"],
)
def test_an_edition_that_replaces_nothing_is_refused(
    tmp_path: Path, text: str | None, row: str
) -> None:
    shutil.copytree(CONTENT_FOLDER, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "en" / "hosted.toml"
    if text is None:
        file.unlink()
    else:
        file.write_text(text, "utf-8")

    with pytest.raises(InvalidTable) as caught:
        load_words("en", tmp_path, Edition.HOSTED)

    assert caught.value.facts["file"] == "en/hosted.toml"
    assert caught.value.facts["row"] == row


def test_the_edition_is_at_home_unless_it_is_named() -> None:
    assert read_edition({}) is Edition.HOME
    assert read_edition({"WORKBOOK_EDITION": "hosted"}) is Edition.HOSTED


def test_an_edition_has_words_and_cells_and_pages_of_its_own_alone() -> None:
    tables = read_toml(CONTENT_FOLDER / "en" / "hosted.toml")

    assert {"words", "cells"} <= tables.keys()
    assert all(
        {"title", "text", "on"} <= tables[key].keys() for key in tables.keys() - {"words", "cells"}
    )
