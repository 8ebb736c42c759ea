// @ts-check
/** Where on the drawing the box of a step's areas lies, and how hands come to it; pure. */

/**
 * @typedef {{ inner: number, outer: number, up: number, down: number }} Reach
 *   how far the working part of a hand reaches from its middle: to the thumb's side, to the other, up and down.
 * @typedef {{ top: number, bottom: number, inner: number[][], outer: number[][] }} Strip
 *   where hands may work: from top to bottom, and between two lines of [y, x] in rising order.
 * @typedef {"trunk" | "arm" | "hand" | "leg" | "foot"} BodyPart
 * @typedef {{
 *   name: string, body: BodyPart, view: "front" | "back", strip: Strip, box: number[], size?: number, turn?: number,
 *   isMirrored?: boolean, isWhole?: boolean, wraps?: boolean, radius?: number, patch?: number, lean?: number,
 *   holds?: Record<string, string>,
 * }} Frame
 *   `box`: the viewBox; `turn`: degrees of a hand that points away from the giver; `lean`: degrees by which
 *   hands on both sides point outward; `isMirrored`: two hands work on both sides at once; `isWhole`: the place
 *   crosses the middle; `wraps`: thumbs lie round it; `radius` and `patch`: by which circles and the skin that travels
 *   are smaller; `holds`: how a
 *   hand is held there instead.
 */

/** Returns a line of [y, x] that is straight between two ends. @param {number} x @returns {number[][]} */
const upright = (x) => [[-100, x], [500, x]];

/** First and last y of each area of the back. @type {Record<string, number[]>} */
const BACK_ROWS = {
  shoulder_tops: [90, 112],
  shoulder_blades: [92, 141],
  mid_back: [139, 184],
  low_back: [181, 210],
};

/** From beside the spine to where shoulder, armpit and flank begin. */
const BACK = {
  inner: upright(5.3),
  outer: [
    [86, 12], [88, 21.5], [90, 27], [92, 31.6], [94, 36], [98, 39.6], [102, 40], [106, 38.6], [114, 37.2], [124, 37.4],
    [132, 34.6], [139.5, 24], [181.6, 22], [185.4, 25.6], [188.2, 29.4], [190, 32.8], [196, 33.6], [206, 35], [210, 34],
  ],
};
const FINGERS_ONLY = { flat: "pads", palm: "pads", grip: "pads", forearm: "pads" };

/** Frames of places by area, the strip in the units of its drawing. @type {Record<string, Frame>} */
const FRAMES = {
  sacrum: {
    name: "sacrum", body: "trunk", view: "back", box: [-62, 146, 124, 132], turn: -90, isWhole: true,
    strip: { top: 211, bottom: 234.2, inner: upright(-22), outer: upright(22) },
  },
  buttocks: {
    name: "buttocks", body: "trunk", view: "back", box: [-62, 168, 124, 132], isMirrored: true, wraps: true,
    strip: { top: 208, bottom: 258, inner: [[208, 15], [234, 9], [258, 8]], outer: [[208, 36], [222, 40.4], [258, 42]] },
  },
  nape: {
    name: "nape", body: "trunk", view: "back", box: [-46, 30, 92, 98], size: 0.8, lean: -82, isMirrored: true, radius: 0.3, patch: 0.5, holds: FINGERS_ONLY,
    strip: { top: 66, bottom: 88, inner: upright(0.4), outer: [[66, 11], [69.5, 9], [79, 8.8], [84, 11], [89, 13]] },
  },
  scalp: {
    name: "scalp", body: "trunk", view: "back", box: [-46, -16, 92, 98], size: 0.85, lean: -18, isMirrored: true, radius: 0.8, patch: 0.75, holds: FINGERS_ONLY,
    strip: { top: 16, bottom: 60, inner: upright(0.5), outer: [[16, 12], [22, 16], [30, 18.4], [44, 18.4], [52, 15.6], [60, 12]] },
  },
  scalp_front: {
    name: "scalp", body: "trunk", view: "front", box: [-46, -30, 92, 98], size: 0.8, turn: 180, lean: 28, isMirrored: true, radius: 0.4, patch: 0.5, holds: FINGERS_ONLY,
    strip: { top: 14, bottom: 26, inner: upright(0.5), outer: [[14, 12], [20, 15.4], [26, 18]] },
  },
  face: {
    name: "face", body: "trunk", view: "front", box: [-46, -26, 92, 98], size: 0.75, turn: 180, lean: 28, isMirrored: true, radius: 0.4, patch: 0.5, holds: FINGERS_ONLY,
    strip: { top: 26.5, bottom: 39.5, inner: upright(0.5), outer: [[26, 18], [34, 18.8], [40, 18.6]] },
  },
  jaw: {
    name: "jaw", body: "trunk", view: "front", box: [-46, -10, 92, 98], size: 0.75, turn: 180, lean: 50, isMirrored: true, radius: 0.5, patch: 0.5, holds: FINGERS_ONLY,
    strip: { top: 49, bottom: 66, inner: [[49, 6], [58, 4.6], [66, 2]], outer: [[49, 16], [57, 13.4], [66, 9]] },
  },
  upper_chest: {
    name: "upper_chest", body: "trunk", view: "front", box: [-62, 56, 124, 132], size: 0.8, turn: 180, isMirrored: true, holds: FINGERS_ONLY,
    strip: { top: 104, bottom: 121, inner: upright(3), outer: upright(34) },
  },
  belly: {
    name: "belly", body: "trunk", view: "front", box: [-62, 126, 124, 132], isWhole: true, wraps: true,
    strip: { top: 158, bottom: 222, inner: [[158, -32], [190, -28], [222, -26]], outer: [[158, 32], [190, 28], [222, 26]] },
  },
  upper_arm: {
    name: "upper_arm", body: "arm", view: "back", box: [-48, -34, 96, 102], wraps: true,
    strip: { top: 0, bottom: 53, inner: upright(-4.6), outer: [[0, 12.6], [26, 12.4], [53, 10.2]] },
  },
  forearm: {
    name: "forearm", body: "arm", view: "back", box: [-48, 44, 96, 102], size: 0.95, wraps: true,
    strip: { top: 77, bottom: 119, inner: [[77, -9.8], [96, -9], [119, -6.6]], outer: [[77, 10.4], [96, 9.8], [119, 6.9]] },
  },
  hands: {
    name: "hands", body: "hand", view: "back", box: [-40, -22, 80, 85], size: 0.95, wraps: true, radius: 0.5, patch: 0.7,
    strip: { top: -1, bottom: 38, inner: [[-1, -6.8], [8, -7.6], [38, -7.6]], outer: [[-1, 6.8], [8, 7.6], [38, 7.6]] },
  },
  thigh_back: {
    name: "thigh_back", body: "leg", view: "back", box: [-48, -26, 96, 102], wraps: true,
    strip: { top: 0, bottom: 44, inner: upright(-4), outer: [[0, 18], [44, 15.6]] },
  },
  thigh_front: {
    name: "thigh_front", body: "leg", view: "front", box: [-48, -20, 96, 102], wraps: true,
    strip: { top: 0, bottom: 76, inner: upright(-4), outer: [[0, 18], [44, 15.6], [76, 12.4]] },
  },
  calves: {
    name: "calves", body: "leg", view: "back", box: [-48, 84, 96, 102], wraps: true,
    strip: { top: 102, bottom: 164, inner: [[102, -12.4], [126, -12.8], [150, -9.6], [164, -7.8]], outer: [[102, 12.6], [118, 13], [140, 11.4], [164, 8.2]] },
  },
  knee_shin: {
    name: "knee_shin", body: "leg", view: "front", box: [-48, 84, 96, 102], wraps: true,
    strip: { top: 104, bottom: 164, inner: [[104, -8], [164, -7.4]], outer: [[104, 12.4], [118, 13], [140, 11.4], [164, 8.2]] },
  },
  feet: {
    name: "feet", body: "foot", view: "back", box: [-44, -26, 88, 93.5], size: 0.95, wraps: true, radius: 0.7, patch: 0.8,
    strip: { top: 1, bottom: 45, inner: [[0, -6.6], [20, -6.6], [27, -6.8], [38, -9.6], [45, -7]], outer: [[0, 6.6], [18, 8], [34, 9.8], [40, 8.8], [45, 5]] },
  },
};

/** What is closed on the drawing of a limb: corners, by the area they belong to. @type {Record<string, Record<string, number[][]>>} */
export const LIMB_CLOSED = {
  arm: { armpit: [[-20, -40], [-5, -40], [-5, 54], [-20, 54]], elbow_inner: [[-20, 55], [20, 55], [20, 75], [-20, 75]] },
  leg: { private: [[-24, -40], [-5, -40], [-5, 78], [-24, 78]], knee_back: [[-24, 81], [24, 81], [24, 99], [-24, 99]] },
};

/** Where the giver's elbows come from, for a hand on the drawing. @type {Record<string, number[]>} */
const GIVERS = {
  hip_right: [58, 290],
  hip_left: [-58, 290],
  waist_right: [120, 220],
  waist_left: [-120, 220],
  behind: [0, 330],
  behind_side: [-130, 190],
};
const FROM_THE_HEAD = new Set(["head", "head_back"]);

/** Returns x of a line at y. @param {number[][]} line @param {number} y */
export function readLine(line, y) {
  let i = 0;
  while (i < line.length - 2 && y >= line[i + 1][0]) i += 1;
  const [[y0, x0], [y1, x1]] = [line[i], line[i + 1]];
  const share = Math.max(0, Math.min(1, (y - y0) / (y1 - y0)));
  return x0 + (x1 - x0) * share;
}

/**
 * Returns the frame of a step's areas; of several that no drawing shows together, of the first.
 * @param {string[]} areas keys, without sides @param {string} position @param {string} [giver]
 * @returns {Frame}
 */
export function findFrame(areas, position, giver = "") {
  const rows = areas.map((each) => BACK_ROWS[each]).filter(Boolean);
  if (!rows.length) {
    const key = areas.find((each) => each in FRAMES) ?? "";
    if (key === "scalp" && position === "back") return FRAMES.scalp_front;
    const frame = FRAMES[key];
    if (frame?.body === "foot" && position === "back") return { ...frame, view: "front" };
    if (frame?.name === "scalp" && FROM_THE_HEAD.has(giver)) return { ...frame, turn: 180, lean: 18, box: [-46, -30, 92, 98] };
    if (frame) return frame;
  }
  const top = rows.length ? Math.min(...rows.map((row) => row[0])) : 92;
  const bottom = rows.length ? Math.max(...rows.map((row) => row[1])) : 184;
  const lowest = areas.includes("sacrum") ? 240 : bottom;
  const middle = Math.max(128, Math.min(170, (top + lowest) / 2));
  const box = bottom - top > 100 ? [-66, 70, 132, 141] : [-62, Math.round(middle - 66), 124, 132];
  const strip = { top, bottom, ...BACK };
  const isTop = bottom - top < 30 && top < 100;
  return {
    name: isTop ? "shoulder_tops" : "back", body: "trunk", view: "back", strip, box, isMirrored: true,
    ...(isTop ? { holds: { flat: "pads", palm: "pads", forearm: "pads" }, radius: 0.7 } : {}),
    ...(FROM_THE_HEAD.has(giver) ? { turn: 180, box: isTop ? [-62, 34, 124, 132] : [-66, 34, 132, 141] } : {}),
  };
}

/**
 * Returns degrees by which a forearm is bent at the wrist, to come from the giver's place.
 * @param {string} giver key of the place @param {number} x @param {number} y @param {number} turn of the hand @param {number} mirror
 */
export function bendArm(giver, x, y, turn, mirror) {
  const from = GIVERS[giver];
  if (!from) return 0;
  const wanted = (Math.atan2(x - (from[0] - 14 * mirror), from[1] - y) * 180) / Math.PI;
  return Math.max(-48, Math.min(48, wanted - turn)) * mirror;
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

/**
 * Returns how far a hand has to move so that all points of its working part lie in the strip; where the
 * strip is narrower than the hand, to its middle, and by how much it is.
 * @param {Strip} strip @param {number[][]} points
 */
export function findShift(strip, points) {
  let [up, down] = [0, 0];
  for (const [, y] of points) {
    down = Math.max(down, strip.top - y);
    up = Math.min(up, strip.bottom - y);
  }
  const dy = down || up;
  let [right, left] = [-Infinity, Infinity];
  for (const [x, y] of points) {
    right = Math.max(right, readLine(strip.inner, y + dy) - x);
    left = Math.min(left, readLine(strip.outer, y + dy) - x);
  }
  const tooWide = Math.max(0, right - left);
  const dx = tooWide ? (right + left) / 2 : right > 0 ? right : Math.min(0, left);
  return { dx, dy, tooWide };
}
