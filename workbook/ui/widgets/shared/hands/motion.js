// @ts-check
/** Where a hand is at a moment of a stroke, in the box of its areas; pure. */

/**
 * @typedef {number[][]} Curve [part of a round, value] in order
 * @typedef {{
 *   key: string, hand: string, hands: string, period: number, path: number[][], loop: boolean, back: boolean,
 *   firm: number, spots: number[][], rounds: number, radius: number, move: number, pace: Curve, pressure: Curve,
 *   lift: Curve, grip: Curve, turn: Curve, sway: number, breath: number[],
 *   beats: { seconds: number, word: string }[], moments: { at: number, word: string }[], words: Record<string, string>,
 * }} Stroke
 * @typedef {{ all: number[][], lengths: number[], total: number }} Way
 *   a path as many points, with the length to each.
 * @typedef {{ x: number, y: number, turn: number, press: number, lift: number, grip: number, spot: number[] | null }} Moment
 *   `spot`: the middle of the circles.
 */

const RADIANS = Math.PI / 180;
const POINTS_OF_A_LEG = 16;

/**
 * Returns the value of a curve at a part of a round, slow at each of its points if `soft`.
 * @param {Curve} curve @param {number} at @param {boolean} [soft]
 */
export function readCurve(curve, at, soft = false) {
  if (!curve.length) return 0;
  let i = 0;
  while (i < curve.length - 2 && at >= curve[i + 1][0]) i += 1;
  const [[from, low], [to, high]] = [curve[i], curve[i + 1] ?? curve[i]];
  let share = Math.max(0, Math.min(1, (at - from) / (to - from || 1)));
  if (soft) share = ease(share);
  return low + (high - low) * share;
}

/** Slow at both ends. @param {number} share */
export function ease(share) {
  return share * share * (3 - 2 * share);
}

/**
 * Returns a smooth way through points. @param {number[][]} points @param {boolean} loop @returns {Way}
 */
export function layWay(points, loop) {
  const count = points.length;
  const pick = (/** @type {number} */ i) => points[loop ? (i + count) % count : Math.max(0, Math.min(count - 1, i))];
  /** @type {number[][]} */
  const all = [];
  for (let i = 0; i < (loop ? count : count - 1); i += 1) {
    const [a, b, c, d] = [pick(i - 1), pick(i), pick(i + 1), pick(i + 2)];
    for (let j = 0; j < POINTS_OF_A_LEG; j += 1) {
      const t = j / POINTS_OF_A_LEG;
      all.push([0, 1].map((q) => 0.5 * (2 * b[q] + (c[q] - a[q]) * t + (2 * a[q] - 5 * b[q] + 4 * c[q] - d[q]) * t * t + (3 * b[q] - a[q] - 3 * c[q] + d[q]) * t ** 3)));
    }
  }
  all.push(pick(loop ? 0 : count - 1));
  let total = 0;
  const lengths = all.map((point, i) => {
    if (i) total += Math.hypot(point[0] - all[i - 1][0], point[1] - all[i - 1][1]);
    return total;
  });
  return { all, lengths, total };
}

/**
 * Returns [x, y, degrees of the direction] at a share of the way.
 * @param {Way} way @param {number} share
 */
export function followWay({ all, lengths, total }, share) {
  const at = Math.max(0, Math.min(1, share)) * total;
  let low = 1;
  let high = all.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lengths[middle] < at) low = middle + 1;
    else high = middle;
  }
  const [a, b] = [all[low - 1], all[low]];
  const part = (at - lengths[low - 1]) / (lengths[low] - lengths[low - 1] || 1);
  return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part, Math.atan2(b[1] - a[1], b[0] - a[0]) / RADIANS];
}

/**
 * Returns where one hand is.
 * @param {Stroke} stroke @param {number} seconds @param {boolean} later whether it is the second of two hands
 * @param {(point: number[]) => number[]} place puts a point of the box on the drawing
 * @param {Way | null} way of the stroke on the drawing @param {number} radius of its circles @returns {Moment}
 */
export function findMoment(stroke, seconds, later, place, way, radius) {
  const time = seconds + (later ? stroke.period / 2 : 0);
  const part = (time / stroke.period) % 1;
  let [x, y] = [0, 0];
  let moving = 0;
  let spot = null;
  if (way) [x, y] = followWay(way, readCurve(stroke.pace, part, true));
  else {
    const stay = stroke.period * stroke.rounds;
    const at = Math.floor(time / stay) % stroke.spots.length;
    const angle = 2 * Math.PI * part - Math.PI / 2;
    spot = place(stroke.spots[at]);
    x = spot[0] + radius * Math.cos(angle);
    y = spot[1] + radius * Math.sin(angle);
    const left = stay - (time % stay);
    if (stroke.spots.length > 1 && left < stroke.move) {
      const [nextX, nextY] = place(stroke.spots[(at + 1) % stroke.spots.length]);
      moving = ease(1 - left / stroke.move);
      x += (nextX - x) * moving;
      y += (nextY - radius - y) * moving;
    }
  }
  const raised = Math.sin(Math.PI * moving);
  return {
    x,
    y,
    turn: readCurve(stroke.turn, part, true),
    press: readCurve(stroke.pressure, part) * (1 - raised),
    lift: Math.min(1, readCurve(stroke.lift, part) + raised),
    grip: readCurve(stroke.grip, part, true),
    spot,
  };
}
