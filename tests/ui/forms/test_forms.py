"""Every form: what it shows is what it reads, and it chooses nothing for anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ipywidgets.widgets.widget import _instances

from tests.profiles import scaled
from tests.strategies import TABLES, TODAY
from tests.ui.forms import shelf
from tests.ui.forms.shelf import (
    CANARY,
    FORMS,
    SAY,
    form_context,
    inside,
    questions,
    retype,
    state,
    texts,
)
from workbook.content.tables import STATEMENTS_OF_OTHER_TOPICS
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import ConsentAnswers, FreeYes
from workbook.domain.evening import AftercareAnswers, IntentionAnswers, RoomCard, TimeAnswers
from workbook.domain.health import Clearance, HealthAnswers, ReportedCondition
from workbook.domain.learning import Debrief
from workbook.domain.levels import Level
from workbook.domain.products import OilAnswers
from workbook.domain.seats import Role
from workbook.ui.form import QuestionForm
from workbook.ui.forms.consent import ConsentForm

each_form = pytest.mark.parametrize("name", sorted(FORMS))
few = settings(
    max_examples=scaled(12),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)


@pytest.fixture(autouse=True)
def _closed():
    """No test leaves its widgets to the next one."""
    before = set(_instances)
    yield
    for key in set(_instances) - before:
        _instances[key].close()


# What is shown and what is read ------------------------------------------------------------


@each_form
@few
@given(drawn=st.data())
def test_answers_that_a_form_shows_are_read_as_the_value_behind_them(name, drawn):
    value = drawn.draw(FORMS[name].values)
    shown, blank = FORMS[name](value=value), FORMS[name]()

    retype(shown, blank)

    assert blank.value == value


@few
@given(drawn=st.data())
def test_the_return_page_reads_what_it_shows(drawn):
    consent = replace(drawn.draw(FORMS["consent"].values), adult=True)
    value = shelf.ReturnAnswers(consent, HealthAnswers(), drawn.draw(shelf.times()))
    shown, blank = shelf.again(value), shelf.again()

    retype(shown, blank)

    assert blank.value == value


@each_form
@few
@given(drawn=st.data())
def test_a_value_saved_elsewhere_is_shown(name, drawn):
    value = drawn.draw(FORMS[name].values)
    form = FORMS[name]()

    form.set_value(value)

    fresh = FORMS[name](value=value)
    assert form.value == value
    assert [q.answers for q in questions(form)] == [q.answers for q in questions(fresh)]
    assert [t.value for t in texts(form)] == [t.value for t in texts(fresh)]


@each_form
@few
@given(drawn=st.data())
def test_a_value_saved_elsewhere_is_not_said_again(name, drawn):
    first, value = drawn.draw(FORMS[name].values), drawn.draw(FORMS[name].values)
    form, heard = FORMS[name](value=first), []
    form.observe(lambda change: heard.append(change.new), "value")

    form.set_value(value)

    assert all(each == value for each in heard)


@each_form
def test_a_value_that_is_there_already_is_left_alone(name):
    form, heard = FORMS[name](), []
    form.observe(lambda change: heard.append(change.new), "value")

    form.set_value(FORMS[name].blank)

    assert heard == []


def test_a_map_answered_on_one_side_is_not_evened_out_by_being_shown():
    value = AreaAnswers({"calves.left": AreaMark.OPEN, "calves.right": AreaMark.NOT_TONIGHT})
    form, heard = FORMS["limits"](), []
    form.observe(lambda change: heard.append(change.new), "value")

    form.set_value(value)

    assert heard == [value]


# Nothing is chosen beforehand --------------------------------------------------------------

CHOSEN_BY_NATURE = {"people": {"colour", "shape"}, "aftercare": {"minutes"}}
"""What everybody has from the start: a mark, and the shortest time."""


@each_form
def test_a_blank_form_chooses_nothing(name):
    form = FORMS[name]()

    chosen = {key for q in questions(form) for key, said in q.answers.items() if said}

    assert chosen == CHOSEN_BY_NATURE.get(name, set())


def test_the_return_page_chooses_nothing_for_tonight():
    last_time = HealthAnswers(
        asked=frozenset(q.key for q in TABLES.questions),
        ticked={"fever": ReportedCondition()},
        on=TODAY.replace(day=1),
    )

    form = shelf.again(replace(shelf.BLANK_RETURN, health=last_time))

    assert {
        key for q in questions(form) for key, said in q.answers.items() if said and key != "adult"
    } == set()


def test_who_said_once_that_they_are_of_age_is_not_asked_again():
    form = FORMS["consent"](value=ConsentAnswers(adult=True))

    assert [q["key"] for q in form.children[0].questions] == ["free", "easy", "not_tonight"]


YESTERDAY = TODAY - timedelta(days=1)


def test_tonights_health_answers_of_another_day_are_asked_afresh():
    everything = frozenset(q.key for q in TABLES.questions)
    said = HealthAnswers(asked=everything, on=TODAY.replace(day=1))

    forms = [FORMS[name](value=said) for name in ("body", "health")]

    asked = [q for form in forms for q in questions(form)]
    shown = {key for q in asked for key, answer in q.answers.items() if answer}
    assert shown == {q.key for q in TABLES.questions if not q.tonight}


def test_an_answer_about_what_stays_drops_tonights_answers_of_another_day():
    said = HealthAnswers(frozenset({"unwell"}), {"fever": ReportedCondition()}, on=YESTERDAY)
    form = FORMS["health"](value=said)

    questions(form)[0].answers = {"heart": ["none"]}

    assert form.value == HealthAnswers(frozenset({"heart"}), on=TODAY)


@pytest.mark.parametrize("name", ["body", "health"])
def test_what_the_other_half_of_the_health_questions_asks_is_kept(name):
    said = HealthAnswers(
        frozenset({"unwell", "treatment"}),
        {"kidney": ReportedCondition(), "cancer": ReportedCondition()},
        on=TODAY,
    )
    form = FORMS[name](value=said)

    questions(form)[0].answers = {"alarm" if name == "body" else "heart": ["none"]}

    kept = {"body": "cancer", "health": "kidney"}
    assert set(form.value.ticked) == {kept[name]}


# Nothing is repeated -----------------------------------------------------------------------


def told(name):
    """A form with words in it that its owner typed."""
    typed = {
        "intentions": IntentionAnswers(expects=CANARY),
        "room": RoomCard(music=CANARY, light=CANARY),
        "debrief": Debrief(TODAY, thanks=CANARY, note=CANARY),
    }
    return FORMS[name](value=typed.get(name, FORMS[name].blank))


@each_form
def test_the_name_of_a_form_is_all_its_repr_says(name):
    form = told(name)

    assert repr(form) == f"{type(form).__name__}()"


@each_form
def test_what_a_notebook_saves_of_a_form_holds_no_answer(name):
    form = told(name)

    bundle, _ = form._repr_mimebundle_(), None

    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert data["text/plain"] == f"{type(form).__name__}()"
    assert CANARY not in str(data)


@each_form
def test_the_browser_is_sent_the_fields_of_a_form_and_not_its_value(name):
    form = FORMS[name]()

    assert "value" not in form.get_state()


# What cannot be --------------------------------------------------------------------------


def test_a_fifth_wish_for_afterwards_is_answered_beside_the_question():
    form = FORMS["aftercare"](value=AftercareAnswers(("AC-01",)))

    form.children[0].answers = {"aftercare": ["AC-01", "AC-02", "AC-03", "AC-04", "AC-05"]}

    assert form.children[0].errors == {"aftercare": SAY("errors.InvalidAnswer", field="aftercare")}
    assert form.value == AftercareAnswers(("AC-01",))


def test_an_error_goes_when_the_answer_is_mended():
    form = FORMS["aftercare"]()
    form.children[0].answers = {"aftercare": ["AC-01", "AC-02", "AC-03", "AC-04", "AC-05"]}

    form.children[0].answers = {"aftercare": ["AC-01", "AC-02"]}

    assert form.children[0].errors == {}
    assert form.value.chosen == ("AC-01", "AC-02")


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("time", {"minutes": "90"}),
        ("debrief", {"body": 11}),
        ("people", {"colour": "sage"}),
    ],
)
def test_an_answer_out_of_range_is_said_where_somebody_sees_it(name, answers):
    heard = []
    form = FORMS[name](form_context(heard.append))
    before = form.value
    asked = questions(form)[0]

    asked.answers = answers

    keys = {question["key"] for question in asked.questions}
    assert heard or keys & set(asked.errors)
    assert form.value == before


def test_a_choice_made_while_the_name_is_blank_does_not_vanish_without_a_word():
    heard = []
    form = FORMS["people"](form_context(heard.append))
    texts(form)[0].value = ""

    questions(form)[0].answers = {"colour": "plum", "shape": "circle"}

    assert [type(error).__name__ for error in heard] == ["InvalidAnswer"]


@each_form
def test_an_answer_nobody_can_give_leaves_the_value_as_it_is(name):
    heard = []
    form = FORMS[name](form_context(heard.append))
    before = form.value

    for asked in questions(form):
        asked.answers = {q["key"]: {"not": "an answer"} for q in asked.questions}

    assert isinstance(form.value, type(before))


# Words ------------------------------------------------------------------------------------


@each_form
def test_a_form_shows_words_and_no_key(name):
    form = FORMS[name]()

    asked = [q for each in questions(form) for q in each.questions]
    labels = [q["label"] for q in asked] + [o["label"] for q in asked for o in q.get("options", ())]
    assert all(label.strip() and "forms." not in label for label in labels)
    assert not [label for label in labels if "{" in label]
    assert state(form)


@each_form
def test_every_answer_of_a_question_has_a_name_of_its_own(name):
    form = FORMS[name]()

    for asked in (q for each in questions(form) for q in each.questions):
        keys = [option["key"] for option in asked.get("options", ())]
        assert len(keys) == len(set(keys))


def test_every_part_of_a_form_is_inside_it():
    form = FORMS["health"]()

    assert len(list(inside(form))) > 5
    assert isinstance(FORMS["pressure"](), QuestionForm)


# Health ------------------------------------------------------------------------------------


def test_two_taps_answer_everything_with_none_of_this():
    value = HealthAnswers()

    for name in ("body", "health"):
        form = FORMS[name](value=value)
        button = form.children[0]
        assert button.description == SAY("forms.none_in_group")
        button.click()
        value = form.value
        assert SAY("forms.health_clear") in state(form)

    assert shelf.screen(value).complete
    assert value.ticked == {}


def test_every_group_has_a_line_that_names_what_it_is_about_and_red_flags_come_first():
    tonight, lasting = (questions(FORMS[name]())[0] for name in ("body", "health"))

    for asked, count in ((tonight, 6), (lasting, 8)):
        groups = dict.fromkeys((each["group"], each["group_line"]) for each in asked.questions)
        assert len(groups) == count
        assert all(line for _, line in groups)
    assert tonight.questions[0]["key"] == "alarm"
    # "None of this" is pressed on what the line says: each emergency sign stands in it whole.
    assert SAY("health.statements.acute_alarm").lower() in tonight.questions[0]["group_line"]
    for sign in ("leg or arm", "saddle", "bladder or bowel", "weak legs"):
        assert sign in tonight.questions[0]["group_line"]


QUESTION_OF = {s.key: q for q in TABLES.questions for s in q.statements}
ASKED_HERE = [row for row in TABLES.health if any(c.key in QUESTION_OF for c in row.cases)]


@pytest.mark.parametrize("row", ASKED_HERE, ids=lambda row: row.id)
def test_every_rule_fires_from_what_is_ticked_in_the_form(row):
    """Each case of a rule that names a statement of these questions, ticked as a browser would."""
    key = next(each.key for each in row.cases if each.key in QUESTION_OF)
    asked, opener = QUESTION_OF[key].key, QUESTION_OF[key].opens
    forms = (FORMS[name]() for name in ("body", "health"))
    form = next(f for f in forms if any(q["key"] == asked for q in questions(f)[0].questions))
    said = {QUESTION_OF[opener].key: [opener]} if opener else {}
    questions(form)[0].answers = {**said, asked: [key]}

    screening = shelf.screen(form.value)

    assert key in form.value.ticked
    assert row.id in screening.receiving.rows + screening.giving.rows or len(row.cases) > 1


def test_rules_that_no_statement_here_brings_about_follow_from_other_topics():
    left = {row.id: {c.key for c in row.cases} for row in TABLES.health if row not in ASKED_HERE}

    assert len(left) == 4
    assert set().union(*left.values()) <= set(STATEMENTS_OF_OTHER_TOPICS)


def test_one_tap_for_none_of_these_keeps_what_was_ticked():
    form = FORMS["body"]()
    first = questions(form)[0]
    none = form.children[0]
    first.answers = {"unwell": ["fever"]}
    assert none.description == SAY("forms.none_of_the_rest")
    assert SAY("forms.health_rest") in state(form)

    none.click()

    assert set(form.value.ticked) == {"fever"}
    assert SAY("forms.health_rest") not in state(form)


def test_what_was_ticked_on_another_evening_leaves_nothing_to_call_the_rest():
    said = HealthAnswers(frozenset({"unwell"}), {"fever": ReportedCondition()}, on=YESTERDAY)

    assert FORMS["body"](value=said).children[0].description == SAY("forms.none_in_group")


def says(widget, key):
    """Whether a widget is a button with these words."""
    return getattr(widget, "description", "") == SAY(key)


def test_who_is_pregnant_is_asked_about_warning_signs_on_a_return_evening():
    said = HealthAnswers(frozenset({"pregnancy"}), {"pregnant": ReportedCondition()}, on=YESTERDAY)

    form = shelf.again(replace(shelf.BLANK_RETURN, health=said))

    asked = {q["key"]: q for each in questions(form) for q in each.questions}
    assert "shown_if" not in asked["pregnancy_signs"]


def test_a_statement_that_was_ticked_by_mistake_can_be_taken_back_on_the_return_page():
    form = shelf.again()
    body = next(q for q in questions(form) if q.questions[0]["key"] == "alarm")
    body.answers = {"unwell": ["fever"]}

    body.answers = {"unwell": []}

    assert "fever" not in form.value.health.ticked
    assert not form.value.health.asked & {q.key for q in TABLES.questions if q.tonight}


def test_none_of_these_on_the_return_page_answers_all_of_tonights_questions():
    form = shelf.again()

    next(each for each in inside(form) if says(each, "forms.none_in_group")).click()

    expected = {q.key for q in TABLES.questions if q.tonight and q.opens is None}
    assert form.value.health.asked == expected
    assert form.value.health.on == TODAY


def test_a_professionals_word_is_kept_when_health_is_answered_again():
    value = HealthAnswers(
        asked=frozenset({"treatment"}),
        ticked={"cancer": ReportedCondition()},
        clearances=(shelf.CLEARED,),
        on=TODAY,
    )
    form = FORMS["health"](value=value)

    questions(form)[0].answers = {"heart": ["none"]}

    assert form.value.clearances == (shelf.CLEARED,)


@pytest.mark.parametrize(
    ("cap", "closed", "kept"),
    [
        (None, [], ()),
        ("none", [], (Clearance("H-26", TODAY),)),
        (
            "LOTION",
            ["feet.left"],
            (Clearance("H-26", TODAY, Level.LOTION, frozenset({"feet.left"})),),
        ),
    ],
)
def test_a_word_counts_with_its_date_and_the_limit_that_was_set(cap, closed, kept):
    form = FORMS["health"](value=HealthAnswers(ticked={"cancer": ReportedCondition()}, on=TODAY))
    asked = questions(form)[-1]
    assert [question["key"] for question in asked.questions] == ["H-26"]
    said = {"H-26": ["agreed"], "H-26.agreed.on": TODAY.isoformat()}

    asked.answers = {**said, "H-26.agreed.cap": cap, "H-26.agreed.closed": closed}

    assert form.value.clearances == kept


def test_a_word_given_before_is_shown_with_its_date_and_limit():
    word = Clearance("H-26", TODAY, Level.LOTION, frozenset({"feet.left"}))
    form = FORMS["health"](
        value=HealthAnswers(ticked={"cancer": ReportedCondition()}, clearances=(word,), on=TODAY)
    )

    assert questions(form)[-1].answers == {
        "H-26": ["agreed"],
        "H-26.agreed.on": TODAY.isoformat(),
        "H-26.agreed.cap": "LOTION",
        "H-26.agreed.closed": ["feet.left"],
    }


def test_a_half_said_word_stays_when_other_answers_ask_for_more_or_fewer_words():
    statements = {"cancer": ReportedCondition(), "pregnant": ReportedCondition()}
    form = FORMS["health"](value=HealthAnswers(ticked=statements, on=TODAY))
    asked = questions(form)[-1]
    assert {question["key"] for question in asked.questions} == {"H-19", "H-26"}
    half = {"H-19": ["agreed"], "H-19.agreed.on": TODAY.isoformat()}

    asked.answers = half
    treatment = next(
        q for q in questions(form) if any(each["key"] == "treatment" for each in q.questions)
    )
    treatment.answers = {**treatment.answers, "treatment": []}

    assert {question["key"] for question in asked.questions} == {"H-19"}
    assert asked.answers == half


def test_in_the_first_weeks_of_a_pregnancy_one_word_is_asked_for():
    early = ReportedCondition(week=8, told=TODAY)
    form = FORMS["health"](value=HealthAnswers(ticked={"pregnant": early}, on=TODAY))

    assert [question["key"] for question in questions(form)[-1].questions] == ["H-19"]


def test_a_half_said_word_stays_when_another_page_saves():
    form = FORMS["health"](value=HealthAnswers(ticked={"cancer": ReportedCondition()}, on=TODAY))
    asked = questions(form)[-1]
    half = {"H-26": ["agreed"], "H-26.agreed.on": TODAY.isoformat()}
    asked.answers = half

    form.set_value(
        HealthAnswers(asked={"treatment"}, ticked={"cancer": ReportedCondition()}, on=TODAY)
    )

    assert asked.answers == half


def test_a_word_taken_back_on_another_page_is_gone_here():
    ticked = HealthAnswers(ticked={"cancer": ReportedCondition()}, on=TODAY)
    form = FORMS["health"](value=replace(ticked, clearances=(Clearance("H-26", TODAY),)))

    form.set_value(ticked)

    assert questions(form)[-1].answers == {}


def test_what_there_is_to_try_begins_with_a_few_and_leaves_allergens_out():
    form = FORMS["oils"](value=OilAnswers())
    assert options(form, "tests") == ["O-17", "O-01", "O-02", "O-03"]
    assert "O-05" in options(form, "more")

    questions(form)[0].answers = {"allergies": ["tree_nut"]}

    assert options(form, "tests") == ["O-01", "O-02", "O-03"]
    assert "O-05" not in options(form, "more")


def test_none_yet_is_an_answer_and_says_what_follows():
    form = FORMS["oils"](value=OilAnswers())

    questions(form)[0].answers = {"allergies": ["none"], "tests": ["none"]}

    assert form.value == OilAnswers(answered=True, none_yet=True)
    assert SAY("forms.none_yet_follows") in str(form._verdicts.blocks)
    questions(form)[0].answers = {
        "allergies": ["none"],
        "more": ["O-04"],
        "more.O-04.on": TODAY.isoformat(),
        "tests": ["none"],
    }
    assert set(form.value.tests) == {"O-04"}
    assert not form.value.none_yet
    assert SAY("forms.none_yet_follows") not in str(form._verdicts.blocks)


def options(form, key):
    """The choices of one question."""
    asked = [each for shown in questions(form) for each in shown.questions if each["key"] == key]
    return [each["key"] for question in asked for each in question["options"]]


@pytest.mark.parametrize(("said", "steady"), [("yes", True), ("no", False), (None, None)])
def test_what_is_steady_says_that_a_gentle_evening_is_open_and_what_opens_the_rest(said, steady):
    form = FORMS["health"](value=HealthAnswers())

    questions(form)[0].answers = {"nerves": ["epilepsy"], "nerves.epilepsy.steady": said}

    assert form.value.ticked["epilepsy"].steady is steady
    assert (SAY("forms.steady_open") in str(form._meaning.blocks)) is bool(steady)
    assert [each["key"] for each in questions(form)[-1].questions] == ["H-36"]


def test_every_statement_that_may_be_steady_asks_whether_it_is_steady():
    asked = [
        q for each in questions(FORMS["health"](value=HealthAnswers())) for q in each.questions
    ]
    expected = {case.key for row in TABLES.health for case in row.cases if case.gentle_if_steady}

    found = {
        statement
        for question in asked
        for statement, details in (question.get("follow") or {}).items()
        if "steady" in {detail["key"] for detail in details}
    }

    assert found == expected


# A free yes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        {"free": "no"},
        {"free": "not_sure"},
        {"free": "yes", "easy": "no", "not_tonight": "not_tonight"},
        {"free": "yes", "easy": "not_sure", "not_tonight": "not_tonight"},
    ],
)
def test_anything_but_a_yes_is_met_with_time_and_somewhere_to_turn(said):
    form = FORMS["consent"](value=ConsentAnswers(adult=True))

    form.children[0].answers = said

    blocks = form.children[1].blocks
    assert blocks[0]["text"] == SAY("forms.no_reply", name="Robin")  # what Robin will see, first
    assert blocks[1]["text"] == SAY("forms.no_time")
    assert "#help" in [block.get("href") for block in blocks]


@pytest.mark.parametrize(
    ("said", "is_yes"),
    [
        ({"free": "yes"}, False),
        ({"free": "yes", "easy": "not_sure"}, False),
        ({"free": "yes", "easy": "yes"}, True),
        ({"free": "yes", "easy": "no", "not_tonight": "tonight"}, True),
    ],
)
def test_a_yes_and_what_is_still_asked_under_it_are_met_with_silence(said, is_yes):
    form = FORMS["consent"](value=ConsentAnswers(adult=True))

    form.children[0].answers = said

    assert form.children[1].blocks == []
    assert form.value.is_free_yes is is_yes


def test_going_through_the_questions_is_offered_after_a_no_and_said_once_chosen():
    pressed = []
    form = ConsentForm(
        shelf.form_context(),
        ConsentAnswers(FreeYes.NO, adult=True),
        lambda: pressed.append("stop saving"),
    )
    button = form.children[-1]
    assert button.layout.display is None

    button.click()

    assert pressed == ["stop saving"]
    assert button.disabled
    assert SAY("forms.no_kept") in state(form)
    form.children[0].answers = {"free": "yes"}
    assert button.layout.display == "none"


def test_minutes_are_said_for_today():
    form = FORMS["time"]()

    form.ask_roles(frozenset({Role.GIVER}))

    form.children[0].answers = {"minutes": "20"}

    assert form.value == TimeAnswers(minutes_giving=20, on=TODAY)


def test_the_room_keeps_what_was_ticked_where_both_make_ready():
    form = FORMS["room"](value=RoomCard(frozenset({"hands", "warm_room"})))

    (asked,) = questions(form)
    asked.answers = {**asked.answers, "done": ["towels"]}

    assert form.value.done == {"hands", "towels"}
