// @ts-check
/** What is said about the present step: time, count, sentence, the giver's place, level. */

import { createElement, fillTemplate, setText } from "../shared/dom.js";
import { createAir, createPlaceMark } from "./pictures.js";
import { currentLevel, endOfStep, formatClock, isInhale, waitsForYes } from "./session.js";
import { findCount, listDots } from "./tempo.js";

/** @import { Screen } from "./view.js" */
/** @import { Beat, Count } from "./tempo.js" */

const SOFTER_SHOWN_MS = 8000;
const NOTE_SHOWN_MS = 15_000;

/** Returns the view of a step. @param {Screen} screen */
export function createStepView(screen) {
  const text = createElement("div", "at-player-text");
  const row = createElement("div", "at-player-row");
  const face = createElement("div", "at-player-clock");
  const time = createElement("p", "at-player-time");
  const breath = createElement("p", "at-player-paced");
  const count = createElement("div", "at-player-count");
  const now = createElement("div", "at-player-now");
  const name = createElement("h2", "at-player-step");
  const sentence = createElement("p", "at-player-sentence");
  const place = createElement("p", "at-player-place");
  const mark = createPlaceMark();
  const placeText = createElement("span");
  const facts = createElement("p", "at-player-facts");
  const side = createElement("span", "at-player-fact at-player-side");
  const touch = createElement("span", "at-player-fact at-player-level");
  const cue = createElement("p", "at-player-cue");
  /** The dots that are drawn, and which of them are lit. */
  let drawnBeats = "";
  let litCount = "";
  /** @type {HTMLElement[][]} */
  let dots = [];
  const pass = createElement("p", "at-player-pass");

  time.setAttribute("role", "timer");
  time.setAttribute("aria-live", "off");
  now.setAttribute("aria-live", "polite");
  cue.setAttribute("aria-live", "polite");
  breath.setAttribute("aria-hidden", "true"); // read twelve times a minute, it would be noise
  count.setAttribute("aria-hidden", "true"); // the rhythm is said by the sentence
  face.append(createAir(), time, breath);
  row.append(face, count);
  place.append(mark.svg, placeText);
  facts.append(side, touch);
  now.append(name, sentence, place, facts);
  text.append(row, now);

  const beats = () => {
    const step = screen.plan.steps[screen.state.step];
    return screen.plan.strokes?.[step.stroke ?? ""]?.beats ?? [];
  };

  /** Draw a row of dots for each counted part of the stroke. @param {Beat[]} given */
  function drawDots(given) {
    const key = JSON.stringify(given);
    if (key === drawnBeats) return;
    drawnBeats = key;
    litCount = "";
    dots = [];
    const rows = listDots(given).map((each) => {
      const line = createElement("p", "at-player-beat");
      const ball = createElement("span", "at-player-dots");
      const row = Array.from({ length: each.dots }, () => createElement("i"));
      dots.push(row);
      ball.append(...row);
      line.append(ball, createElement("span", "", each.word));
      return line;
    });
    count.replaceChildren(...rows, pass);
  }

  /**
   * Light the dots up to this second of the step, and say which pass it is.
   * @param {number} seconds @param {boolean} moves whether dots may follow the hands
   * @returns {Count}
   */
  function followCount(seconds, moves) {
    const { plan, state, words } = screen;
    const found = findCount(beats(), seconds);
    const passes = plan.steps[state.step].passes ?? 0;
    const n = Math.min(found.round + 1, passes);
    setText(pass, passes > 1 ? fillTemplate(words.pass, { n, all: passes }) : "");
    const key = moves ? `${found.part}.${found.dot}` : "still";
    if (key === litCount) return found;
    litCount = key;
    for (const [part, row] of dots.entries()) {
      for (const [dot, each] of row.entries()) {
        each.toggleAttribute("data-on", moves && part === found.part && dot <= found.dot);
      }
    }
    return found;
  }

  /** @param {number} fresh the time now */
  function renderBreath(fresh) {
    const { breathingSince: since, words } = screen;
    text.toggleAttribute("data-breathes", since !== null);
    if (since === null) return setText(breath, "");
    setText(breath, (isInhale((fresh - since) / 1000) ? words.breath_in : words.breath_out) ?? "");
  }

  function render() {
    const { plan, state, words, note } = screen;
    const fresh = performance.now();
    const here = plan.steps[state.step];
    setText(time, formatClock(endOfStep(plan, state.step) - state.elapsed));
    renderBreath(fresh);
    drawDots(beats());
    setText(name, here.title);
    setText(sentence, here.sentence);
    setText(placeText, here.place ?? "");
    place.hidden = !here.place;
    mark.show(here.giver);
    setText(side, here.side ?? "");
    const present = plan.levels[currentLevel(plan, state)];
    const later = waitsForYes(plan, state);
    setText(touch, later ? fillTemplate(words.once_yes, { now: present, planned: here.level_words }) : present);
    const planned = plan.cues.find((each) => each.at <= state.elapsed && state.elapsed < each.at + each.seconds);
    if (note && fresh - screen.notedAt < NOTE_SHOWN_MS) setText(cue, [note.line, note.ask].join(" ").trim());
    else if (fresh - screen.softenedAt < SOFTER_SHOWN_MS) setText(cue, words.softer_now ?? "");
    else setText(cue, planned?.text ?? "");
  }

  return { text, cue, render, followCount };
}
