// @ts-check
/**
 * The session: what each event leads to, and what the passing of time does. Pure functions over
 * the rows of `workbook/rules/session_table.py`, which come with the plan. Python interprets
 * the same rows in `workbook/rules/session.py`, in the same order of arithmetic, and a test
 * compares every field of both.
 */

/** @import { Outline } from "../shared/hands/body.js" */
/** @import { Stroke } from "../shared/hands/motion.js" */
/** @typedef {{name: string, colour: string, shape: string}} Mark */
/** @typedef {{title: string, sentence: string, side: string, level: number, level_words: string, seconds: number, next: string, parts?: string[], place?: string, giver?: string, passes?: number, stroke?: string, areas?: string[], half?: string, position?: string}} Step */
/** @typedef {{question: string, answers: {key: string, label: string, kind: string}[]}} Question */
/** @typedef {Question & {at: number}} CheckIn */
/** @typedef {{notice: string, line: string, ask: string, kind: string}} Reaction */
/**
 * One row of the table; the first that fits phase, event and guard counts.
 * @typedef {{phase: string, event: string, to: string, effects: string[], when: string | null}} Row
 */
/**
 * Seconds the guide waits; rows of `workbook/content/settings.toml`.
 * @typedef {{answer_s: number, repeat_s: number, shown_s: number}} Timings
 *   `answer_s`: for an answer to a guarded question; `repeat_s`: until one that was not answered
 *   comes back; `shown_s`: for which any other question stays on the screen.
 */
/**
 * @typedef {{
 *   reactions?: Reaction[], asks?: string[], moments?: Record<string, string[]>,
 *   title: string, seconds: number, levels: string[], steps: Step[], check_ins: CheckIn[],
 *   firmer?: Question, guarded?: boolean, machine: Row[], id?: string,
 *   cues: {at: number, kind: string, text: string, seconds: number}[], giver: Mark, receiver: Mark,
 *   timings: Timings, strokes?: Record<string, Stroke>, outlines?: Record<string, Outline>,
 *   names?: Record<string, string>,
 *   position?: string, coverage?: string,
 * }} Plan
 *   `firmer`: what is asked in the place of any other question where a step is planned firmer
 *   than was said yes to; `id`: hash of the plan; `names`: of parts, in words.
 */
/**
 * Where a session is. Seconds are seconds of the plan.
 * @typedef {{
 *   phase: string, step: number, elapsed: number, played: number, cap: number, allowed: number,
 *   silences: number,
 *   asked: number,
 *   open: {index: number, left: number} | null,
 *   repeat: {index: number, due: number} | null,
 *   left_alone: string[],
 * }} State
 *   `played`: seconds for which hands were on; `cap`: highest level for the whole rest; `allowed`: highest level that the receiver said yes
 *   to; `silences`: unanswered questions in a row; `asked`: index of the last question whose
 *   time came; `open`: the one on the screen, with the seconds left to it; `repeat`: one to be
 *   asked once more; `left_alone`: places that are not touched for the rest of it.
 */

const EPSILON_S = 1e-6;
const LIGHTEST_TOUCH = 1;

/** Returns the second at which a step ends. @param {Plan} plan @param {number} step index */
export function endOfStep(plan, step) {
  return plan.steps.slice(0, step + 1).reduce((sum, each) => sum + each.seconds, 0);
}

/** Returns the level that holds now: the step's, at most the cap and the yes. @param {Plan} plan @param {State} state */
export function currentLevel(plan, state) {
  return Math.min(plan.steps[state.step].level, state.cap, state.allowed);
}

/**
 * Whether the present step is planned firmer than was said yes to.
 * @param {Plan} plan @param {State} state
 */
export function waitsForYes(plan, state) {
  return Math.min(plan.steps[state.step].level, state.cap) > state.allowed;
}

/** Whether a session in this phase goes on. @param {State} state */
export function isLive({ phase }) {
  return phase === "running" || phase === "paused";
}

/**
 * Returns the state to begin with, or to go on from.
 * @param {Plan} plan @param {Partial<State> | null} [saved] @returns {State}
 */
export function begin(plan, saved) {
  const fresh = {
    phase: "ready", step: 0, elapsed: 0, played: 0, cap: Math.max(0, ...plan.steps.map((step) => step.level)),
    allowed: LIGHTEST_TOUCH, silences: 0, asked: -1, open: null, repeat: null, left_alone: [],
  };
  if (!saved?.phase || saved.phase === "ready") return fresh;
  // Whoever opens the page again has not said "go on" yet.
  const phase = saved.phase === "running" ? "paused" : saved.phase;
  return { ...fresh, ...saved, phase, open: null, repeat: null };
}

/* Guards and effects, by their names in the table */

/** @type {Record<string, (plan: Plan, state: State) => boolean>} */
const GUARDS = {
  question_open: (_plan, state) => state.open !== null,
  firmer_open: (plan, state) => state.open !== null && waitsForYes(plan, state),
  first_silence: (_plan, state) => state.open !== null && state.silences === 0,
  later_silence: (_plan, state) => state.silences > 0,
};

/** @type {Record<string, (plan: Plan, state: State) => State>} */
const EFFECTS = {
  open_question(plan, state) {
    const index = findDueQuestion(plan, state);
    if (index === null) return state;
    let left = plan.guarded ? plan.timings.answer_s : plan.timings.shown_s;
    if (!plan.guarded && waitsForYes(plan, state)) left = endOfStep(plan, state.step) - state.elapsed;
    return { ...state, asked: Math.max(state.asked, index), repeat: null, open: { index, left } };
  },
  close_question: (_plan, state) => ({ ...state, open: null, repeat: null }),
  ask_again(plan, state) {
    if (!state.open) return state;
    const repeat = { index: state.open.index, due: state.elapsed + plan.timings.repeat_s };
    return { ...state, open: null, repeat };
  },
  allow_level: (plan, state) => ({ ...state, allowed: Math.max(state.allowed, plan.steps[state.step].level) }),
  lower_cap: (plan, state) => ({ ...state, cap: Math.max(currentLevel(plan, state) - 1, 0) }),
  count_silence: (_plan, state) => ({ ...state, silences: state.silences + 1 }),
  reset_silences: (_plan, state) => ({ ...state, silences: 0 }),
  next_step(plan, state) {
    const last = plan.steps.length - 1;
    const step = Math.min(state.step + 1, last);
    const parts = plan.steps[step].parts ?? [];
    const after = { ...state, step };
    // The last step is a still hand, and is never left out.
    const isLeftAlone = step !== last && parts.length > 0 && parts.every((part) => state.left_alone.includes(part));
    return isLeftAlone ? EFFECTS.end_step(plan, after) : after;
  },
  end_step(plan, state) {
    const elapsed = endOfStep(plan, state.step);
    const asked = plan.check_ins.filter((each) => each.at < elapsed).length - 1;
    return { ...state, elapsed, asked: Math.max(asked, state.asked) };
  },
  leave_parts: (plan, state) => ({
    ...state, left_alone: [...state.left_alone, ...(plan.steps[state.step].parts ?? [])],
  }),
};

/**
 * Returns the state after an event; one that has no row in the table changes nothing.
 * @param {Plan} plan @param {State} state @param {string} event @returns {State}
 */
export function advance(plan, state, event) {
  const row = plan.machine.find(
    (each) => each.phase === state.phase && each.event === event && (!each.when || GUARDS[each.when](plan, state)),
  );
  if (!row) return state;
  const after = row.effects.reduce((now, effect) => EFFECTS[effect](plan, now), state);
  return { ...after, phase: row.to };
}

/* The clock */

/**
 * Returns the question whose time has come, of several only the last; null for none.
 * @param {Plan} plan @param {State} state
 */
function findDueQuestion(plan, state) {
  const come = plan.check_ins.filter((each) => each.at <= state.elapsed + EPSILON_S).length - 1;
  if (come > state.asked) return come;
  return state.repeat && state.repeat.due <= state.elapsed + EPSILON_S ? state.repeat.index : null;
}

/** Returns what the clock says at this very second; null: time passes. @param {Plan} plan @param {State} state */
function findDueEvent(plan, state) {
  if (state.elapsed >= endOfStep(plan, state.step) - EPSILON_S) {
    return state.step < plan.steps.length - 1 ? "next" : "finish";
  }
  if (state.open) {
    if (state.open.left > EPSILON_S) return null;
    return plan.guarded ? "silence" : "close";
  }
  return findDueQuestion(plan, state) === null ? null : "ask";
}

/** Returns the seconds until the clock has something to say. @param {Plan} plan @param {State} state */
function secondsToNext(plan, state) {
  const times = [endOfStep(plan, state.step) - state.elapsed];
  if (state.open) times.push(state.open.left);
  else {
    if (state.repeat) times.push(state.repeat.due - state.elapsed);
    const next = plan.check_ins[state.asked + 1];
    if (next) times.push(next.at - state.elapsed);
  }
  return Math.min(...times);
}

/**
 * Returns the state after `seconds`, and the events in them with the state right after each, in
 * order. However late a tick comes, nothing is passed over.
 * @param {Plan} plan @param {State} state @param {number} seconds of the plan
 */
export function passTime(plan, state, seconds) {
  let now = state;
  let left = Math.max(0, seconds);
  /** @type {{event: string, state: State}[]} */
  const events = [];
  while (now.phase === "running") {
    const event = findDueEvent(plan, now);
    if (event !== null) {
      now = advance(plan, now, event);
      events.push({ event, state: now });
      continue;
    }
    if (left <= EPSILON_S) break;
    const span = Math.min(left, secondsToNext(plan, now));
    now = {
      ...now,
      elapsed: now.elapsed + span,
      played: now.played + span,
      open: now.open && { ...now.open, left: now.open.left - span },
    };
    left -= span;
  }
  return { state: now, events };
}

/** Returns seconds as minutes and seconds, rounded up: "1:05". @param {number} seconds */
export function formatClock(seconds) {
  const whole = Math.max(0, Math.ceil(seconds - 0.001));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/* Breath: four seconds in, six out, to follow or not. */

const INHALE_S = 4;
const BREATH_S = 10; // the style's animation lasts as long

/** Whether the breath that is shown comes in. @param {number} seconds since it was first shown */
export function isInhale(seconds) {
  return seconds % BREATH_S < INHALE_S;
}
