"""What is answered is in the vault before anybody says so, and it is there again tomorrow."""

from __future__ import annotations

import pytest

from tests.app.evening import (
    CHAPTERS,
    NIGHT,
    SAY,
    SECRETS,
    answer,
    keep,
    press,
    ready,
    shown,
    states,
    tell,
    well,
    write,
)
from workbook.domain.errors import ChangedElsewhere, NotSaved
from workbook.domain.seats import Seat
from workbook.domain.techniques import Coverage
from workbook.domain.topics import TOPIC_BY_FORM, topic_for
from workbook.store import answers, evenings, vault
from workbook.ui.widgets.page import Page

SAID = {
    "consent": {"adult": "adult", "free": "yes", "easy": "not_sure", "not_tonight": "tonight"},
    "intentions": {"chosen": ["unwind", "soothe"]},
    "wishes": {"wished": ["silence"]},
    "limits": {"receiving": {"feet": "open", "hands": "another_evening"}, "giving": {}},
    "coverage": {"coverage": "towel"},
    "role": {"role": "both"},
    "hands": {"giver": ["energy_little", "hands_sore"]},
    "time": {"minutes": "25"},
    "pressure": {"overall": "LOTION", "areas": {"feet": "STILL"}},
    "techniques": {"techniques": ["HOLD"], "pace": "slow"},
    "positions": {"position": "side", "positions_out": ["prone"]},
    "oils": {"allergies": ["tree_nut"], "skin": ["sensitive"]},
    "aftercare": {"aftercare": ["AC-03", "AC-01"], "minutes": "20"},
    "body": {"unwell": ["kidney"]},
    "health": {"skin_kind": ["eczema_calm"]},
}
each_form = pytest.mark.parametrize("form", sorted(SAID))


def asked(book, topic):
    return book.form(topic).children[0]


@each_form
def test_an_answer_is_there_again_after_the_next_unlock(couple, form):
    book = couple.open(Seat.A, forms=(form,))
    tell(book, form, **SAID[form])
    value = asked(book, form).value
    couple.leave(book)

    again = couple.open(Seat.A, forms=(form,))

    assert value == asked(again, form).value
    assert value not in (None, type(value)() if form != "coverage" else None)


def test_every_form_is_tried():
    assert set(SAID) == set(TOPIC_BY_FORM)


@each_form
def test_an_answer_of_one_person_is_blank_for_the_other(couple, form):
    book = couple.open(Seat.A, forms=(form,))
    before = asked(couple.open(Seat.B, forms=(form,)), form).value
    tell(book, form, **SAID[form])
    couple.leave(book)

    theirs = couple.open(Seat.B, forms=(form,))

    assert asked(theirs, form).value == before


@each_form
def test_saved_is_said_after_the_vault_has_it_and_not_before(couple, form, monkeypatch):
    book = couple.open(Seat.A, forms=(form,))
    topic = topic_for(TOPIC_BY_FORM[form])
    seen = []

    def saved(_page, text):
        with vault.unlock(couple.folder, SECRETS[Seat.A], clock=couple.clock) as other:
            found = evenings.current_evening(other, NIGHT)
            evening = None if topic.is_standing or not found else found.id
            kept = answers.read_answer(other, topic.answers, evening)
            seen.append((text, kept and kept.value))

    monkeypatch.setattr(Page, "show_saved", saved)
    tell(book, form, **SAID[form])

    assert seen
    assert seen[-1] == (SAY("forms.saved", clock="20:00"), asked(book, form).value)
    assert None not in [value for _, value in seen]


@pytest.mark.parametrize("error", [NotSaved, ChangedElsewhere])
def test_what_the_disk_refused_is_not_called_saved(couple, said, monkeypatch, error):
    book = couple.open(Seat.A)

    def refuse(*_args, **_more):
        raise error

    monkeypatch.setattr(answers, "write_answer", refuse)
    tell(book, "coverage", coverage="towel")

    assert ("show_notice", SAY.error(error())) in said
    assert "show_saved" not in [what for what, _ in said]


def test_the_same_answer_twice_is_saved_once(couple, said):
    book = couple.open(Seat.A)
    tell(book, "coverage", coverage="towel")
    del said[:]

    keep(book, "coverage", asked(book, "coverage").value)

    assert said == []


def test_answers_are_saved_after_a_form_could_not_show_one(couple, monkeypatch):
    book = couple.open(Seat.A)

    def fail(_form, _value):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(type(asked(book, "coverage")), "set_value", fail)
        with pytest.raises(RuntimeError):
            book.controller.forms.set_value("coverage", Coverage.CLOTHED)
    tell(book, "coverage", coverage="towel")
    couple.leave(book)

    assert asked(couple.open(Seat.A), "coverage").value is Coverage.TOWEL


def test_the_name_somebody_takes_is_theirs_at_the_next_unlock(couple):
    book = couple.open(Seat.A)
    write(book, "people", "Sascha")
    couple.leave(book)

    again = couple.open(Seat.B)

    assert again.page.seat["name"] == "Robin"
    assert again.controller.context.partner.name == "Sascha"


def test_a_chapter_is_done_once_its_topics_are_answered(couple):
    book = couple.open(Seat.A)
    assert set(book.page.chapters.values()) == {"open"}

    answer(book, gives=True)

    marks = dict(book.page.chapters)
    assert marks.pop("tonight") == "open"
    assert set(marks.values()) == {"done"}


def test_every_form_shows_an_unlocked_person_something(couple):
    book = couple.open(Seat.A)

    empty = [name for name in CHAPTERS if not book.form(name).children]

    assert empty == []


PLANTED = {
    "intentions": "aaheronlilac",
    "debrief": "bbheronlilac",
    "journal": "ccheronlilac",
    "next_day": "ddheronlilac",
}


def test_no_private_word_of_one_person_reaches_the_page_of_the_other(lived):
    kim = lived.open(Seat.A)
    write(kim, "intentions", "aaheronlilac")
    write(kim, "next_day", "ddheronlilac")
    tell(kim, "body", unwell=["fever"])
    tell(kim, "health", treatment=["cancer"])
    assert "aaheronlilac" in states(kim)
    assert "ddheronlilac" in states(kim)
    ready(kim)
    lived.leave(kim)

    robin = lived.open(Seat.B)
    tell(robin, "consent", free="yes")
    well(robin)
    ready(robin)

    held = states(robin)
    assert "heronlilac" not in held


def test_private_answers_stay_private_even_beside_each_other_in_one_vault(lived):
    kim, robin = lived.open(Seat.A), lived.open(Seat.B)
    write(kim, "intentions", "aaheronlilac")

    tell(robin, "consent", free="yes")

    assert "aaheronlilac" not in "".join(shown(robin, name) for name in CHAPTERS)


def test_ready_counts_what_both_topics_of_a_form_say(couple):
    book = couple.open(Seat.A)

    press(book, "ready", "ready")

    assert SAY("forms.ready_mine", name="Robin") in shown(book, "ready")
