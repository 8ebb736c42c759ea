// @ts-check
/** Which beat of a stroke is counted now, and which of its four pictures shows it; pure. */

/** @import { Stroke } from "../shared/hands/motion.js" */

/** Returns how many beats a part of so many seconds is counted in: at most one a second. @param {number} seconds */
export function countDots(seconds) {
  return Math.max(1, Math.floor(seconds));
}

/**
 * Returns the part of a round that is counted at a second, and its beat.
 * @param {Pick<Stroke, "period" | "beats">} stroke @param {number} seconds since the beginning
 */
export function findBeat({ period, beats }, seconds) {
  let left = seconds % period;
  let part = 0;
  while (part < beats.length - 1 && left >= beats[part].seconds) left -= beats[part++].seconds;
  const dots = countDots(beats[part].seconds);
  return { part, beat: Math.min(dots - 1, Math.floor((left / beats[part].seconds) * dots)) };
}

/**
 * Returns which of the four still pictures shows the stroke at a second.
 * @param {Pick<Stroke, "period" | "rounds" | "spots" | "moments">} stroke @param {number} seconds since the beginning
 */
export function findPicture({ period, rounds, spots, moments }, seconds) {
  const at = seconds % (period * (spots.length ? rounds * spots.length : 1));
  const begun = moments.filter((moment) => moment.at <= at).length;
  return begun ? begun - 1 : moments.length - 1;
}

/** Returns what is left of a minute, as a clock shows it. @param {number} seconds */
export function formatClock(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
