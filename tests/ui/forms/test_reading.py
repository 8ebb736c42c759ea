"""What anybody may read: all rows, their sources, and a calculator that keeps nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from ipywidgets import Button

from tests.strategies import NOW, TABLES, TODAY, open_answers
from tests.ui.forms.shelf import (
    BLANK_RETURN,
    SAY,
    again,
    form_context,
    inside,
    questions,
    screen,
    state,
)
from tests.ui.forms.shelf import FORMS as ASKED
from workbook.app.readings import FORMS, build_reading
from workbook.content.guidance import load_guidance, load_resources
from workbook.domain.evening import EveningQuestion
from workbook.domain.guidance import (
    EmergencyNumber,
    HelplineKind,
    HelpPlace,
    MythAnswer,
    Resources,
)
from workbook.domain.health import Action, HealthAnswers, ReportedCondition
from workbook.domain.plan import Turn
from workbook.domain.seats import Seat
from workbook.rules.aftercare import Landing
from workbook.rules.evening import evaluate_evening
from workbook.ui import forms
from workbook.ui.forms.body import BodyForm
from workbook.ui.forms.health import HealthForm, explain_screening
from workbook.ui.forms.plan_blocks import make_plan_blocks
from workbook.ui.forms.resources import ResourcesForm, SomewhereToTurn
from workbook.ui.forms.soft_landing import SoftLandingForm
from workbook.ui.forms.sources import describe_row
from workbook.ui.forms.urgent import UrgentPanel
from workbook.ui.widgets.deck import Deck
from workbook.ui.widgets.prose import Prose

GUIDANCE = load_guidance()
ROWS = [(topic, row) for topic, rows in GUIDANCE.provenance.items() for row in rows]


def fail(error: Exception) -> None:
    raise AssertionError(repr(error))


def form(name: str):
    made = build_reading(name, SAY, TABLES, fail)
    if name == "sources":
        made.children[0].click()
    return made


def blocks(shown) -> list[dict]:
    found = [b for each in inside(shown) if isinstance(each, Prose) for b in each.blocks]
    return [one for b in found for one in (b, *b.get("blocks", ()))]


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_form_to_read_says_nothing_of_itself_in_a_saved_notebook(name):
    shown = form(name)

    assert shown._repr_mimebundle_()["text/plain"] == f"{type(shown).__name__}()"
    assert shown.value is None


def test_three_kinds_of_massage_stand_side_by_side():
    [table] = blocks(form("contexts"))

    assert [len(row) for row in table["rows"]] == [4] * 6
    assert table["head"][1:] == [SAY(f"contexts.CX-{n}.name") for n in (1, 2, 3)]


def test_every_card_is_in_the_deck_with_its_answer_and_why():
    [deck] = [each for each in inside(form("myths")) if isinstance(each, Deck)]

    assert [card["said"] for card in deck.cards] == [
        SAY(f"myths.{myth.id}.said") for myth in GUIDANCE.myths
    ]
    assert {card["answer"] for card in deck.cards} == {answer.value for answer in MythAnswer}
    assert all(card["why"] for card in deck.cards)


def test_every_pair_of_do_and_dont_is_there():
    tables = [b for b in blocks(form("do_dont")) if b["kind"] == "table"]

    shown = {tuple(row) for table in tables for row in table["rows"]}

    assert shown == {
        (SAY(f"do_dont.{row.id}.do"), SAY(f"do_dont.{row.id}.dont")) for row in GUIDANCE.do_dont
    }


def test_every_finding_is_there_with_its_limits():
    text = state(form("evidence"))

    for row in GUIDANCE.evidence:
        assert SAY(f"evidence.{row.id}.found") in text
    assert "contentment with the relationship did not change" in text


@pytest.mark.parametrize("topic", GUIDANCE.provenance)
def test_every_rule_shows_its_source_its_mark_and_when_it_was_looked_at(topic):
    listed = {*GUIDANCE.sources, *(row.id for _, row in ROWS)}
    wrong = []
    for row in GUIDANCE.provenance[topic]:
        text = describe_row(SAY, topic, row)
        named = all((n in text) is (n in listed) for n in row.source if n != "design")
        ours = not row.design or row.mark == "design" or "Our own choice in it" in text
        shows = (
            text.splitlines()[0].strip(),
            SAY(f"sources.marks.{row.mark}") in text,
            f"{row.reviewed.day} {row.reviewed:%B %Y}" in text,
            *(named, ours, "{" not in text),
        )
        if not all(shows):
            wrong.append((row.id, shows))

    assert wrong == []


def test_the_page_of_sources_has_every_row_and_every_source():
    labels = [b["label"] for b in blocks(form("sources")) if b["kind"] == "pair"]

    assert sorted(labels) == sorted([*(row.id for _, row in ROWS), *GUIDANCE.sources])


def test_hundreds_of_lines_come_only_to_whoever_wants_them():
    assert len(state(build_reading("sources", SAY, TABLES, fail))) < 2_000


def test_a_row_marked_as_seen_names_a_source_that_is_listed():
    seen = [row for _, row in ROWS if row.mark == "seen"]

    assert [row.id for row in seen if not GUIDANCE.sources.keys() & set(row.source)] == []


def test_an_address_not_for_readers_is_not_shown():
    text = state(form("sources"))

    assert GUIDANCE.sources["S102"].where not in text
    assert GUIDANCE.sources["S101"].where in text


def test_nothing_on_the_page_of_sources_is_a_link():
    assert [b for b in blocks(form("sources")) if b.get("href")] == []


# Where to turn


@pytest.mark.parametrize("name", ["resources", "emergency"])
def test_every_country_has_its_emergency_number_and_where_it_holds(name):
    (shown,) = form(name).children
    by_id = {country["id"]: country for country in shown.countries}

    for country in load_resources().countries:
        assert country.emergency in dict(map(reversed, by_id[country.id]["calls"]))
        assert by_id[country.id]["name"] == SAY(f"resources.countries.{country.id}")
    assert [number for _where, number in shown.general] == ["112", "999", "911"]


def test_the_page_gets_each_line_of_help_and_the_chapters_only_emergency_numbers():
    (everything,), (brief,) = form("resources").children, form("emergency").children
    lines = [line for country in everything.countries for line in country["lines"]]

    assert {(kind, number) for kind, _name, number, _hours in lines} == {
        (line.kind, line.number) for line in load_resources().helplines
    }
    assert [line for country in brief.countries for line in country["lines"]] == []
    assert everything.kinds == list(HelplineKind)
    assert "Not verified by a call" in everything.words["looked"]


def test_countries_stand_in_the_order_of_their_names_in_this_language():
    (shown,) = form("resources").children
    names = [country["name"] for country in shown.countries]

    assert names == sorted(names)


def test_somewhere_to_turn_is_folded_and_made_when_it_is_needed():
    turn_to = SomewhereToTurn(form_context())
    assert turn_to.children == ()

    turn_to.show_if(True)

    (shown,) = turn_to.children
    assert shown.words["fold"]
    assert shown.kinds == [HelplineKind.VIOLENCE, HelplineKind.CRISIS]
    turn_to.show_if(False)
    assert turn_to.layout.display == "none"


def test_a_place_that_was_added_stands_under_help_with_what_it_is_for():
    place = HelpPlace(
        name="A line", help=("W-12",), phone="0800 (1) 23", web="line.example", note="Day."
    )
    resources = Resources(emergency=(EmergencyNumber(where="here", number="000"),), places=(place,))

    shown = blocks(ResourcesForm(SAY, resources))

    assert [b["text"] for b in shown] == [
        *("A line", SAY("help.W-12"), "Call 0800 (1) 23", "On the web: line.example", "Day."),
    ]
    assert [b["href"] for b in shown if b.get("href")] == ["tel:0800123"]


# Drops


def tell(shown, **answers):
    [asked] = questions(shown)
    asked.answers = {**asked.answers, **answers}


def opened():
    shown = form("essential_oils")
    shown._open.click()
    return shown


def said(shown) -> str:
    return " ".join(b.get("label", "") + " " + b.get("text", "") for b in blocks(shown))


def test_the_questions_about_drops_come_when_somebody_wants_them():
    assert questions(form("essential_oils")) == []
    assert len(questions(opened())[0].questions) == 3


def test_drops_wait_for_all_three_answers():
    shown = opened()
    tell(shown, ml="15", oils=["sweet_orange"])

    assert "Answer all three" in said(shown)

    tell(shown, true=["none"])

    assert "3 drops in 15 ml" in said(shown)
    assert "6 drops in 15 ml" in said(shown)


def test_no_drop_where_a_rule_says_none():
    shown = opened()
    tell(shown, ml="15", oils=["sweet_orange"], true=["epilepsy"])

    assert "drops in" not in said(shown)
    assert SAY("essential_oils.E-11") in said(shown)


def test_an_oil_that_is_out_says_why():
    shown = opened()
    tell(shown, ml="15", oils=["sage"], true=["none"])

    assert SAY("essential_oils.E-06") in said(shown)


def test_one_drop_is_one_and_the_sun_is_named():
    shown = opened()
    tell(shown, ml="15", oils=["bergamot"], true=["none"])

    assert "1 drop in 15 ml" in said(shown)
    assert SAY("materials.F-13") in said(shown)


def test_a_mix_counts_each_oil():
    shown = opened()
    tell(shown, ml="30", oils=["lavender", "mandarin"], true=["none"])

    assert "3 drops of each in 30 ml" in said(shown)


def test_a_drop_more_than_usual_is_not_called_usual():
    shown = opened()
    tell(shown, ml="10", oils=["lavender", "mandarin", "rose"], true=["none"])

    assert SAY("essential_oils.ask.none_usual") in said(shown)
    assert "1 drop of each in 10 ml" in said(shown)


# What a form claims to show, it shows


SHOWN = {
    "aftercare": ("aftercare", "aftercare.{row.id}"),
    "areas": ("limits", "areas.names.{row.key}"),
    "contexts": ("contexts", "contexts.{row.id}.name"),
    "do_dont": ("do_dont", "do_dont.{row.id}.do"),
    "ways": ("ways", "ways.{row.id}.title"),
    "essential_oils": ("essential_oils", "essential_oils.{row.id}"),
    "evidence": ("evidence", "evidence.{row.id}.found"),
    "intentions": ("intentions", "choices.intentions.{row.key}"),
    "myths": ("myths", "myths.{row.id}.said"),
    "make_ready": ("prepare", "choices.make_ready.{row.key}"),
    "room": ("room", "choices.room.{row.key}"),
    "safety_round": ("soft_landing", "choices.safety_round.{row.key}"),
    "silent_signals": ("signals", "choices.silent_signals.{row.key}"),
    "wishes": ("wishes", "choices.wishes.{row.key}"),
}
BY_ANSWER = {
    "health": "test_every_row_is_explained",
    "steps": "",
    "strokes": "",
    "adaptations": "",
}
"""Topics whose rows come one by one: see the tests below."""


def built(name: str):
    if name in FORMS:
        made = opened() if name == "essential_oils" else form(name)
        if name == "essential_oils":
            tell(made, ml="30", oils=["lavender"], true=["none"])
        return made
    if name == "soft_landing":
        landing = SoftLandingForm(form_context(), lambda: None)
        landing.render(Landing({}, 10, alone=False))
        return landing
    return ASKED[name]()


@pytest.mark.parametrize("topic", SHOWN)
def test_a_form_shows_every_row_it_claims_to(topic):
    name, key = SHOWN[topic]
    text = json.loads(f"[{state(built(name))}]")
    said_ = json.dumps(text, ensure_ascii=False)

    for row in GUIDANCE.provenance[topic]:
        assert json.dumps(SAY(key.format(row=row)), ensure_ascii=False)[1:-1] in said_, row.id


def test_every_claim_is_looked_at():
    claimed = set()
    for path in Path(forms.__path__[0]).glob("*.py"):
        module = import_module(f"workbook.ui.forms.{path.stem}")
        claimed |= {topic for each in vars(module).values() for topic in getattr(each, "SHOWS", ())}

    assert claimed == SHOWN.keys() | BY_ANSWER.keys()


@pytest.mark.parametrize("row", TABLES.health, ids=lambda row: row.id)
def test_every_row_is_explained_to_the_person_it_fires_for(row):
    asked = frozenset(question.key for question in TABLES.questions)
    value = HealthAnswers(asked, {row.cases[0].key: ReportedCondition()}, on=TODAY)

    told = {block["text"] for block in explain_screening(form_context(), screen(value))}

    assert SAY(f"health.rows.{row.id}") in told
    assert SAY("health.general") in told
    assert told & {SAY(f"health.actions.{action.name.lower()}") for action in Action}


@pytest.mark.parametrize(
    "makes",
    [
        lambda health: BodyForm(form_context(), health, screen),
        lambda health: again(replace(BLANK_RETURN, health=health)),
    ],
)
def test_an_emergency_sign_names_the_number_and_the_partner_can_be_told(makes):
    calm = HealthAnswers(on=TODAY)
    form = makes(calm)
    panel = next(each for each in inside(form) if isinstance(each, UrgentPanel))
    assert panel.layout.display == "none"
    assert state(panel).count(SAY("health.actions.urgent")) == 0

    urgent = replace(calm, ticked={"acute_alarm": ReportedCondition()})
    form.set_value(urgent if isinstance(form, HealthForm) else replace(form.value, health=urgent))

    assert panel.layout.display is None
    assert SAY("health.actions.urgent") in state(panel)
    next(each for each in inside(panel) if isinstance(each, Button)).click()
    assert SAY("forms.urgent_title", name=form_context().me.name) in state(panel)
    form.set_value(calm if isinstance(form, HealthForm) else replace(form.value, health=calm))
    assert panel.layout.display == "none"


def test_every_step_and_arrangement_is_shown_when_a_plan_has_it():
    people = dict.fromkeys(Seat, open_answers())
    turn = Turn(Seat.A, 30, product="O-01")
    plan = evaluate_evening(EveningQuestion(NOW, people, (turn,)), TABLES).turns[0].plan
    rows = [row for row in TABLES.steps if row.areas and row.share]
    text = str(
        make_plan_blocks(form_context(), replace(plan, adaptations=frozenset(TABLES.adaptations)))
    )

    assert {step.key for step in plan.steps} == {row.key for row in rows}
    for row in rows:
        assert SAY(f"steps.{row.key}.title") in text
    for key in TABLES.adaptations:
        assert SAY(f"choices.adaptations.{key}") in text
