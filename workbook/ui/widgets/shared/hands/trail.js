// @ts-check
/** The way that hands take, as dots: large ones where it is firm, small ones on the way back. */

import { createSvg } from "../dom.js";
import { followWay } from "./motion.js";

/** @import { Stroke, Way } from "./motion.js" */
/** @import { Frame } from "./places.js" */

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;

/** @param {string} d @param {boolean} light */
function drawDots(d, light) {
  return createSvg("path", { d, class: light ? "at-trail at-trail-light" : "at-trail" });
}

/** @param {number} x @param {number} y @param {number} turn degrees @param {boolean} light */
function drawArrow(x, y, turn, light) {
  return createSvg("path", {
    d: "M-2.6 -2.5L1.4 0L-2.6 2.5",
    transform: `translate(${round(x)} ${round(y)}) rotate(${round(turn)}) scale(${light ? 0.65 : 1.15})`,
    class: light ? "at-trail-arrow at-trail-light" : "at-trail-arrow",
  });
}

/**
 * Returns the dotted way on the right of the drawing.
 * @param {Stroke} stroke @param {Way | null} way @param {(point: number[]) => number[]} place
 * @param {number} radius of its circles @param {Frame} frame
 */
export function drawTrail(stroke, way, place, radius, frame) {
  const trail = createSvg("g");
  if (way && stroke.sway) drawSway(trail, way.all[0], frame);
  else if (way && frame.body !== "trunk" && stroke.loop) drawBeside(trail, frame);
  else if (way) drawWay(trail, stroke, way);
  else drawSpots(trail, stroke, place, radius);
  return trail;
}

/** @param {any} trail @param {Stroke} stroke @param {Way} way */
function drawWay(trail, stroke, way) {
  const firm = stroke.loop ? stroke.firm : 1;
  const cut = way.lengths.findIndex((length) => length >= firm * way.total);
  const line = (/** @type {number[][]} */ points) => `M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join("L")}`;
  const [out, home] = firm < 1 ? [way.all.slice(0, cut + 1), way.all.slice(cut)] : [way.all, []];
  const isLight = stroke.hand === "tips";
  trail.append(drawDots(line(out), isLight));
  if (home.length > 1) trail.append(drawDots(line(home), true));
  const arrow = (/** @type {number} */ share, /** @type {boolean} */ light) => {
    const [x, y, turn] = followWay(way, share);
    trail.append(drawArrow(x, y, turn, light));
  };
  for (const share of firm < 1 ? [0.3, 0.6, 1] : [0.5, 1]) arrow(share * firm, isLight);
  if (firm < 1) for (const share of [0.35, 0.75]) arrow(firm + share * (1 - firm), true);
}

/** Draws which way the body rocks, below the hand. @param {any} trail @param {number[]} middle @param {Frame} frame */
function drawSway(trail, [x, y], { isWhole, body }) {
  const [half, below] = [body === "trunk" ? 20 : 15, isWhole ? 15 : 24];
  trail.append(drawDots(`M${round(x - half)} ${round(y + below)}H${round(x + half)}`, false));
  trail.append(drawArrow(x + half + 2, y + below, 0, false), drawArrow(x - half - 2, y + below, 180, false));
}

/** Draws the way along a limb, which hands would cover, beside it. @param {any} trail @param {Frame} frame */
function drawBeside(trail, { strip: { top, bottom, inner, outer } }) {
  const [left, right] = [Math.min(...inner.map(([, x]) => x)) - 11, Math.max(...outer.map(([, x]) => x)) + 9];
  trail.append(drawDots(`M${right} ${bottom - 2}V${top + 4}`, false), drawArrow(right, top + 2, -90, false));
  trail.append(drawDots(`M${left} ${top + 2}V${bottom - 4}`, true), drawArrow(left, bottom - 2, 90, true));
}

/** @param {any} trail @param {Stroke} stroke @param {(point: number[]) => number[]} place @param {number} r radius */
function drawSpots(trail, stroke, place, r) {
  stroke.spots.forEach((spot, i) => {
    const [x, y] = place(spot);
    if (r) {
      const ring = round(r + 1.4);
      trail.append(drawDots(`M${round(x)} ${round(y - ring)}a${ring} ${ring} 0 1 1 -.01 0Z`, true));
      trail.append(drawArrow(x + ring, y + 0.6, 90, true));
    } else if (stroke.spots.length > 1) trail.append(createSvg("circle", { cx: round(x), cy: round(y), r: 2.1, class: "at-trail-spot" }));
    if (!stroke.spots[i + 1]) return;
    const [u, v] = place(stroke.spots[i + 1]);
    const gap = r + 4;
    if (y - v > 2 * gap) {
      trail.append(drawDots(`M${round(x)} ${round(y - gap)}L${round(u)} ${round(v + gap)}`, true));
    }
  });
}
