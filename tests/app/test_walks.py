"""Random walks of two people through answers, Ready, yes, session, reload and clock: the laws.

No session runs without an agreement that stands. Nothing follows its end. The cap never rises,
and no plan becomes firmer or goes elsewhere. A yes is never revived.
"""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from tests.app.evening import SECRETS, TABLES, Clock
from workbook.app.commands import agreements, answers, sessions, shares
from workbook.app.snapshot import Snapshot, load
from workbook.app.view import Choices, make_view, own_share
from workbook.domain.areas import AreaMark
from workbook.domain.consent import ConsentAnswers, FreeYes, Standing
from workbook.domain.evening import find_evening_day
from workbook.domain.health import ReportedCondition
from workbook.domain.levels import Level
from workbook.domain.plan import Turn
from workbook.domain.seats import Seat
from workbook.domain.session import Event, Phase
from workbook.domain.techniques import Position
from workbook.domain.topics import topic_for
from workbook.rules import limits
from workbook.store import plans, vault
from workbook.store import sessions as stored_sessions
from workbook.store import shares as stored_shares

DEEDS = 40


@dataclass
class Walk:
    """Both people's lanes, and what a yes means by the laws alone."""

    folder: object
    clock: Clock
    chance: random.Random
    lanes: dict[Seat, vault.UnlockedVault] = field(default_factory=dict)
    said: dict[Seat, str] = field(default_factory=dict)
    """Whose yes to which plan holds, by the laws."""
    said_on: object = None
    run: int | None = None
    """The session that runs by right."""
    ended: set[int] = field(default_factory=set)
    cap: Level = Level.STRONG
    ahead: tuple[set[str], Level] = (set(), Level.STRONG)
    before: dict[Seat, dict[str, object]] = field(default_factory=dict)
    """Answers to go back to."""
    _loaded: dict[Seat, Snapshot] = field(default_factory=dict)
    """What each lane has saved, until the next deed."""

    def open(self, seat):
        if seat in self.lanes:
            self.lanes[seat].close()
        self.lanes[seat] = vault.unlock(self.folder, SECRETS[seat], clock=self.clock)
        agreements.clear_expired_yes(self.lanes[seat])

    def choices(self, turn=None):
        return Choices(find_evening_day(self.clock.now), turn)

    def load(self, seat):
        if seat not in self._loaded:
            self._loaded[seat] = load(self.lanes[seat], find_evening_day(self.clock.now))
        return self._loaded[seat]

    def forget(self):
        """Something was written."""
        self._loaded.clear()

    def view(self, seat, turn=None):
        shot = self.load(seat)
        return shot, make_view(shot, TABLES, self.clock.now, self.choices(turn))

    def record(self):
        return self.load(Seat.A).session

    def handed(self):
        evening = self.load(Seat.A).evening
        return stored_shares.read_all(self.lanes[Seat.A], evening.id) if evening else {}

    # What they do --------------------------------------------------------------------------

    def answer(self, seat):
        """Answer one topic anew: less, more, or as it was."""
        lane = self.lanes[seat]
        shot, _ = self.view(seat)
        name, value = self.chance.choice(self.new_answers(shot, seat))
        topic = topic_for(name)
        old = shot.own.value(topic)
        self.before.setdefault(seat, {}).setdefault(name, old)
        if self.chance.random() < 0.3:
            value = self.before[seat][name]
        had = self.handed()
        answers.save_answer(lane, topic, value, old, TABLES, was_saved=name in shot.own.saved)
        self.forget()
        shot, was = self.load(seat), had.get(seat)
        now = own_share(shot.own, TABLES, self.clock.now)
        if not now.tonight and shot.played:  # what was said holds to the end of that turn
            now = own_share(shot.own, TABLES, shot.evening.began)
        if was is not None and now != was and not limits.is_tighter(now, was):
            self.said.clear()  # more than a tightening
        if was is not None and not now.tonight:
            self.stop_by_right()

    def new_answers(self, shot, seat):
        def value(name):
            return shot.own.value(topic_for(name))

        places = value("limits")
        side = "receiving" if seat is Seat.B else "giving"
        marks = dict(getattr(places, side))
        part = self.chance.choice(sorted(marks))
        marks[part] = self.chance.choice([AreaMark.OPEN, AreaMark.NOT_TONIGHT])
        touch = value("techniques")
        time = value("time")
        minutes = {f"minutes_{side}": self.chance.choice([5, 10, 20, 30])}
        pressure = value("pressure")
        level = self.chance.choice([Level.LOTION, Level.SUNSCREEN, Level.MEDIUM])
        which = "overall" if seat is Seat.B else "giving"
        found = [
            ("limits", replace(places, **{side: marks})),
            ("techniques", replace(touch, pauses=not touch.pauses)),
            ("techniques", replace(touch, guarded=self.chance.choice([True, False]))),
            ("time", replace(time, **minutes)),
            ("pressure", replace(pressure, **{which: level})),
        ]
        if self.chance.random() < 0.1:
            found += [
                ("consent", ConsentAnswers(self.chance.choice([*FreeYes]), adult=True)),
                ("techniques", replace(touch, positions_out=frozenset({Position.PRONE}))),
            ]
        if self.chance.random() < 0.05:
            health = value("health")
            ticked = {**health.ticked, "acute_alarm": ReportedCondition()}
            found.append(("health", replace(health, ticked=ticked)))
        return found

    def ready(self, seat):
        shares.hand_in(self.lanes[seat], TABLES)
        self.said.clear()
        self.forget()
        if not self.handed()[seat].tonight:
            self.stop_by_right()

    def back(self, seat):
        shares.take_back(self.lanes[seat], TABLES)
        self.said.clear()
        self.stop_by_right()

    def agree(self, seat):
        """Both say yes to what is on the screen, and mostly begin."""
        for each in (seat, seat.other):
            self.affirm(each, None)
            self.forget()
        if self.chance.random() < 0.7:
            self.start(seat)

    def affirm(self, seat, turn=Turn(Seat.A, 5)):  # noqa: B008 - a frozen value
        _, view = self.view(seat, turn)
        found = view.proposal
        if found.plan is None or not found.plan.steps:
            return
        agreements.affirm(
            self.lanes[seat], seat, found.plan, found.plan_hash, find_evening_day(self.clock.now)
        )
        if self.said_on != find_evening_day(self.clock.now):
            self.said.clear()
        self.said_on = find_evening_day(self.clock.now)
        self.said[seat] = found.plan.tightened_from or found.plan_hash

    def withdraw(self, seat):
        _, view = self.view(seat)
        day = find_evening_day(self.clock.now)
        agreements.withdraw(self.lanes[seat], TABLES, seat, view.proposal.plan_hash or "-", day)
        self.said.clear()
        self.stop_by_right()

    def start(self, seat):
        was, found = self.record(), self.view(seat)[1].proposal
        change = sessions.start_session(self.lanes[seat], TABLES, self.choices())
        if change is None or (was is not None and not was.has_ended):
            return
        assert found.plan_hash == change.after.saved.value.plan
        assert set(self.said) == set(Seat), "it began without two yeses that hold"
        assert len(set(self.said.values())) == 1, "they said yes to two plans"
        assert self.said[seat] == (found.plan.tightened_from or found.plan_hash)
        self.run, self.cap, self.ahead = change.after.id, Level.STRONG, (set(), Level.STRONG)

    def happen(self, seat):
        event = self.chance.choice(
            [
                Event.SOFTER,
                Event.PAUSE,
                Event.GO_ON,
                Event.GO_ON,
                Event.YES,
                Event.LEAVE,
                Event.STOP,
            ]
        )
        change = sessions.apply_event(self.lanes[seat], TABLES, event)
        if event is Event.STOP and change is not None:
            self.stop_by_right()

    def play(self, seat):
        now = self.record()
        if now is None or now.has_ended:
            return
        record = now.saved.value
        sessions.save_position(
            self.lanes[seat],
            TABLES,
            record.session.phase,
            record.session.elapsed + self.chance.choice([1, 30, 200]),
            record.plan if self.chance.random() < 0.9 else "another plan",
        )

    def reload(self, seat):
        self.open(seat)

    def wait(self, _seat):
        hours = self.chance.choice([0.1, 1, 4, 9, -0.5, -3, -9])
        self.clock.now += timedelta(hours=hours)
        for lane in self.lanes.values():
            agreements.clear_expired_yes(lane)
            shares.renew_share(lane, TABLES)
        if self.said and self.said_on != find_evening_day(self.clock.now):
            self.said.clear()

    def stop_by_right(self):
        self.run = None
        self.said.clear()

    # The laws ------------------------------------------------------------------------------

    def plan_of(self, stored):
        lane = self.lanes[Seat.A]
        return plans.read_plan(lane, self.load(Seat.A).evening.id, stored.saved.value.plan)

    def check(self):
        stored = self.record()
        if stored is not None:
            session = stored.saved.value.session
            if stored.id in self.ended:
                assert stored.has_ended, "something followed the end"
            if stored.has_ended:
                self.ended.add(stored.id)
                if self.run == stored.id:  # it came to its end, or the rules ended it
                    self.stop_by_right()
            elif self.run != stored.id:
                pytest.fail("hands are on without an agreement")
            else:
                self.check_live(stored, session)
        for seat in Seat:
            shot, view = self.view(seat)
            if view.proposal.standing is Standing.STANDS and not shot.is_under_way:
                assert set(self.said) == set(Seat), "a yes was revived"

    def check_live(self, stored, session):
        plan = self.plan_of(stored)
        ahead = plan.steps[session.step :]
        parts = {part for step in ahead for part in step.parts}
        firmest = max(step.level for step in ahead)
        assert session.cap <= self.cap
        assert firmest <= self.ahead[1]
        assert not self.ahead[0] or parts <= self.ahead[0]
        assert session.allowed <= Level.MEDIUM
        self.cap, self.ahead = session.cap, (parts, firmest)
        given = self.handed()
        if session.phase is Phase.RUNNING and len(given) == len(Seat):
            merged = limits.merge(given[plan.turn.giver], given[plan.turn.receiver], TABLES)
            if given[Seat.A].tonight and given[Seat.B].tonight:
                # What is still to come is within what both have handed in.
                for step in ahead[1:]:
                    for part in step.parts:
                        assert step.level <= merged.levels.get(part, -1)


WORDS = (
    *("answer", "answer", "answer", "answer", "ready", "ready", "agree", "agree", "affirm"),
    *("start", "happen", "happen", "happen", "play", "play", "back", "withdraw"),
    *("reload", "wait"),
)


@pytest.mark.parametrize(
    "seeds",
    [
        range(4),
        *(
            pytest.param(range(at, at + 125), marks=pytest.mark.long)
            for at in range(0, 2000, 125)  # in parts, for two workers
        ),
    ],
    ids=lambda seeds: f"{seeds.start}-{seeds.stop}",
)
def test_the_laws_hold_on_every_walk(both_ready, couple, tmp_path, seeds):
    couple.leave(both_ready)
    began = couple.clock.now
    sessions_seen = 0
    for seed in seeds:
        folder = tmp_path / "walk"
        shutil.copytree(couple.folder, folder)
        walk = Walk(folder, Clock(began), random.Random(seed))
        for seat in Seat:
            walk.open(seat)
        done = []
        try:
            for _ in range(DEEDS):
                word, seat = walk.chance.choice(WORDS), walk.chance.choice([*Seat])
                done.append((word, seat.value))
                getattr(walk, word)(seat)
                walk.forget()
                walk.check()
        except BaseException:
            print(f"walk {seed}: {done}")
            raise
        evening = walk.load(Seat.A).evening
        lane = walk.lanes[Seat.A]
        sessions_seen += bool(evening and stored_sessions.list_sessions(lane, evening.id))
        for lane in walk.lanes.values():
            lane.close()
        shutil.rmtree(folder)
    assert sessions_seen >= len(seeds) // 6  # the walks do come to massages
