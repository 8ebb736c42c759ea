"""Every fact lives somewhere, nothing names a fact that is not there, and both are seen."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from workbook import provenance
from workbook.content.rows import CONTENT_FOLDER
from workbook.content.words import load_words
from workbook.provenance import FactResolution, SeedFact
from workbook.serve.compose import Cell, read_chapters

ROOT = Path(__file__).parents[1]
CHAPTERS = read_chapters(ROOT / "notebooks")
FOUND = provenance.trace_facts(CHAPTERS)


def test_every_fact_is_carried_and_nothing_names_one_that_is_not():
    assert list(FOUND.find_faults()) == []


def test_the_page_for_editors_is_what_make_content_writes():
    titles = load_words().table("sources.topics")

    page = provenance.format_markdown(FOUND, titles)

    assert (ROOT / "docs" / "content.md").read_text(encoding="utf-8") == page


def test_the_safety_rows_are_as_they_were_reviewed():
    assert list(provenance.find_altered_rows()) == []
    assert (CONTENT_FOLDER / provenance.LOCK_FILE).read_text(
        encoding="utf-8"
    ) == provenance.format_lock()


def test_every_seed_is_told_or_declined_by_its_resolution():
    silent = [s.id for s in FOUND.seeds if not FOUND.places.get(s.id) and s.declined not in s.see]

    assert silent == []


def test_a_seed_that_nothing_tells_is_named():
    unnoticed = []
    for seed in FOUND.seeds:
        lost = replace(FOUND, places={n: w for n, w in FOUND.places.items() if n != seed.id})
        if not any(fault.startswith(f"{seed.id} (") for fault in lost.find_faults()):
            unnoticed.append(seed.id)

    assert unnoticed == [seed.id for seed in FOUND.seeds if seed.declined]


FACTS: tuple[SeedFact | FactResolution, ...] = (*FOUND.seeds, *FOUND.resolutions)
QUOTED = [each for each in FACTS if each.quote]
"""Facts with the words of the book that carry them."""


def test_every_fact_but_a_declined_one_quotes_the_words_that_carry_it():
    unquoted = {each.id for each in FACTS} - {q.id for q in QUOTED}
    single = [each.quote for each in QUOTED if len(each.quote) < 6]

    assert unquoted == {seed.id for seed in FOUND.seeds if seed.declined}
    assert single == []


def test_a_fact_whose_words_go_is_named():
    words = {place: " ".join(text.replace("*", "").split()) for place, text in FOUND.words.items()}
    for each in QUOTED:
        for place in FOUND.places[each.id]:
            words[place] = words.get(place, "").replace(each.quote, "")

    faults = list(replace(FOUND, words=words).find_faults())

    assert [fault.partition(" ")[0] for fault in faults] == [each.id for each in QUOTED]


def test_words_that_stand_in_another_place_alone_do_not_count():
    asked = next(each for each in FOUND.seeds if each.id == "A-20")
    elsewhere = {**FOUND.words, "do_dont.toml: D-02": "", "do_dont.toml: D-03": asked.quote}

    faults = list(replace(FOUND, words=elsewhere).find_faults())

    assert [fault.partition(" ")[0] for fault in faults] == ["A-20"]


def test_a_sentence_that_is_rewritten_in_its_chapter_leaves_a_fact_without_its_words():
    limits = next(each for each in CHAPTERS if each.slug == "limits")
    cells = tuple(
        cell._replace(source=cell.source.replace("Clear signals keep you both safe", "Choose both"))
        for cell in limits.cells
    )
    changed = [replace(each, cells=cells) if each is limits else each for each in CHAPTERS]

    faults = list(provenance.trace_facts(changed).find_faults())

    assert [fault.partition(" ")[0] for fault in faults] == ["A-34"]


def test_a_row_that_is_rewritten_leaves_a_fact_without_its_words(content):
    path = content / "en" / "areas.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Bone and nerves lie near the surface.", "Keep off."), "utf-8")

    faults = list(provenance.trace_facts(CHAPTERS, content).find_faults())

    assert [fault.partition(" ")[0] for fault in faults] == ["C-38"]


def test_what_was_rejected_is_declined_with_its_number():
    declined = {seed.id: seed.declined for seed in FOUND.seeds if seed.declined}

    assert declined == {"C-13": "R-11", "C-53": "R-11"}


def test_every_source_is_used():
    assert all(FOUND.places.get(name) for name in FOUND.sources)


@pytest.mark.parametrize("topic", FOUND.rows)
def test_a_row_that_nobody_meets_is_named(topic):
    row = FOUND.rows[topic][0]
    lost = replace(FOUND, places={n: w for n, w in FOUND.places.items() if n != row.id})

    assert any(f"{row.id}: nobody meets this row" in fault for fault in lost.find_faults())


@pytest.mark.parametrize("name", ["A-153", "H-999", "R-48", "S999", "Y-31", "STEP-40"])
def test_a_cell_that_names_what_is_not_there_is_named(name):
    first = CHAPTERS[0]
    cell = Cell("markdown", "text", "made-up", (name,))
    changed = (replace(first, cells=(*first.cells, cell)), *CHAPTERS[1:])

    faults = list(provenance.trace_facts(changed).find_faults())

    assert faults == [f"{first.slug}: made-up names {name}, and there is no such fact."]


@pytest.mark.long
def test_a_chapter_that_goes_leaves_facts_that_nobody_carries():
    for chapter in CHAPTERS:
        left = [each for each in CHAPTERS if each is not chapter]
        if chapter.slug not in ("journal", "sources"):  # all they tell is told elsewhere too
            assert list(provenance.trace_facts(left).find_faults()), chapter.slug


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("K-01 to K-03; R-17", ["K-01", "K-02", "K-03", "R-17"]),
        ("facts, section 4.1 and 4.3", []),
        ("T-09 to T-11, S46", ["T-09", "T-10", "T-11", "S46"]),
        ("STEP-14 to STEP-15; PT-3; SS-1; P4", ["STEP-14", "STEP-15", "PT-3", "SS-1", "P4"]),
        ('design ("Tightening")', []),
    ],
)
def test_ids_are_found_in_a_line_of_sources(text, names):
    assert list(provenance.find_fact_ids(text)) == names


# The reviewed state


@pytest.fixture
def content(tmp_path: Path) -> Path:
    shutil.copytree(
        CONTENT_FOLDER, tmp_path / "content", ignore=shutil.ignore_patterns("*.py", "__*")
    )
    return tmp_path / "content"


@pytest.mark.parametrize(
    ("file", "old", "new", "row"),
    [
        ("health.toml", "celsius = 38.0", "celsius = 39.0", "H-01"),
        ("areas.toml", 'state = "locked"', 'state = "keepoff"', "M-16"),
        ("oils.toml", 'allergens = ["sesame"]', "allergens = []", "O-09"),
        ("essential_oils.toml", "most = 2.0", "most = 5.0", "E-02"),
        ("patch_test.toml", "hours = [48, 168]", "hours = [4, 168]", "PT-4"),
        ("en/health.toml", "from 38 °C", "from 40 °C", "words of health.toml"),
        ("health.toml", 'key = "clots"', 'key = "clot"', "questions of health.toml"),
    ],
)
def test_an_altered_safety_row_is_named(content, file, old, new, row):
    path = content / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    changed = text.replace(old, new, 1)
    path.write_text(changed, encoding="utf-8")

    assert any(
        fault.startswith(f"The safety row {row} ")
        for fault in provenance.find_altered_rows(content)
    )


@pytest.mark.parametrize(("days_later", "faults"), [(0, 0), (1, 1)])
def test_a_changed_row_needs_a_new_date_unless_it_was_reviewed_today(content, days_later, faults):
    path = content / "health.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("celsius = 38.0", "celsius = 39.0", 1), encoding="utf-8")
    reviewed = date.fromisoformat(json.loads(provenance.format_lock())["H-01"][-10:])

    found = list(provenance.find_unreviewed_rows(reviewed + timedelta(days_later), content))

    assert found == ["H-01 changed; say in the row when it was reviewed."] * faults


def test_prose_and_resources_may_change_freely(content):
    with (content / "resources.toml").open("a", encoding="utf-8") as file:
        file.write('[[place]]\nname = "Ours"\nhelp = []\nnote = "Ask at the desk."\n')
    text = (content / "en" / "forms.toml").read_text(encoding="utf-8")
    (content / "en" / "forms.toml").write_text(text.replace("Ready", "We are ready"), "utf-8")

    assert list(provenance.find_altered_rows(content)) == []


def test_a_row_that_goes_or_comes_is_named(monkeypatch):
    was = json.loads(provenance.format_lock())
    monkeypatch.setattr(
        provenance, "hash_safety_rows", lambda _folder=CONTENT_FOLDER: {**was, "H-99": "x"}
    )

    assert list(provenance.find_altered_rows()) == ["The safety row H-99 was never reviewed."]

    del was["H-16"]
    monkeypatch.setattr(provenance, "hash_safety_rows", lambda _folder=CONTENT_FOLDER: was)

    assert list(provenance.find_altered_rows()) == [
        "The safety row H-16 is gone. Put it back as it was."
    ]
