"""How two people settle on one stop word and one silent signal, each on their own page."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from typing import Any

import pytest

from tests.app.evening import (
    SAY,
    SECRETS,
    Clock,
    Couple,
    agree,
    answer,
    buttons,
    options,
    press,
    proposal,
    ready,
    shown,
    signals,
    tell,
    write,
)
from tests.store.fixtures import make
from workbook.domain.consent import SignalChoice, Signals
from workbook.domain.seats import Seat
from workbook.store import cards, records, vault
from workbook.ui import form as forms
from workbook.ui.forms.signals import SignalsForm

LANTERN, RIVER = SignalChoice("lantern", "dropped_cloth"), SignalChoice("river", "many_taps")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """Nothing is under way between page and kernel."""
    monkeypatch.setattr(forms, "CROSSING_TIME_S", 0.0)


@pytest.fixture
def both(couple):
    """Kim's page and Robin's, both open."""
    return couple.open(Seat.A), couple.open(Seat.B)


def card(book) -> Signals:
    form = book.form("signals").children[0]
    assert isinstance(form, SignalsForm)
    value: Any = form.value
    return value


def look(*books):
    for book in books:
        book.controller.catch_up()


def suggested(book) -> bool:
    return SAY("forms.signal_fine") in buttons(book, "signals")


def texts(book) -> str:
    return shown(book, "signals").replace('\\"', '"')


def line(key: str, choice: SignalChoice, **more: str) -> str:
    silent = SAY(f"choices.silent_signals.{choice.silent}")
    return SAY(f"forms.{key}", word=choice.word, silent=silent[0].lower() + silent[1:], **more)


# Proposal and assent -------------------------------------------------------------------------


def test_the_second_person_sees_the_first_ones_choice_and_is_not_asked_the_questions(couple):
    kim = couple.open(Seat.A)
    signals(kim)
    assert SAY("forms.signal_waits", name="Robin") in texts(kim)
    couple.leave(kim)

    robin = couple.open(Seat.B)

    assert line("signal_suggests", LANTERN, name="Kim") in texts(robin)
    assert SAY("forms.silent_question") not in texts(robin)
    press(robin, "signals", "signal_fine")
    assert card(robin).agreed == LANTERN
    assert line("signal_agreed", LANTERN) in texts(robin)
    assert not suggested(robin)
    assert SAY("forms.silent_question") not in texts(robin)  # nor now that it is answered


def test_what_both_agreed_on_stands_without_questions_until_another_one_is_wanted(couple):
    for seat in Seat:
        book = couple.open(seat)
        signals(book)
        couple.leave(book)

    kim = couple.open(Seat.A)
    assert line("signal_agreed", LANTERN) in texts(kim)
    assert SAY("forms.silent_question") not in texts(kim)

    press(kim, "signals", "signal_another")
    assert SAY("forms.silent_question") in texts(kim)


def test_another_one_is_a_proposal_that_waits_for_the_first_person(both):
    kim, robin = both
    signals(kim)
    look(robin)

    signals(robin, RIVER.word, RIVER.silent)
    look(kim)

    assert card(kim).chosen == {Seat.A: LANTERN, Seat.B: RIVER}
    assert card(kim).agreed is None
    assert line("signal_suggests", RIVER, name="Robin") in texts(kim)
    press(kim, "signals", "signal_fine")
    look(robin)
    assert card(robin).agreed == card(kim).agreed == RIVER


def test_the_signal_that_is_chosen_already_is_not_taken_back_by_a_second_tap(both):
    kim, robin = both
    signals(kim)
    look(robin)
    signals(robin)

    tell(robin, "signals", silent=None)
    look(kim)

    assert card(kim) == card(robin) == Signals(chosen=dict.fromkeys(Seat, LANTERN))
    asked = robin.form("signals").children[0]._question_group.questions
    assert [question.get("kept") for question in asked] == [True]


def test_two_people_who_choose_at_the_same_time_lose_nothing(both):
    kim, robin = both  # neither page has looked for news

    signals(kim)
    signals(robin, RIVER.word, RIVER.silent)
    look(kim, robin)

    assert card(kim) == card(robin) == Signals(chosen={Seat.A: LANTERN, Seat.B: RIVER})
    assert suggested(kim)
    assert suggested(robin)


def test_two_people_who_take_each_others_choice_at_the_same_time_agree(both):
    kim, robin = both
    signals(kim)
    signals(robin, RIVER.word, RIVER.silent)
    look(kim, robin)

    press(kim, "signals", "signal_fine")
    press(robin, "signals", "signal_fine")
    look(kim, robin)

    assert card(kim) == card(robin)
    assert card(kim).agreed == RIVER  # Kim's assent was saved first


def test_news_does_not_hide_the_questions_from_under_a_finger(both):
    kim, robin = both
    assert SAY("forms.silent_question") in texts(robin)

    signals(kim)
    look(robin)

    assert SAY("forms.silent_question") in texts(robin)
    assert suggested(robin)


def test_a_word_that_is_being_written_is_not_replaced_by_news(both):
    kim, robin = both
    write(robin, "signals", "riv ")
    robin.page._on_message(robin.page, {"kind": "editing", "field": "signal_word"}, [])

    signals(kim)
    look(robin)

    assert card(robin).choice_of(Seat.B).word == "riv"
    assert '"value": "riv "' in texts(robin)
    assert card(robin).choice_of(Seat.A) == LANTERN


# What the plan waits for ----------------------------------------------------------------------


def test_the_plan_waits_until_both_have_agreed_and_says_for_whom(couple):
    kim = couple.open(Seat.A)
    answer(kim, gives=True)
    signals(kim)
    ready(kim)
    robin = couple.open(Seat.B)
    answer(robin, gives=False)
    ready(robin)
    look(kim)

    assert SAY("forms.signals_theirs", name="Robin") in shown(kim, "agreement")
    assert SAY("forms.signals_yours", name="Kim") in shown(robin, "agreement")
    for book in (kim, robin):
        assert options(book, "aloud", "tried") == []
        assert not proposal(book).can_affirm

    signals(robin, RIVER.word, RIVER.silent)
    assert SAY("forms.signals_differ") in shown(robin, "agreement")
    press(robin, "signals", "signal_fine")
    agree(robin)
    assert SAY("forms.aloud_taps") in shown(robin, "aloud").replace("\\u201c", "“")


# Vaults of before ------------------------------------------------------------------------------


def saved_before(couple, value: Signals) -> None:
    """Save what was offered once: no key of it is new, as none was when it was saved."""
    with (
        vault.unlock(couple.folder, SECRETS[Seat.A], clock=couple.clock) as lane,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(records, "find_unknown", lambda *_: None)
        cards.write_card(lane, value)


@pytest.mark.parametrize("tried_on", [None, date(2026, 11, 1)])
def test_a_vault_that_chose_two_taps_is_asked_again_and_keeps_its_word(couple, tried_on):
    saved_before(couple, Signals("lantern", "two_taps", tried_on))
    robin = couple.open(Seat.B)

    assert SAY("forms.signal_withdrawn_two_taps") in texts(robin)
    assert SAY("forms.silent_question") in texts(robin)
    assert '"value": "lantern"' in texts(robin)
    assert not suggested(robin)

    tell(robin, "signals", silent="dropped_cloth")
    assert card(robin).choice_of(Seat.B) == LANTERN
    assert SAY("forms.signal_withdrawn_two_taps") not in texts(robin)
    kim = couple.open(Seat.A)
    if not suggested(kim):
        pytest.fail("Kim is not shown what Robin has chosen")
    press(kim, "signals", "signal_fine")
    assert card(kim).agreed == LANTERN


def test_the_word_of_before_stands_in_both_fields_until_one_has_chosen_anew(couple):
    saved_before(couple, Signals("lantern", "two_taps"))
    kim, robin = couple.open(Seat.A), couple.open(Seat.B)

    write(kim, "signals", "river")
    look(robin)

    assert '"value": "lantern"' in texts(robin)
    assert card(kim).choice_of(Seat.A).word == "river"


def test_signals_of_before_that_were_tried_hold_for_both(couple):
    saved_before(couple, Signals("lantern", "dropped_cloth", date(2026, 11, 1)))

    robin = couple.open(Seat.B)

    assert line("signal_agreed", LANTERN) in texts(robin)
    assert not suggested(robin)


def test_signals_of_before_that_were_never_tried_are_agreed_once_by_each(couple):
    saved_before(couple, Signals("lantern", "dropped_cloth"))
    kim, robin = couple.open(Seat.A), couple.open(Seat.B)
    assert line("signal_earlier", LANTERN) in texts(kim)

    press(kim, "signals", "signal_fine")
    look(robin)
    assert card(robin).agreed is None
    press(robin, "signals", "signal_fine")

    assert card(robin).agreed == LANTERN


@pytest.mark.parametrize("version", ["v1", "v2", "v3"])
def test_a_vault_that_an_earlier_program_has_left_is_asked_again(tmp_path, version):
    folder = tmp_path / version
    shutil.copytree(make.HERE / version, folder)
    clock = Clock(datetime(2026, 11, 29, 20, 0))

    robin = Couple(folder, make.WORDS, clock).open(Seat.B)

    assert card(robin).agreed is None
    assert SAY("forms.signal_withdrawn_two_taps") in texts(robin)
