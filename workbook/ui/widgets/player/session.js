// @ts-check
/**
 * The session: what each event leads to, and what the passing of time does. Pure functions;
 * `workbook/rules/session.py` has the same rules, and a test plays both.
 */

/** @typedef {{name: string, colour: string, shape: string}} Mark */
/** @typedef {{title: string, sentence: string, side: string, level: number, level_words: string, seconds: number, next: string, parts?: string[], technique?: string}} Step */
/** @typedef {{at: number, question: string, answers: {key: string, label: string, kind: string}[]}} CheckIn */
/** @typedef {{notice: string, line: string, ask: string, kind: string}} Reaction */
/**
 * Seconds the guide waits; rows of `workbook/content/settings.toml`.
 * @typedef {{answer_s: number, repeat_s: number, hold_s: number, pad_hold_s: number}} Timings
 *   `answer_s`: for an answer to a check-in, after that it is a silence; `repeat_s`: until an
 *   unanswered question comes back; `hold_s`: of hands still without a word, then the session
 *   ends; `pad_hold_s`: the same after two taps on the receiver's pad.
 */
/**
 * @typedef {{
 *   reactions?: Reaction[], asks?: string[], moments?: Record<string, string[]>,
 *   title: string, seconds: number, levels: string[], steps: Step[], check_ins: CheckIn[],
 *   cues: {at: number, kind: string, text: string, seconds: number}[], giver: Mark, receiver: Mark,
 *   timings: Timings,
 * }} Plan
 */
/**
 * Where a session is. Seconds are seconds of the plan.
 * @typedef {{
 *   phase: string, step: number, elapsed: number, cap: number,
 *   silences: number,
 *   asked: number,
 *   open: {at: number, left: number} | null,
 *   repeat: {at: number, due: number} | null,
 *   holdLeft: number | null,
 *   endedBySilence: boolean,
 *   leftAlone: string[],
 * }} State
 *   `silences`: unanswered check-ins in a row; `asked`: index of the last check-in whose time
 *   came; `open`: the one on the screen, with the seconds left to answer; `repeat`: one to be
 *   asked once more; `holdLeft`: seconds until a pause without a word ends the session;
 *   `leftAlone`: places that are not touched for the rest of it.
 */

const EPSILON_S = 1e-6;

/** Returns the second at which a step ends. @param {Plan} plan @param {number} step index */
export function endOfStep(plan, step) {
  return plan.steps.slice(0, step + 1).reduce((sum, each) => sum + each.seconds, 0);
}

/** Returns the level of a step as planned. @param {Plan} plan @param {Step} step */
export function plannedLevel(plan, step) {
  return Number.isInteger(step.level) ? step.level : Math.max(0, plan.levels.indexOf(step.level_words));
}

/** Returns the level that holds now: the step's, at most the cap. @param {Plan} plan @param {State} state */
export function currentLevel(plan, state) {
  return Math.min(plannedLevel(plan, plan.steps[state.step]), state.cap);
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
  const top = Math.max(0, ...plan.steps.map((step) => plannedLevel(plan, step)));
  const fresh = {
    phase: "ready", step: 0, elapsed: 0, cap: Math.min(top, saved?.cap ?? top), silences: 0,
    asked: -1, open: null, repeat: null, holdLeft: null, endedBySilence: false, leftAlone: [],
  };
  if (!saved?.phase || saved.phase === "ready") return fresh;
  const elapsed = Math.min(Math.max(0, saved.elapsed ?? 0), endOfStep(plan, plan.steps.length - 1));
  let step = 0;
  while (step < plan.steps.length - 1 && endOfStep(plan, step) <= elapsed + EPSILON_S) step += 1;
  // Whoever opens the page again has not said "go on" yet.
  const phase = saved.phase === "running" ? "paused" : saved.phase;
  const asked = plan.check_ins.filter((each) => each.at <= elapsed).length - 1;
  return { ...fresh, phase, step, elapsed, asked };
}

/** Whether all of a step is on places that are left alone. @param {Step} step @param {string[]} leftAlone */
function isLeftAlone(step, leftAlone) {
  return Boolean(step.parts?.length) && (step.parts ?? []).every((part) => leftAlone.includes(part));
}

/**
 * Returns the state at the end of the present step; with `leave`, its places are left alone
 * from now on.
 * @param {Plan} plan @param {State} state @param {boolean} leave @returns {State}
 */
function skipStep(plan, state, leave) {
  const elapsed = endOfStep(plan, state.step);
  const asked = plan.check_ins.filter((each) => each.at < elapsed).length - 1;
  const leftAlone = leave ? [...state.leftAlone, ...(plan.steps[state.step].parts ?? [])] : state.leftAlone;
  return { ...state, elapsed, asked: Math.max(asked, state.asked), leftAlone };
}

/** Returns the state with the rest one level below the present one. @param {Plan} plan @param {State} state */
function soften(plan, state) {
  return { ...state, cap: Math.max(0, currentLevel(plan, state) - 1) };
}

/**
 * Returns the state after an event; one that makes no sense changes nothing. Nothing leads
 * out of stopped and finished, and nothing raises the cap.
 * @param {Plan} plan @param {State} state @param {string} event @returns {State}
 */
export function advance(plan, state, event) {
  const { phase, open, silences } = state;
  if (phase === "stopped" || phase === "finished") return state;
  const closed = { ...state, open: null, repeat: null, holdLeft: null };
  if (event === "stop") return { ...closed, phase: "stopped" };
  if (phase === "ready") return event === "start" ? { ...state, phase: "running" } : state;
  if (phase === "paused") {
    if (event === "softer") return soften(plan, state);
    if (event === "go_on") return { ...closed, phase: "running", silences: 0 };
    if (event === "silence") return { ...closed, phase: "stopped", endedBySilence: true };
    // Reported in a pause, a place is left alone all the same; hands stay still until "go on".
    if (event === "leave") return skipStep(plan, state, true);
    return state;
  }
  if (event === "softer") return soften(plan, { ...(open ? closed : state), silences: 0 });
  if (event === "pause") return { ...closed, phase: "paused" };
  if (event === "still") return { ...closed, phase: "paused", holdLeft: plan.timings.pad_hold_s };
  if (event === "fine") return { ...closed, silences: 0 };
  if (event === "skip" || event === "leave") {
    return skipStep(plan, { ...closed, silences: 0 }, event === "leave");
  }
  if (event === "silence" && silences) {
    return { ...closed, phase: "paused", silences: silences + 1, holdLeft: plan.timings.hold_s };
  }
  if (event === "silence" && open) {
    const due = state.elapsed + plan.timings.repeat_s;
    return { ...soften(plan, closed), silences: 1, repeat: { at: open.at, due } };
  }
  return state;
}

/** Returns the name under which an event is reported to Python. @param {string} event */
export function reportedName(event) {
  if (event === "skip" || event === "leave") return "fine";
  return event === "still" ? "pause" : event;
}

/**
 * Returns the index of the check-in whose time has come, of several only the last; null for none.
 * @param {Plan} plan @param {State} state
 */
function findDueCheckIn(plan, state) {
  const asked = plan.check_ins.filter((each) => each.at <= state.elapsed + EPSILON_S).length - 1;
  if (asked > state.asked) return asked;
  return state.repeat && state.repeat.due <= state.elapsed + EPSILON_S ? state.repeat.at : null;
}

/**
 * Returns the state after `seconds`, and the events in them, in order. However late a tick
 * comes, nothing is passed over.
 * @param {Plan} plan @param {State} state @param {number} seconds of the plan
 */
export function passTime(plan, state, seconds) {
  let now = state;
  let left = Math.max(0, seconds);
  /** @type {{event: string, step: number, elapsed: number, cap: number}[]} */
  const events = [];
  const emit = (/** @type {string} */ event) =>
    events.push({ event, step: now.step, elapsed: now.elapsed, cap: now.cap });
  const emitSilence = () => {
    now = advance(plan, now, "silence");
    emit("silence");
  };
  for (;;) {
    if (now.phase === "paused" && now.holdLeft !== null) {
      const span = Math.min(left, now.holdLeft);
      now = { ...now, holdLeft: now.holdLeft - span };
      if ((now.holdLeft ?? 0) > EPSILON_S) break;
      emitSilence();
    }
    if (now.phase !== "running") break;
    const end = endOfStep(plan, now.step);
    if (now.elapsed >= end - EPSILON_S) {
      if (now.step < plan.steps.length - 1) {
        now = { ...now, step: now.step + 1 };
        emit("next");
        // The last step is a hand at rest, and is never left out.
        const here = plan.steps[now.step];
        if (now.step < plan.steps.length - 1 && isLeftAlone(here, now.leftAlone)) {
          now = skipStep(plan, now, false);
        }
      } else {
        now = { ...now, phase: "finished", open: null, repeat: null };
        emit("finish");
      }
      continue;
    }
    if (now.open && now.open.left <= EPSILON_S) {
      emitSilence();
      continue;
    }
    const at = now.open ? null : findDueCheckIn(plan, now);
    if (at !== null) {
      now = { ...now, asked: Math.max(now.asked, at), repeat: null, open: { at, left: plan.timings.answer_s } };
      emit("ask");
      continue;
    }
    if (left <= EPSILON_S) break;
    const coming = [end, now.repeat?.due ?? Infinity, plan.check_ins[now.asked + 1]?.at ?? Infinity];
    const span = Math.min(
      left,
      ...(now.open ? [end - now.elapsed, now.open.left] : coming.map((time) => time - now.elapsed)),
    );
    now = {
      ...now,
      elapsed: now.elapsed + span,
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
