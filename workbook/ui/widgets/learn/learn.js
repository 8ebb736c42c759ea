// @ts-check
/** Strokes to learn, each with moving hands and four lines, and a minute's practice of one. */

import { createButton, createElement, createId, fillTemplate, setText } from "../shared/dom.js";
import { createHands } from "../shared/hands/hands.js";
import { createLoop, isMotionReduced, onceNear, onMotionChange } from "../shared/motion.js";
import { createPositions } from "./positions.js";
import { createPractice } from "./practice.js";

/** @import { RenderProps } from "@anywidget/types" */
/** @import { Stroke } from "../shared/hands/motion.js" */
/**
 * @typedef {{stroke: Stroke, areas: string[], side: string, position: string, coverage: string}} View
 * @typedef {{name: string, term: string, note?: string, view: View, practice: View, lead: string}} Card
 */

const LINES = ["hands", "move", "rhythm", "not_here"];
/** The second of the picture that stands while the hands are held still: the second of the four. */
const STILL_MOMENT = 1;

/** @param {RenderProps<{ cards: Card[], words: Record<string, string> }>} props */
function render({ model, el }) {
  const cards = /** @type {Card[]} */ (model.get("cards"));
  const words = /** @type {Record<string, string>} */ (model.get("words"));
  const loop = createLoop();
  /** What ends with this view. @type {(() => void)[]} */
  const ends = [() => loop.end(), () => waits.splice(0).forEach((end) => end())];
  /** What ends the waits for cards that nobody has seen yet. @type {(() => void)[]} */
  const waits = [];
  let isHeld = false; // somebody has held the hands still
  /** Hands by the stage they are drawn on. @type {Map<Element, {draw: (seconds: number) => void}>} */
  const stageHands = new Map();
  /** The second at which each stage was held. @type {Map<Element, number>} */
  const heldAt = new Map();
  let practised = -1; // the card whose practice was opened last

  const overview = createElement("div", "at-learn-overview");
  const pause = createButton("at-learn-pause");
  const list = createElement("div", "at-learn-cards");
  const practice = createPractice(words, {
    onLeave: showOverview,
    onNext: () => openPractice((practised + 1) % cards.length),
  });
  const shown = cards.map((card, n) => createCard(card, n));
  list.append(...shown.map((each) => each.node));
  overview.append(pause, list);

  /** @param {Card} card @param {number} n */
  function createCard(card, n) {
    const node = createElement("article", "at-learn-card");
    const heading = createElement("h3", "at-learn-name", card.name);
    heading.id = createId("at-learn-");
    node.setAttribute("aria-labelledby", heading.id);
    heading.append(" ", createElement("span", "at-learn-term", card.term));
    const stage = createElement("div", "at-learn-stage");
    const said = createElement("div", "at-learn-said");
    const lines = createElement("ol", "at-learn-lines");
    for (const line of LINES) {
      const item = createElement("li");
      item.append(
        createElement("span", "at-learn-label", words[line]), " ",
        createElement("span", "", card.view.stroke.words[line]),
      );
      lines.append(item);
    }
    const start = createButton("at-button at-learn-start", words.try_it);
    start.setAttribute("aria-label", fillTemplate(words.try_named, { name: card.name }));
    start.addEventListener("click", () => openPractice(n));
    said.append(heading, lines);
    if (card.note) said.append(createElement("p", "at-learn-note", card.note));
    node.append(stage, said, start);
    return { node, stage, start };
  }

  /** Draw the strokes of the cards anew: moving, or as four positions. */
  function drawCards() {
    const isStill = isMotionReduced();
    pause.hidden = isStill;
    for (const end of waits.splice(0)) end();
    stageHands.clear();
    for (const [n, { stage }] of shown.entries()) {
      loop.stop(stage);
      stage.replaceChildren();
      waits.push(
        onceNear(stage, () => {
          if (isStill) {
            stage.replaceChildren(createPositions(cards[n].view, words));
            return;
          }
          const hands = createHands({ ...cards[n].view, hasLens: true });
          hands.svg.setAttribute("preserveAspectRatio", "xMidYMin slice");
          stage.replaceChildren(hands.svg);
          hands.draw(cards[n].view.stroke.moments[STILL_MOMENT].at);
          stageHands.set(stage, hands);
          if (!isHeld) loop.start(stage, hands.draw);
        }),
      );
    }
  }

  function renderPause() {
    setText(pause, isHeld ? words.go_on : words.pause);
  }

  pause.addEventListener("click", () => {
    isHeld = !isHeld;
    for (const { stage } of shown) {
      const hands = stageHands.get(stage);
      if (isHeld) heldAt.set(stage, loop.stop(stage));
      else if (hands) loop.start(stage, hands.draw, heldAt.get(stage));
    }
    renderPause();
  });
  /** @param {number} n */
  function openPractice(n) {
    practised = n;
    overview.hidden = true;
    practice.open(cards[n], cards[(n + 1) % cards.length].name);
  }

  function showOverview() {
    practice.node.hidden = true;
    overview.hidden = false;
    const { node, start } = shown[Math.max(practised, 0)];
    node.scrollIntoView({ block: "center", behavior: "instant" });
    start.focus({ preventScroll: true });
  }

  el.classList.add("at-learn");
  el.setAttribute("data-at-always", ""); // it needs no kernel, so it works on without a line
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's keys are not ours
  el.replaceChildren(overview, practice.node);
  renderPause();
  drawCards();
  ends.push(
    onMotionChange(() => {
      drawCards();
      practice.redraw();
    }),
    practice.end,
  );
  return () => ends.forEach((end) => end());
}

export default { render };
