// @ts-check
/** What is drawn on the stage: the ring of the clock, and one hand for each kind of touch. */

import { createElement, createSvg } from "../shared/dom.js";

/** @import { Mark } from "./session.js" */

const HAND =
  "M25 59V50C20 46 17 41 14.6 36.4C12.8 32.6 16.2 30 19.2 32.6L24.4 38.6V18.4C24.4 14.8 29.4 14.8 29.5 18.4L30 31.6L30.7 12.6C30.9 9 35.9 9.1 35.9 12.7L35.8 31.8L38.2 15.2C38.8 11.8 43.4 12.5 43 16L41.2 32.6L44.5 22.2C45.6 19 49.8 20.3 49 23.6L45.2 42C44.2 46.6 42.4 49.4 41 51.6V59";

/** How the hand moves, by the codes of techniques.toml. @type {Record<string, string>} */
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

/** Returns the ring round the clock, and a way to say how much of the step is left. */
export function createRing() {
  const svg = createSvg("svg", { viewBox: "0 0 100 100", "aria-hidden": "true", class: "at-player-ring" });
  const centre = { cx: 50, cy: 50 };
  const [track, run] = ["at-player-track", "at-player-run"].map((name) =>
    createSvg("circle", { class: name, ...centre, r: 46, pathLength: 1 }),
  );
  svg.append(createSvg("circle", { ...centre, r: 40, class: "at-player-air" }), track, run);
  return {
    svg,
    /** @param {number} share of the step, 0 to 1 */
    setLeft(share) {
      run.setAttribute("stroke-dashoffset", String(1 - share));
    },
  };
}

/** Returns the hand of a step; the words beside it say the same. */
export function createHand() {
  const svg = createSvg("svg", { viewBox: "-1 -3 68 68", "aria-hidden": "true", class: "at-player-hand" });
  const palm = createSvg("path", { class: "at-player-palm", d: HAND });
  const move = createSvg("path", { class: "at-player-move" });
  svg.append(palm, move);
  return {
    svg,
    /** @param {string | undefined} technique its code; without a picture the hand is hidden */
    show(technique) {
      const path = MOVES[technique ?? ""];
      svg.toggleAttribute("hidden", !path);
      move.setAttribute("d", path ?? "");
    },
  };
}
