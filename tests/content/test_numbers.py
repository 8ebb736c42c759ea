"""A number that acts stands in a table: whoever edits its row changes what happens."""

from __future__ import annotations

import dataclasses
import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.app import test_view as evening
from tests.strategies import NOW, TABLES, TODAY, open_answers
from tests.ui.forms.shelf import form_context
from workbook.app import journal
from workbook.content.rows import CONTENT_FOLDER
from workbook.content.tables import load_tables
from workbook.domain.areas import AreaAnswers, AreaMark, Side
from workbook.domain.errors import InvalidTable
from workbook.domain.evening import EveningQuestion
from workbook.domain.health import ReportedCondition, Screening
from workbook.domain.learning import Debrief, PastEvenings, Reason, Setting
from workbook.domain.levels import Level
from workbook.domain.plan import CueKind, Step, Turn
from workbook.domain.products import OilAnswers, PatchResult, PatchTest, Verdict
from workbook.domain.seats import Seat
from workbook.domain.session import SessionEnd
from workbook.domain.shares import Limits
from workbook.domain.techniques import Position
from workbook.rules.asking import plan_questions
from workbook.rules.evening import evaluate_evening
from workbook.rules.learning import count_helpful, find_retry_date, is_liked, may_ask_less
from workbook.rules.products import assess_products
from workbook.rules.session import make_script
from workbook.rules.wishes import is_round_due
from workbook.ui.forms.player import make_player_script


@pytest.fixture
def edited(tmp_path):
    """The tables after a row's line was given another value."""

    def edit(file: str, key: str, name: str, value: str):
        folder = tmp_path / "content"
        shutil.copytree(CONTENT_FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__*"))
        text = Path(folder / file).read_text("utf-8")
        row = re.compile(rf'((?:key|id) = "{key}"\n(?:.+\n)*?{name} = ).+')
        assert len(row.findall(text)) == 1
        Path(folder / file).write_text(row.sub(rf"\g<1>{value}", text), "utf-8")
        return load_tables(folder)

    return edit


@pytest.mark.parametrize(
    ("key", "has_earlier_session", "usual"), [("first_minutes", False, 10), ("minutes", True, 20)]
)
def test_minutes_proposed_before_anybody_chose(edited, key, has_earlier_session, usual):
    shot = replace(evening.both_ready(), has_earlier_session=has_earlier_session)
    tables = edited("settings.toml", key, "default", "15")

    assert evening.view(shot).proposal.minutes == usual
    shown = evening.make_view(shot, tables, evening.NOW, evening.Choices(evening.TODAY))
    assert shown.proposal.minutes == 15


@pytest.mark.parametrize(
    ("key", "name", "usual"),
    [
        ("answer_seconds", "answer_s", 10),
        ("repeat_seconds", "repeat_s", 60),
        ("shown_seconds", "shown_s", 30),
    ],
)
def test_seconds_the_guide_waits(edited, key, name, usual):
    question = EveningQuestion(NOW, dict.fromkeys(Seat, open_answers()), (Turn(Seat.A, 20),))
    plan = evaluate_evening(question, TABLES).turns[0].plan
    tables = edited("settings.toml", key, "default", "20")
    context = replace(form_context(), tables=tables)

    assert make_player_script(form_context(), plan)["timings"][name] == usual
    assert getattr(make_script(plan, TABLES), name) == usual
    assert make_player_script(context, plan)["timings"][name] == 20
    assert getattr(make_script(plan, tables), name) == 20


def asked_in(tables, minutes):
    question = EveningQuestion(NOW, dict.fromkeys(Seat, open_answers()), (Turn(Seat.A, minutes),))
    return [each.at for each in evaluate_evening(question, tables).turns[0].plan.check_ins]


def test_seconds_within_which_two_questions_are_merged(edited):
    tables = edited("settings.toml", "merge_seconds", "default", "0")

    changed = [n for n in range(5, 31) if asked_in(TABLES, n) != asked_in(tables, n)]

    assert changed


@pytest.mark.parametrize("row", TABLES.most_questions, ids=lambda row: row.id)
def test_how_many_questions_a_turn_has_at_most(edited, row):
    fewer = edited("question_counts.toml", row.id, "most", "2")
    places = [f"place {n}" for n in range(row.minutes * 60 // 100)]
    steps = [
        Step("open_area", (place,), Side.MIDDLE, "EFF", Level.LOTION, 100, place)
        for place in places
    ]
    limits = Limits({}, 30, (), frozenset(), ())

    assert len(plan_questions(steps, limits, TABLES)) == row.most
    assert len(plan_questions(steps, limits, fewer)) < row.most


@dataclasses.dataclass
class _Played:
    """A session as the journal reads it, that had this many minutes."""

    minutes: int
    has_ended: bool = True
    ended: SessionEnd = SessionEnd.STOP

    @property
    def session(self):
        return SimpleNamespace(has_ended=self.has_ended, saved=SimpleNamespace(value=self))


def test_minutes_from_which_the_journal_tells_of_a_massage(edited, monkeypatch):
    tables = edited("settings.toml", "massage_minutes", "default", "4")
    tonight = SimpleNamespace(id="tonight", on=TODAY)

    def tells(played, tables=TABLES):
        context = replace(form_context(), tables=tables)
        monkeypatch.setattr(journal, "load_played", lambda *_: (played,))
        return journal._load_massages(None, context, tonight) != ()

    assert [tells(_Played(minutes)) for minutes in (0, 1, 2, 4)] == [False, False, True, True]
    assert [tells(_Played(minutes), tables) for minutes in (3, 4)] == [False, True]
    assert tells(_Played(0, has_ended=False))


def test_evenings_after_which_fewer_questions_can_be_chosen(edited):
    tables = edited("settings.toml", "liked_evenings", "default", "3")
    past = PastEvenings(liked=("first", "second"))

    assert may_ask_less(past, TABLES)
    assert not may_ask_less(PastEvenings(liked=("first",)), TABLES)
    assert not may_ask_less(past, tables)


@pytest.mark.parametrize(
    ("key", "cap"), [("retry_days", Level.LOTION), ("retry_closed_days", None)]
)
def test_days_after_which_something_may_be_tried_again(edited, key, cap):
    tables = edited("settings.toml", key, "default", "40")
    change = Setting("feet", cap, Reason.A_BIT_LESS, TODAY)

    assert find_retry_date(change, tables) == TODAY + timedelta(days=40)


def test_evenings_from_which_on_something_tends_to_help(edited):
    tables = edited("settings.toml", "tends_evenings", "default", "3")
    liked = [(Debrief(TODAY, body=9, free=9), ["slow"])]

    assert count_helpful(liked * 3, tables) == {"slow": 3}
    assert count_helpful(liked * 3, TABLES) == {}


def test_comfort_from_which_on_an_evening_was_liked(edited):
    tables = edited("settings.toml", "liked_comfort", "default", "8")
    liked = Debrief(TODAY, body=7, free=8)

    assert is_liked(liked, TABLES)
    assert not is_liked(liked, tables)


HEALTHY = open_answers().health
TRAUMA = replace(HEALTHY, ticked={"trauma": ReportedCondition()})
PAUSES = replace(open_answers().techniques, pauses=True)


def planned(tables, minutes=30, product="O-18", **answers):
    """The plan of one turn of two people who allow everything, but for ``answers``."""
    turn = Turn(Seat.A, minutes, product=product)
    question = EveningQuestion(NOW, dict.fromkeys(Seat, open_answers(**answers)), (turn,))
    return evaluate_evening(question, tables).turns[0].plan


def first_use(tables):
    test = PatchTest(NOW - timedelta(days=20), PatchResult.CLEAR, used=False, scented=False)
    oils = OilAnswers(answered=True, tests={"O-01": test})
    plan = planned(tables, product="O-01", oils=oils)
    assert plan.product == "O-01"
    return plan.minutes


def count_rests(tables):
    return sum(cue.kind is CueKind.REST for cue in planned(tables).cues)


def pause_lengths(tables):
    cues = planned(tables, techniques=PAUSES).cues
    return {cue.seconds for cue in cues if cue.kind is CueKind.STILL}


def has_version(tables, minutes, key):
    """Whether a turn of so many minutes has this step of its version."""
    return key in {step.key for step in planned(tables, minutes).steps}


def longest(tables):
    return max(step.seconds for step in planned(tables, 30).steps)


def seconds_of(key, tables, minutes=30, **answers):
    plan = planned(tables, minutes, **answers)
    return next(step.seconds for step in plan.steps if step.key == key)


SIDE = replace(open_answers().techniques, position=Position.SIDE)


def work_share(tables):
    """Percent of kneading and circles, where there is room for little of it."""
    closed = dict.fromkeys(open_answers().limits.receiving, AreaMark.OPEN)
    for key in ("nape", "shoulder_tops", "shoulder_blades"):
        closed |= dict.fromkeys(TABLES.areas[key].parts, AreaMark.NOT_TONIGHT)
    only_right = {**closed, "mid_back.left": AreaMark.NOT_TONIGHT}
    techniques = replace(open_answers().techniques, techniques=frozenset({"HOLD", "EFF", "PET"}))
    limits = AreaAnswers(only_right, only_right)
    plan = planned(tables, 20, product="O-01", limits=limits, techniques=techniques)
    work = sum(step.seconds for step in plan.steps if step.technique in ("PET", "FRI"))
    return round(100 * work / plan.seconds)


@pytest.mark.parametrize(
    ("key", "value", "measure", "expected"),
    [
        ("first_use_minutes", "15", first_use, (10, 15)),
        ("shorter_minutes", "15", lambda tables: planned(tables, health=TRAUMA).minutes, (10, 15)),
        ("rest_minutes", "10", count_rests, (6, 3)),
        ("pause_seconds", "20", pause_lengths, ({10}, {20})),
        ("short_version_minutes", "12", lambda t: has_version(t, 10, "neck_base"), (True, False)),
        ("whole_version_minutes", "25", lambda t: has_version(t, 20, "right_knead"), (True, False)),
        ("step_seconds", "60", lambda tables: longest(tables) <= 60, (False, True)),
        ("feather_seconds", "30", lambda tables: seconds_of("feather", tables), (54, 30)),
        (
            *("turn_seconds", "30"),
            lambda tables: seconds_of("change_sides", tables, techniques=SIDE),
            (20, 30),
        ),
        ("work_percent", "30", lambda tables: work_share(tables) >= 30, (False, True)),
    ],
)
def test_numbers_of_a_plan(edited, key, value, measure, expected):
    tables = edited("settings.toml", key, "default", value)

    assert (measure(TABLES), measure(tables)) == expected


def test_days_between_two_rounds_of_wishes(edited):
    tables = edited("settings.toml", "wish_days", "default", "3")

    for days, usual, now in ((2, False, False), (3, False, True), (7, True, True)):
        later = TODAY + timedelta(days=days)
        assert is_round_due(TODAY, later, TABLES) is usual
        assert is_round_due(TODAY, later, tables) is now


HOUR = timedelta(hours=1)


def suits(tables, age, *, sensitive=False):
    test = PatchTest(NOW - age, PatchResult.CLEAR, used=True, scented=False, read=NOW)
    mine = OilAnswers(answered=True, tests={"O-01": test}, sensitive=sensitive)
    each = assess_products(mine, Screening(complete=True), tables, NOW)
    return next(one for one in each if one.product == "O-01")


@pytest.mark.parametrize(
    ("row", "age", "sensitive", "now"),
    [
        (("wait", "hours", "[72, 168]"), 60 * HOUR, False, Verdict.TESTING),
        (("wait", "hours", "[48, 240]"), 200 * HOUR, True, Verdict.TESTING),
        (("again", "hours", "[100]"), 101 * HOUR, False, Verdict.RETEST),
    ],
)
def test_hours_of_a_patch_test(edited, row, age, sensitive, now):
    assert suits(TABLES, age, sensitive=sensitive).verdict is Verdict.SUITS
    assert suits(edited("patch_test.toml", *row), age, sensitive=sensitive).verdict is now


def test_hours_at_which_to_look_at_a_patch_test(edited):
    tables = edited("patch_test.toml", "look", "hours", "[1, 36]")

    started = NOW - HOUR
    assert suits(TABLES, HOUR).looks == tuple(started + n * HOUR for n in (0.5, 24, 48))
    assert suits(tables, HOUR).looks == tuple(started + n * HOUR for n in (1, 36, 48))


@pytest.mark.parametrize(
    ("key", "hours"), [("wait", "[48]"), ("again", "[]"), ("look", "[24, 0.5]")]
)
def test_hours_the_rules_cannot_use_are_named(edited, key, hours):
    with pytest.raises(InvalidTable) as found:
        edited("patch_test.toml", key, "hours", hours)

    assert found.value.facts["file"] == "patch_test.toml"
