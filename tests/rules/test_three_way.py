"""Two pages at once: a merge loosens nothing, loses no text, and asks nobody who was first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.profiles import scaled
from tests.strategies import NOW, TABLES, TODAY, answers, open_answers, tightenings
from workbook.domain import topics
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import ConsentAnswers, FreeYes, SignalChoice, Signals
from workbook.domain.evening import (
    AftercareAnswers,
    IntentionAnswers,
    RoomCard,
    StillTrue,
    TimeAnswers,
    WishAnswers,
)
from workbook.domain.health import Clearance, HealthAnswers, ReportedCondition
from workbook.domain.learning import Debrief, NextDay, Settings, Skin, Soreness
from workbook.domain.levels import Duet, Level, PressureAnswers
from workbook.domain.merging import FirstOf, MergeRule, merge_by
from workbook.domain.products import OilAnswers, PatchResult, PatchTest
from workbook.domain.seats import Colour, Person, Seat, Shape
from workbook.domain.session import GuideBeat, PadBeat
from workbook.domain.techniques import Coverage, GentlerChoice, Pace, Position, TechniqueAnswers
from workbook.domain.topics import list_answered
from workbook.rules import limits, screening
from workbook.rules.three_way import (
    MAX_COMPARED_LINES,
    SEPARATOR_LINE,
    merge_lines,
    merge_texts,
    merge_values,
    rules_of,
)
from workbook.store.cards import CARD_TYPES

OPEN = open_answers()
TOPICS = tuple(topic.name for topic in list_answered())
lines = st.lists(st.sampled_from(["", "one", "two", "three", "a b", SEPARATOR_LINE]), max_size=5)
texts = lines.map("\n".join)


def together(base, mine, theirs):
    """Two people's whole answers, each topic merged by itself."""
    each = {t: merge_values(*(getattr(said, t) for said in (base, mine, theirs))) for t in TOPICS}
    past = Settings((*mine.learned.each, *theirs.learned.each))  # no page changes what was
    return replace(mine, learned=past, **each)


def shared(said):
    screened = screening.screen(screening.merge_other_topics(said), TABLES, NOW)
    return limits.share(said, screened, TABLES, NOW)


# Laws ---------------------------------------------------------------------------------------


@settings(max_examples=scaled(40))
@given(answers(), answers())
def test_what_only_one_page_changed_holds_and_the_same_twice_changes_nothing(base, other):
    for topic in TOPICS:
        was, now = getattr(base, topic), getattr(other, topic)
        assert merge_values(was, now, was) == now
        assert merge_values(was, was, now) == now
        assert merge_values(was, now, now) == now


@settings(max_examples=scaled(60))
@given(st.data())
def test_two_pages_that_each_allow_less_together_allow_what_both_allow(data):
    mine, theirs = data.draw(tightenings(OPEN)), data.draw(tightenings(OPEN))
    mine, theirs = data.draw(tightenings(mine)), data.draw(tightenings(theirs))

    both = shared(together(OPEN, mine, theirs))

    for one in (shared(mine), shared(theirs)):
        assert limits.is_tighter(both, replace(one, intention=both.intention))


LIMITS = ("consent", "limits", "coverage", "health", "time", "pressure", "techniques", "oils")


@settings(max_examples=scaled(40))
@given(answers(), answers(), answers())
def test_for_limits_it_does_not_matter_which_page_was_first(base, mine, theirs):
    for topic in LIMITS:
        was, my, other = (getattr(each, topic) for each in (base, mine, theirs))
        assert merge_values(was, my, other) == merge_values(was, other, my), topic


def openness(said, base):
    """How much a person allows, one number for each thing; more is looser."""
    marks = {None: 0, AreaMark.NOT_TONIGHT: 0, AreaMark.ANOTHER_EVENING: 0, AreaMark.OPEN: 1}
    marks[AreaMark.GENTLY_AROUND] = -1
    first = lambda kind, value: 0 if value is None else list(kind).index(value)  # noqa: E731
    pressure, touch, time, oils = said.pressure, said.techniques, said.time, said.oils
    found = {
        "free": int(said.consent.is_free_yes),
        "adult": int(said.consent.adult is True),
        "coverage": first(Coverage, said.coverage),
        "giving": pressure.giving or 0,
        "overall": pressure.overall or 0,
        "pace": 0 if touch.pace is None else list(type(touch.pace)).index(touch.pace),
        "minutes_receiving": time.minutes_receiving or 5,
        "minutes_giving": time.minutes_giving or 5,
        "energy": 0 if time.energy is None else list(type(time.energy)).index(time.energy),
        "hands": -1 if time.hands is None else list(type(time.hands)).index(time.hands),
        "on": int(time.on == TODAY),
        "asked": len(said.health.asked),
        "severe": -int(oils.severe),
        "sensitive": -int(oils.sensitive),
        "without": -int(oils.without),
    }
    for area in TABLES.areas.values():
        level = pressure.areas.get(area.key, pressure.overall)
        found[f"level {area.key}"] = level or 0
        for part in area.parts:
            found[f"receiving {part}"] = marks[said.limits.receiving.get(part)]
            found[f"giving {part}"] = marks[said.limits.giving.get(part)]
    for key in said.health.ticked.keys() | base.health.ticked.keys():
        found[f"tick {key}"] = -int(key in said.health.ticked)
    for key in TABLES.oils:
        test = oils.tests.get(key)
        found[f"oil {key}"] = (
            -1
            if test and test.result is PatchResult.REACTED
            else int(test is not None and test.result is PatchResult.CLEAR)
        )
    for code in TABLES.techniques:
        found[f"technique {code}"] = int(code in touch.techniques)
    for position in Position:
        found[f"position {position}"] = -int(position in touch.positions_out)
    for choice in GentlerChoice:
        found[f"gentler {choice}"] = -int(choice in touch.gentler)
    return found


@settings(max_examples=scaled(40))
@given(answers(), answers(), answers())
def test_a_merge_is_nowhere_looser_than_either_and_strict_where_both_changed(base, mine, theirs):
    both = together(base, mine, theirs)
    was, my, other, now = (openness(each, base) for each in (base, mine, theirs, both))

    for what, value in now.items():
        if what not in my or what not in other:
            continue
        if what != "asked":
            assert value <= max(my[what], other[what]), what
        if was.get(what) not in (my[what], other[what]):
            assert value <= min(my[what], other[what]) or what == "asked", what


@given(texts, texts, texts)
def test_no_line_that_somebody_wrote_is_lost(base, mine, theirs):
    found = merge_texts(base, mine, theirs)

    for text in (mine, theirs):
        new = [line for line in text.split("\n") if line not in base.split("\n")]
        assert all(line in found for line in new)
    assert all(line in found for line in set(mine.split("\n")) & set(theirs.split("\n")))


def test_a_line_of_which_each_page_took_another_copy_away_stays():
    assert merge_texts("one\none\n\none", "\none", "one\none\n") == "one\none\n"


@given(texts, texts)
def test_text_that_only_one_page_changed_is_that_text(base, now):
    for join in (merge_texts, merge_lines):
        assert join(base, now, base) == join(base, base, now) == join(base, now, now) == now


# Text ---------------------------------------------------------------------------------------


def test_what_the_other_page_wrote_stands_below_under_a_plain_line():
    assert merge_texts("", "mine", "theirs") == f"mine\n{SEPARATOR_LINE}\ntheirs"


def test_each_may_change_a_line_of_its_own():
    assert merge_texts("one\ntwo\nthree", "ONE\ntwo\nthree", "one\ntwo\nTHREE") == "ONE\ntwo\nTHREE"


def test_somebody_who_goes_on_typing_gathers_no_copies():
    text, page = "h", ""
    for typed in ("he", "hel", "hell"):
        page = merge_texts(text, typed, page or "a heron")
        text = typed
    assert page == f"hell\n{SEPARATOR_LINE}\na heron"


def test_a_text_that_holds_the_other_already_stands_alone():
    assert merge_texts("", "a heron and a lilac", "a heron") == "a heron and a lilac"


def test_what_one_page_emptied_and_the_other_wrote_on_stays():
    assert merge_texts("one", "", "one two") == merge_texts("one", "one two", "") == "one two"


def test_in_a_line_both_stand_beside_each_other():
    assert merge_lines("", "lantern", "river") == "lantern / river"
    assert merge_lines("lantern / river", "lantern", "lantern / river") == "lantern"


def test_what_one_page_changed_and_the_other_wrote_below_it_both_stand():
    changed, longer = "a\nb\nC", "a\nb\nc\nd"

    assert (
        merge_texts("a\nb\nc", changed, longer)
        == merge_texts("a\nb\nc", longer, changed)
        == "a\nb\nC\nd"
    )
    assert merge_texts("", "mine", "\nx") == f"mine\n{SEPARATOR_LINE}\n\nx"


@pytest.mark.parametrize("many", range(3))
def test_a_text_of_very_many_lines_is_not_compared_whichever_it_is(many):
    texts = [["x"], ["a"], ["b"]]
    texts[many] *= MAX_COMPARED_LINES
    base, mine, theirs = ("\n".join([*lines, "end"]) for lines in texts)

    assert merge_texts(base, mine, theirs) == f"{mine}\n{SEPARATOR_LINE}\n{theirs}"


def test_a_text_of_as_many_lines_as_may_be_is_compared():
    base, mine, theirs = (
        "\n".join([*lines, "end"]) for lines in (["x"] * (MAX_COMPARED_LINES - 1), ["a"], ["b"])
    )

    assert merge_texts(base, mine, theirs) == f"a\n{SEPARATOR_LINE}\nb\nend"


def test_lines_that_are_the_same_many_times_hold_their_place():
    base, mine, theirs = (
        "\n".join([first, *(["-"] * 250), last])
        for first, last in (("one", "two"), ("ONE", "two"), ("one", "TWO"))
    )

    assert merge_texts(base, mine, theirs) == "\n".join(["ONE", *(["-"] * 250), "TWO"])


def test_very_many_lines_are_put_below_each_other_whole():
    mine, theirs = (
        "\n".join(["a"] * MAX_COMPARED_LINES),
        "\n".join(["b"] * (MAX_COMPARED_LINES + 1)),
    )

    assert merge_texts("", mine, theirs) == f"{mine}\n{SEPARATOR_LINE}\n{theirs}"


# One by one ---------------------------------------------------------------------------------


def test_another_pages_answer_stays_where_this_one_only_showed_the_old_one():
    base = AreaAnswers({"feet": AreaMark.OPEN, "hands": AreaMark.OPEN})
    mine = AreaAnswers({"feet": AreaMark.OPEN, "hands": AreaMark.OPEN, "nape": AreaMark.OPEN})
    theirs = AreaAnswers({"feet": AreaMark.NOT_TONIGHT, "hands": AreaMark.OPEN})

    merged = merge_values(base, mine, theirs).receiving

    assert merged == {"feet": AreaMark.NOT_TONIGHT, "hands": AreaMark.OPEN, "nape": AreaMark.OPEN}


@pytest.mark.parametrize(
    ("mine", "theirs", "stricter"),
    [
        (AreaMark.OPEN, AreaMark.NOT_TONIGHT, AreaMark.NOT_TONIGHT),
        (AreaMark.ANOTHER_EVENING, AreaMark.OPEN, AreaMark.ANOTHER_EVENING),
        (AreaMark.ANOTHER_EVENING, AreaMark.NOT_TONIGHT, AreaMark.NOT_TONIGHT),
        (AreaMark.GENTLY_AROUND, AreaMark.NOT_TONIGHT, AreaMark.GENTLY_AROUND),
    ],
)
def test_of_two_marks_the_stricter(mine, theirs, stricter):
    said = [AreaAnswers(giving={"feet": mark}) for mark in (mine, theirs)]

    assert merge_values(AreaAnswers(), *said).giving == {"feet": stricter}
    assert merge_values(AreaAnswers(), *reversed(said)).giving == {"feet": stricter}


def test_a_place_that_was_taken_back_is_not_opened_by_the_other_page():
    base = AreaAnswers({"feet": AreaMark.NOT_TONIGHT})

    merged = merge_values(base, AreaAnswers(), AreaAnswers({"feet": AreaMark.OPEN}))

    assert merged.receiving == {}


def test_a_place_without_a_ceiling_of_its_own_goes_by_the_overall_one():
    base = PressureAnswers(Level.LOTION, {"feet": Level.STILL})
    mine = PressureAnswers(Level.MEDIUM, {"feet": Level.STILL})
    theirs = PressureAnswers(Level.LOTION, {})

    merged = merge_values(base, mine, theirs)

    assert merged == PressureAnswers(Level.MEDIUM, {"feet": Level.LOTION})


def test_a_ceiling_that_nobody_names_any_more_is_not_named():
    base = PressureAnswers(Level.MEDIUM, {"feet": Level.STILL})
    mine, theirs = replace(base, areas={}), replace(base, giving=Level.LOTION)

    assert merge_values(base, mine, theirs) == PressureAnswers(Level.MEDIUM, {}, Level.LOTION)


def test_a_ceiling_taken_away_and_changed_at_once_is_the_lowest():
    base = PressureAnswers(None, {"feet": Level.STILL})
    mine = PressureAnswers(Level.MEDIUM, {"feet": Level.LOTION})

    merged = merge_values(base, mine, PressureAnswers(None, {}, Level.LOTION))

    assert merged == PressureAnswers(Level.MEDIUM, {"feet": Level.STILL}, Level.LOTION)


@pytest.mark.parametrize(
    ("mine", "theirs", "found"),
    [(True, True, True), (True, False, None), (True, None, None), (False, False, False)],
)
def test_a_tick_is_steady_only_if_both_pages_say_so(mine, theirs, found):
    said = [HealthAnswers(ticked={"x": ReportedCondition(steady=each)}) for each in (mine, theirs)]

    assert merge_values(HealthAnswers(), *said).ticked["x"].steady is found


def test_of_two_ticks_what_speaks_more():
    mine = HealthAnswers(
        ticked={"x": ReportedCondition(frozenset({"feet"}), date(2026, 3, 1), 20, TODAY, 38.0)}
    )
    theirs = HealthAnswers(
        ticked={"x": ReportedCondition(frozenset({"hands"}), date(2026, 4, 1), 21, TODAY, 39.0)}
    )
    both = {
        "x": ReportedCondition(frozenset({"feet", "hands"}), date(2026, 4, 1), None, None, 39.0)
    }

    assert merge_values(HealthAnswers(), mine, theirs).ticked == both
    for blank in (ReportedCondition(), None):
        other = HealthAnswers(ticked={"x": blank} if blank else {}, on=TODAY)
        base = HealthAnswers(ticked={"x": ReportedCondition(week=1, told=TODAY)})
        found = merge_values(base, mine, other).ticked["x"]
        assert found == (ReportedCondition() if blank else mine.ticked["x"])
    same = replace(theirs.ticked["x"], week=20)
    merged = merge_values(HealthAnswers(), mine, HealthAnswers(ticked={"x": same}))
    assert (merged.ticked["x"].week, merged.ticked["x"].told) == (20, TODAY)


def test_a_professionals_word_counts_as_both_pages_have_it():
    first = Clearance("H-11", date(2026, 3, 1), Level.MEDIUM, frozenset({"feet"}))
    second = Clearance("H-11", date(2026, 3, 1), Level.LOTION, frozenset({"hands"}))
    said = [HealthAnswers(clearances=(each,)) for each in (first, second)]

    merged = merge_values(HealthAnswers(), *said).clearances

    closed = frozenset({"feet", "hands"})
    assert merged == (Clearance("H-11", date(2026, 3, 1), Level.LOTION, closed),)
    said[1] = HealthAnswers(clearances=(replace(second, on=TODAY),))
    assert merge_values(HealthAnswers(), *said).clearances == ()
    gone = [HealthAnswers(clearances=each) for each in ((first,), (), (second,))]
    assert (
        merge_values(*gone).clearances == merge_values(gone[0], gone[2], gone[1]).clearances == ()
    )


def test_the_earlier_day_of_health_holds_and_no_day_before_it():
    base = HealthAnswers(on=date(2026, 3, 1))
    days = [HealthAnswers(on=on) for on in (date(2026, 3, 3), date(2026, 3, 2))]

    assert merge_values(base, *days).on == date(2026, 3, 2)
    assert merge_values(base, days[0], HealthAnswers(on=None)).on is None


TEST = PatchTest(datetime(2026, 3, 1), PatchResult.CLEAR, used=True, scented=False)


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        (TEST, replace(TEST, result=PatchResult.REACTED), PatchResult.REACTED),
        (replace(TEST, started=datetime(2026, 3, 2)), TEST, None),
        (replace(TEST, scented=True), replace(TEST, used=False), None),
    ],
)
def test_a_test_on_which_pages_differ_counts_only_against_its_product(mine, theirs, merged):
    said = [OilAnswers(tests={"O-01": each}) for each in (mine, theirs)]

    for order in (said, said[::-1]):
        found = merge_values(OilAnswers(), *order).tests["O-01"]
        assert found.result is merged
        assert found.started == max(mine.started, theirs.started)
        if merged is None:
            assert found.used is (mine.used and theirs.used)
            assert found.scented == (mine.scented if mine.scented == theirs.scented else None)


def test_a_test_that_one_page_took_back_and_the_other_changed_is_gone_unless_it_was_a_reaction():
    base = OilAnswers(tests={"O-01": replace(TEST, result=None)})
    reacted = OilAnswers(tests={"O-01": replace(TEST, result=PatchResult.REACTED)})

    assert merge_values(base, OilAnswers(), OilAnswers(tests={"O-01": TEST})).tests == {}
    assert merge_values(base, OilAnswers(), reacted).tests == reacted.tests


def test_of_two_reactions_the_later_test_stays():
    first = replace(TEST, result=PatchResult.REACTED)
    second = replace(first, started=datetime(2026, 3, 2))
    said = [OilAnswers(tests={"O-01": each}) for each in (first, second)]

    assert merge_values(OilAnswers(), *said) == merge_values(OilAnswers(), *said[::-1]) == said[1]


def test_of_wishes_for_afterwards_four_stay_the_later_ones_first():
    mine = AftercareAnswers(("AC-01", "AC-02", "AC-03"), 10)
    theirs = AftercareAnswers(("AC-04", "AC-05", "AC-01"), 20)

    merged = merge_values(AftercareAnswers(), mine, theirs)

    assert merged == AftercareAnswers(("AC-01", "AC-02", "AC-03", "AC-04"), 10)
    base = AftercareAnswers((), 10)
    assert (
        merge_values(base, replace(base, chosen=("AC-01",)), replace(base, minutes=20)).minutes
        == 20
    )


def chosen(*choices, tried_on=None):
    return Signals("", "", tried_on, dict(zip(Seat, choices, strict=False)))


def test_two_words_of_one_person_for_stop_both_mean_it():
    base = chosen(SignalChoice("", "many_taps"))
    mine, theirs = (chosen(SignalChoice(word, "many_taps")) for word in ("lantern", "river"))

    assert merge_values(base, mine, theirs) == chosen(SignalChoice("lantern / river", "many_taps"))


def test_signals_that_were_tried_stay_tried_while_they_are_the_same():
    lantern, river = SignalChoice("lantern", "many_taps"), SignalChoice("river", "lifted_hand")
    base = chosen(lantern, lantern, tried_on=date(2026, 3, 1))
    tried, other = replace(base, tried_on=TODAY), chosen(lantern, river)

    assert merge_values(base, tried, other) == other
    assert merge_values(base, other, tried) == other
    assert merge_values(base, tried, replace(base, tried_on=None)).tried_on is None
    days = [replace(base, tried_on=date(2026, 3, day)) for day in (4, 3)]
    assert merge_values(base, *days) == merge_values(base, *reversed(days)) == days[1]
    agreed = chosen(river, river, tried_on=TODAY)
    assert merge_values(base, agreed, days[0]) == merge_values(base, days[0], agreed) == agreed


def test_the_room_is_ticked_by_both():
    base = RoomCard(frozenset({"warm"}), None, "quiet", "low")
    mine = RoomCard(frozenset({"warm", "phones"}), True, "a cello", "low")
    theirs = RoomCard(frozenset({"water"}), False, "rain", "a lamp")

    merged = RoomCard(frozenset({"phones", "water"}), True, "a cello / rain", "a lamp")

    assert merge_values(base, mine, theirs) == merged


def test_a_bit_less_stays_from_either_page_at_its_lower_level():
    base = Debrief(TODAY, less={"feet": Level.MEDIUM})
    mine = replace(base, less={"feet": Level.LOTION, "hands": Level.MEDIUM}, body=3)
    theirs = replace(base, less={}, body=4, thanks="for your hands", note="a note")

    merged = merge_values(base, mine, theirs)

    assert merged.less == {"feet": Level.LOTION, "hands": Level.MEDIUM}
    assert (merged.body, merged.thanks, merged.note) == (3, "for your hands", "a note")


def test_the_day_after_the_more_careful_word_holds():
    base = NextDay(TODAY)
    sore = replace(base, soreness=Soreness.TENDER, sore_areas=frozenset({"feet"}))
    mine = replace(sore, skin=Skin.FINE, mood="light")
    theirs = replace(base, soreness=Soreness.NONE, skin=Skin.REACTED, mood="tired")

    merged = merge_values(base, mine, theirs)

    assert (merged.skin, merged.soreness) == (Skin.REACTED, Soreness.TENDER)
    assert merged.mood == "light / tired"
    assert merged.sore_areas == {"feet"}


def test_sore_everywhere_stays_everywhere():
    sore = NextDay(TODAY, soreness=Soreness.TENDER, sore_areas=frozenset({"feet"}))
    everywhere = replace(sore, sore_areas=frozenset(), glad=True)
    more = replace(sore, sore_areas=frozenset({"feet", "hands"}))

    for order in ((everywhere, more), (more, everywhere)):
        assert merge_values(sore, *order).sore_areas == frozenset()
    assert merge_values(sore, more, replace(sore, sore_areas=frozenset({"nape"}))).sore_areas == {
        *("feet", "hands", "nape")
    }


def test_of_a_name_the_later_one_holds():
    base = Person(Seat.A, "Kim", Colour.CLAY, Shape.CIRCLE)

    merged = merge_values(
        base, replace(base, name="Kimi"), replace(base, name="K", shape=Shape.DIAMOND)
    )

    assert merged == Person(Seat.A, "Kimi", Colour.CLAY, Shape.DIAMOND)


def test_what_was_said_alone_stands_alone():
    assert merge_values(
        ConsentAnswers(), ConsentAnswers(FreeYes.YES), ConsentAnswers(FreeYes.NO)
    ).free is (FreeYes.NO)
    assert (
        merge_values(
            TimeAnswers(minutes_giving=30),
            TimeAnswers(minutes_giving=20),
            TimeAnswers(minutes_giving=10),
        ).minutes_giving
        == 10
    )
    wished = [WishAnswers(frozenset(each)) for each in ({"a"}, {"a", "b"}, {"c"})]
    assert merge_values(*wished).wished == {"b", "c"}
    still = [StillTrue(frozenset(each)) for each in ((), {"a"}, {"b"})]
    assert merge_values(*still).topics == {"a", "b"}
    assert merge_values(None, Coverage.TOWEL, Coverage.PARTLY) is Coverage.PARTLY
    chosen = [IntentionAnswers(frozenset(each)) for each in ((), {"unwind"}, {"soothe"})]
    assert merge_values(*chosen).chosen == {"unwind", "soothe"}


def test_of_two_duets_of_the_same_hands_the_firmer_one_holds():
    tried = [Duet(each) for each in ({}, {Seat.A: 1, Seat.B: -1}, {Seat.A: 0})]
    assert merge_values(*tried).firmer == {Seat.A: 1, Seat.B: -1}
    later = [Duet(each) for each in ({Seat.A: 1}, {Seat.A: 0}, {Seat.A: 1})]
    assert merge_values(*later).firmer == {Seat.A: 0}
    taken_back = [Duet(each) for each in ({Seat.A: 1}, {}, {})]
    assert merge_values(*taken_back).firmer == {}


PRIVATE = {topic.answers for topic in topics.TOPICS} | {Debrief, NextDay, Person}
SHARED = CARD_TYPES - {GuideBeat, PadBeat}
MERGED = sorted(filter(is_dataclass, PRIVATE | SHARED), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", MERGED)
def test_every_field_of_what_is_saved_has_a_rule(kind):
    assert list(rules_of(kind)) == [field.name for field in fields(kind)]


@dataclass(frozen=True)
class Added:
    """An answer of which ``domain.merging`` has never heard."""

    note: str = ""
    places: frozenset[str] = frozenset()
    count: int | None = None
    skin: Skin | None = None
    sure: bool = False
    pace: Pace | None = field(default=None, metadata=merge_by(FirstOf((None, *Pace))))


def test_a_new_class_is_merged_by_the_types_of_its_fields_or_as_they_state():
    mine = Added("one", frozenset({"feet"}), 2, Skin.FINE, sure=True, pace=Pace.STEADY)
    theirs = Added("two", frozenset({"hands"}), 3, Skin.REACTED, sure=True, pace=Pace.SLOW)

    assert merge_values(Added(), mine, theirs) == Added(
        f"one\n{SEPARATOR_LINE}\ntwo", frozenset({"feet", "hands"}), 2, Skin.FINE, True, Pace.SLOW
    )


@dataclass(frozen=True)
class Untold:
    """A field whose type says nothing about how it is merged."""

    each: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Alone:
    """A field that leaves it to its class, which has no rule."""

    word: str = field(default="", metadata=merge_by(MergeRule.WITH_CLASS))


@pytest.mark.parametrize(("kind", "name"), [(Untold, "Untold.each"), (Alone, "Alone.word")])
def test_a_field_without_a_rule_is_named(kind, name):
    with pytest.raises(TypeError, match=name):
        rules_of(kind)


def test_of_another_single_value_the_later_holds():
    assert merge_values(None, Pace.SLOW, Pace.STEADY) is Pace.SLOW


def test_techniques_that_one_page_left_out_are_out():
    base = TechniqueAnswers(frozenset({"HOLD", "EFF"}))

    merged = merge_values(base, TechniqueAnswers(frozenset({"HOLD"})), replace(base, pauses=True))

    assert merged == TechniqueAnswers(frozenset({"HOLD"}), pauses=True)
