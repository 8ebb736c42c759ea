"""Another position in the middle of a massage: offered where it is possible, without a new yes."""

from __future__ import annotations

from tests.app.evening import SAY, happen
from tests.app.test_news import record
from tests.app.test_pad import (  # noqa: F401 - fixtures
    both,
    clock,
    guide,
    is_pad,
    kim,
    lead,
    robin,
    run,
    seen,
    told,
)
from workbook.domain.consent import Standing
from workbook.domain.session import Event, Phase
from workbook.domain.techniques import Position


def player_of(book):
    return book.controller.forms.player._player


def offered(book):
    return [each["key"] for each in player_of(book).positions]


def ask(book, position, plan=None):
    """What the guide tells Python at a tap; hands are still by then."""
    player = player_of(book)
    told(book, "event", event="pause", elapsed=100.0)
    content = {"kind": "position", "position": position, "plan": plan or player.plan["id"]}
    player._handle_custom_msg(content, [])


def test_another_position_goes_on_with_less_at_go_on_and_under_the_same_yes(kim, robin):  # noqa: F811
    heard = lead(kim)
    both(kim, robin)
    before, run_before = kim.controller.view.guide, record(kim)
    keys = offered(kim)
    assert keys
    assert before.plan.position not in keys
    assert all(each["label"] for each in player_of(kim).positions)

    ask(kim, keys[0])
    both(kim, robin)

    now = kim.controller.view.guide
    assert now.plan.position == keys[0]
    assert record(kim).plan == now.plan_hash != run_before.plan
    assert now.plan.tightened_from == before.plan_hash
    assert run(kim).phase is Phase.PAUSED
    assert kim.controller.view.proposal.standing is Standing.STANDS
    news = [each for each in heard if each["kind"] == "tighten"][-1]
    assert news["plan"]["id"] == now.plan_hash
    short = SAY(f"positions.short.{keys[0]}")
    assert news["line"] == SAY("player.position_changed", position=short)
    was = {part for step in before.plan.steps for part in step.parts}
    assert {part for step in now.plan.steps for part in step.parts} <= was
    assert max(step.level for step in now.plan.steps) <= max(
        step.level for step in before.plan.steps
    )
    assert now.plan.seconds <= before.plan.seconds
    assert keys[0] not in offered(kim)
    told(kim, "event", event="go_on")
    assert run(kim).phase is Phase.RUNNING


def test_the_present_position_and_an_older_plan_change_nothing_and_the_guide_says_so(kim, robin):  # noqa: F811
    heard = lead(kim)
    both(kim, robin)
    before, key = record(kim), offered(kim)[0]

    ask(kim, kim.controller.view.guide.plan.position.value)
    assert heard[-1] == {"kind": "line", "line": SAY("player.position_none")}
    ask(kim, key, plan="an older one")
    assert record(kim).plan == before.plan

    happen(kim, Event.STOP)
    assert kim.controller.view.guide.resume is None


def test_a_position_that_one_of_them_does_not_want_is_not_offered(kim, robin):  # noqa: F811
    lead(kim)
    both(kim, robin)
    page = kim.controller
    common = set(page.view.proposal.limits.positions)

    assert set(offered(kim)) <= common - {page.view.guide.plan.position}
    assert set(offered(kim)) <= set(Position)
