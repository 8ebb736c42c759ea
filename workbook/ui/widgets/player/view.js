// @ts-check
/** The screen of the guided session: a card in the page, and a stage that covers the page. */

import { createButton, createElement, createId, fillTemplate, setText } from "../shared/dom.js";
import { createHistoryGuard } from "../shared/history_guard.js";
import { createBell, createPerson, createPicture } from "./pictures.js";
import { canPassRingSwitch, isSilencedByRingSwitch } from "../shared/sound.js";
import { currentLevel, endOfStep, formatClock, waitsForYes } from "./session.js";
import { createStepView } from "./step_view.js";

/** @import { Plan, Question, Reaction, State } from "./session.js" */
/** @import { SoundState } from "../shared/sound.js" */
/** @import { Count } from "./tempo.js" */
/** @typedef {{key: string, label: string}} OtherPosition  another way to lie or sit that is possible now */
/**
 * What is shown beside the plan and the state; times are of `performance.now()`.
 * @typedef {{
 *   plan: Plan, state: State, words: Record<string, string>, agreed: boolean, mayDim: boolean, pad: string,
 *   soundOn: boolean, speechOn: boolean, canSpeak: boolean,
 *   note: Reaction | null, notedAt: number, softenedAt: number, pausedAt: number,
 *   breathingSince: number | null, ended: string, counting: string, positions: OtherPosition[],
 * }} Screen
 *   `counting`: what is heard of the stroke's tempo, "count", "bell" or "" for nothing;
 *   `mayDim`: no wake lock is to be had; `pad`: the receiver's pad, "here", "gone" or "" for none; `note`: what came up last.
 */
/**
 * What taps do.
 * @typedef {{
 *   act(event: string, answer?: string): void, react(reaction: Reaction): void, leave(): void,
 *   strokeSeconds(): number, count(now: Count): void, setCounting(counting: string): void, changePosition(key: string): void,
 *   toggleSound(): void, wakeSound(): void, soundState(): SoundState | "off", setSpeech(on: boolean): void, setBreathing(on: boolean): void,
 * }} Actions
 */

const RESTS = ["rest", "still"]; // kinds of cues during which hands do not move
const GO_ON_DELAY_MS = 700; // before "go on" takes a tap: the pause may have been tapped twice
/** What an answer to a check-in can do; any other kind means that all is fine. */
const ANSWER_EVENTS = ["yes", "softer", "pause", "stop", "skip", "leave"];

/** Whether hands move now: not in a pause, nor where they rest on the body. @param {Screen} screen */
export function isMoving({ plan, state }) {
  if (state.phase !== "running" || document.hidden) return false;
  const { elapsed } = state;
  return !plan.cues.some((each) => RESTS.includes(each.kind) && each.at <= elapsed && elapsed < each.at + each.seconds);
}

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
  const sound = createBell();
  const cardSound = createBell();
  const other = createButton("at-player-other");
  const more = createElement("div", "at-player-more");
  const main = createElement("div", "at-player-main");
  const picture = createPicture({
    isMoving: () => isMoving(screen) && covered && more.hidden && !reducedMotion.matches,
    seconds: actions.strokeSeconds,
    isStill: () => reducedMotion.matches,
    onFrame: followCount,
  });
  const shown = createElement("div", "at-player-shown");
  const step = createStepView(screen);
  const foot = createElement("div", "at-player-foot");
  const told = createElement("div", "at-player-told");
  const next = createElement("p", "at-player-next");
  const where = createElement("p", "at-player-where");
  const pad = createElement("p", "at-player-pad");
  const ask = createElement("div", "at-player-ask");
  const asked = createElement("p", "at-player-moment");
  const askedText = createElement("span");
  const askedTime = createElement("span", "at-player-moment-time");
  const question = createElement("p", "at-player-question");
  const answers = createElement("div", "at-player-answers");
  const silent = createElement("p", "at-player-silent");
  const wait = createElement("div", "at-player-wait");
  const meanwhile = createElement("p", "at-player-meanwhile");
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
  pad.setAttribute("aria-live", "assertive");
  calm.setAttribute("aria-live", "assertive");
  spokenQuestion.setAttribute("aria-live", "assertive");
  ask.setAttribute("role", "group");
  ask.setAttribute("aria-labelledby", `${id}-question`);
  question.id = `${id}-question`;
  wait.append(createElement("span", "at-player-wait-run"));
  asked.append(askedText, askedTime);
  asked.setAttribute("aria-hidden", "true"); // a clock beside the question would be read again and again
  shown.append(picture.node, step.cue);
  ask.append(asked, question, answers, silent, wait, meanwhile);
  main.append(shown, step.text, ask, calm);
  told.append(next, where);
  foot.append(told, other);
  top.append(title, pair, sound);
  stage.append(top, pad, main, more, foot, zones, spokenQuestion);
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
    picture.rest();
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
    if (!expanded) picture.wake();
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
      setText(/** @type {Element} */ (each.lastChild), words[`sound_${shown}`] ?? "");
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
    setText(askedText, screen.words.moment_to_ask ?? "");
    answers.replaceChildren(
      ...checkIn.answers.map((each) => {
        const button = createButton("at-player-answer", each.label);
        const event = ANSWER_EVENTS.includes(each.kind) ? each.kind : "fine";
        button.dataset.kind = event;
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
    top.hidden = zones.hidden = foot.hidden = ended;
    if (ended) {
      expandReactions(false);
      setText(step.cue, "");
    }
    step.text.hidden = phase !== "running";
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
      const here = plan.steps[screen.state.step];
      setText(askedTime, formatClock(endOfStep(plan, screen.state.step) - screen.state.elapsed));
      // A question about a firmer level stays as long as its step: what hands do stands beside it.
      const waits = waitsForYes(plan, screen.state);
      const level = { now: plan.levels[currentLevel(plan, screen.state)], planned: here.level_words };
      setText(meanwhile, waits ? fillTemplate(screen.words.meanwhile, {
        sentence: here.sentence, level: fillTemplate(screen.words.once_yes, level),
      }) : "");
    } else {
      drawnCheckIn = null;
      setText(meanwhile, "");
    }
  }

  function renderStep() {
    const { plan, state, words } = screen;
    const here = plan.steps[state.step];
    const total = endOfStep(plan, plan.steps.length - 1);
    step.render();
    setText(where, [
      fillTemplate(words.step, { n: state.step + 1, all: plan.steps.length }),
      fillTemplate(words.left, { time: formatClock(total - state.elapsed) }),
    ].join(" · "));
    setText(next, here.next ? fillTemplate(words.next, { title: here.next }) : (words.last ?? ""));
    followCount();
  }

  /** Show how far the stroke is; the guide lets it be heard. */
  function followCount() {
    const moves = isMoving(screen) && !reducedMotion.matches;
    const found = step.followCount(actions.strokeSeconds(), moves);
    if (isMoving(screen)) actions.count(found);
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
    renderPicture();
  }

  /** Show the hands of this step; while nothing moves, the picture stands. */
  function renderPicture() {
    const { plan, state: { phase, step: index } } = screen;
    if (!covered || phase === "ready") return;
    const ended = phase === "stopped" || phase === "finished";
    const here = plan.steps[index];
    if (here) picture.show(plan, ended ? { ...here, stroke: "still" } : here, ended);
    picture.wake();
    main.tabIndex = main.scrollHeight > main.clientHeight ? 0 : -1; // the keyboard reaches what scrolls
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
      heading, list, ...createPositions(),
      createElement("h2", "at-player-heading", words.asks_title), asks,
      createElement("h2", "at-player-heading", words.extras_title), createExtras(),
    );
  }

  /** Returns the other ways to lie or sit, if there are any. */
  function createPositions() {
    if (!screen.positions.length) return [];
    const list = createElement("ul", "at-player-reactions");
    for (const { key, label } of screen.positions) {
      const line = createElement("li");
      const tap = createButton("at-player-reaction", label);
      tap.addEventListener("click", () => actions.changePosition(key));
      line.append(tap);
      list.append(line);
    }
    return [createElement("h2", "at-player-heading", screen.words.position_title), list];
  }

  /** Returns what only some like, so that it is off: reading aloud, a count to hear, a breath to follow. */
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
      return input;
    };
    if (screen.canSpeak) addChoice(words.read_aloud ?? "", screen.speechOn, actions.setSpeech);
    /** @type {HTMLInputElement[]} */
    const counts = ["count", "bell"].map((kind) =>
      addChoice(words[`hear_${kind}`] ?? "", screen.counting === kind, (on) => {
        actions.setCounting(on ? kind : "");
        for (const each of counts) if (each !== counts[kind === "count" ? 0 : 1]) each.checked = false;
      }),
    );
    addChoice(words.breath_guide ?? "", screen.breathingSince !== null, actions.setBreathing);
    return box;
  }

  return {
    card, stage, cover, uncover, removeStage, expandReactions, openQuestion, render, renderAnew, renderLabels,
    renderPad, renderPicture, renderReactions, renderSound,
    /** Whether the stage covers the page. */
    isCovering: () => covered,
  };
}
