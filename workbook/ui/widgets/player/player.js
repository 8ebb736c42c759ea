/** @import { RenderProps } from "@anywidget/types" */
/** @typedef {{name: string, colour: string, shape: string}} Mark */
/** @typedef {{title: string, sentence: string, side: string, level: number, level_words: string, seconds: number, next: string, parts?: string[], technique?: string}} Step */
/** @typedef {{at: number, question: string, answers: {key: string, label: string, kind: string}[]}} CheckIn */
/** @typedef {{notice: string, line: string, ask: string, kind: string}} Reaction */
/**
 * @typedef {{
 *   reactions?: Reaction[], asks?: string[], moments?: Record<string, string[]>,
 *   title: string, seconds: number, levels: string[], steps: Step[], check_ins: CheckIn[],
 *   cues: {at: number, kind: string, text: string, seconds: number}[], giver: Mark, receiver: Mark,
 * }} Plan
 */
/**
 * Where a session is. Seconds are seconds of the plan.
 * @typedef {{
 *   phase: string, step: number, elapsed: number, cap: number,
 *   silences: number,
 *   asked: number,
 *   open: {at: number, left: number} | null,
 *   again: {at: number, due: number} | null,
 *   hold: number | null,
 *   silent: boolean,
 *   left: string[],
 * }} State
 *   `asked`: index of the last check-in whose time came; `open`: the one on the screen;
 *   `again`: one to be asked once more; `hold`: seconds until a silent pause ends all;
 *   `silent`: it ended without a word; `left`: places left alone for the rest of it.
 */
/**
 * @typedef {{
 *   plan: Plan, words: Record<string, string>, state: Partial<State> | null,
 *   agreed: boolean, speed: number, pad: string,
 * }} Model
 */

/* ---- The session; pure ---- */

export const ASK = 10; // s for an answer; after that it is silence
export const AGAIN = 60; // s until the question comes back
export const HOLD = 60; // s of hands still without a word, then it ends
export const STILLED = 20; // s of it after two taps on the receiver's pad
const HAIR = 1e-6;

/** @param {Plan} plan @param {number} step */
function endOf(plan, step) {
  return plan.steps.slice(0, step + 1).reduce((sum, each) => sum + each.seconds, 0);
}

/** The level of a step as planned. @param {Plan} plan @param {Step} step */
function planned(plan, step) {
  return Number.isInteger(step.level) ? step.level : Math.max(0, plan.levels.indexOf(step.level_words));
}

/** The level that holds now: the step's, under the cap. @param {Plan} plan @param {State} state */
export function level(plan, state) {
  return Math.min(planned(plan, plan.steps[state.step]), state.cap);
}

/** @param {Plan} plan @param {Partial<State> | null} [saved] @returns {State} */
export function begin(plan, saved) {
  const top = Math.max(0, ...plan.steps.map((step) => planned(plan, step)));
  const fresh = {
    phase: "ready", step: 0, elapsed: 0, cap: Math.min(top, saved?.cap ?? top), silences: 0,
    asked: -1, open: null, again: null, hold: null, silent: false, left: [],
  };
  if (!saved?.phase || saved.phase === "ready") return fresh;
  const elapsed = Math.min(Math.max(0, saved.elapsed ?? 0), endOf(plan, plan.steps.length - 1));
  let step = 0;
  while (step < plan.steps.length - 1 && endOf(plan, step) <= elapsed + HAIR) step += 1;
  // Whoever opens the page again has not said "go on" yet.
  const phase = saved.phase === "running" ? "paused" : saved.phase;
  const asked = plan.check_ins.filter((each) => each.at <= elapsed).length - 1;
  return { ...fresh, phase, step, elapsed, asked };
}

/** Whether all of a step is on places that are left alone. @param {Step} step @param {string[]} left */
function spared(step, left) {
  return Boolean(step.parts?.length) && (step.parts ?? []).every((part) => left.includes(part));
}

/**
 * On to the end of the present step; with `leave`, its places are left alone from now on.
 * @param {Plan} plan @param {State} state @param {boolean} leave @returns {State}
 */
function skipped(plan, state, leave) {
  const elapsed = endOf(plan, state.step);
  const asked = plan.check_ins.filter((each) => each.at < elapsed).length - 1;
  const left = leave ? [...state.left, ...(plan.steps[state.step].parts ?? [])] : state.left;
  return { ...state, elapsed, asked: Math.max(asked, state.asked), left };
}

/** One softer than now, for the whole rest. @param {Plan} plan @param {State} state */
function softer(plan, state) {
  return { ...state, cap: Math.max(0, level(plan, state) - 1) };
}

/**
 * The state after a word or a silence; what makes no sense changes nothing.
 * Nothing leads out of stopped and finished, and nothing raises the cap.
 * @param {Plan} plan @param {State} state @param {string} event @returns {State}
 */
export function advance(plan, state, event) {
  const { phase, open, silences } = state;
  if (phase === "stopped" || phase === "finished") return state;
  const shut = { ...state, open: null, again: null, hold: null };
  if (event === "stop") return { ...shut, phase: "stopped" };
  if (phase === "ready") return event === "start" ? { ...state, phase: "running" } : state;
  if (phase === "paused") {
    if (event === "softer") return softer(plan, state);
    if (event === "go_on") return { ...shut, phase: "running", silences: 0 };
    if (event === "silence") return { ...shut, phase: "stopped", silent: true };
    // Told in a pause, a place is left alone all the same; hands stay still until "go on".
    if (event === "leave") return skipped(plan, state, true);
    return state;
  }
  if (event === "softer") return softer(plan, { ...(open ? shut : state), silences: 0 });
  if (event === "pause") return { ...shut, phase: "paused" };
  if (event === "still") return { ...shut, phase: "paused", hold: STILLED };
  if (event === "fine") return { ...shut, silences: 0 };
  if (event === "skip" || event === "leave") {
    return skipped(plan, { ...shut, silences: 0 }, event === "leave");
  }
  if (event === "silence" && silences) return { ...shut, phase: "paused", silences: silences + 1, hold: HOLD };
  if (event === "silence" && open) {
    return { ...softer(plan, shut), silences: 1, again: { at: open.at, due: state.elapsed + AGAIN } };
  }
  return state;
}

/**
 * The check-in whose time has come: of several only the last.
 * @param {Plan} plan @param {State} state
 */
function due(plan, state) {
  const asked = plan.check_ins.filter((each) => each.at <= state.elapsed + HAIR).length - 1;
  if (asked > state.asked) return asked;
  return state.again && state.again.due <= state.elapsed + HAIR ? state.again.at : null;
}

/**
 * The state after `seconds`, and what happened in them, in order. However late a
 * tick comes, nothing is passed over.
 * @param {Plan} plan @param {State} state @param {number} seconds
 */
export function pass(plan, state, seconds) {
  let now = state;
  let left = Math.max(0, seconds);
  /** @type {{event: string, step: number, elapsed: number, cap: number}[]} */
  const events = [];
  const tell = (/** @type {string} */ event) =>
    events.push({ event, step: now.step, elapsed: now.elapsed, cap: now.cap });
  const hush = () => {
    now = advance(plan, now, "silence");
    tell("silence");
  };
  for (;;) {
    if (now.phase === "paused" && now.hold !== null) {
      const span = Math.min(left, now.hold);
      now = { ...now, hold: now.hold - span };
      if ((now.hold ?? 0) > HAIR) break;
      hush();
    }
    if (now.phase !== "running") break;
    const end = endOf(plan, now.step);
    if (now.elapsed >= end - HAIR) {
      if (now.step < plan.steps.length - 1) {
        now = { ...now, step: now.step + 1 };
        tell("next");
        // The last step is a hand at rest, and is never left out.
        const here = plan.steps[now.step];
        if (now.step < plan.steps.length - 1 && spared(here, now.left)) {
          now = skipped(plan, now, false);
        }
      } else {
        now = { ...now, phase: "finished", open: null, again: null };
        tell("finish");
      }
      continue;
    }
    if (now.open && now.open.left <= HAIR) {
      hush();
      continue;
    }
    const at = now.open ? null : due(plan, now);
    if (at !== null) {
      now = { ...now, asked: Math.max(now.asked, at), again: null, open: { at, left: ASK } };
      tell("ask");
      continue;
    }
    if (left <= HAIR) break;
    const coming = [end, now.again?.due ?? Infinity, plan.check_ins[now.asked + 1]?.at ?? Infinity];
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

/* ---- Sound: two soft bells, made here ---- */

function bells() {
  /** @type {AudioContext | null} */
  let context = null;
  return {
    /** To be called from a tap: browsers allow no sound before one. */
    wake() {
      try {
        context ??= new AudioContext();
        void context.resume();
      } catch {
        context = null; // no sound here; everything is on the screen too
      }
    },
    /** @param {number[]} tones */
    ring(tones) {
      if (!context || context.state !== "running") return;
      const start = context.currentTime;
      tones.forEach((tone, i) => {
        for (const [times, loud] of [[1, 0.16], [2.01, 0.05], [3.02, 0.02]]) {
          const from = start + i * 0.35;
          const wave = /** @type {AudioContext} */ (context).createOscillator();
          const gain = /** @type {AudioContext} */ (context).createGain();
          wave.frequency.value = tone * times;
          gain.gain.setValueAtTime(0.0001, from);
          gain.gain.exponentialRampToValueAtTime(loud, from + 0.03);
          gain.gain.exponentialRampToValueAtTime(0.0001, from + 2.2 / times);
          wave.connect(gain).connect(/** @type {AudioContext} */ (context).destination);
          wave.start(from);
          wave.stop(from + 2.3);
        }
      });
    },
    /** Call after a second of the sound's own clock. @param {() => void} call */
    after(call) {
      if (!context || context.state !== "running") return false;
      const silence = new ConstantSourceNode(context, { offset: 0 });
      silence.onended = call;
      silence.connect(context.destination);
      silence.start();
      silence.stop(context.currentTime + 1);
      return true;
    },
    hush() {
      void context?.close();
      context = null;
    },
  };
}
const STEP = [396];
const QUESTION = [396, 528];

/* ---- Speech: by a voice of this device, or not at all ---- */

/**
 * A voice that needs no network, in the language of the page.
 * @param {{lang: string, localService: boolean}[]} voices @param {string} lang
 * @returns {any}
 */
export function ownVoice(voices, lang) {
  const near = voices.filter((voice) => voice.localService);
  const same = (/** @type {string} */ other) => other.replace("_", "-").toLowerCase().startsWith(lang.toLowerCase());
  return near.find((voice) => same(voice.lang));
}

/* ---- Breath: four seconds in, six out, to follow or not ---- */

const BREATH_IN = 4; // s
const BREATH = 10; // s; the style moves as long

/** Whether the breath that is shown comes in. @param {number} seconds since it was first shown */
export function inward(seconds) {
  return seconds % BREATH < BREATH_IN;
}

/* ---- The screen ---- */

const TICK = 200; // ms
const REPORT = 10_000; // ms
const SLEPT = 20_000; // ms without a tick: the device slept, and nobody was led
const SETTLE = 700; // ms before "go on" takes a tap: the pause may have been tapped twice
const STAYS = 8000; // ms that "one softer" stays to be read
const NOTED = 15_000; // ms that what came up stays to be read
const RADIUS = 46;

/* One hand, and how it moves: a picture for each kind of touch, by its code in techniques.toml. */

const HAND =
  "M25 59V50C20 46 17 41 14.6 36.4C12.8 32.6 16.2 30 19.2 32.6L24.4 38.6V18.4C24.4 14.8 29.4 14.8 29.5 18.4L30 31.6L30.7 12.6C30.9 9 35.9 9.1 35.9 12.7L35.8 31.8L38.2 15.2C38.8 11.8 43.4 12.5 43 16L41.2 32.6L44.5 22.2C45.6 19 49.8 20.3 49 23.6L45.2 42C44.2 46.6 42.4 49.4 41 51.6V59";
/** @type {Record<string, string>} */
export const MOVES = {
  HOLD: "M10 62.5H54",
  FEA: "M20 9C21.5 6.5 23 6.5 24.5 9S27.5 11.5 29 9M33 4.5C34.5 2 36 2 37.5 4.5S40.5 7 42 4.5M46 12C47.5 9.5 49 9.5 50.5 12S53.5 14.5 55 12",
  EFF: "M57 58V10M53 15L57 10L61 15",
  PET: "M9 26C3.5 34 4.5 46 12 53M12 47.4V53H6.4M55 26C60.5 34 59.5 46 52 53M52 47.4V53H57.6",
  FRI: "M60 8.5A7.5 7.5 0 1 1 53 1.8M49.4 -.6L53.4 1.8L50.6 5.6",
  COM: "M57 12V46M53 41L57 46L61 41M50 53H64",
  VIB: "M6 22L3 27L6 32L3 37L6 42M58 22L61 27L58 32L61 37L58 42",
  TAP: "M27 9V4M33.4 6V1M41 9.4L42.2 4.6M48.6 15.6L50.6 11",
};

/** @param {string | undefined} sentence @param {Record<string, any>} [facts] */
function say(sentence, facts = {}) {
  return (sentence ?? "").replace(/\{(\w+)\}/g, (_all, name) => String(facts[name] ?? ""));
}

/** @param {number} seconds */
export function clock(seconds) {
  const whole = Math.max(0, Math.ceil(seconds - 0.001));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/**
 * @param {string} tag
 * @param {string} [name]
 * @param {string} [text]
 * @returns {any}
 */
function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text) node.textContent = text;
  return node;
}

/** @param {Element} node @param {string} text */
function put(node, text) {
  if (node.textContent !== text) node.textContent = text; // unchanged, it is not read out again
}

/** @param {Mark} mark @param {string} does */
function person(mark, does) {
  const badge = make("span", `at-player-person at-colour-${mark?.colour}`);
  const shape = make("span", "at-player-shape");
  shape.dataset.shape = mark?.shape;
  shape.setAttribute("aria-hidden", "true");
  badge.append(shape, make("span", "at-player-name", mark?.name), make("span", "at-player-does", does));
  return badge;
}

function ring() {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 100 100");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "at-player-ring");
  const circles = ["at-player-track", "at-player-run"].map((name) => {
    const circle = document.createElementNS(ns, "circle");
    circle.setAttribute("class", name);
    for (const [key, value] of [["cx", 50], ["cy", 50], ["r", RADIUS]]) circle.setAttribute(String(key), String(value));
    circle.setAttribute("pathLength", "1");
    return circle;
  });
  const air = document.createElementNS(ns, "circle");
  for (const [key, value] of [["cx", 50], ["cy", 50], ["r", 40]]) air.setAttribute(String(key), String(value));
  air.setAttribute("class", "at-player-air");
  svg.append(air, ...circles);
  return { svg, run: circles[1] };
}

/** The hands of a step. Words beside it say the same, so nobody has to see it. */
function picture() {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "-1 -3 68 68");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "at-player-hand");
  const [hand, move] = ["at-player-palm", "at-player-move"].map((name) => {
    const path = document.createElementNS(ns, "path");
    path.setAttribute("class", name);
    svg.append(path);
    return path;
  });
  hand.setAttribute("d", HAND);
  return {
    hand: svg,
    /** @param {string | undefined} technique */
    show(technique) {
      const path = MOVES[technique ?? ""];
      svg.toggleAttribute("hidden", !path);
      move.setAttribute("d", path ?? "");
    },
  };
}


/**
 * Keeps Back from leaving while a dialog is open: an entry with the same address is pushed,
 * and pushed again whenever the browser has gone elsewhere in this document.
 */
function historyGuard() {
  let address = "";
  const push = () => history.pushState({ ...history.state, atDialog: true }, "", address);
  return {
    hold() {
      if (address) return;
      address = location.href;
      if (!history.state?.atDialog) push(); // left over from the last time, it serves again
      addEventListener("popstate", push);
    },
    release() {
      address = "";
      removeEventListener("popstate", push);
    },
  };
}

/** @param {RenderProps<Model>} props */
function render({ model, el }) {
  const id = `at-player-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  const sound = bells();
  const guard = historyGuard();
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let plan = /** @type {Plan} */ (model.get("plan"));
  let state = begin(plan, model.get("state"));
  let loud = true;
  let spoken = false;
  /** When the breath to follow was asked for. @type {number | null} */
  let breathing = null;
  let covered = false;
  let last = performance.now();
  let reported = 0;
  let softened = -Infinity;
  let paused = 0;
  /** What came up last, and when it was said. @type {Reaction | null} */
  let note = null;
  let noted = -Infinity;
  /** The plan a session of this page has run; it is not run twice. */
  let ran = "";
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let ticking;
  /** Whether the sound's clock ticks as well. */
  let sounding = false;
  /** @type {{release: () => Promise<void>} | null} */
  let awake = null;
  const words = () => /** @type {Record<string, string>} */ (model.get("words") ?? {});
  const live = () => state.phase === "running" || state.phase === "paused";

  /* What is on the page, and what covers it */

  const card = make("div", "at-player-card");
  const stage = /** @type {HTMLDialogElement} */ (make("dialog", "at-player at-player-stage"));
  const top = make("div", "at-player-top");
  const title = make("p", "at-player-title");
  const pair = make("p", "at-player-pair");
  const bell = make("button", "at-player-bell");
  const other = make("button", "at-player-other");
  const more = make("div", "at-player-more");
  const main = make("div", "at-player-main");
  const face = make("div", "at-player-clock");
  const { svg, run } = ring();
  const hands = picture();
  const time = make("p", "at-player-time");
  const paced = make("p", "at-player-paced");
  const text = make("div", "at-player-text");
  const where = make("p", "at-player-where");
  const now = make("div", "at-player-now");
  const name = make("h2", "at-player-step");
  const sentence = make("p", "at-player-sentence");
  const facts = make("p", "at-player-facts");
  const side = make("span", "at-player-fact at-player-side");
  const touch = make("span", "at-player-fact at-player-level");
  const cue = make("p", "at-player-cue");
  const next = make("p", "at-player-next");
  const pad = make("p", "at-player-pad");
  const ask = make("div", "at-player-ask");
  const question = make("p", "at-player-question");
  const answers = make("div", "at-player-answers");
  const wait = make("div", "at-player-wait");
  const calm = make("div", "at-player-calm");
  const zones = make("div", "at-player-zones");
  const aloud = make("p", "at-player-unseen");

  stage.setAttribute("aria-labelledby", `${id}-title`);
  stage.tabIndex = -1;
  title.id = `${id}-title`;
  bell.type = other.type = "button";
  more.id = `${id}-more`;
  more.hidden = true;
  other.setAttribute("aria-controls", more.id);
  time.setAttribute("role", "timer");
  time.setAttribute("aria-live", "off");
  now.setAttribute("aria-live", "polite");
  cue.setAttribute("aria-live", "polite");
  aloud.setAttribute("aria-live", "assertive");
  ask.setAttribute("role", "group");
  ask.setAttribute("aria-labelledby", `${id}-question`);
  question.id = `${id}-question`;
  calm.setAttribute("aria-live", "assertive");
  wait.append(make("span", "at-player-wait-run"));
  facts.append(side, touch);
  now.append(name, sentence, facts);
  face.append(svg, hands.hand, time, paced);
  paced.setAttribute("aria-hidden", "true"); // said twelve times a minute, it would be noise
  text.append(where, now, cue, next);
  pad.setAttribute("aria-live", "assertive");
  ask.append(question, answers, wait);
  main.append(face, text, ask, calm);
  top.append(title, pair, other, bell);
  stage.append(top, pad, main, more, zones, aloud);

  /** @type {Record<string, HTMLButtonElement>} */
  const taps = {};
  for (const tap of ["softer", "pause", "stop"]) {
    const button = make("button", `at-player-zone at-player-${tap}`);
    const sign = make("span", "at-player-sign");
    button.type = "button";
    sign.setAttribute("aria-hidden", "true");
    button.append(sign, make("span", "at-player-word"));
    button.addEventListener("click", () => act(tap));
    taps[tap] = button;
    zones.append(button);
  }

  /* What happens */

  /** @param {any} content */
  function send(content) {
    try {
      model.send(content);
    } catch {
      // Nobody hears it. The session goes on here, and a stop has long been shown.
    }
  }

  function report() {
    reported = performance.now();
    const { phase, step, cap } = state;
    send({ kind: "at", phase, step, elapsed: Math.round(state.elapsed * 10) / 10, cap });
  }

  /** @param {string} event @param {State} at @param {string} [answer] */
  function tell(event, at, answer) {
    const said = { kind: "event", event, step: at.step, elapsed: Math.round(at.elapsed * 10) / 10, cap: at.cap };
    send(answer === undefined ? said : { ...said, answer });
  }

  /** Show first, then say. @param {State} after @param {() => void} say */
  function become(after, say) {
    const before = state;
    state = after;
    if (after.phase !== before.phase) note = null; // it spoke about what was before
    if (after.phase !== before.phase || (after.open && !before.open)) spread(false);
    if (after.cap < before.cap) softened = performance.now();
    if (after.phase !== before.phase) turn();
    paint();
    say();
    if (after.phase !== before.phase || after.step !== before.step) report();
  }

  /** A tap, an answer or the partner's signal. @param {string} event @param {string} [answer] */
  function act(event, answer) {
    note = null; // a new word; the last one is over
    const after = advance(plan, state, event);
    if (after === state) return;
    if (event === "start" || event === "go_on") sound.wake();
    const moves = event === "skip" || event === "leave";
    const told = moves ? "fine" : event === "still" ? "pause" : event;
    become(after, () => tell(told, after, answer));
    if (event === "start" || moves) step(0);
    if (event === "start") read([plan.steps[0].title, plan.steps[0].sentence].join(". "));
  }

  /** Something came up: do what it asks for, then say what to do. @param {Reaction} reaction */
  function react(reaction) {
    spread(false);
    act(reaction.kind);
    note = reaction; // read out by the place where it is shown
    noted = performance.now();
    shown = "";
    paint();
  }

  /** @param {boolean} wide */
  function spread(wide) {
    const inside = more.contains(document.activeElement);
    more.hidden = !wide;
    main.hidden = wide;
    if (wide) /** @type {HTMLElement | null} */ (more.firstElementChild)?.focus();
    else if (inside) (other.offsetParent ? other : stage).focus();
    other.setAttribute("aria-expanded", String(wide));
    put(other, (wide ? words().close : words().something_else) ?? "");
  }

  /** Read aloud, if that was wished for; what was being read is dropped. @param {string} text */
  function read(text) {
    const speech = globalThis.speechSynthesis;
    speech?.cancel();
    const voice = spoken && text && speech && ownVoice(speech.getVoices(), document.documentElement.lang || "en");
    if (!voice) return;
    const said = new SpeechSynthesisUtterance(text);
    said.voice = voice;
    said.lang = voice.lang;
    said.rate = 0.9;
    speech.speak(said);
  }

  /** @param {number} seconds */
  function step(seconds) {
    const { state: after, events } = pass(plan, state, seconds);
    const happened = events.map((each) => each.event);
    become(after, () => events.forEach((each) => tell(each.event, /** @type {any} */ (each))));
    if (after.phase === "stopped") return;
    const asks = happened.includes("ask") && after.open ? plan.check_ins[after.open.at].question : "";
    const here = plan.steps[after.step];
    const moves = happened.includes("next") && after.phase === "running";
    if (moves || asks) read([moves ? `${here.title}. ${here.sentence}` : "", asks].join(" ").trim());
    if (!loud) return;
    if (happened.includes("ask") || (happened.includes("silence") && after.phase === "paused")) sound.ring(QUESTION);
    else if (happened.includes("next") || happened.includes("finish")) sound.ring(STEP);
  }

  function tick() {
    const real = performance.now() - last;
    last += real;
    if (state.phase === "running" && real > SLEPT) return act("pause");
    step((real / 1000) * (model.get("speed") || 1));
    if (live() && performance.now() - reported > REPORT) report();
  }

  /**
   * In the background a browser lets timers come once a minute at worst; the sound's clock
   * goes on as ever.
   */
  function background() {
    sounding = false;
    if (!document.hidden || !live()) return;
    tick();
    sounding = sound.after(background);
  }

  /** What a change of phase brings with it. */
  function turn() {
    const { phase } = state;
    if (phase !== "running") read("");
    if (live()) {
      ran = JSON.stringify(plan);
      last = performance.now();
      ticking ??= setInterval(tick, TICK);
      if (phase === "paused") paused = last;
      else {
        cover();
        void keepAwake();
      }
      return;
    }
    clearInterval(ticking);
    ticking = undefined;
    sounding = false;
    padded();
    if (phase === "stopped") sound.hush();
    void awake?.release().catch(() => undefined);
    awake = null;
    if (covered && !words().leave) uncover();
  }

  function cover() {
    if (covered) return;
    covered = true;
    document.documentElement.classList.add("at-player-open");
    // Outside the chapters: one that is turned away takes no Stop off the screen.
    if (!stage.isConnected) document.body.append(stage);
    if (!stage.open) stage.showModal();
    stage.focus();
    guard.hold();
  }

  function uncover() {
    covered = false;
    document.documentElement.classList.remove("at-player-open");
    guard.release();
    stage.close();
    stage.remove();
    sound.hush();
    paint();
    card.scrollIntoView({ block: "start", behavior: "instant" });
    card.focus({ preventScroll: true });
  }

  async function keepAwake() {
    try {
      if (awake || document.hidden) return;
      awake = /** @type {any} */ (await navigator.wakeLock.request("screen"));
      /** @type {any} */ (awake).addEventListener("release", () => (awake = null));
    } catch {
      awake = null; // not offered here, or the battery is low
    }
  }

  /* What is shown */

  function paintCard() {
    const say_ = words();
    const { phase } = state;
    if (phase === "ready" || covered) {
      const start = make("button", "at-player-start", say_.start);
      const ready = plan.steps.length > 0 && Boolean(model.get("agreed")) && phase === "ready";
      const why = make("p", "at-player-why", ready || phase !== "ready" ? "" : say_.not_agreed);
      start.type = "button";
      start.disabled = !ready;
      why.id = `${id}-why`;
      if (why.textContent) start.setAttribute("aria-describedby", why.id);
      start.addEventListener("click", () => act("start"));
      const who = make("p", "at-player-pair");
      who.append(person(plan.giver, say_.gives), person(plan.receiver, say_.receives));
      const minutes = Math.round(plan.seconds / 60);
      card.replaceChildren(
        make("h3", "at-player-heading", plan.title), who,
        make("p", "at-player-meta", say(say_.meta, { minutes, steps: plan.steps.length })),
        start, why,
      );
    } else {
      // Opened again in the middle of it, or at its end: no cover, the page is all around.
      const resting = phase === "paused";
      const stop = make("button", "at-player-back", say_.stop);
      stop.type = "button";
      stop.addEventListener("click", () => act("stop"));
      const parts = calmly().filter((each) => resting || !each.matches("button"));
      card.replaceChildren(...parts, ...(resting ? [stop] : []));
    }
  }

  /** The calm words of a pause or an end. @returns {HTMLElement[]} */
  function calmly() {
    const say_ = words();
    const { phase } = state;
    const which = phase === "paused" ? "paused" : phase === "finished" ? "finished" : state.silent ? "silence" : "stopped";
    const out = [make("h2", "at-player-still", say_[`${which}_title`])];
    out.push(make("p", "at-player-quietly", note?.line || say_[`${which}_text`]));
    const moment = phase === "paused" && state.hold !== null ? "silent" : phase;
    const asks = note ? [note.ask].filter(Boolean) : (plan.moments?.[moment] ?? []);
    out.push(...asks.map((each) => make("p", "at-player-quietly at-player-asked", each)));
    if (phase === "paused") {
      const on = make("button", "at-player-on", say(say_.go_on, { name: plan.receiver?.name ?? "" }));
      on.type = "button";
      on.addEventListener("click", () => act("go_on"));
      on.disabled = true;
      setTimeout(() => (on.disabled = false), SETTLE - (performance.now() - paused));
      out.push(on);
    } else if (say_.leave) {
      const leave = make("button", "at-player-back", say_.leave);
      leave.type = "button";
      leave.addEventListener("click", () => {
        uncover();
        send({ kind: "left" });
      });
      out.push(leave);
    }
    return out;
  }

  /** @param {CheckIn} checkIn */
  function paintAsk(checkIn) {
    put(question, checkIn.question);
    put(aloud, checkIn.question);
    answers.replaceChildren(
      ...checkIn.answers.map((each) => {
        const button = make("button", "at-player-answer", each.label);
        const known = ["softer", "pause", "stop", "skip", "leave"].includes(each.kind);
        button.type = "button";
        button.addEventListener("click", () => act(known ? each.kind : "fine", each.key));
        return button;
      }),
    );
  }

  let shown = "";
  let openAt = /** @type {number | null} */ (null);

  function paint() {
    const { phase, open } = state;
    const say_ = words();
    const ended = phase === "stopped" || phase === "finished";
    const look = JSON.stringify([phase, state.silent, covered, model.get("agreed")]);
    if (shown !== look) {
      shown = look;
      stage.dataset.phase = el.dataset.phase = phase;
      top.hidden = zones.hidden = ended;
      if (ended) spread(false);
      face.hidden = text.hidden = phase !== "running";
      calm.hidden = phase === "running" || phase === "ready";
      calm.replaceChildren(...(calm.hidden ? [] : calmly()));
      taps.pause.setAttribute("aria-disabled", String(phase === "paused"));
      paintCard();
      put(aloud, "");
    }
    ask.hidden = !open;
    stage.toggleAttribute("data-asking", Boolean(open));
    if (!open) openAt = null;
    else {
      if (openAt !== open.at) paintAsk(plan.check_ins[open.at]);
      openAt = open.at;
      wait.style.setProperty("--at-left", still.matches ? "1" : String(open.left / ASK));
    }
    if (phase !== "running") return;

    const fresh = performance.now();
    const here = plan.steps[state.step];
    const left = endOf(plan, state.step) - state.elapsed;
    const held = level(plan, state);
    const said = plan.cues.find((each) => each.at <= state.elapsed && state.elapsed < each.at + each.seconds);
    const total = endOf(plan, plan.steps.length - 1);
    put(time, clock(left));
    stage.toggleAttribute("data-breathes", breathing !== null);
    const breath = breathing === null ? "" : inward((fresh - breathing) / 1000) ? say_.breath_in : say_.breath_out;
    put(paced, breath ?? "");
    run.setAttribute("stroke-dashoffset", String(still.matches ? 0 : 1 - left / here.seconds));
    put(where, [
      say(say_.step, { n: state.step + 1, all: plan.steps.length }),
      say(say_.left, { time: clock(total - state.elapsed) }),
    ].join(" · "));
    hands.show(here.technique);
    put(name, here.title);
    put(sentence, here.sentence);
    put(side, here.side ?? "");
    put(touch, held < planned(plan, here) ? plan.levels[held] : here.level_words);
    if (note && fresh - noted < NOTED) put(cue, [note.line, note.ask].join(" ").trim());
    else put(cue, fresh - softened < STAYS ? (say_.softer_now ?? "") : (said?.text ?? ""));
    put(next, here.next ? say(say_.next, { title: here.next }) : (say_.last ?? ""));
  }

  /** The receiver's pad: with it, silence can be a word; without it the giver asks aloud. */
  function padded() {
    const there = live() ? model.get("pad") : ""; // the end is quiet
    pad.dataset.there = there;
    put(pad, there === "here" ? (words().pad_here ?? "") : there === "gone" ? (words().pad_gone ?? "") : "");
    if (there === "gone" && loud) sound.ring(QUESTION);
  }

  function dress() {
    const say_ = words();
    padded();
    put(title, plan.title ?? "");
    pair.replaceChildren(person(plan.giver, say_.gives), person(plan.receiver, say_.receives));
    for (const [tap, button] of Object.entries(taps)) put(/** @type {Element} */ (button.lastChild), say_[tap] ?? "");
    const list = make("ul", "at-player-reactions");
    for (const reaction of plan.reactions ?? []) {
      const line = make("li", "");
      const tap = make("button", "at-player-reaction", reaction.notice);
      tap.type = "button";
      tap.addEventListener("click", () => react(reaction));
      line.append(tap);
      list.append(line);
    }
    const asks = make("ul", "at-player-asks");
    asks.append(...(plan.asks ?? []).map((each) => make("li", "", each)));
    const heading = make("h2", "at-player-heading", say_.reactions_title);
    heading.tabIndex = -1;
    more.replaceChildren(
      heading, list,
      make("h2", "at-player-heading", say_.asks_title), asks,
      make("h2", "at-player-heading", say_.extras_title), extras(),
    );
    other.hidden = !plan.reactions?.length;
    put(other, (more.hidden ? say_.something_else : say_.close) ?? "");
    other.setAttribute("aria-expanded", String(!more.hidden));
    put(bell, (loud ? say_.sound_on : say_.sound_off) ?? "");
    bell.dataset.loud = String(loud);
    shown = "";
    openAt = null;
    paint();
  }

  /** What only some like, so that it is off: reading aloud, and a breath to follow. */
  function extras() {
    const say_ = words();
    const box = make("div", "at-player-extras");
    /** @param {string} label @param {boolean} on @param {(on: boolean) => void} turned */
    const choice = (label, on, turned) => {
      const line = make("label", "at-player-extra");
      const input = make("input", "");
      input.type = "checkbox";
      input.checked = on;
      input.addEventListener("change", () => turned(input.checked));
      line.append(input, make("span", "", label));
      box.append(line);
    };
    const voices = globalThis.speechSynthesis?.getVoices() ?? [];
    if (ownVoice(voices, document.documentElement.lang || "en")) {
      choice(say_.read_aloud ?? "", spoken, (on) => {
        spoken = on;
        if (!on) read("");
      });
    }
    choice(say_.breath_guide ?? "", breathing !== null, (on) => {
      breathing = on ? performance.now() : null;
      paint();
    });
    return box;
  }

  other.addEventListener("click", () => spread(more.hidden));
  bell.addEventListener("click", () => {
    loud = !loud;
    if (loud) sound.wake();
    else sound.hush();
    dress();
  });

  /* What Python says. Nothing it says undoes a stop or lets a session go on. */

  function anew() {
    const saved = model.get("state");
    if (live()) {
      if (saved?.phase === "stopped") act("stop");
      return;
    }
    if (ran && ran === JSON.stringify(model.get("plan"))) return;
    plan = /** @type {Plan} */ (model.get("plan"));
    state = begin(plan, saved);
    if (covered) uncover();
    dress();
  }
  /** @param {any} message */
  function heard(message) {
    if (message?.kind === "signal" && ["softer", "pause", "still", "stop"].includes(message.signal)) act(message.signal);
    else if (message?.kind === "cap") {
      const cap = Math.min(state.cap, message.cap);
      if (cap < state.cap) become({ ...state, cap, open: null, again: null, silences: 0 }, report);
    }
    else if (message?.kind === "leave" && covered && !live()) uncover();
  }
  const back = () => {
    if (!live()) return;
    if (document.hidden) {
      if (!sounding) background();
      return;
    }
    tick();
    if (state.phase === "running") void keepAwake();
  };
  // Escape, or the gesture "back": the session is left by its stop alone.
  stage.addEventListener("cancel", (event) => event.preventDefault());
  stage.addEventListener("close", () => {
    if (covered) stage.showModal();
  });

  el.classList.add("at-player");
  for (const part of [el, stage]) {
    part.dataset.atAlways = ""; // the page locks what nobody hears; a stop is heard here
    part.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's keys are not ours
  }
  card.tabIndex = -1;
  el.replaceChildren(card);
  model.on("change:plan", anew);
  model.on("change:state", anew);
  model.on("change:agreed", paint);
  model.on("change:pad", padded);
  model.on("change:words", dress);
  model.on("msg:custom", heard);
  document.addEventListener("visibilitychange", back);
  globalThis.speechSynthesis?.addEventListener?.("voiceschanged", dress); // they may come late
  dress();
  return () => {
    covered = false;
    guard.release();
    stage.remove();
    clearInterval(ticking);
    read("");
    sound.hush();
    void awake?.release().catch(() => undefined);
    document.documentElement.classList.remove("at-player-open");
    globalThis.speechSynthesis?.removeEventListener?.("voiceschanged", dress);
    document.removeEventListener("visibilitychange", back);
    model.off("change:plan", anew);
    model.off("change:state", anew);
    model.off("change:agreed", paint);
    model.off("change:pad", padded);
    model.off("change:words", dress);
    model.off("msg:custom", heard);
  };
}
export default { render };
