"""Whatever two pages do in whatever order, and however often a line breaks: one session."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from tests.app.evening import TABLES
from tests.app.test_pad import clock, guide, is_pad, kim, lead, robin, run, seen, tap  # noqa: F401
from tests.marks import long_after
from workbook.domain.levels import Level
from workbook.domain.seats import Seat
from workbook.domain.session import Event, Phase
from workbook.rules.session import (
    advance,
    close_question,
    end_of_step,
    make_script,
    pass_time,
)
from workbook.store.sessions import ENDED_PHASES

SELDOM = ("stop", "tap stop", "skip", "leave")
OFTEN = (
    *("tap softer", "tap still", "softer", "pause", "go_on", "go_on", "wait", "next", "yes"),
    *("down", "up", "look", "look", "look", "reload pad", "reload guide"),
)


class Browser:
    """The page that leads, as player.js behaves: it acts first, says it then, and hears later.

    While the line is down, what either side says waits and arrives in order, as frontend's
    kernel.js and the server's buffer have it.
    """

    def __init__(self, book):
        self.book, self.up, self.out, self.into = book, True, [], []
        player = guide(book)._player
        player.send = lambda content, *_: self.into.append(content)
        view = book.controller.view.guide
        self.plan_hash, self.script = view.plan_hash, make_script(view.plan, TABLES)
        kept = run(book)
        self.resumed = kept.is_live
        phase = Phase.PAUSED if kept.phase is Phase.RUNNING else kept.phase
        self.session = close_question(self.script, replace(kept, phase=phase))

    def _say(self, content, elapsed):
        said = {"step": self.session.step, "cap": int(self.session.cap), "plan": self.plan_hash}
        self.out.append({**said, "elapsed": elapsed, **content})
        self.pass_on()

    def pass_time(self, seconds):
        """Time passes, or the rest of this step; what the clock makes happen is told."""
        if seconds is None:
            last = self.session.step == len(self.script.steps) - 1
            left = end_of_step(self.script, self.session.step) - self.session.elapsed
            seconds = 1 if last else left  # both ends are ends; here they are told apart
        self.session, happened = pass_time(self.session, seconds, self.script)
        if happened:
            self._say({"kind": "at", "phase": self.session.phase.value}, self.session.elapsed)

    def pass_on(self):
        while self.up and (self.out or self.into):
            if self.out:
                player = guide(self.book)._player
                player._on_message(player, self.out.pop(0), [])
            else:
                self._hear(self.into.pop(0))

    def act(self, event):
        before, self.session = self.session, advance(self.session, event, self.script)
        if self.session == before:
            return
        self.resumed &= self.session.phase is Phase.PAUSED
        self._say({"kind": "event", "event": event.value}, before.elapsed)
        if self.session.phase != before.phase:
            self._say({"kind": "at", "phase": self.session.phase.value}, self.session.elapsed)

    def _hear(self, said):
        assert said["kind"] in ("signal", "cap")
        if said["kind"] == "signal":
            assert said["signal"] in ("softer", "pause", "stop"), "nothing heard lets it go on"
            self.act(Event(said["signal"]))
        elif said["kind"] == "cap" and said["cap"] < self.session.cap:
            asked = close_question(self.script, self.session)
            self.session = replace(asked, cap=Level(said["cap"]), silences=0)
            self._say({"kind": "at", "phase": self.session.phase.value}, self.session.elapsed)


@pytest.mark.parametrize("seed", long_after(4, range(200)))
def test_guide_and_pad_stay_one_session(kim, robin, couple, seed):  # noqa: F811 - fixtures
    chance = random.Random(seed)
    lead(kim)
    led = Browser(kim)
    led.act(Event.GO_ON)
    books = {"guide": kim, "pad": robin}
    done = []
    owed = False  # two taps that the one who leads has not heard

    def look():
        nonlocal owed
        led.pass_on()
        seen(*((books["guide"],) if led.up else ()), books["pad"])
        led.pass_on()
        if not led.up:
            return
        owed &= led.session.phase is Phase.RUNNING
        kept = run(books["pad"])
        # Opened again it waits; the pad is told that nobody leads.
        assert led.session.phase is (Phase.PAUSED if led.resumed else kept.phase), done
        assert led.resumed <= (kept.phase not in ENDED_PHASES), done
        assert led.session.cap == kept.cap or led.resumed or kept.phase in ENDED_PHASES, done
        if is_pad(books["pad"]):
            assert guide(books["pad"])._pad.phase == kept.phase.value, done

    for _ in range(3):
        look()
    for _ in range(30):
        word = chance.choice(OFTEN if chance.randrange(12) else SELDOM)
        done.append(word)
        before, held = run(books["pad"]), led.session
        if word.startswith("tap"):
            assert tap(books["pad"], word.split()[1])
            owed |= word == "tap still"
        elif word == "down":
            led.up = False
        elif word == "up":
            led.up = True
            led.pass_on()
        elif word == "look":
            look()
        elif word.startswith("reload"):
            which = word.split()[1]
            books[which].controller.vault.close()
            books[which] = couple.open(Seat.A if which == "guide" else Seat.B, ("player",))
            books[which].form("player")
            if which == "guide":
                led, owed = Browser(books[which]), False  # it waits, hands still
        elif word in ("wait", "next"):
            led.pass_time(chance.choice((1, 20, 45)) if word == "wait" else None)
        else:
            led.act(Event(word))
        owed &= led.session.phase is Phase.RUNNING  # its own words bring the pad's with them
        now = run(books["pad"])
        assert now.cap <= before.cap, done
        assert led.session.cap <= held.cap or word == "reload guide", done
        assert before.phase not in ENDED_PHASES or now.phase is before.phase, done
        assert word != "tap still" or now.phase is not Phase.RUNNING, done

    led.up = True
    for _ in range(3):
        look()
    assert not owed, done
