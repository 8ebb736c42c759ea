// @ts-check
/** A minute's practice of one stroke: hands on a forearm, a count, and the time that is left. */

import { createSound, STEP_HZ } from "../shared/sound.js";
import { createButton, createElement, createId, createSvg, fillTemplate, setText } from "../shared/dom.js";
import { createHands } from "../shared/hands/hands.js";
import { createLoop, isMotionReduced } from "../shared/motion.js";
import { createWakeLock } from "../shared/wake_lock.js";
import { countDots, findBeat, findPicture, formatClock } from "./beats.js";
import { createPositions } from "./positions.js";

/** @import { Card } from "./learn.js" */

const PRACTICE_S = 60;
const LEAD_S = 4; // seconds to lay the hands down
const TICK_MS = 100;
/** Seconds that are left when they are said. */
const SAID_LEFT_S = [30, 10];

/**
 * @param {Record<string, string>} words
 * @param {{onLeave: () => void, onNext: () => void}} on
 */
export function createPractice(words, on) {
  const node = createElement("section", "at-learn-practice");
  const heading = createElement("h3", "at-learn-name");
  const lead = createElement("p", "at-learn-lead");
  const stage = createElement("div", "at-learn-stage at-learn-forearm");
  const count = createElement("div", "at-learn-count");
  const clock = createElement("p", "at-learn-clock");
  const said = createElement("p", "at-learn-status");
  const ring = createElement("label", "at-learn-bell");
  const bell = createElement("input");
  const foot = createElement("div", "at-learn-foot");
  const leave = createButton("at-button", words.leave);
  const again = createButton("at-button", words.again);
  const next = createButton("at-button at-primary");
  const sound = createSound();
  const wakeLock = createWakeLock();
  const loop = createLoop();
  /** @type {Card | null} */
  let card = null;
  /** @type {{dots: HTMLElement[], node: HTMLElement}[]} */
  let parts = [];
  let startedAt = 0; // ms; the minute begins LEAD_S later
  let countedAt = ""; // part and beat that were counted last
  let leftSaid = PRACTICE_S;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;

  heading.id = createId("at-practice-");
  lead.id = `${heading.id}-lead`;
  heading.tabIndex = -1;
  heading.setAttribute("aria-describedby", lead.id);
  node.setAttribute("aria-labelledby", heading.id);
  node.hidden = true;
  count.setAttribute("aria-hidden", "true"); // said as words in the lead, and too quick to be read out
  said.setAttribute("role", "status");
  bell.type = "checkbox";
  ring.append(bell, createElement("span", "", words.bell));
  foot.append(leave, again, next);
  node.append(heading, lead, stage, count, clock, said, ring, foot);

  /** Seconds of the minute that have passed; below 0 hands are still on their way. */
  const readSeconds = () => (performance.now() - startedAt) / 1000 - LEAD_S;

  /** @param {Card} opened @param {string} nextName name of the stroke that follows */
  function open(opened, nextName) {
    card = opened;
    setText(heading, fillTemplate(words.practice, { name: card.name }));
    setText(lead, card.lead);
    next.textContent = fillTemplate(words.next, { name: nextName });
    node.hidden = false;
    begin();
    node.scrollIntoView({ block: "start", behavior: "instant" });
    heading.focus({ preventScroll: true });
  }

  function begin() {
    if (!card) return;
    stop();
    const { stroke } = card.practice;
    startedAt = performance.now();
    countedAt = "";
    leftSaid = PRACTICE_S;
    drawStage();
    parts = stroke.beats.map(({ seconds, word }) => {
      const part = createElement("span", "at-learn-part");
      const dots = Array.from({ length: countDots(seconds) }, () => createElement("i", "at-learn-dot"));
      part.append(...dots, createElement("span", "at-learn-word", word));
      return { dots, node: part };
    });
    count.replaceChildren(...parts.map((part) => part.node));
    node.dataset.state = "on";
    setText(said, "");
    [leave.hidden, again.hidden, next.hidden] = [false, true, true];
    if (bell.checked) sound.start();
    void wakeLock.request();
    timer = setInterval(tick, TICK_MS);
    tick();
  }

  function drawStage() {
    if (!card) return;
    loop.stop(stage);
    stage.classList.toggle("at-learn-still", isMotionReduced());
    if (isMotionReduced()) {
      stage.replaceChildren(createPositions(card.practice, words));
      return;
    }
    const hands = createHands({ ...card.practice, hasLens: true });
    const draw = () => hands.draw(Math.min(Math.max(readSeconds(), 0), PRACTICE_S));
    stage.replaceChildren(hands.svg);
    draw();
    loop.start(stage, draw);
  }

  function tick() {
    if (!card) return;
    const seconds = readSeconds();
    const left = PRACTICE_S - seconds;
    setText(clock, seconds < 0 ? words.ready : fillTemplate(words.left, { clock: formatClock(left) }));
    if (seconds < 0) return;
    if (left <= 0) return finish();
    const due = SAID_LEFT_S.find((each) => left <= each && each < leftSaid);
    if (due) {
      leftSaid = due;
      setText(said, fillTemplate(words.said_left, { seconds: due }));
    }
    renderBeat(seconds);
  }

  /** @param {number} seconds */
  function renderBeat(seconds) {
    const stroke = /** @type {Card} */ (card).practice.stroke;
    const { part, beat } = findBeat(stroke, seconds);
    for (const [n, position] of stage.querySelectorAll(".at-learn-position").entries()) {
      position.toggleAttribute("data-now", n === findPicture(stroke, seconds));
    }
    if (`${part} ${beat}` === countedAt) return;
    countedAt = `${part} ${beat}`;
    for (const [n, each] of parts.entries()) {
      each.node.toggleAttribute("data-now", n === part);
      for (const [i, dot] of each.dots.entries()) dot.toggleAttribute("data-on", n === part && i <= beat);
    }
    if (beat === 0 && bell.checked) sound.ring(STEP_HZ);
  }

  /** Ends the count and the movement; what is on the screen stays. */
  function stop() {
    clearInterval(timer);
    loop.stop(stage);
    wakeLock.release();
  }

  function finish() {
    stop();
    node.dataset.state = "over";
    setText(clock, words.over);
    setText(said, words.ask);
    const hadFocus = document.activeElement === leave || document.activeElement === heading;
    [again.hidden, next.hidden] = [false, false];
    setText(leave, words.all);
    if (hadFocus) next.focus({ preventScroll: true });
  }

  function close() {
    stop();
    sound.stop();
    card = null;
    setText(leave, words.leave);
    on.onLeave();
  }

  leave.addEventListener("click", close);
  again.addEventListener("click", () => {
    setText(leave, words.leave);
    begin();
    heading.focus({ preventScroll: true });
  });
  next.addEventListener("click", () => {
    setText(leave, words.leave);
    on.onNext();
  });
  bell.addEventListener("change", () => (bell.checked ? sound.start() : sound.stop()));
  node.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") close();
  });
  return {
    node,
    open,
    /** Draws the stage anew, after somebody has asked for less motion. */
    redraw: () => node.hidden || drawStage(),
    end() {
      stop();
      sound.stop();
      loop.end();
    },
  };
}
