"""Drawings on paper: paths of the screen's own modules."""

from __future__ import annotations

import shutil

import pytest

from bench import drawings
from workbook.content.tables import load_tables
from workbook.paper.cards import STROKES, name_drawing, plan_example
from workbook.paper.drawings import load_drawings, load_figure, read_path


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_the_drawings_are_what_the_modules_of_the_screen_draw():
    assert drawings.DRAWINGS.read_text(encoding="utf-8") == drawings.draw(), (
        "python -m bench.drawings draws them anew"
    )


def test_every_stroke_and_step_of_a_card_has_a_drawing():
    steps = plan_example(load_tables()).steps
    needed = {*STROKES, "forearm", *map(name_drawing, steps)}

    assert load_drawings().keys() == needed
    assert all(len(drawing.shapes) > 20 for drawing in load_drawings().values())


def test_a_curve_of_second_degree_becomes_one_of_third_and_a_mirror_changes_sides():
    assert list(read_path("M0 0Q3 3 6 0Z")) == [
        ("M", (0, 0)),
        ("C", (2, 2, 4, 2, 6, 0)),
        ("Z", ()),
    ]
    assert list(read_path("M1 2L3 4", -1)) == [("M", (-1, 2)), ("L", (-3, 4))]
    assert list(read_path("M1 2 3 4")) == [("M", (1, 2)), ("L", (3, 4))]


def test_the_figure_is_half_a_trunk_and_an_arm():
    for outline in load_figure():
        assert min(x for kind, (x, *_rest) in points(outline)) >= 0


def points(d: str) -> list:
    return [(kind, numbers) for kind, numbers in read_path(d) if numbers]
