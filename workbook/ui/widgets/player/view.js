// @ts-check
/** The screen of the guided session: a card in the page, and a stage that covers the page. */

import { createButton, createElement, createId, fillTemplate, setText } from "../shared/dom.js";
import { createHistoryGuard } from "../shared/history_guard.js";
import { createHand, createPerson, createRing } from "./pictures.js";
import { canPassRingSwitch, isSilencedByRingSwitch } from "./sound.js";
import { currentLevel, endOfStep, formatClock, isInhale, waitsForYes } from "./session.js";

/** @import { Plan, Question, Reaction, State } from "./session.js" */
/** @import { SoundState } from "./sound.js" */
/**
 * What is shown beside the plan and the state; times are of `performance.now()`.
 * @typedef {{
 *   plan: Plan, state: State, words: Record<string, string>, agreed: boolean, mayDim: boolean, pad: string,
 *   soundOn: boolean, speechOn: boolean, canSpeak: boolean,
 *   note: Reaction | null, notedAt: number, softenedAt: number, pausedAt: number,
 *   breathingSince: number | null, ended: string,
 * }} Screen
 *   `mayDim`: no wake lock is to be had; `pad`: the receiver's pad, "here", "gone" or "" for none; `note`: what came up last.
 */
/**
 * What taps do.
 * @typedef {{
 *   act(event: string, answer?: string): void, react(reaction: Reaction): void, leave(): void,
 *   toggleSound(): void, wakeSound(): void, soundState(): SoundState | "off", setSpeech(on: boolean): void, setBreathing(on: boolean): void,
 * }} Actions
 */

const GO_ON_DELAY_MS = 700; // before "go on" takes a tap: the pause may have been tapped twice
const SOFTER_SHOWN_MS = 8000;
const NOTE_SHOWN_MS = 15_000;
/** What an answer to a check-in can do; any other kind means that all is fine. */
const ANSWER_EVENTS = ["yes", "softer", "pause", "stop", "skip", "leave"];

/**
 * Returns the view. `screen` is what it shows; whoever changes it calls `render`.
 * @param {Screen} screen @param {Actions} actions
 */
export function createView(screen, actions) {
  const id = createId("at-player-");
  const guard = createHistoryGuard();
  const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
  let covered = false;
  /** What the stage's and the card's parts that seldom change were drawn from. */
  let drawnStage = "";
  let drawnCard = "";
  /** The question whose answers are drawn. @type {Question | null} */
  let drawnCheckIn = null;

  const card = createElement("div", "at-player-card");
  const stage = /** @type {HTMLDialogElement} */ (createElement("dialog", "at-player at-player-stage"));
  const top = createElement("div", "at-player-top");
  const title = createElement("p", "at-player-title");
  const pair = createElement("p", "at-player-pair");
  const sound = createButton("at-player-bell");
  const cardSound = createButton("at-player-bell");
  const other = createButton("at-player-other");
  const more = createElement("div", "at-player-more");
  const main = createElement("div", "at-player-main");
  const face = createElement("div", "at-player-clock");
  const ring = createRing();
  const hand = createHand();
  const time = createElement("p", "at-player-time");
  const breath = createElement("p", "at-player-paced");
  const text = createElement("div", "at-player-text");
  const where = createElement("p", "at-player-where");
  const now = createElement("div", "at-player-now");
  const name = createElement("h2", "at-player-step");
  const sentence = createElement("p", "at-player-sentence");
  const facts = createElement("p", "at-player-facts");
  const side = createElement("span", "at-player-fact at-player-side");
  const touch = createElement("span", "at-player-fact at-player-level");
  const cue = createElement("p", "at-player-cue");
  const next = createElement("p", "at-player-next");
  const pad = createElement("p", "at-player-pad");
  const ask = createElement("div", "at-player-ask");
  const question = createElement("p", "at-player-question");
  const answers = createElement("div", "at-player-answers");
  const silent = createElement("p", "at-player-silent");
  const wait = createElement("div", "at-player-wait");
  const calm = createElement("div", "at-player-calm");
  const zones = createElement("div", "at-player-zones");
  const spokenQuestion = createElement("p", "at-player-unseen");
  /** @type {Record<string, HTMLButtonElement>} */
  const taps = {};

  card.tabIndex = stage.tabIndex = -1;
  stage.setAttribute("aria-labelledby", `${id}-title`);
  title.id = `${id}-title`;
  more.id = `${id}-more`;
  more.hidden = true;
  other.setAttribute("aria-controls", more.id);
  time.setAttribute("role", "timer");
  time.setAttribute("aria-live", "off");
  now.setAttribute("aria-live", "polite");
  cue.setAttribute("aria-live", "polite");
  pad.setAttribute("aria-live", "assertive");
  calm.setAttribute("aria-live", "assertive");
  spokenQuestion.setAttribute("aria-live", "assertive");
  breath.setAttribute("aria-hidden", "true"); // read twelve times a minute, it would be noise
  ask.setAttribute("role", "group");
  ask.setAttribute("aria-labelledby", `${id}-question`);
  question.id = `${id}-question`;
  wait.append(createElement("span", "at-player-wait-run"));
  facts.append(side, touch);
  now.append(name, sentence, facts);
  face.append(ring.svg, hand.svg, time, breath);
  text.append(where, now, cue, next);
  ask.append(question, answers, silent, wait);
  main.append(face, text, ask, calm);
  top.append(title, pair, other, sound);
  stage.append(top, pad, main, more, zones, spokenQuestion);
  for (const tap of ["softer", "pause", "stop"]) {
    const button = createButton(`at-player-zone at-player-${tap}`);
    const sign = createElement("span", "at-player-sign");
    sign.setAttribute("aria-hidden", "true");
    button.append(sign, createElement("span", "at-player-word"));
    button.addEventListener("click", () => actions.act(tap));
    taps[tap] = button;
    zones.append(button);
  }
  other.addEventListener("click", () => expandReactions(more.hidden));
  for (const each of [sound, cardSound]) each.addEventListener("click", actions.toggleSound);
  stage.addEventListener("click", actions.wakeSound);
  // Escape, or the gesture "back": the session is left by its stop alone.
  stage.addEventListener("cancel", (event) => event.preventDefault());
  stage.addEventListener("close", () => {
    if (covered) stage.showModal();
  });

  /* The stage over the page */

  function cover() {
    if (covered) return;
    covered = true;
    document.documentElement.classList.add("at-player-open");
    // Outside the chapters: one that is turned away takes no Stop off the screen.
    document.body.append(stage);
    stage.showModal();
    stage.focus();
    guard.hold();
  }

  function removeStage() {
    covered = false;
    guard.release();
    document.documentElement.classList.remove("at-player-open");
    stage.close();
    stage.remove();
  }

  function uncover() {
    removeStage();
    render();
    card.scrollIntoView({ block: "start", behavior: "instant" });
    card.focus({ preventScroll: true });
  }

  /** Show or hide what may come up, in place of the step. @param {boolean} expanded */
  function expandReactions(expanded) {
    const focusInside = more.contains(document.activeElement);
    more.hidden = !expanded;
    main.hidden = expanded;
    if (expanded) /** @type {HTMLElement | null} */ (more.firstElementChild)?.focus();
    else if (focusInside) (other.offsetParent ? other : stage).focus();
    other.setAttribute("aria-expanded", String(expanded));
    setText(other, (expanded ? screen.words.close : screen.words.something_else) ?? "");
  }

  /* What is shown */

  function renderCard() {
    const { plan, words, state: { phase } } = screen;
    if (card.parentElement) card.parentElement.dataset.phase = phase;
    if (phase !== "ready" && !covered) {
      // Opened again in the middle of it, or at its end: no cover, the page is all around.
      const paused = phase === "paused";
      const stop = createButton("at-player-back", words.stop);
      stop.addEventListener("click", () => actions.act("stop"));
      const parts = createCalmParts().filter((each) => paused || !each.matches("button"));
      card.replaceChildren(...parts, ...(paused ? [stop] : []));
      return;
    }
    const ready = plan.steps.length > 0 && screen.agreed && phase === "ready";
    const start = createButton("at-player-start", words.start);
    const why = createElement("p", "at-player-why", ready || phase !== "ready" ? "" : words.not_agreed);
    start.disabled = !ready;
    why.id = `${id}-why`;
    if (why.textContent) start.setAttribute("aria-describedby", why.id);
    start.addEventListener("click", () => actions.act("start"));
    const who = createElement("p", "at-player-pair");
    who.append(createPerson(plan.giver, words.gives), createPerson(plan.receiver, words.receives));
    const minutes = Math.round(plan.seconds / 60);
    card.replaceChildren(
      createElement("h3", "at-player-heading", plan.title), who,
      createElement("p", "at-player-meta", fillTemplate(words.meta, { minutes, steps: plan.steps.length })),
      createElement("p", "at-player-meta", ready && screen.mayDim ? words.may_dim : ""),
      ...createRingSwitch(ready), start, why,
    );
  }

  /** Returns what to know about the ring switch of this phone, if it has one. @param {boolean} ready */
  function createRingSwitch(ready) {
    const { words } = screen;
    if (!ready) return [];
    if (isSilencedByRingSwitch()) return [createElement("p", "at-player-meta", words.ring_silences)];
    return canPassRingSwitch() ? [createElement("p", "at-player-meta", words.ring_passes), cardSound] : [];
  }

  /** Say what can be heard, and not what was wished for. */
  function renderSound() {
    const { words } = screen;
    const state = actions.soundState();
    // Before it begins there is no sound yet, and only the wish can be told.
    const shown = state === "waiting" && screen.state.phase === "ready" ? "on" : state === "running" ? "on" : state;
    for (const each of [sound, cardSound]) {
      setText(each, words[`sound_${shown}`] ?? "");
      each.dataset.sound = shown;
    }
  }

  /** Returns the calm words of a pause or an end. @returns {HTMLElement[]} */
  function createCalmParts() {
    const { plan, words, note, ended, state: { phase, silences } } = screen;
    const which = phase === "stopped" && ended ? ended : phase;
    const moment = phase === "paused" && silences ? "silent" : phase;
    const asks = note ? [note.ask].filter(Boolean) : (plan.moments?.[moment] ?? []);
    const parts = [
      createElement("h2", "at-player-still", words[`${which}_title`]),
      createElement("p", "at-player-quietly", note?.line || words[`${which}_text`]),
      ...asks.map((each) => createElement("p", "at-player-quietly at-player-asked", each)),
    ];
    if (phase === "paused") {
      const on = createButton("at-player-on", fillTemplate(words.go_on, { name: plan.receiver?.name ?? "" }));
      on.addEventListener("click", () => actions.act("go_on"));
      on.disabled = true;
      setTimeout(() => (on.disabled = false), GO_ON_DELAY_MS - (performance.now() - screen.pausedAt));
      parts.push(on);
    } else if (words.leave) {
      const leave = createButton("at-player-back", words.leave);
      leave.addEventListener("click", actions.leave);
      parts.push(leave);
    }
    return parts;
  }

  /** Returns the question that is open: about a firmer level wherever one waits for a yes. */
  function openQuestion() {
    const { plan, state } = screen;
    if (!state.open) return null;
    return (waitsForYes(plan, state) ? plan.firmer : null) ?? plan.check_ins[state.open.index];
  }

  /** @param {Question} checkIn */
  function renderCheckIn(checkIn) {
    setText(question, checkIn.question);
    setText(silent, (screen.plan.guarded ? screen.words.silent_guarded : screen.words.silent_aloud) ?? "");
    setText(spokenQuestion, checkIn.question);
    answers.replaceChildren(
      ...checkIn.answers.map((each) => {
        const button = createButton("at-player-answer", each.label);
        const event = ANSWER_EVENTS.includes(each.kind) ? each.kind : "fine";
        button.addEventListener("click", () => actions.act(event, each.key));
        return button;
      }),
    );
  }

  /** Draw what of the stage changes with the phase alone; the keyboard stays where it was. */
  function renderPhase() {
    const { phase } = screen.state;
    const ended = phase === "stopped" || phase === "finished";
    const focusInside = calm.contains(document.activeElement);
    stage.dataset.phase = phase;
    top.hidden = zones.hidden = ended;
    if (ended) expandReactions(false);
    face.hidden = text.hidden = phase !== "running";
    calm.hidden = phase === "running" || phase === "ready";
    calm.replaceChildren(...(calm.hidden ? [] : createCalmParts()));
    taps.pause.setAttribute("aria-disabled", String(phase === "paused"));
    if (focusInside) (calm.querySelector("button:enabled") ?? stage).focus();
    setText(spokenQuestion, "");
  }

  function renderOpenCheckIn() {
    const { plan, state: { open } } = screen;
    ask.hidden = !open;
    stage.toggleAttribute("data-asking", Boolean(open));
    if (open) {
      const shown = /** @type {Question} */ (openQuestion());
      if (drawnCheckIn !== shown) renderCheckIn(shown);
      drawnCheckIn = shown;
      wait.hidden = !plan.guarded;
      wait.style.setProperty("--at-left", reducedMotion.matches ? "1" : String(open.left / plan.timings.answer_s));
    } else drawnCheckIn = null;
  }

  function renderStep() {
    const { plan, state, words, note } = screen;
    const fresh = performance.now();
    const here = plan.steps[state.step];
    const left = endOfStep(plan, state.step) - state.elapsed;
    const total = endOfStep(plan, plan.steps.length - 1);
    const level = currentLevel(plan, state);
    setText(time, formatClock(left));
    renderBreath(fresh);
    ring.setLeft(reducedMotion.matches ? 1 : left / here.seconds);
    setText(where, [
      fillTemplate(words.step, { n: state.step + 1, all: plan.steps.length }),
      fillTemplate(words.left, { time: formatClock(total - state.elapsed) }),
    ].join(" · "));
    hand.show(here.technique);
    setText(name, here.title);
    setText(sentence, here.sentence);
    setText(side, here.side ?? "");
    const present = plan.levels[level];
    const later = waitsForYes(plan, state);
    setText(touch, later ? fillTemplate(words.once_yes, { now: present, planned: here.level_words }) : present);
    const planned = plan.cues.find((each) => each.at <= state.elapsed && state.elapsed < each.at + each.seconds);
    if (note && fresh - screen.notedAt < NOTE_SHOWN_MS) setText(cue, [note.line, note.ask].join(" ").trim());
    else if (fresh - screen.softenedAt < SOFTER_SHOWN_MS) setText(cue, words.softer_now ?? "");
    else setText(cue, planned?.text ?? "");
    setText(next, here.next ? fillTemplate(words.next, { title: here.next }) : (words.last ?? ""));
  }

  /** @param {number} fresh the time now */
  function renderBreath(fresh) {
    const { breathingSince: since, words } = screen;
    stage.toggleAttribute("data-breathes", since !== null);
    if (since === null) return setText(breath, "");
    setText(breath, (isInhale((fresh - since) / 1000) ? words.breath_in : words.breath_out) ?? "");
  }

  function render() {
    const { ended, agreed, state: { phase } } = screen;
    const stageFrom = JSON.stringify([phase, ended]);
    if (drawnStage !== stageFrom) {
      drawnStage = stageFrom;
      renderPhase();
    }
    const cardFrom = JSON.stringify([phase, ended, covered, agreed]);
    if (drawnCard !== cardFrom) {
      drawnCard = cardFrom;
      renderCard();
    }
    renderOpenCheckIn();
    if (screen.state.phase === "running") renderStep();
  }

  /** Say whether the receiver's pad is there: with it, silence can be a word. */
  function renderPad() {
    pad.dataset.there = screen.pad;
    setText(pad, (screen.pad ? screen.words[`pad_${screen.pad}`] : "") ?? "");
  }

  /** Draw everything again, with the words as they are now. */
  function renderLabels() {
    const { plan, words } = screen;
    renderPad();
    setText(title, plan.title ?? "");
    pair.replaceChildren(createPerson(plan.giver, words.gives), createPerson(plan.receiver, words.receives));
    for (const [tap, button] of Object.entries(taps)) {
      setText(/** @type {Element} */ (button.lastChild), words[tap] ?? "");
    }
    renderReactions();
    other.hidden = !plan.reactions?.length;
    setText(other, (more.hidden ? words.something_else : words.close) ?? "");
    other.setAttribute("aria-expanded", String(!more.hidden));
    renderSound();
    renderAnew();
  }

  function renderAnew() {
    drawnStage = drawnCard = "";
    drawnCheckIn = null;
    render();
  }

  function renderReactions() {
    const { plan, words } = screen;
    const list = createElement("ul", "at-player-reactions");
    for (const reaction of plan.reactions ?? []) {
      const line = createElement("li");
      const tap = createButton("at-player-reaction", reaction.notice);
      tap.addEventListener("click", () => actions.react(reaction));
      line.append(tap);
      list.append(line);
    }
    const asks = createElement("ul", "at-player-asks");
    asks.append(...(plan.asks ?? []).map((each) => createElement("li", "", each)));
    const heading = createElement("h2", "at-player-heading", words.reactions_title);
    heading.tabIndex = -1;
    more.replaceChildren(
      heading, list,
      createElement("h2", "at-player-heading", words.asks_title), asks,
      createElement("h2", "at-player-heading", words.extras_title), createExtras(),
    );
  }

  /** Returns what only some like, so that it is off: reading aloud, and a breath to follow. */
  function createExtras() {
    const { words } = screen;
    const box = createElement("div", "at-player-extras");
    /** @param {string} label @param {boolean} on @param {(on: boolean) => void} change */
    const addChoice = (label, on, change) => {
      const line = createElement("label", "at-player-extra");
      const input = createElement("input");
      input.type = "checkbox";
      input.checked = on;
      input.addEventListener("change", () => change(input.checked));
      line.append(input, createElement("span", "", label));
      box.append(line);
    };
    if (screen.canSpeak) addChoice(words.read_aloud ?? "", screen.speechOn, actions.setSpeech);
    addChoice(words.breath_guide ?? "", screen.breathingSince !== null, actions.setBreathing);
    return box;
  }

  return {
    card, stage, cover, uncover, removeStage, expandReactions, openQuestion, render, renderAnew, renderLabels,
    renderPad, renderSound,
    /** Whether the stage covers the page. */
    isCovering: () => covered,
  };
}
