import assert from "node:assert/strict";
import { test } from "node:test";

import {
  advance, begin, currentLevel, formatClock, isInhale, passTime, reportedName,
} from "../../workbook/ui/widgets/player/session.js";

const LEVELS = ["Still hand", "Lotion-light", "Lotion-firm", "Medium"];
const STEPS = [[0, 60], [2, 240], [3, 240], [0, 60]];

/** A plan with check-ins at these seconds. */
function plan(checkIns = [], steps = STEPS, places = []) {
  return {
    title: "For Robin", seconds: steps.reduce((sum, [, seconds]) => sum + seconds, 0), levels: LEVELS,
    steps: steps.map(([level, seconds], i) => ({
      title: `Step ${i}`, sentence: "", side: "", next: "", level, level_words: LEVELS[level], seconds,
      parts: places[i] ?? [],
    })),
    check_ins: checkIns.map((at) => ({ at, question: "Lighter?", answers: [] })), cues: [],
    timings: { answer_s: 10, repeat_s: 60, hold_s: 60, pad_hold_s: 20 },
  };
}

const running = (script, more = {}) => ({ ...advance(script, begin(script), "start"), ...more });
const names = ({ events }) => events.map((each) => each.event);

test("ready starts, and only that", () => {
  const script = plan([120]);
  const ready = begin(script);

  assert.deepEqual(advance(script, ready, "go_on"), ready);
  assert.equal(running(script).phase, "running");
});

test("one stop ends every state, and nothing leads out of it", () => {
  const script = plan([120]);

  for (const event of ["fine", "pause", "softer", "skip"]) {
    const stopped = advance(script, advance(script, running(script), event), "stop");
    assert.equal(stopped.phase, "stopped");
    for (const other of ["start", "go_on", "fine", "softer", "pause", "silence"]) {
      assert.deepEqual(advance(script, stopped, other), stopped);
    }
    assert.deepEqual(passTime(script, stopped, 999), { state: stopped, events: [] });
  }
});

test("softer is one below the present level for the whole rest, and the cap never rises", () => {
  const script = plan([120]);
  const soft = advance(script, running(script, { step: 1, elapsed: 61 }), "softer");

  assert.equal(soft.cap, 1);
  assert.equal(currentLevel(script, { ...soft, step: 2 }), 1);
  const lowest = advance(script, advance(script, soft, "softer"), "softer");
  assert.equal(lowest.cap, 0);
  for (const event of ["fine", "pause", "go_on", "skip"]) assert.equal(advance(script, soft, event).cap, 1);
});

test("a pause waits for go on, however long; the clock stands", () => {
  const script = plan([120]);
  const paused = advance(script, running(script, { step: 1, elapsed: 61 }), "pause");

  assert.deepEqual(passTime(script, paused, 3600), { state: paused, events: [] });
  assert.deepEqual(advance(script, paused, "fine"), paused);
  assert.equal(advance(script, paused, "go_on").phase, "running");
});

test("silence softens, then pauses, then ends", () => {
  const script = plan([120]);

  const after = passTime(script, running(script), 1000);

  assert.deepEqual(after.events.map((each) => [each.event, each.elapsed, each.cap]), [
    ["next", 60, 3], ["ask", 120, 3], ["silence", 130, 1], ["ask", 190, 1], ["silence", 200, 1],
    ["silence", 200, 1],
  ]);
  assert.equal(after.state.phase, "stopped");
  assert.equal(after.state.endedBySilence, true);
  const held = passTime(script, running(script), 200).state;
  assert.deepEqual([held.phase, held.holdLeft], ["paused", 60]);
  assert.equal(passTime(script, held, 59).state.phase, "paused");
  assert.equal(advance(script, held, "go_on").silences, 0);
});

for (const tick of [0.25, 7, 1000]) {
  test(`an answered session ends in its time with ticks of ${tick} s`, () => {
    const script = plan();
    let state = running(script);
    const events = [];

    for (const seconds of [Math.max(tick, 600 - 2 * tick), tick, tick]) {
      const passed = passTime(script, state, seconds);
      state = passed.state;
      events.push(...passed.events);
    }

    assert.deepEqual(events.map((each) => [each.event, each.elapsed]), [
      ["next", 60], ["next", 300], ["next", 540], ["finish", 600],
    ]);
    assert.equal(state.phase, "finished");
  });
}

test("of two questions that came due while one was open only the last is asked", () => {
  const script = plan([0, 100, 120, 300]);
  const waiting = running(script, { asked: 0, elapsed: 95, step: 1, open: { at: 0, left: 30 } });

  const later = passTime(script, waiting, 30);

  assert.deepEqual(names(later), ["silence", "ask"]);
  assert.equal(later.state.open.at, 2);
});

test("skipping a step skips its questions, and asks at the next one", () => {
  const script = plan([0, 100, 120, 300]);

  const skipped = advance(script, running(script, { asked: 0, elapsed: 61, step: 1 }), "skip");
  const there = passTime(script, skipped, 0);

  assert.equal(skipped.elapsed, 300);
  assert.deepEqual(names(there), ["next", "ask"]);
  assert.equal(there.state.open.at, 3);
});

test("who opens it again has not said go on", () => {
  const script = plan([30]);

  const again = begin(script, { phase: "running", elapsed: 70, step: 0, cap: 1 });

  assert.deepEqual([again.phase, again.step, again.cap, again.asked], ["paused", 1, 1, 0]);
  assert.equal(begin(script, { phase: "stopped" }).phase, "stopped");
  assert.equal(begin(script, null).cap, 3);
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
  assert.deepEqual(after.state.leftAlone, ["shoulder"]);
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

test("two taps without a word end it after twenty seconds", () => {
  const script = plan();

  const still = advance(script, running(script), "still");

  assert.deepEqual([still.phase, still.holdLeft], ["paused", 20]);
  assert.equal(passTime(script, still, 19.9).state.phase, "paused");
  assert.equal(passTime(script, still, 20.1).state.phase, "stopped");
  assert.equal(advance(script, still, "go_on").phase, "running");
});

test("Python knows a skipped step as fine, and two taps as a pause", () => {
  const reported = ["skip", "leave", "still", "stop", "softer"].map(reportedName);

  assert.deepEqual(reported, ["fine", "fine", "pause", "stop", "softer"]);
});

test("the clock shows minutes and seconds, rounded up", () => {
  assert.deepEqual([0, 59.2, 60, 754].map(formatClock), ["0:00", "1:00", "1:00", "12:34"]);
});

test("a breath is four seconds in and six out", () => {
  assert.deepEqual([0, 3.9, 4.1, 9.9, 10.1].map(isInhale), [true, true, false, false, true]);
});

test("how long the guide waits stands in the plan", () => {
  const timings = { answer_s: 5, repeat_s: 30, hold_s: 15, pad_hold_s: 40 };
  const script = { ...plan([120]), timings };

  const after = passTime(script, running(script), 1000);

  assert.deepEqual(after.events.map((each) => [each.event, each.elapsed]), [
    ["next", 60], ["ask", 120], ["silence", 125], ["ask", 155], ["silence", 160], ["silence", 160],
  ]);
  const held = passTime(script, running(script), 160).state;
  assert.equal(passTime(script, held, 14).state.phase, "paused");
  assert.equal(passTime(script, held, 15).state.phase, "stopped");
  assert.equal(advance(script, running(script), "still").holdLeft, 40);
});
