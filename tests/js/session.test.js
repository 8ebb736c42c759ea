import assert from "node:assert/strict";
import { test } from "node:test";

import {
  advance, begin, currentLevel, endOfStep, formatClock, isInhale, isLive, passTime, waitsForYes,
} from "../../workbook/ui/widgets/player/session.js";
import { content } from "./content.js";

/* That the page and Python do the same with the same rows is tested in tests/frontend/test_one_session.py. */

const LEVELS = ["Still hand", "Lotion-light", "Lotion-firm", "Medium"];
const STEPS = [[0, 60], [2, 240], [3, 240], [0, 60]];

/** A plan with questions at these seconds, and the rows that come with every plan. */
function plan(checkIns = [], steps = STEPS, places = []) {
  return {
    title: "For Robin", seconds: steps.reduce((sum, [, seconds]) => sum + seconds, 0), levels: LEVELS,
    steps: steps.map(([level, seconds], i) => ({
      title: `Step ${i}`, sentence: "", side: "", next: "", level, level_words: LEVELS[level], seconds,
      parts: places[i] ?? [],
    })),
    check_ins: checkIns.map((at) => ({ at, question: "Lighter?", answers: [] })), cues: [],
    machine: content.machine, guarded: false, timings: { answer_s: 10, repeat_s: 60, shown_s: 30 },
  };
}

const guarded = (...given) => ({ ...plan(...given), guarded: true });
const running = (script, more = {}) => ({ ...advance(script, begin(script), "start"), ...more });
const names = ({ events }) => events.map((each) => each.event);
const times = ({ events }) => events.map((each) => [each.event, each.state.elapsed]);

test("ready starts, and only that", () => {
  const script = plan([120]);
  const ready = begin(script);

  assert.deepEqual(advance(script, ready, "go_on"), ready);
  assert.equal(running(script).phase, "running");
});

test("one stop ends every state, and nothing leads out of it", () => {
  const script = plan([120]);

  for (const event of ["fine", "pause", "softer", "skip", "leave", "tighten"]) {
    const stopped = advance(script, advance(script, running(script), event), "stop");
    assert.equal(stopped.phase, "stopped");
    assert.equal(isLive(stopped), false);
    for (const other of ["start", "go_on", "fine", "yes", "softer", "pause", "silence", "next"]) {
      assert.deepEqual(advance(script, stopped, other), stopped);
    }
    assert.deepEqual(passTime(script, stopped, 999), { state: stopped, events: [] });
  }
});

test("softer is one below the present level for the whole rest, and the cap never rises", () => {
  const script = plan([120]);
  const soft = advance(script, running(script, { step: 1, elapsed: 61, allowed: 2 }), "softer");

  assert.equal(soft.cap, 1);
  assert.equal(currentLevel(script, { ...soft, step: 2 }), 1);
  const lowest = advance(script, advance(script, soft, "softer"), "softer");
  assert.equal(lowest.cap, 0);
  for (const event of ["fine", "yes", "pause", "go_on", "skip"]) assert.equal(advance(script, soft, event).cap, 1);
});

test("a pause waits for go on, however long; the clock stands", () => {
  const script = plan([120]);
  const paused = advance(script, running(script, { step: 1, elapsed: 61 }), "pause");

  assert.deepEqual(passTime(script, paused, 3600), { state: paused, events: [] });
  assert.deepEqual(advance(script, paused, "fine"), paused);
  assert.equal(advance(script, paused, "go_on").phase, "running");
});

test("only a yes to the open question allows the level of the step, and each higher one asks again", () => {
  const script = plan([60, 300]);
  const asked = passTime(script, running(script), 60).state;

  assert.equal(waitsForYes(script, asked), true);
  assert.equal(currentLevel(script, asked), 1);
  const allowed = advance(script, asked, "yes");
  assert.deepEqual([allowed.allowed, currentLevel(script, allowed), allowed.open], [2, 2, null]);
  const next = passTime(script, allowed, 240).state;
  assert.deepEqual([next.step, currentLevel(script, next), waitsForYes(script, next)], [2, 2, true]);
  assert.equal(advance(script, next, "yes").allowed, 3);

  const fine = advance(script, asked, "fine");
  assert.equal(currentLevel(script, fine), 1);
  assert.deepEqual(advance(script, fine, "yes"), fine); // nothing is asked any more
});

test("a question about a firmer level stays until its step is over, any other goes after its time", () => {
  const script = plan([0, 60]);

  const after = passTime(script, running(script), 299);

  assert.deepEqual(times(after), [["ask", 0], ["close", 30], ["next", 60], ["ask", 60]]);
  assert.deepEqual(after.state.open, { index: 1, left: 1 });
  assert.deepEqual(times(passTime(script, after.state, 1)), [["next", 300], ["close", 300]]);
});

test("where questions are asked aloud, nobody has to touch the glass", () => {
  const script = plan([0, 60, 300]);

  const { state } = passTime(script, running(script), 600);

  assert.deepEqual([state.phase, state.elapsed, state.cap, state.silences], ["finished", 600, 3, 0]);
});

test("guarded: silence softens and asks again, the second one stills the hands, and none ends it", () => {
  const script = guarded([120]);

  const after = passTime(script, running(script), 1000);

  assert.deepEqual(after.events.map((each) => [each.event, each.state.elapsed, each.state.cap]), [
    ["next", 60, 3], ["ask", 120, 3], ["silence", 130, 0], ["ask", 190, 0], ["silence", 200, 0],
  ]);
  assert.deepEqual([after.state.phase, after.state.silences], ["paused", 2]);
  assert.deepEqual(passTime(script, after.state, 86_400), { state: after.state, events: [] });
  assert.equal(advance(script, after.state, "go_on").silences, 0);
});

test("how long the guide waits stands in the plan", () => {
  const script = { ...guarded([120]), timings: { answer_s: 5, repeat_s: 30, shown_s: 12 } };
  const aloud = { ...script, guarded: false, check_ins: plan([0]).check_ins };

  assert.deepEqual(times(passTime(script, running(script), 1000)), [
    ["next", 60], ["ask", 120], ["silence", 125], ["ask", 155], ["silence", 160],
  ]);
  assert.deepEqual(times(passTime(aloud, running(aloud), 20)), [["ask", 0], ["close", 12]]);
});

for (const tick of [0.25, 7, 1000]) {
  test(`a session ends in its time with ticks of ${tick} s`, () => {
    const script = plan();
    let state = running(script);
    const events = [];

    for (const seconds of [Math.max(tick, 600 - 2 * tick), tick, tick]) {
      const passed = passTime(script, state, seconds);
      state = passed.state;
      events.push(...passed.events);
    }

    assert.deepEqual(times({ events }), [["next", 60], ["next", 300], ["next", 540], ["finish", 600]]);
    assert.equal(state.phase, "finished");
  });
}

test("of two questions that came due while one was open only the last is asked", () => {
  const script = plan([0, 10, 20, 300]);

  const later = passTime(script, running(script), 31);

  assert.deepEqual(names(later), ["ask", "close", "ask"]);
  assert.deepEqual(later.state.open, { index: 2, left: 29 });
});

test("skipping a step skips its questions, and asks at the next one", () => {
  const script = plan([0, 100, 120, 300]);

  const skipped = advance(script, running(script, { asked: 0, elapsed: 61, step: 1 }), "skip");
  const there = passTime(script, skipped, 0);

  assert.equal(skipped.elapsed, 300);
  assert.equal(endOfStep(script, 1), 300);
  assert.deepEqual(names(there), ["next", "ask"]);
  assert.equal(there.state.open.index, 3);
});

test("who opens it again has not said go on, and nothing else is lost", () => {
  const script = plan([30]);
  const saved = {
    phase: "running", elapsed: 70, played: 65, step: 1, cap: 1, allowed: 2, asked: 0, silences: 1,
    open: { index: 0, left: 3 }, repeat: { index: 0, due: 80 }, left_alone: ["feet"],
  };

  const again = begin(script, saved);

  assert.deepEqual(again, { ...saved, phase: "paused", open: null, repeat: null });
  assert.equal(begin(script, { phase: "stopped" }).phase, "stopped");
  assert.equal(begin(script, { phase: "ready", cap: 1 }).cap, 3);
  assert.deepEqual([begin(script, null).cap, begin(script, null).allowed], [3, 1]);
});

const PLACES = [["back"], ["shoulder"], ["shoulder"], ["shoulder", "back"], ["feet"], ["back"]];
const ROUTE = plan([], [[0, 60], [3, 60], [3, 60], [3, 60], [3, 60], [0, 60]], PLACES);

test("a place that is left alone is passed over for the rest", () => {
  const atShoulder = passTime(ROUTE, running(ROUTE), 61).state;
  assert.equal(atShoulder.step, 1);

  const after = passTime(ROUTE, advance(ROUTE, atShoulder, "leave"), 0);

  // The second step on the shoulder alone is passed over; the one that is also on the back stays.
  assert.deepEqual(names(after), ["next", "next"]);
  assert.deepEqual([after.state.step, after.state.phase], [3, "running"]);
  assert.deepEqual(after.state.left_alone, ["shoulder"]);
});

test("the resting hand at the end is never passed over", () => {
  const left = passTime(ROUTE, advance(ROUTE, running(ROUTE), "leave"), 0).state;

  const last = passTime(ROUTE, left, 60 * 4 + 1).state;

  assert.deepEqual([last.step, last.phase], [5, "running"]);
});

test("a place reported in a pause is left alone, and hands stay still", () => {
  const paused = advance(ROUTE, passTime(ROUTE, running(ROUTE), 61).state, "pause");

  const left = passTime(ROUTE, advance(ROUTE, paused, "leave"), 5).state;
  const on = passTime(ROUTE, advance(ROUTE, left, "go_on"), 0).state;

  assert.equal(left.phase, "paused");
  assert.deepEqual([on.step, on.phase], [3, "running"]);
});

test("every guard and effect of the table is one that the page knows", () => {
  const script = { ...guarded([0]), machine: content.machine };

  for (const row of content.machine) {
    const state = { ...running(script), phase: row.phase, open: { index: 0, left: 1 } };
    assert.doesNotThrow(() => advance(script, state, row.event));
  }
});

test("the clock shows minutes and seconds, rounded up", () => {
  assert.deepEqual([0, 59.2, 60, 754].map(formatClock), ["0:00", "1:00", "1:00", "12:34"]);
});

test("a breath is four seconds in and six out", () => {
  assert.deepEqual([0, 3.9, 4.1, 9.9, 10.1].map(isInhale), [true, true, false, false, true]);
});
