"""Every row has its words, and the words keep their tone."""

from __future__ import annotations

import inspect
import re
import shutil
import string
from collections.abc import Iterator
from datetime import date, datetime
from itertools import combinations
from pathlib import Path

import pytest

from tests.notebooks.reading import prose
from tests.tone import STRINGS, unwelcome
from workbook.content.guidance import load_guidance
from workbook.content.language import Language
from workbook.content.rows import CONTENT_FOLDER
from workbook.content.tables import load_tables
from workbook.content.words import (
    Words,
    list_guidance_keys,
    list_needed_keys,
    load_words,
    name_count,
    name_in_sentence,
    name_places,
    step_sentence,
    step_title,
)
from workbook.domain import errors
from workbook.domain.areas import Side
from workbook.domain.errors import InvalidTable, NotFound, TooManyTries
from workbook.domain.levels import Level
from workbook.domain.plan import Plan, Step, Turn
from workbook.domain.seats import Seat
from workbook.domain.techniques import Coverage, Pace, Position
from workbook.rules.strokes import LIMBS

TABLES = load_tables()
SAY = load_words()
OURS = (
    *("areas", "levels", "health", "oils", "techniques", "steps", "aftercare", "prompts"),
    "strokes",
    *("choices", "errors", "positions", "pace", "coverage", "essential_oils", "reactions"),
    *(
        "consent",
        "materials",
        "patch_test",
        "do_dont",
        "ways",
        "contexts",
        "myths",
        "help",
        "evidence",
    ),
    *("gates", "settings"),
)
FILES = sorted(path.stem for path in Path(CONTENT_FOLDER / "en").glob("*.toml"))
TEXTS = [(key, text) for key, text in STRINGS if key.split(".")[0] in OURS]


def plan(step: Step, position: Position = Position.PRONE, product: str = "O-18") -> Plan:
    return Plan(
        turn=Turn(giver=Seat.A, minutes=5),
        position=position,
        coverage=Coverage.CLOTHED,
        pace=Pace.SLOW,
        product=product,
        minutes=5,
        steps=(step,),
    )


def step(
    key: str,
    technique: str,
    *parts: str,
    side: Side = Side.BOTH,
    stroke: str = "",
    passes: int = 12,
) -> Step:
    return Step(
        key, parts, side, technique, Level.LOTION, 60, "upper_back", stroke=stroke, passes=passes
    )


# Looking up


def test_a_string_is_found_by_its_dotted_key():
    assert SAY("areas.names.calves") == "Calves"
    assert SAY("areas.parts.calves_left") == "Left calf"


def test_values_are_put_in():
    assert "30 seconds" in SAY("errors.TooManyTries", seconds=30)


@pytest.mark.parametrize(
    "key", ["", "areas", "areas.names", "areas.names.tail", "areas.names.calves.left", "nowhere.x"]
)
def test_a_missing_string_is_not_found(key):
    with pytest.raises(NotFound) as caught:
        SAY(key)

    assert caught.value.facts["name"] == key
    assert key not in SAY


def test_a_missing_value_is_not_found():
    with pytest.raises(NotFound):
        SAY("errors.TooManyTries")


def test_a_table_holds_its_strings_and_not_the_tables_inside_it():
    table = Words({"a": {"b": "text", "c": {"d": "deeper"}}}).table("a")

    assert dict(table) == {"b": "text"}


@pytest.mark.parametrize("key", ["nowhere", "areas.names.calves", "areas.nothing"])
def test_a_missing_table_is_not_found(key):
    with pytest.raises(NotFound):
        SAY.table(key)


@pytest.mark.parametrize("language", ["xx", "..", ".", ""])
def test_a_missing_language_is_not_found(language):
    with pytest.raises(NotFound):
        load_words(language)


def test_words_are_read_once():
    assert load_words("en") is load_words()


# Everything has its words


def test_every_row_has_its_words():
    keys = (*list_needed_keys(TABLES), *list_guidance_keys(load_guidance()))

    assert [key for key in keys if key not in SAY] == []


def test_every_error_has_a_sentence():
    classes = [
        each
        for _, each in inspect.getmembers(errors, inspect.isclass)
        if issubclass(each, errors.WorkbookError)
    ]

    assert {each.__name__ for each in classes} == set(SAY.table("errors"))


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("InvalidAnswer", {"field"}),
        ("TooLong", {"most"}),
        ("InvalidInput", {"field", "why"}),
        ("InvalidTable", {"file", "row", "why"}),
        ("TooManyTries", {"seconds"}),
        ("WeakPassphrase", {"least"}),
        ("NotFound", {"name"}),
        ("FolderBusy", {"who"}),
    ],
)
def test_an_error_names_its_facts_and_no_other(name, facts):
    named = {field for _, field, _, _ in string.Formatter().parse(_raw(name)) if field}

    assert named == facts


def test_the_other_errors_need_no_facts():
    with_facts = {key for key in SAY.table("errors") if "{" in _raw(key)}

    assert with_facts == {
        *("InvalidAnswer", "TooLong", "InvalidInput", "InvalidTable"),
        *("TooManyTries", "WeakPassphrase", "NotFound", "FolderBusy"),
    }


def _raw(name: str) -> str:
    return SAY.table("errors")[name]


def test_no_words_are_left_from_a_row_that_went():
    known = {*list_needed_keys(TABLES), *list_guidance_keys(load_guidance())}
    known |= {f"evidence.{row.id}.say" for row in load_guidance().evidence}
    known |= {f"reactions.{row.id}.guide" for row in TABLES.reactions}
    kept = ("steps.", "oils.allergens.", "oils.looks", "evidence.we_say", "do_dont.head_")
    kept += ("essential_oils.ask.", "essential_oils.mixes.", "contexts.caption", "do_dont.caption")
    kept += ("errors.TooManyTries.", "oils.look_", "oils.now", "oils.spots", "choices.stayed.")
    kept += ("ways.",)
    extra = [key for key, _ in TEXTS if key not in known and not key.startswith(kept)]

    assert extra == []


def test_the_line_of_a_return_evening_names_every_alarm_sign_and_each_group_of_tonight():
    line = SAY("health.tonight").lower()
    signs = re.split(r"[;,]", SAY("health.lines.alarm"))
    named = [sign.strip().removeprefix("or ").removeprefix("back pain with ") for sign in signs]
    others = ("fever", "catching", "kidney", "alcohol", "drugs", "drowsy", "numbing", "wound")
    others += ("burn", "bruise", "sprain", "scar", "lump", "new pain", "large meal", "my period")

    assert [sign for sign in (*named, *others, "unsteady") if sign not in line] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "row"),
    [
        ("areas.toml", "calves =", "calfs =", "names.calves"),
        ("strokes.toml", "not_here =", "nothere =", "still.not_here"),
        ("strokes.toml", "[glide.moments]\n1 =", "[glide.moments]\n5 =", "glide.moments.1"),
    ],
)
def test_a_row_without_words_is_named(tmp_path, file, old, new, row):
    shutil.copytree(CONTENT_FOLDER, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "en" / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), "utf-8")

    with pytest.raises(InvalidTable) as caught:
        load_words("en", tmp_path)

    assert caught.value.facts["file"] == f"en/{file}"
    assert caught.value.facts["row"] == row


@pytest.mark.parametrize("text", ['"  "', "3", '["a"]'])
def test_what_is_not_a_sentence_is_refused(tmp_path, text):
    shutil.copytree(CONTENT_FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "en" / "pace.toml").write_text(f"slow = {text}\n", encoding="utf-8")

    with pytest.raises(InvalidTable) as caught:
        load_words("en", tmp_path)

    assert caught.value.facts == {"file": "en/pace.toml", "row": "slow", "why": "not a string"}


# Tone


RIGHT = re.compile(r"\bjust right\b", re.IGNORECASE)
"""Neither hurry nor pressure: what a receiver says (design, "Asking")."""


@pytest.mark.parametrize("file", FILES)
def test_the_words_of_a_file_keep_their_tone(file):
    strings = [(key, text) for key, text in STRINGS if key.split(".")[0] == file]
    said = [(key, unwelcome(key, RIGHT.sub("right", text))) for key, text in strings]

    assert strings
    assert [(key, words) for key, words in said if words] == []
    assert [key for key, text in strings if text != text.strip()] == []


def test_no_string_has_marks_that_would_be_shown_as_they_are():
    """Cells for another edition and the kit are Markdown; every other string is plain."""
    marked = [key for key, text in STRINGS if re.search(r"\*\S|_\w+_|`|\]\(", text)]

    assert {key.split(".")[0] for key in marked} <= {"hosted", "kit"}


def test_the_partner_sees_one_sentence_whatever_the_cause():
    assert SAY("health.partner") == "Not tonight. Another evening is fine."


def test_an_emergency_names_the_numbers():
    assert all(number in SAY("health.actions.urgent") for number in ("112", "911", "999"))


def test_what_the_partner_reads_names_no_cause():
    causes = re.compile(
        r"pregnan|diabet|insulin|allerg|eczema|skin condition|wart|wound|trauma|period|epilep"
        r"|asthma|migraine|ticklish|bone|immune|pain|ill\b|sick|device|patch|pressure",
        re.IGNORECASE,
    )

    assert [t for t in SAY.table("choices.adaptations").values() if causes.search(t)] == []


# One sentence a step


def _places(keys: tuple[str, ...], side: Side) -> Iterator[tuple[str, ...]]:
    """Some of these areas, all on one side or on both, as a plan has them in one step."""
    wanted = {Side.LEFT: ("", "left"), Side.RIGHT: ("", "right")}.get(side, ("", "left", "right"))
    for count in range(1, len(keys) + 1):
        for some in combinations(keys, count):
            yield tuple(
                part
                for key in some
                for part in TABLES.areas[key].parts
                if part.partition(".")[2] in wanted
            )


@pytest.mark.parametrize("row", TABLES.steps, ids=lambda row: row.key)
@pytest.mark.parametrize("position", Position)
@pytest.mark.parametrize("side", [Side.BOTH, Side.LEFT, Side.RIGHT])
def test_a_step_has_at_most_fourteen_words_wherever_it_is(row, position, side):
    keys = row.areas
    if row.key == "feather":  # of the back, or of what is elsewhere
        keys = tuple(key for key in keys if ("back" in key) is (side is Side.BOTH))
    if row.key == "change_sides":  # one hand stays, and it is in one place
        keys = keys[:1]
    techniques = {*row.techniques, "HOLD"}
    for stroke in TABLES.strokes.values():
        on_limbs = stroke.key != "along" or {TABLES.areas[key].region for key in keys} <= LIMBS
        if stroke.technique in techniques and on_limbs:
            for some in _places(keys, side):
                here = step(row.key, stroke.technique, *some, side=side, stroke=stroke.key)

                said = step_sentence(SAY, TABLES, plan(here, position), here)

                assert len(said.split()) <= 14, said


@pytest.mark.parametrize("code", TABLES.techniques)
def test_a_step_off_the_back_is_named_for_its_touch(code):
    for area in TABLES.areas.values():
        if code in area.techniques and area.choosable:
            here = step("open_area", code, *area.parts)

            assert step_title(SAY, TABLES, here) == SAY(f"techniques.{code}.name")
            said = step_sentence(SAY, TABLES, plan(here), here)
            assert said.startswith(SAY(f"areas.names.{area.key}"))
            assert len(said.split()) <= 14


def test_a_step_that_became_softer_says_what_it_is_now():
    here = step("right_knead", "HOLD", "shoulder_tops.right", side=Side.RIGHT)

    assert step_title(SAY, TABLES, here) == SAY("techniques.HOLD.name")
    assert "knead" not in step_sentence(SAY, TABLES, plan(here), here)


def test_a_step_names_no_place_that_is_closed():
    own = {word for key in ("names", "parts") for word in _place_words(SAY.table(f"areas.{key}"))}
    allowed = {"low_back_out"}  # it says beside the spine: that is where not to press

    for row in TABLES.steps:
        for text in SAY.table(f"steps.{row.key}").values():
            if row.key not in allowed:
                assert not own & set(re.findall(r"[a-z]+", text.lower())), text


def _place_words(names: object) -> set[str]:
    everyday = {"of", "the", "and", "outer", "inner", "left", "right", "around", "beside", "it"}
    everyday |= {"mid", "low", "lower", "upper", "points", "point", "part", "parts", "tops", "top"}
    everyday |= {"private", "above", "under", "behind", "base", "back", "zone", "front", "hand"}
    everyday |= {"hands", "palm", "palms"}
    return {
        word
        for text in dict(names).values()  # type: ignore[call-overload]
        for word in re.findall(r"[a-z]+", text.lower())
    } - everyday


def test_a_step_with_oil_speaks_of_it_and_one_without_does_not():
    oiled, dry = (
        step("warm_oil", "EFF", "mid_back.left", "mid_back.right", stroke=stroke)
        for stroke in ("glide", "light_glide")
    )

    assert "oil" in step_sentence(SAY, TABLES, plan(oiled), oiled)
    assert "dry" in step_sentence(SAY, TABLES, plan(dry), dry)


def test_a_step_of_a_plan_that_was_kept_before_has_its_sentence():
    old = step("warm_oil", "EFF", "mid_back.left", "mid_back.right", stroke="", passes=0)

    assert step_sentence(SAY, TABLES, plan(old), old) == (
        "Mid back: slow warm, oiled glides up, lightly back."
    )
    opened = step("open_area", "FEA", "hands.left", stroke="", passes=0)
    assert step_sentence(SAY, TABLES, plan(opened), opened).startswith("Left hand: ")


@pytest.mark.parametrize(
    ("passes", "said"), [(0, "slow"), (1, "slow"), (2, "two"), (13, "thirteen"), (14, "14")]
)
def test_how_often_is_a_word(passes, said):
    assert name_count(SAY, passes) == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("mid_back.left", "low_back.left"), "Left side, mid back, low back"),
        (("nape", "shoulder_tops.right"), "Back of the neck, right shoulder top"),
        (("mid_back.left", "mid_back.right", "sacrum"), "Mid back, base of the back"),
        (("low_back.left", "mid_back.left", "shoulder_tops.left", "shoulder_blades.left"),
         "Left shoulder to low back"),
        (("hands.right",), "Right hand"),
    ],
)  # fmt: skip
def test_places_have_as_short_a_name_as_can_be(parts, said):
    assert name_in_sentence(SAY, TABLES, parts) == said


def test_both_sides_are_one_name_and_one_side_is_its_own():
    both = name_places(SAY, TABLES, ("calves.left", "calves.right"))
    one = name_places(SAY, TABLES, ("calves.left", "hands.left"))

    assert both == "Calves"
    assert one == "Left calf, left hand"


def test_no_string_stands_in_a_file_nobody_reads():
    others = {path.name for path in Path(CONTENT_FOLDER / "en").iterdir()}
    others -= {path.name for path in Path(CONTENT_FOLDER / "en").glob("*.toml")}

    assert others == {"passphrase_words.txt"}  # read by content/passphrase_words.py


@pytest.mark.parametrize("finding", load_guidance().evidence, ids=lambda row: row.id)
def test_no_text_claims_more_than_a_study_found(finding):
    texts = [*STRINGS, *prose()]

    for wording in finding.never:
        said = [where for where, text in texts if wording in text.lower()]
        assert said == [], wording


# How a language writes names, dates and numbers


def test_a_language_that_keeps_its_capitals_keeps_them_within_a_sentence() -> None:
    german = Language("de_DE", lowers_names=False)

    assert SAY.language.join_names(["Mid back", "Low back"]) == "Mid back, low back"
    assert german.join_names(["Nacken", "Rücken"]) == "Nacken, Rücken"
    assert german.lower_name("Hände") == "Hände"
    assert SAY.language.join_names([]) == ""


def test_dates_are_written_as_the_language_does() -> None:
    on = date(2026, 11, 3)

    assert SAY.language.write_date(on) == "3 November 2026"
    assert SAY.language.write_day(on) == "3 November"
    assert Language("de_DE").write_date(on) == "3 November 2026"
    assert Language("es_ES").write_month(on) == "nov"
    assert SAY.language.write_time(datetime(2026, 11, 3, 9, 5)) == "09:05"


@pytest.mark.parametrize(
    ("language", "number", "form"),
    [("en_GB", 1, "a"), ("en_GB", 2, "c"), ("pl_PL", 3, "b"), ("pl_PL", 5, "c"), ("ar", 1, "a")],
)
def test_a_number_chooses_its_form(language: str, number: int, form: str) -> None:
    table = {"lock": {"by": "n", "one": "a", "few": "b", "other": "c"}}

    assert Words(table, Language(language))("lock", n=number) == form


def test_one_second_is_no_plural() -> None:
    assert "1 second," in SAY.error(TooManyTries(seconds=1))
    assert "2 seconds," in SAY.error(TooManyTries(seconds=2))


@pytest.mark.parametrize(
    "rows", ["", "[en]\nlowers_names = true\n", '[en]\nlocale = "xx_YY"\nlowers_names = true\n']
)
def test_a_language_without_a_known_locale_is_refused(tmp_path: Path, rows: str) -> None:
    shutil.copytree(CONTENT_FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "languages.toml").write_text(rows, "utf-8")

    with pytest.raises(InvalidTable) as caught:
        load_words("en", tmp_path)

    assert caught.value.facts["file"] == "languages.toml"


@pytest.mark.parametrize(
    "key",
    ["ready_mine", "agreement_theirs", "signals_theirs", "sit_waits", "thanks_one"],
)
def test_a_line_that_waits_names_nobody(key):
    assert SAY.table("forms")[key].count("{") == 0
