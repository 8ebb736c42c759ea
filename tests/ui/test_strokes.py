from workbook.content.strokes import WORDS
from workbook.content.tables import load_tables
from workbook.content.words import load_words
from workbook.ui.strokes import first_stroke, outlines_json, stroke_json

TABLES = load_tables()
SAY = load_words()


def test_every_stroke_has_its_numbers_and_its_words():
    for key, row in TABLES.strokes.items():
        scene = stroke_json(TABLES, SAY, key)

        assert scene["technique"] == row.technique
        assert sum(beat["seconds"] for beat in scene["beats"]) == row.period
        assert len(scene["moments"]) == 4
        assert set(scene["words"]) == set(WORDS)


def test_each_kind_of_touch_in_a_plan_has_a_stroke():
    used = {code for area in TABLES.areas.values() for code in area.techniques}

    assert {TABLES.strokes[first_stroke(TABLES, code)].technique for code in used} == used


def test_a_sentence_of_a_stroke_is_short():
    for key in TABLES.strokes:
        for what in ("hands", "move", "rhythm", "not_here"):
            assert len(SAY(f"strokes.{key}.{what}").split()) <= 14, (key, what)


def test_only_the_outlines_that_are_asked_for_are_returned():
    assert set(outlines_json(["calves"])) == {"calves"}
    assert set(outlines_json()) == set(TABLES.areas)
