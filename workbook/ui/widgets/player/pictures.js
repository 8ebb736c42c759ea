// @ts-check
/** What is drawn on the stage: hands that move, the giver's place, persons, and a slow breath. */

import { createButton, createElement, createSvg, setText } from "../shared/dom.js";
import { createHands, drawPositions } from "../shared/hands/hands.js";
import { listSites } from "./sites.js";

/** @import { Mark, Plan, Step } from "./session.js" */
/** @typedef {Pick<Plan, "strokes" | "outlines" | "position" | "coverage" | "names">} Drawn  what drawings need of a plan */

const FRAME_MS = 30; // hands move slowly; more pictures a second cost a phone's battery

/** Returns a person with their shape and colour, and what they do. @param {Mark} mark @param {string} role */
export function createPerson(mark, role) {
  const badge = createElement("span", `at-player-person at-colour-${mark?.colour}`);
  const shape = createElement("span", "at-player-shape");
  shape.dataset.shape = mark?.shape;
  shape.setAttribute("aria-hidden", "true");
  badge.append(
    shape, createElement("span", "at-player-name", mark?.name), createElement("span", "at-player-does", role),
  );
  return badge;
}

/** Returns the button for the sound, with a small speaker; its last child is its text. */
export function createBell() {
  const button = createButton("at-player-bell");
  const speaker = createSvg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", class: "at-player-speaker" });
  speaker.append(
    createSvg("path", { d: "M3.5 9.5V14.5H7L11.5 18.5V5.5L7 9.5Z" }),
    createSvg("path", { d: "M15 9Q17 12 15 15M17.8 6.6Q21.4 12 17.8 17.4", class: "at-player-waves" }),
    createSvg("path", { d: "M15.5 9.5L20.5 14.5M20.5 9.5L15.5 14.5", class: "at-player-cross" }),
  );
  button.append(speaker, createElement("span"));
  return button;
}

/** Returns the round that a slow breath fills. */
export function createAir() {
  const svg = createSvg("svg", { viewBox: "0 0 100 100", "aria-hidden": "true", class: "at-player-round" });
  svg.append(createSvg("circle", { cx: 50, cy: 50, r: 48, class: "at-player-air" }));
  return svg;
}

/** Returns what a drawing of this step is made from; null: no stroke is known. @param {Drawn} plan @param {Step} step */
function listDrawn(plan, step) {
  const stroke = plan.strokes?.[step.stroke ?? ""];
  if (!stroke) return null;
  return {
    stroke, areas: step.areas ?? [], side: step.half ?? "both", position: step.position ?? plan.position,
    coverage: plan.coverage, giver: step.giver, outlines: plan.outlines ?? {},
  };
}

/** Returns one still picture of a step, for paper; null: there is none. @param {Drawn} plan @param {Step} step */
export function drawStill(plan, step) {
  const drawn = listDrawn(plan, step);
  if (!drawn) return null;
  const { svg, draw } = createHands(drawn);
  draw(drawn.stroke.moments[1]?.at ?? 0);
  return svg;
}

/**
 * Returns the hands of the present step. They move while `isMoving` says so and stand otherwise;
 * without motion there are four numbered positions.
 * @param {{isMoving(): boolean, seconds(): number, isStill(): boolean, onFrame(): void}} clock
 *   `seconds`: since the step began; `isStill`: whether motion is unwanted.
 */
export function createPicture(clock) {
  const node = createElement("div", "at-player-picture");
  const limb = createElement("p", "at-player-limb");
  /** @type {((seconds: number) => void) | null} */
  let draw = null;
  let shown = "";
  let frame = 0;
  let drawnAt = 0;

  /** @param {number} now */
  function onFrame(now) {
    frame = 0;
    if (!draw || !clock.isMoving()) return;
    if (now - drawnAt >= FRAME_MS) {
      drawnAt = now;
      draw(clock.seconds());
      clock.onFrame();
    }
    frame = requestAnimationFrame(onFrame);
  }

  return {
    node,
    /**
     * Shows the hands of a step, on the limb whose turn it is; the same ones again stay as they are.
     * Hands that `rest` after the end are one picture, also without motion.
     * @param {Plan} plan @param {Step} step @param {boolean} rest
     */
    show(plan, step, rest) {
      const sites = listSites(step);
      const site = sites[Math.min(sites.length - 1, Math.floor((clock.seconds() * sites.length) / step.seconds))];
      const drawn = listDrawn(plan, site ? { ...step, ...site } : step);
      setText(limb, site ? (plan.names?.[site.parts[0]] ?? "") : "");
      const inPositions = clock.isStill() && !rest;
      const key = JSON.stringify([inPositions, drawn && { ...drawn, outlines: 0, stroke: drawn.stroke.key }]);
      if (key === shown) return;
      shown = key;
      draw = null;
      node.hidden = !drawn;
      node.toggleAttribute("data-still", inPositions);
      if (!drawn) node.replaceChildren();
      else if (inPositions) node.replaceChildren(...drawPositions(drawn).map(createPosition), limb);
      else {
        const hands = createHands(drawn);
        draw = hands.draw;
        draw(clock.seconds());
        node.replaceChildren(hands.svg, limb);
      }
    },
    /** Lets the hands move, if they may. */
    wake() {
      if (draw && !frame && clock.isMoving()) frame = requestAnimationFrame(onFrame);
    },
    /** Lets them stand where they are. */
    rest() {
      cancelAnimationFrame(frame);
      frame = 0;
    },
  };
}

/** @param {{svg: any, word: string}} position @param {number} i */
function createPosition({ svg, word }, i) {
  const figure = createElement("figure", "at-player-position");
  const caption = createElement("figcaption");
  svg.setAttribute("aria-hidden", "true"); // the caption says it
  caption.append(createElement("b", "", String(i + 1)), word);
  figure.append(svg, caption);
  return figure;
}

/**
 * Where the giver is beside a person seen from above, head up: x, y, and where they face in degrees;
 * 0 is toward the head. Right and left are the receiver's; on the back they change sides.
 * @type {Record<string, number[]>}
 */
const PLACES = {
  hip_right: [33, 31, 0], hip_left: [3, 31, 0], head: [18, 1, 180], waist_right: [34, 25, -90], waist_left: [2, 25, 90],
  behind: [18, 37, 0], behind_side: [34, 24, -90], beside_chair: [34, 22, -90], beside_arm: [34, 21, -90],
  beside_leg: [33, 36, -45], feet: [18, 44, 0], head_back: [18, 1, 180],
};
const LYING = "M11 15Q18 12.4 25 15L23.6 27L24.4 40H11.6L12.4 27Z";
const SEATED = "M7 17Q18 11 29 17Q31 24 26 25H10Q5 24 7 17Z";

/** Returns a small mark of the giver's place; the words beside it say the same. */
export function createPlaceMark() {
  const svg = createSvg("svg", { viewBox: "-4 -6 44 56", "aria-hidden": "true", class: "at-player-mark" });
  const body = createSvg("path", { class: "at-player-mark-body" });
  const giver = createSvg("g", {});
  giver.append(
    createSvg("circle", { r: 4.4, class: "at-player-mark-giver" }),
    createSvg("path", { d: "M0 -6.4V-12.6M-3 -9.8L0 -12.8L3 -9.8", class: "at-player-mark-way" }),
  );
  svg.append(createSvg("circle", { cx: 18, cy: 7.6, r: 4, class: "at-player-mark-body" }), body, giver);
  return {
    svg,
    /** @param {string | undefined} key of the giver's place */
    show(key) {
      const place = PLACES[key ?? ""];
      svg.toggleAttribute("hidden", !place);
      if (!place) return;
      const [x, y, turn] = place;
      body.setAttribute("d", key === "behind" || key === "beside_chair" ? SEATED : LYING);
      giver.setAttribute("transform", `translate(${x} ${y}) rotate(${turn})`);
    },
  };
}
