"""What anybody may read: all rows, their sources, and a calculator that keeps nothing."""

from __future__ import annotations

import pytest

from tests.strategies import TABLES
from tests.ui.forms.shelf import SAY, inside, questions, state
from workbook.book.reading import FORMS, reading
from workbook.content.guidance import load_guidance, load_resources
from workbook.domain.guidance import Answer, Number, Place, Resources
from workbook.ui.forms.resources import ResourcesForm, tel
from workbook.ui.forms.sources import rule
from workbook.ui.widgets.deck import Deck
from workbook.ui.widgets.prose import Prose

GUIDANCE = load_guidance()
ROWS = [(topic, row) for topic, rows in GUIDANCE.births.items() for row in rows]


def fail(error: Exception) -> None:
    raise AssertionError(repr(error))


def form(name: str):
    return reading(name, SAY, TABLES, fail)


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
    assert {card["answer"] for card in deck.cards} == {answer.value for answer in Answer}
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


@pytest.mark.parametrize(("topic", "row"), ROWS, ids=lambda each: getattr(each, "id", each))
def test_every_rule_shows_its_source_its_mark_and_when_it_was_looked_at(topic, row):
    text = rule(SAY, topic, row)

    assert text.splitlines()[0].strip()
    assert SAY(f"sources.marks.{row.mark}") in text
    assert f"{row.reviewed.day} November 2026" in text
    assert all(name in text for name in row.source if name not in ("GK", "design"))
    assert "{" not in text
    if row.design and row.mark != "design":
        assert "Our own choice in it" in text


def test_the_page_of_sources_has_every_row_and_every_source():
    labels = [b["label"] for b in blocks(form("sources")) if b["kind"] == "pair"]

    assert sorted(labels) == sorted([*(row.id for _, row in ROWS), *GUIDANCE.sources])


def test_an_address_not_for_readers_is_not_shown():
    text = state(form("sources"))

    assert GUIDANCE.sources["S102"].where not in text
    assert GUIDANCE.sources["S101"].where in text


def test_nothing_on_the_page_of_sources_is_a_link():
    assert [b for b in blocks(form("sources")) if b.get("href")] == []


# Where to turn


def test_emergency_numbers_can_be_tapped():
    for name in ("resources", "emergency"):
        links = [b["href"] for b in blocks(form(name)) if b.get("href")]

        assert links == [tel(one.number) for one in load_resources().emergency]


def test_a_place_that_was_added_stands_under_help_with_what_it_is_for():
    place = Place(
        name="A line", help=("W-12",), phone="0800 (1) 23", web="line.example", note="Day."
    )
    resources = Resources(emergency=(Number(where="here", number="000"),), places=(place,))

    shown = blocks(ResourcesForm(SAY, resources))

    assert [b["text"] for b in shown][2:] == [
        *("A line", SAY("help.W-12"), "Call 0800 (1) 23", "On the web: line.example", "Day."),
    ]
    assert [b["href"] for b in shown if b.get("href")] == ["tel:000", "tel:0800123"]


# Drops


def tell(shown, **answers):
    [asked] = questions(shown)
    asked.answers = {**asked.answers, **answers}


def opened():
    shown = form("essential_oils")
    shown._open.click()
    return shown


def said(shown) -> str:
    return " ".join(b.get("label", "") + " " + b["text"] for b in blocks(shown))


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
