"""Tables that people read: whole, consistent, and a broken one names its file and row."""

from __future__ import annotations

import re
import shutil
import tomllib
from dataclasses import FrozenInstanceError
from datetime import timedelta
from pathlib import Path

import pytest

from tests.strategies import NOW, open_answers
from workbook.content.guidance import list_old_numbers, load_guidance, load_resources
from workbook.content.rows import CONTENT_FOLDER
from workbook.content.tables import file_of, load_tables
from workbook.content.words import load_words
from workbook.domain.errors import InvalidTable
from workbook.domain.guidance import HelplineKind, MythAnswer, Strength, Tier
from workbook.domain.levels import HOME_CAP, Level
from workbook.domain.shares import TURN_MINUTES
from workbook.provenance import (
    SAFETY_TOPICS,
    find_altered_rows,
    hash_safety_rows,
    load_facts,
)
from workbook.rules import limits, screening

GUIDANCE = load_guidance()
SAY = load_words()

COUNTS = {
    "areas": ("M", 30),
    "health": ("H", 66),
    "oils": ("O", 18),
    "essential_oils": ("E", 12),
    "techniques": ("", 8),
    "strokes": ("ST", 13),
    "steps": ("STEP", 22),
    "aftercare": ("AC", 18),
    "prompts": ("Q", 29),
    "reactions": ("T", 14),
    "materials": ("F", 16),
    "intentions": ("IN", 9),
    "wishes": ("WI", 11),
    "silent_signals": ("SG", 5),
    "room": ("RM", 13),
    "make_ready": ("MR", 10),
    "adaptations": ("AD", 18),
    "safety_round": ("RD", 4),
    "consent": ("K", 13),
    "levels": ("L", 6),
    "patch_test": ("PT", 8),
    "do_dont": ("D", 22),
    "ways": ("EB", 9),
    "contexts": ("CX", 3),
    "myths": ("Y", 30),
    "help": ("W", 19),
    "evidence": ("V", 27),
    "gates": ("P", 9),
    "settings": ("SS", 30),
    "question_counts": ("MQ", 6),
}


def test_every_table_has_all_its_rows():
    codes = ["HOLD", "FEA", "EFF", "PET", "FRI", "COM", "VIB", "TAP"]
    expected = {
        topic: [f"{prefix}-{n:02}" for n in range(1, count + 1)]
        for topic, (prefix, count) in COUNTS.items()
    }
    small = {"levels": range(6), "patch_test": range(1, 9), "contexts": range(1, 4)}
    settings = (*range(1, 12), *range(14, 20), *range(24, 43))
    small |= {"settings": settings, "safety_round": range(1, 5)}
    small |= {"question_counts": range(1, 7)}
    expected |= {topic: [f"{COUNTS[topic][0]}-{n}" for n in each] for topic, each in small.items()}
    expected |= {"techniques": codes, "gates": [f"P{n}" for n in range(1, 10)]}
    steps = (*range(1, 7), 16, 17, *range(7, 15), 18, 15, *range(19, 23))  # as they are done
    expected["steps"] = [f"STEP-{n:02}" for n in steps]
    expected["silent_signals"].remove("SG-01")  # two taps, which only still the hands

    assert {t: [row.id for row in rows] for t, rows in GUIDANCE.provenance.items()} == expected
    assert list(GUIDANCE.sources) == [f"S{number:02}" for number in range(1, 153)]


def test_every_seed_and_resolution_of_the_facts_is_listed():
    seeds, resolutions = load_facts()

    assert [seed.id for seed in seeds] == [
        f"{letter}-{number:02}"
        for letter, count in (("A", 152), ("B", 44), ("C", 53))
        for number in range(1, count + 1)
    ]
    assert [each.id for each in resolutions] == [f"R-{number:02}" for number in range(1, 48)]


def test_the_sources_are_graded_as_in_the_facts():
    tiers = {tier: sum(one.tier is tier for one in GUIDANCE.sources.values()) for tier in Tier}

    assert tiers == {Tier.A: 37, Tier.B: 36, Tier.C: 79}
    assert [one.id for one in GUIDANCE.sources.values() if not one.shown] == ["S102"]
    assert all(re.match(r"https?://\S+$", one.where) for one in GUIDANCE.sources.values())


def test_guidance_is_read_once_and_never_changed():
    assert load_guidance() is load_guidance()
    with pytest.raises(FrozenInstanceError):
        GUIDANCE.myths[0].answer = MythAnswer.TRUE
    with pytest.raises(TypeError):
        GUIDANCE.provenance["myths"] = ()


def test_two_cards_are_true_and_one_depends():
    answers = {myth.id: myth.answer for myth in GUIDANCE.myths}

    assert {name for name, answer in answers.items() if answer is MythAnswer.TRUE} == {
        "Y-07",
        "Y-11",
    }
    assert {name for name, answer in answers.items() if answer is MythAnswer.DEPENDS} == {"Y-27"}


def test_findings_carry_what_the_facts_say():
    strong = {row.id for row in GUIDANCE.evidence if row.strength is Strength.GOOD}
    none = {row.id for row in GUIDANCE.evidence if row.strength is Strength.NONE}

    assert strong == {"V-05", "V-18"}
    assert none == {"V-21", "V-22"}
    assert "did not change" in SAY("evidence.V-02.found")


def test_only_this_books_own_kind_of_massage_is_here():
    assert [kind.id for kind in GUIDANCE.contexts if kind.here] == ["CX-2"]


def test_the_scale_ends_where_the_book_does():
    offered = [row for row in GUIDANCE.levels if row.offered]

    home = [level for level in Level if level <= HOME_CAP]
    assert [row.level for row in offered] == home
    assert [row.key for row in offered] == [level.name.lower() for level in home]
    assert [row.level for row in GUIDANCE.levels if row.on_request] == []


def test_the_rules_keep_to_the_numbers_of_a_session():
    minutes = GUIDANCE.settings["minutes"]

    assert (TURN_MINUTES[0], TURN_MINUTES[-1]) == (minutes.low, minutes.high)


@pytest.mark.parametrize("every", [3, 4])
def test_an_edited_row_changes_how_often_is_asked(tmp_path, every):
    folder = _content(tmp_path)
    path = folder / "settings.toml"
    row = 'key = "check_every"\ndefault = '
    path.write_text(path.read_text("utf-8").replace(f"{row}5", f"{row}{every}"), "utf-8")
    tables = load_tables(folder)
    answers = open_answers()
    screened = screening.screen(answers.health, tables, NOW)

    shared = limits.share(answers, screened, tables, NOW)

    assert shared.receiving.check_every == shared.giving.check_every == every


# Resources


def test_nobody_has_to_look_for_a_number_where_the_book_says_call():
    numbers = {one.number for one in load_resources().emergency}

    for key in ("health.actions.urgent", "reactions.T-09.line"):
        assert all(number in SAY(key) for number in numbers)


def _content(tmp_path: Path) -> Path:
    shutil.copytree(
        CONTENT_FOLDER, tmp_path / "content", ignore=shutil.ignore_patterns("*.py", "__*")
    )
    return tmp_path / "content"


def test_a_place_that_somebody_adds_is_there_and_changes_no_rule(tmp_path):
    folder = _content(tmp_path)
    with (folder / "resources.toml").open("a", encoding="utf-8") as file:
        file.write('[[place]]\nname = "A line"\nhelp = ["W-12"]\nphone = "0800 1"\n')

    assert [place.name for place in load_resources(folder).places] == ["A line"]
    assert load_guidance(folder) == GUIDANCE


def test_one_number_alone_is_said_alone(tmp_path):
    folder = _content(tmp_path)
    (folder / "resources.toml").write_text(
        '[[emergency]]\nwhere = "here"\nnumber = "000"\n', encoding="utf-8"
    )

    assert "the emergency number, 000," in load_words("en", folder)("health.actions.urgent")


def test_thirty_countries_have_an_emergency_number_and_twelve_each_kind_of_line():
    resources = load_resources()

    assert len(resources.countries) >= 30
    for kind in HelplineKind:
        assert len({line.country for line in resources.helplines if line.kind is kind}) >= 12


def test_two_dated_sources_stand_behind_every_line():
    rows = tomllib.loads((CONTENT_FOLDER / "resources.toml").read_text(encoding="utf-8"))
    dated = {row["id"] for row in rows["source"] if "dated" in row}

    for line in load_resources().helplines:
        assert len(set(line.source) & dated) >= 2, line.name
        assert line.page, line.name


def test_a_number_is_old_once_nobody_has_looked_at_it_for_a_year():
    resources = load_resources()
    newest = max(line.reviewed for line in resources.helplines)

    assert list(list_old_numbers(resources, newest + timedelta(366))) == []
    old = list(list_old_numbers(resources, newest + timedelta(367)))
    assert "GB 999" in old
    assert "GB Samaritans" in old
    assert len(old) == len(resources.countries) + len(resources.helplines)


# What a table may not say

COUNTRY = """[[emergency]]
where = "x"
number = "1"
[[source]]
id = "S"
what = "a list"
where = "here"
dated = 2026-01-01
[[source]]
id = "T"
what = "another"
where = "there"
[[country]]
id = "GB"
emergency = "999"
zones = ["Europe/London"]
source = ["S", "T"]
reviewed = 2026-01-01
"""
LINE = """[[line]]
country = "GB"
kind = "crisis"
name = "A line"
number = "116 123"
page = "line.example"
source = ["S", "T"]
reviewed = 2026-01-01
"""


@pytest.mark.parametrize(
    ("file", "change", "row", "why"),
    [
        ("myths.toml", ('id = "Y-02"', 'id = "Y-01"'), "Y-01", "this id stands twice"),
        (
            "consent.toml",
            ('key = "overlap"', 'key = "signals"'),
            "signals",
            "this key stands twice",
        ),
        ("help.toml", ('"S46"', '"S999"'), "W-01", "unknown source 'S999'"),
        ("help.toml", ('after = "T-09"', 'after = "T-99"'), "W-01", "unknown rule 'T-99'"),
        ("levels.toml", ("level = 5", "level = 9"), "L-5", "level 9 is outside 0 to 5"),
        ("settings.toml", ("default = 20", "default = 40"), "SS-1", "the default is outside"),
        ("myths.toml", ('answer = "true"', 'answer = "maybe"'), "Y-07", "Invalid enum value"),
        ("evidence.toml", ("never = ", "newer = "), "V-01", "unknown key 'newer'"),
        ("sources.toml", ('id = "S02"', 'id = "S01"'), "S01", "this id stands twice"),
        ("do_dont.toml", ('when = "after"', 'when = "soon"'), "D-20", "Invalid enum value"),
        ("materials.toml", ('topic = "fire"', 'topic = "ice"'), "F-01", "Invalid enum value"),
        ("essential_oils.toml", ("most = 2.0", "most = 20.0"), "E-02", "most outside 0 to 5"),
        ("essential_oils.toml", ('"cumin", "tag', '"tag'), "E-07", "unknown oil 'cumin'"),
        ("essential_oils.toml", ("cumin = 0.4", "cumin = 0"), "E-07", "a limit of 0 or less"),
        ("reactions.toml", ('prompt = "Q-19"', 'prompt = "Q-99"'), "T-02", "unknown prompt 'Q-99'"),
        ("health.toml", ("celsius = 38.0", "celsius = 50.0"), "H-01", "a temperature outside"),
        ("patch_test.toml", ('mark = "known"', 'mark = "seen"'), "PT-3", "marked seen"),
    ],
)
def test_a_table_that_contradicts_itself_is_named_with_its_row(tmp_path, file, change, row, why):
    folder = _content(tmp_path)
    text = (folder / file).read_text(encoding="utf-8")
    assert change[0] in text
    (folder / file).write_text(text.replace(*change, 1), encoding="utf-8")

    with pytest.raises(InvalidTable) as caught:
        load_guidance(folder)

    assert (caught.value.facts["file"], caught.value.facts["row"]) == (file, row)
    assert why in str(caught.value.facts["why"])
    assert file in SAY.error(caught.value)


@pytest.mark.parametrize(
    ("text", "row", "why"),
    [
        ('[[emergency]]\nwhere = "x"\nnumber = "none"\n', "x", "cannot be dialled"),
        ("", "emergency", "no rows"),
        ('[[emergency]]\nwhere = "x"\nnumber = "112 or 999"\n', "x", "cannot be dialled"),
        ('[[emergency]]\nwhere = "x"\nnumber = "+44 (0)20 79"\n', "x", "cannot be dialled"),
        (COUNTRY.replace('["S", "T"]', '["S"]'), "GB", "fewer than two sources"),
        (COUNTRY.replace('["S", "T"]', '["S", "U"]'), "GB", "unknown source 'U'"),
        (COUNTRY.replace("999", "none"), "GB", "cannot be dialled"),
        (COUNTRY.replace('id = "T"', 'id = "S"'), "S", "this id stands twice"),
        (COUNTRY.replace('"Europe/London"', '"A/B", "A/B"'), "A/B", "this time zone stands twice"),
        (COUNTRY + LINE, "A line", "too few sources that bear a date"),
        (COUNTRY + LINE.replace('"GB"', '"XX"'), "A line", "unknown country 'XX'"),
        (COUNTRY + LINE.replace("116 123", "call us"), "A line", "cannot be dialled"),
        (
            '[[emergency]]\nwhere="x"\nnumber="1"\n[[place]]\nname="A"\nhelp=[]\nphone="CALM"\n',
            "A",
            "cannot be dialled",
        ),
        (
            '[[emergency]]\nwhere = "x"\nnumber = "1"\n[[place]]\nname = "A"\nhelp = ["W-99"]\n',
            "A",
            "unknown row of help.toml",
        ),
        (
            '[[emergency]]\nwhere = "x"\nnumber = "1"\n[[place]]\nname = "A"\nhelp = []\n',
            "A",
            "nothing to turn to",
        ),
    ],
)
def test_resources_that_lead_nowhere_are_refused(tmp_path, text, row, why):
    folder = _content(tmp_path)
    (folder / "resources.toml").write_text(text, encoding="utf-8")

    with pytest.raises(InvalidTable) as caught:
        load_resources(folder)

    assert caught.value.facts["row"] == row
    assert why in caught.value.facts["why"]


@pytest.mark.parametrize("topic", SAFETY_TOPICS)
def test_a_safety_row_that_goes_is_named(tmp_path, topic):
    """The last row of each table is really taken out of its file."""
    folder = _content(tmp_path)
    path = folder / file_of(topic)
    gone = GUIDANCE.provenance[topic][-1].id
    text = path.read_text(encoding="utf-8")
    start = text.rindex("[[", 0, text.index(f'id = "{gone}"'))
    end = text.find("\n[[", start)
    path.write_text(text[:start] + (text[end:] if end > 0 else ""), encoding="utf-8")

    try:
        faults = list(find_altered_rows(folder))
    except InvalidTable:
        return  # another row needs it, and says so

    assert f"The safety row {gone} is gone. Put it back as it was." in faults


def test_every_safety_row_is_among_the_reviewed_ones():
    rows = {row.id for topic in SAFETY_TOPICS for row in GUIDANCE.provenance[topic]}

    assert rows <= hash_safety_rows().keys()
