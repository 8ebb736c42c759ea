"""The common lane: shares, agreements, plans, the session and thanks."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select, text, update

from tests.store.conftest import NIGHT
from workbook.domain.areas import Side
from workbook.domain.consent import AgreementEvent, AgreementKind
from workbook.domain.errors import ChangedElsewhere, InvalidAnswer, NewerVault, VaultLocked
from workbook.domain.levels import Level
from workbook.domain.plan import CheckIn, Cue, CueKind, ForWhom, Plan, Step, Turn
from workbook.domain.seats import Colour, Person, Seat, Shape
from workbook.domain.session import Phase, Session, SessionEnd
from workbook.domain.shares import NOT_TONIGHT, Bounds, Share
from workbook.domain.techniques import Coverage, Pace, Position
from workbook.store import (
    agreements,
    clock,
    evenings,
    people,
    plans,
    schema,
    sessions,
    shares,
    thanks,
)
from workbook.store.changes import CommitWatcher
from workbook.store.sessions import SessionRecord
from workbook.store.thanks import Thanks

DAY = date(2026, 5, 3)
SHARE = Share(
    True,
    Bounds({"feet.left": Level.LOTION}, 20, frozenset({"EFF"}), frozenset({Position.SIDE})),
    None,
    frozenset({"O-18"}),
    aftercare=("C-01",),
)
LAST = (
    "SELECT evening, version, at, body FROM sessions ORDER BY run DESC",
    'SELECT evening, seat, kind, plan, "on", at FROM agreements ORDER BY seq DESC',
)
PLAN = Plan(
    Turn(Seat.A, 20, ForWhom.FOR_ME),
    Position.CHAIR,
    Coverage.CLOTHED,
    Pace.SLOW,
    "O-18",
    20,
    (Step("open", ("spine",), Side.MIDDLE, "EFF", Level.STILL, 60, "upper back"),),
    (CheckIn(0, "Q-01"),),
    (Cue(60, CueKind.REST),),
    frozenset({"cushion"}),
)


def _event(kind, seat=None):
    return AgreementEvent(kind, seat, "hash", DAY)


def test_a_share_handed_in_is_there_for_both(kim, robin, tonight):
    shares.hand_in(kim, tonight, SHARE, 0)
    shares.hand_in(robin, tonight, NOT_TONIGHT, 0)

    for lane in (kim, robin):
        assert shares.read_all(lane, tonight) == {Seat.A: SHARE, Seat.B: NOT_TONIGHT}
    assert shares.read_all(kim, "another") == {}


def test_a_share_taken_back_looks_like_none_and_its_version_still_counts(kim, robin, tonight):
    first = shares.hand_in(kim, tonight, SHARE, 0)

    shares.take_back(kim, tonight)
    shares.take_back(kim, tonight)

    assert shares.read_all(robin, tonight) == {}
    taken = shares.read_own(kim, tonight)
    assert (taken.value, taken.version) == (None, 2)
    for stale in (0, first.version):
        with pytest.raises(ChangedElsewhere):
            shares.hand_in(kim, tonight, SHARE, stale)
    assert shares.hand_in(kim, tonight, SHARE, taken.version).version == 3
    assert shares.read_own(robin, tonight) is None


def test_a_plan_is_found_under_its_hash_and_the_last_one_saved_is_the_latest(kim, robin, tonight):
    other = replace(PLAN, minutes=5, product="O-01")
    for name, made in (("one", PLAN), ("two", other), ("one", other)):
        plans.save_plan(kim, tonight, name, made)

    assert plans.read_plan(robin, tonight, "one") == PLAN  # its own bytes stay
    assert plans.read_plan(robin, tonight, "two") == other
    assert plans.latest_plan(robin, tonight) == plans.StoredPlan("one", PLAN)
    plans.save_plan(robin, tonight, "two", other)
    assert plans.latest_plan(kim, tonight).hash == "two"
    assert plans.read_plan(kim, tonight, "three") is plans.latest_plan(kim, "another") is None
    with kim.reading() as db:
        rows = db.execute(select(schema.plans).order_by(schema.plans.c.seq)).all()
    assert [(row.hash, row.product, row.format) for row in rows] == [
        ("one", "O-18", 1),
        ("two", "O-01", 1),
    ]


def test_a_plan_of_a_later_format_is_not_read(kim, tonight):
    plans.save_plan(kim, tonight, "one", PLAN)
    with kim.writing() as db:
        db.execute(text("UPDATE plans SET format = 2"))

    with pytest.raises(NewerVault):
        plans.read_plan(kim, tonight, "one")


def _begin(lane, day, product=None):
    """An evening of its own, with a session if there is a product."""
    now = NIGHT + timedelta(days=day)
    evening = evenings.begin_evening(lane, now.date(), now)
    if product:
        lane._clock = lambda: now
        plans.save_plan(lane, evening, "hash", replace(PLAN, product=product))
        sessions.begin_session(lane, evening, _played(Phase.RUNNING))
    return evening


def test_what_past_evenings_know_is_asked_without_reading_them(kim):
    first, second, third = (
        _begin(kim, 0, "O-01"),
        _begin(kim, 1),
        _begin(kim, 2, "O-02"),
    )

    assert [evenings.has_earlier(kim, each) for each in (None, first, second)] == [
        True,
        False,
        True,
    ]
    assert [sessions.has_earlier_session(kim, each) for each in (None, first, third)] == [True] * 3
    used = partial(sessions.was_product_used, kim)
    assert used("O-01", NIGHT, but_not=None)
    assert used("O-01", NIGHT, but_not=second)
    assert not used("O-01", NIGHT, but_not=first)
    assert not used("O-01", NIGHT + timedelta(seconds=1), but_not=None)
    assert not used("O-03", NIGHT, but_not=None)
    before = [
        sessions.latest_played_before(kim, NIGHT.date() + timedelta(days=n)) for n in range(4)
    ]
    assert [found and found.id for found in before] == [None, first, first, third]


def test_an_only_evening_has_none_before_it(kim):
    assert not evenings.has_earlier(kim, None)
    assert not sessions.has_earlier_session(kim, None)
    only = _begin(kim, 0, "O-01")

    assert not evenings.has_earlier(kim, only)
    assert not sessions.has_earlier_session(kim, only)
    assert sessions.has_earlier_session(kim, None)


@pytest.mark.parametrize(
    "ask",
    [
        lambda lane, on: sessions.was_product_used(lane, "O-07", NIGHT, but_not=on),
        sessions.has_earlier_session,
        lambda lane, _on: sessions.latest_played_before(lane, NIGHT.date() + timedelta(days=99)),
        evenings.has_earlier,
        plans.latest_plan,
        agreements.list_events,
        lambda lane, _on: clock.clock_behind(lane),
    ],
    ids=["used", "session", "played", "earlier", "latest", "events", "clock"],
)
def test_its_cost_does_not_grow_with_past_evenings(kim, ask):
    """Counted in steps of SQLite's machine."""

    def steps():
        counted = [0]
        with kim.reading() as db:
            driver = db.connection.driver_connection
            driver.set_progress_handler(lambda: counted.__setitem__(0, counted[0] + 1), 1)
            try:
                ask(kim, evening)
            finally:
                driver.set_progress_handler(None, 1)
        return counted[0]

    for day in range(5):
        evening = _begin(kim, day, "O-01")
    few = steps()
    for day in range(5, 60):
        evening = _begin(kim, day, "O-01")
    assert 0 < steps() <= few * 1.2


ENDS = {Phase.STOPPED: SessionEnd.STOP, Phase.FINISHED: SessionEnd.FINISH}


def _played(phase, step=0, **more):
    return SessionRecord("hash", Session(phase, step, **more), ENDS.get(phase))


def test_both_phones_see_the_same_session(kim, robin, tonight):
    run = sessions.begin_session(kim, tonight, _played(Phase.RUNNING))

    sessions.write_session(robin, run.id, _played(Phase.PAUSED, 2, elapsed=67.0), run.saved.version)

    seen = sessions.latest_session(kim, tonight)
    assert (seen.id, seen.saved.version) == (run.id, 2)
    assert seen.saved.value == _played(Phase.PAUSED, 2, elapsed=67.0)
    with pytest.raises(ChangedElsewhere):
        sessions.write_session(kim, run.id, _played(Phase.RUNNING), run.saved.version)
    with pytest.raises(ChangedElsewhere):
        sessions.begin_session(robin, tonight, _played(Phase.RUNNING))
    with pytest.raises(InvalidAnswer):
        sessions.write_session(kim, 99, _played(Phase.RUNNING), 1)


def test_a_stop_is_kept_whatever_was_edited_and_nothing_leads_out_of_it(kim, robin, tonight):
    run = sessions.begin_session(kim, tonight, _played(Phase.RUNNING))
    sessions.write_session(kim, run.id, _played(Phase.RUNNING, 1), 1)

    stopped = sessions.write_session(robin, run.id, _played(Phase.STOPPED), 1)

    for phase in Phase:
        with pytest.raises(ChangedElsewhere):
            sessions.write_session(kim, run.id, _played(phase), stopped.version)
    assert sessions.latest_session(kim, tonight).saved.value.session.phase is Phase.STOPPED
    again = sessions.begin_session(kim, tonight, _played(Phase.READY))
    assert [r.id for r in sessions.list_sessions(robin, tonight)] == [run.id, again.id]


def test_who_ended_a_session_is_written_nowhere(kim, robin, tonight):
    rows = []
    for lane in (kim, robin):
        run = sessions.begin_session(lane, tonight, _played(Phase.RUNNING))
        sessions.write_session(lane, run.id, _played(Phase.STOPPED), 1)
        agreements.append_event(lane, tonight, _event(AgreementKind.STOPPED))
        with lane.reading() as db:
            rows.append([db.execute(text(query)).first() for query in LAST])

    assert rows[0] == rows[1]


def test_thanks_are_shown_once_both_have_written(kim, robin, tonight):
    mine, yours = Thanks("for your hands", frozenset({"feet"})), Thanks("for asking")

    thanks.hand_in_thanks(kim, tonight, mine, 0)
    assert thanks.read_thanks(kim, tonight)[Seat.A].value == mine
    assert thanks.read_thanks(robin, tonight) == {}
    thanks.hand_in_thanks(robin, tonight, yours, 0)

    for lane in (kim, robin):
        seen = thanks.read_thanks(lane, tonight)
        assert {seat: each.value for seat, each in seen.items()} == {Seat.A: mine, Seat.B: yours}


def test_thanks_are_shown_at_once_where_an_older_vault_says_so(kim, robin, tonight):
    thanks.hand_in_thanks(kim, tonight, Thanks("one"), 0)
    with kim.writing() as db:
        db.execute(update(schema.thanks).values(shown=True))

    thanks.hand_in_thanks(kim, tonight, Thanks("two"), 1)

    assert thanks.read_thanks(robin, tonight)[Seat.A].value == Thanks("two")
    with pytest.raises(ChangedElsewhere):
        thanks.hand_in_thanks(kim, tonight, Thanks("three"), 1)


def test_each_person_writes_their_own_name_and_both_see_it(kim, robin):
    new = Person(Seat.A, "Kim\0 L.", Colour.PLUM, Shape.CIRCLE)

    saved = people.save_person(kim, new, people.read_own_person(kim).version)

    assert saved.value.name == "Kim\ufffd L."
    assert people.read_people(robin).a == saved.value == robin.people.a == kim.people.a
    with pytest.raises(InvalidAnswer):
        people.save_person(robin, new, 1)
    with pytest.raises(InvalidAnswer):
        people.save_person(robin, Person(Seat.B, "Robin", Colour.PLUM, Shape.SQUARE), 1)
    with pytest.raises(ChangedElsewhere):
        people.save_person(kim, new, 1)


def test_a_change_is_noticed_after_a_commit_and_only_then(kim, robin, tonight):
    watcher = CommitWatcher(robin)

    assert not watcher.has_changed()
    shares.hand_in(kim, tonight, SHARE, 0)
    assert watcher.has_changed()
    assert not watcher.has_changed()
    with pytest.raises(ChangedElsewhere):
        shares.hand_in(kim, tonight, SHARE, 0)
    assert not watcher.has_changed()
    robin.close()
    with pytest.raises(VaultLocked):
        watcher.has_changed()


def test_an_evening_has_its_own_log(kim, tonight):
    agreements.append_event(kim, "another", _event(AgreementKind.AFFIRMED, Seat.A))

    assert agreements.list_events(kim, tonight) == ()
    assert sessions.latest_session(kim, tonight) is None
