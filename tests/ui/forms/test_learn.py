"""Strokes to learn, and the hands beside the kinds of touch."""

from __future__ import annotations

import json

from tests.strategies import TABLES
from tests.ui.forms.shelf import SAY, form_context
from workbook.app.readings import BEFORE_UNLOCKING, build_reading
from workbook.domain.seats import Role
from workbook.domain.techniques import TechniqueAnswers
from workbook.ui.forms.techniques import TechniquesForm
from workbook.ui.widgets.pictured import PicturedQuestions
from workbook.ui.widgets.questions import Questions

MAX_PICTURES_BYTES = 12_000
"""Bytes of all pictures of a form; the whole page may send 300 KB after unlocking."""


def cards() -> list[dict]:
    [widget] = build_reading("learn", SAY, TABLES, lambda _error: None).children
    return widget.cards


def asked(*roles: Role) -> tuple[PicturedQuestions, dict[str, dict]]:
    """The questions by key, as a person with these roles is asked."""
    made = TechniquesForm(form_context(), TechniqueAnswers())
    made.ask_roles(frozenset(roles))
    group = made.children[0]
    return group, {question["key"]: question for question in group.questions}


def test_three_strokes_are_learned_by_the_names_that_the_trade_has_for_them() -> None:
    named = {(card["view"]["stroke"]["technique"], card["term"]) for card in cards()}

    assert named == {("EFF", "effleurage"), ("PET", "petrissage"), ("FRI", "friction")}
    assert [card["name"] for card in cards()] == ["Glide", "Knead", "Small circles"]


def test_each_is_practised_on_a_forearm_as_the_stroke_that_it_is() -> None:
    for card in cards():
        practice, stroke = card["practice"], card["practice"]["stroke"]

        assert practice["areas"] == ("forearm",)
        assert stroke["technique"] == card["view"]["stroke"]["technique"]
        assert not set(TABLES.strokes[stroke["key"]].not_on) & set(practice["areas"])
        assert "offered" in card["lead"]  # nobody else's arm without being asked


def test_friction_is_told_from_gliding() -> None:
    notes = {card["name"]: card["note"] for card in cards()}

    assert notes["Small circles"] == SAY("learn.notes.circles")
    assert "skin moves with your fingers" in notes["Small circles"]
    assert notes["Glide"] == notes["Knead"] == ""


def test_it_is_there_before_anybody_has_unlocked_the_book() -> None:
    assert "learn" in BEFORE_UNLOCKING


def test_every_kind_of_touch_has_its_picture_and_its_line() -> None:
    group, questions = asked(Role.RECEIVER)
    offered = {option["key"]: option for option in questions["techniques"]["options"]}

    assert group.pictures.keys() == offered.keys()
    for code, option in offered.items():
        assert option["picture"] == code
        assert option["help"] == SAY(f"techniques.{code}.line")
        assert group.pictures[code]["stroke"]["technique"] == code


def test_who_does_both_sees_the_pictures_once_and_who_gives_sees_them_too() -> None:
    both = asked(Role.RECEIVER, Role.GIVER)[1]
    giver = asked(Role.GIVER)[1]

    assert all("picture" in option for option in both["techniques"]["options"])
    assert not any("picture" in option for option in both["giving"]["options"])
    assert all("picture" in option for option in giver["giving"]["options"])


def test_pictures_are_sent_with_no_other_question_and_stay_small() -> None:
    group, _ = asked(Role.RECEIVER)

    assert len(json.dumps(group.pictures)) <= MAX_PICTURES_BYTES
    assert not Questions().has_trait("pictures")


def test_how_the_guide_asks_is_asked_once_it_is_wanted_or_was_answered():
    later = {"pauses", "guarded"}

    def asked(form: TechniquesForm) -> set[str]:
        return {question["key"] for question in form._question_group.questions}

    made = TechniquesForm(form_context(), TechniqueAnswers())
    assert not asked(made) & later
    made._more.click()
    assert asked(made) >= later
    assert made._more.layout.display == "none"

    assert asked(TechniquesForm(form_context(), TechniqueAnswers(guarded=False))) >= later
    other = TechniquesForm(form_context(), TechniqueAnswers())
    other.set_value(TechniqueAnswers(pauses=True))
    assert asked(other) >= later
    assert other._question_group.answers["pauses"] == ["yes"]
