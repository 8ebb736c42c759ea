// @ts-check
/** Where on the drawing the box of a step's areas lies; pure. */

/**
 * @typedef {{ inner: number, outer: number, up: number, down: number }} Reach
 *   how far the working part of a hand reaches from its middle: to the thumb's side, to the other, up and down.
 * @typedef {{ top: number, bottom: number, inner: number[][], outer: number[][] }} Strip
 *   where hands may work: from top to bottom, and between two lines of [y, x] in rising order.
 * @typedef {{
 *   name: string, view: "front" | "back", strip: Strip, box: number[], size: number, turn: number,
 *   isMirrored: boolean, isWhole: boolean,
 * }} Frame
 *   `box`: the viewBox; `turn`: degrees of a hand that points away from the giver; `isMirrored`: whether
 *   two hands work on both sides at once; `isWhole`: whether the place crosses the middle.
 */

/** First and last y of each area of the back. @type {Record<string, number[]>} */
const BACK_ROWS = {
  shoulder_tops: [86, 110],
  shoulder_blades: [92, 141],
  mid_back: [140, 184],
  low_back: [183, 210],
};

/** Beside the spine; and where shoulder, armpit and flank begin. */
const BACK_INNER = [[80, 5], [210, 5]];
const BACK_OUTER = [
  [86, 20], [90, 30], [94, 38], [100, 41], [106, 39], [114, 37.6], [124, 38], [134, 35.5], [140.4, 24.3], [181.6, 22.3],
  [187.4, 27], [191, 33], [206, 36.5], [210, 34],
];

const FULL_BACK = [-62, 76, 124, 132];

/** Returns x of a line at y. @param {number[][]} line @param {number} y */
export function readLine(line, y) {
  let i = 0;
  while (i < line.length - 2 && y >= line[i + 1][0]) i += 1;
  const [[y0, x0], [y1, x1]] = [line[i], line[i + 1]];
  const share = Math.max(0, Math.min(1, (y - y0) / (y1 - y0)));
  return x0 + (x1 - x0) * share;
}

/**
 * Returns the frame of a step's areas.
 * @param {string[]} areas keys, without sides @param {string} _position
 * @returns {Frame}
 */
export function findFrame(areas, _position) {
  if (areas.includes("sacrum") && areas.every((each) => each === "sacrum")) {
    const strip = { top: 205, bottom: 236, inner: [[205, -18], [236, -18]], outer: [[205, 18], [236, 18]] };
    return { name: "sacrum", view: "back", strip, box: [-62, 146, 124, 132], size: 0.95, turn: -90, isMirrored: false, isWhole: true };
  }
  const rows = areas.map((each) => BACK_ROWS[each]).filter(Boolean);
  const top = rows.length ? Math.min(...rows.map((row) => row[0])) : 92;
  const bottom = rows.length ? Math.max(...rows.map((row) => row[1])) : 184;
  const strip = { top, bottom, inner: BACK_INNER, outer: BACK_OUTER };
  const middle = Math.max(132, Math.min(158, (top + bottom) / 2));
  const box = [FULL_BACK[0], Math.round(middle - 64), FULL_BACK[2], FULL_BACK[3]];
  return { name: "back", view: "back", strip, box, size: 0.95, turn: 0, isMirrored: true, isWhole: false };
}

/**
 * Returns where the middle of a hand goes, so that its working part stays in the strip.
 * @param {Strip} strip @param {Reach} reach @param {number[]} point of the box @returns {number[]}
 */
export function placePoint(strip, reach, [across, along]) {
  const [first, last] = [strip.top + reach.up, strip.bottom - reach.down];
  const y = first > last ? (strip.top + strip.bottom + reach.up - reach.down) / 2 : first + (last - first) * along;
  let [low, high] = [-Infinity, Infinity];
  for (let i = 0; i <= 8; i += 1) {
    const at = Math.max(strip.top, Math.min(strip.bottom, y - reach.up + ((reach.up + reach.down) * i) / 8));
    low = Math.max(low, readLine(strip.inner, at));
    high = Math.min(high, readLine(strip.outer, at));
  }
  low += reach.inner;
  high -= reach.outer;
  return [low > high ? (low + high) / 2 : low + (high - low) * across, y];
}
