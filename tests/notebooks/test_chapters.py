"""The chapters as they are stored: prose for two people, and one line for each form."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from tests.notebooks.reading import CHAPTERS, TAG, cells, folded, length, prose
from tests.tone import unwelcome

FORMS = {
    "01-welcome": ("contexts", "do_dont", "myths", "sheets", "people"),
    "02-intentions": ("consent", "role", "intentions", "wishes", "evidence"),
    "03-limits": ("limits", "signals"),
    "04-health": ("emergency", "body", "hands", "health"),
    "05-touch": (
        *("pressure", "time", "duet", "positions", "coverage", "learn", "techniques"),
        "ways",
    ),
    "06-setting": ("oils", "essential_oils", "room", "aftercare"),
    "07-tonight": (
        *("again", "ready", "sit", "reveal", "prepare", "aloud", "agreement", "player"),
    ),
    "08-afterwards": ("soft_landing", "thanks", "debrief", "next_day"),
    "09-journal": ("journal",),
    "10-help": ("resources",),
    "11-sources": ("sources",),
}
"""The forms of each chapter, in reading order."""

OPEN = "from workbook import open_workbook\nbook = open_workbook()"
FORM = re.compile(r'book\.form\("([a-z_]+)"\)')
CELL_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
FACT_ID = re.compile(
    r"(?:AC|STEP|[ABCDEFHKMOQRTVWY])-\d{2,3}|SS-\d{1,2}|MQ-\d|(?:PT|L)-\d|P\d|S\d{2,3}"
    r"|HOLD|FEA|EFF|PET|FRI|COM|VIB|TAP"
)
HEADING = re.compile(r"^# .+", re.MULTILINE)
DETAIL = re.compile(
    r"^<details>\n<summary>[^<\n]*\w[^<\n]*</summary>\n.*\S.*^</details>$", re.DOTALL | re.MULTILINE
)
NUMBERED = re.compile(r"^\d+\. ")
SECOND_SENTENCE = re.compile(r"[.?!][”*]* +[“*]*[A-Z]")

LONGEST = 600
"""Words on screen with every detail folded."""

PACE = 200
"""Words a minute, read in silence."""

DENIAL = "has not been shown"
"""What a cell that repeats the myth of toxins has to say as well."""

each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


def test_the_folder_holds_the_ten_chapters_and_the_sources() -> None:
    assert [path.stem for path in CHAPTERS] == sorted(FORMS)


@each_chapter
def test_a_chapter_is_prose_and_one_line_forms(path: Path) -> None:
    code = cells(path, "code")

    assert code[0].source == OPEN
    assert all(FORM.fullmatch(cell.source) for cell in code[1:])


@each_chapter
def test_a_chapter_opens_with_its_title_and_then_the_book(path: Path) -> None:
    first, second, *_ = nbformat.read(path, as_version=4).cells
    titles = [t for cell in cells(path, "markdown") for t in HEADING.findall(cell.source)]

    assert titles == [first.source.splitlines()[0]]
    assert second.source == OPEN


@each_chapter
def test_a_chapter_holds_its_forms_in_reading_order(path: Path) -> None:
    names = tuple(FORM.fullmatch(cell.source)[1] for cell in cells(path, "code")[1:])

    assert names == FORMS[path.stem]


def test_no_form_stands_in_two_places() -> None:
    names = Counter(
        FORM.fullmatch(cell.source)[1] for path in CHAPTERS for cell in cells(path, "code")[1:]
    )

    assert set(names) == {name for forms in FORMS.values() for name in forms}
    assert set(names.values()) == {1}


@each_chapter
def test_a_chapter_keeps_nothing_that_was_run(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)

    assert "widgets" not in notebook.metadata
    assert not any(cell.outputs for cell in cells(path, "code"))
    assert all(cell.execution_count is None for cell in cells(path, "code"))


@each_chapter
def test_a_chapter_is_stored_the_way_a_diff_reads_best(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)

    nbformat.validate(notebook)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert notebook["metadata"]["voila"] == {"template": "attune"}  # it asks no other host
    assert text == json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def test_every_cell_has_a_readable_name_of_its_own() -> None:
    ids = Counter(cell.id for path in CHAPTERS for cell in nbformat.read(path, as_version=4).cells)

    assert [name for name in ids if not CELL_ID.fullmatch(name) or len(name) > 64] == []
    assert [name for name, times in ids.items() if times > 1] == []


@each_chapter
def test_every_cell_of_prose_names_the_facts_it_carries(path: Path) -> None:
    for cell in cells(path, "markdown"):
        facts = cell.metadata["workbook"]["facts"]

        assert facts, cell.id
        assert [fact for fact in facts if not FACT_ID.fullmatch(fact)] == [], cell.id
        assert len(facts) == len(set(facts)), cell.id


@each_chapter
def test_a_chapter_is_read_in_three_minutes(path: Path) -> None:
    read = sum(length(folded(cell.source)) for cell in cells(path, "markdown"))

    assert read <= min(LONGEST, 3 * PACE), f"{path.stem}: {read} words, {read / PACE:.1f} minutes"


def test_a_line_of_prose_holds_one_sentence() -> None:
    crowded = [
        f"{where}: {line}"
        for where, text in prose()
        for line in text.splitlines()
        if not line.startswith(("|", "#")) and SECOND_SENTENCE.search(NUMBERED.sub("", line))
    ]

    assert crowded == []


def test_no_word_appears_that_is_not_ours() -> None:
    assert [(where, word) for where, text in prose() for word in unwelcome(where, text)] == []


def test_toxins_are_named_only_to_deny_them() -> None:
    named = [text for _, text in prose() if re.search(r"\b(?:de)?tox", text, re.IGNORECASE)]

    assert all(DENIAL in text for text in named)


def test_emergency_numbers_stand_in_their_own_file_and_in_no_chapter() -> None:
    named = [where for where, text in prose() if re.search(r"\b(?:112|911|999)\b", text)]

    assert named == []
    assert any("your local emergency number" in text for _, text in prose())


def test_the_only_html_folds_details_away() -> None:
    tags = {tag for _, text in prose() for tag in TAG.findall(text)}

    assert tags <= {"<details>", "</details>", "<summary>", "</summary>"}


def test_every_detail_is_closed_and_says_first_what_it_holds() -> None:
    details = [(where, text) for where, text in prose() if re.search(r"</?(?:det|summ)", text)]

    assert details
    assert [where for where, text in details if not DETAIL.search(text)] == []
    assert [where for where, text in details if len(TAG.findall(text)) != 4] == []


def test_markdown_inside_details_has_room_to_be_read_as_markdown() -> None:
    details = [text for _, text in prose() if "<details>" in text]

    assert all("</summary>\n\n" in text and "\n\n</details>" in text for text in details)


def test_nothing_in_a_chapter_points_to_another_host() -> None:
    outside = re.compile(r"https?:|//|www\.|!\[|\]\(", re.IGNORECASE)

    assert [where for where, text in prose() if outside.search(text)] == []
