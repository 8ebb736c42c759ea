// @ts-check
/** A person on a chair, seen from the side: from behind, the chair is hidden by who sits on it. */

import { createSvg } from "../dom.js";

/** Astride a chair, leaning on a pillow at its back, as the chapter says; 100 units high. */
const CHAIR = "M17 30H22V72H80V78H77V99H72V78H22V99H17Z";
const PILLOW = "M23 34Q23 29 28 29Q34 29 34 34V58Q34 63 28 63Q23 63 23 58Z";
const PERSON =
  "M42 32C49 27 57 31 61 40C69 50 75 58 76 67C76 73 71 74 65 74H47L44 93C46 96 45 99 41 99H26Q24 95 28 93L35 91L36 71C36 67 39 65 43 65H55C52 56 46 50 41 47C37 53 31 56 25 56Q22 53 25 50C30 50 34 46 36 39C37 35 39 33 42 32Z";
const SMALL = 0.27;

/** Returns the small picture, for the upper left corner of a viewBox. @param {number[]} box */
export function drawSeat([x, y]) {
  const node = createSvg("g", { transform: `translate(${x + 3} ${y + 3}) scale(${SMALL})` });
  node.append(
    createSvg("path", { d: CHAIR, class: "at-seat-chair" }),
    createSvg("path", { d: PILLOW, class: "at-seat-pillow" }),
    createSvg("circle", { cx: 35, cy: 20, r: 9.5, class: "at-seat-person" }),
    createSvg("path", { d: PERSON, class: "at-seat-person" }),
  );
  return node;
}
