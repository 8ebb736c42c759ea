"""What the guide's script holds for the drawing of hands, the count and the giver's place."""

from dataclasses import replace

from tests.strategies import TABLES
from tests.ui.forms.shelf import SAY, form_context
from tests.ui.forms.test_player import planned
from workbook.rules.areas import area_of
from workbook.ui.forms.player import make_player_script


def test_every_step_has_its_stroke_its_place_and_its_outlines():
    plan = planned(20).plan
    script = make_player_script(form_context(), plan)

    assert script["position"] == plan.position.value
    assert script["coverage"] == plan.coverage.value
    for step, shown in zip(plan.steps, script["steps"], strict=True):
        assert script["strokes"][shown["stroke"]]["technique"] == step.technique
        assert shown["areas"] == list(dict.fromkeys(map(area_of, step.parts)))
        assert set(shown["areas"]) <= set(script["outlines"])
        assert shown["place"] == SAY(f"steps.places.{step.giver}")
        assert (shown["giver"], shown["passes"]) == (step.giver, step.passes)
        assert shown["half"] == step.side


def test_hands_can_always_be_drawn_at_rest():
    assert "still" in make_player_script(form_context(), planned(20).plan)["strokes"]


def test_a_plan_kept_before_strokes_were_named_takes_the_first_of_its_technique():
    plan = planned(20).plan
    before = [replace(step, stroke="", passes=0, giver="") for step in plan.steps]
    script = make_player_script(form_context(), replace(plan, steps=tuple(before)))

    for step, shown in zip(before, script["steps"], strict=True):
        assert TABLES.strokes[shown["stroke"]].technique == step.technique
        assert shown["place"] == ""
