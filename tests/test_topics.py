"""The list of topics, and what a topic needs beside its row."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.ui.forms.shelf import FORMS, Shown
from workbook.cli.check import find_topic_faults
from workbook.content.words import load_words
from workbook.domain.consent import ConsentAnswers, FreeYes
from workbook.domain.errors import NotFound
from workbook.domain.evening import Answers, StillTrue, TimeAnswers, Willing
from workbook.domain.topics import (
    TOPICS,
    Scope,
    Topic,
    list_answered,
    list_for_evening,
    list_standing,
    topic_for,
)
from workbook.serve.compose import read_chapters
from workbook.ui.forms import form_class

CHAPTERS = read_chapters(Path(__file__).parents[1] / "notebooks")
WORDS = load_words()
TODAY = date(2026, 11, 23)
SLEEP = Topic(
    name="sleep", answers=StillTrue, scope=Scope.STANDING, chapter="health", is_required=True
)


def faults(*topics, chapters=CHAPTERS):
    return list(find_topic_faults(chapters, WORDS, topics))


def test_every_topic_has_all_its_pieces():
    assert faults(*TOPICS) == []


@pytest.mark.parametrize(
    "piece",
    [
        "sleep: Answers in workbook/domain/evening.py has no field for this topic.",
        "sleep: there is no form class in workbook/ui/forms/sleep.py.",
        "forms.still_sleep: there are no words for it in content/en.",
        "forms.missing_sleep: there are no words for it in content/en.",
        "sleep: STEP_BY_FORM names no step of the evening for its form.",
    ],
)
def test_a_topic_without_one_of_its_pieces_is_named(piece):
    assert piece in faults(SLEEP)


def test_a_topic_whose_cell_stands_in_another_chapter_is_named():
    moved = replace(topic_for("limits"), chapter="health")

    assert faults(moved) == ["limits: its topic names the chapter health, its cell is elsewhere."]


def test_every_field_of_answers_but_what_was_learned_is_a_topic_with_a_form():
    names = {topic.name for topic in list_answered()}

    assert names == {field.name for field in fields(Answers)} - {"learned"}


def test_names_and_classes_of_answers_are_unique():
    assert len({topic.name for topic in TOPICS}) == len(TOPICS)
    assert len({topic.answers for topic in TOPICS}) == len(TOPICS)


def test_a_topic_is_asked_on_each_evening_or_stands():
    assert set(list_for_evening()) | set(list_standing()) == set(list_answered())
    assert not set(list_for_evening()) & set(list_standing())


def test_a_name_without_a_topic_is_not_found():
    with pytest.raises(NotFound):
        topic_for("sleep")
    with pytest.raises(NotFound):
        form_class("sleep")


@pytest.mark.parametrize("topic", list_answered(), ids=lambda topic: topic.name)
def test_each_form_is_tested_with_values_of_its_topic(topic):
    assert isinstance(FORMS[topic.name], Shown)


@pytest.mark.parametrize("topic", list_answered(), ids=lambda topic: topic.name)
def test_blank_answers_answer_nothing(topic):
    assert not topic.is_answered(Answers(), TODAY)


def test_half_an_answer_about_consent_is_none():
    half = Answers(consent=ConsentAnswers(FreeYes.YES, adult=True))
    unsure = replace(half.consent, easy=FreeYes.NOT_SURE)

    assert not topic_for("consent").is_answered(half, TODAY)
    assert not topic_for("consent").is_answered(replace(half, consent=unsure), TODAY)
    assert topic_for("consent").is_answered(
        replace(half, consent=replace(unsure, not_tonight=True)), TODAY
    )
    assert not topic_for("consent").is_answered(
        replace(half, consent=replace(unsure, not_tonight=True, adult=None)), TODAY
    )


def test_time_is_answered_for_its_own_day_only():
    said = Answers(time=TimeAnswers(frozenset({Willing.GIVE}), on=TODAY))

    assert topic_for("time").is_answered(said, TODAY)
    assert not topic_for("time").is_answered(said, datetime(2026, 11, 24).date())
