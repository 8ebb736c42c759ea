// @ts-check
/** The counted parts of a stroke, and where in them a second lies; pure. */

/** @typedef {{seconds: number, word: string}} Beat  one counted part of a round */
/** @typedef {{word: string, seconds: number, dots: number}} DotRow */
/**
 * A moment of a stroke. `round` from 0; `part`: which row of dots; `dot`: which of them, from 0.
 * @typedef {{round: number, part: number, dot: number}} Count
 */

const MOST_DOTS = 8;

/** Returns a row of dots for each counted part: one dot a second. @param {Beat[]} beats @returns {DotRow[]} */
export function listDots(beats) {
  return beats.map(({ word, seconds }) => (
    { word, seconds, dots: Math.max(1, Math.min(MOST_DOTS, Math.floor(seconds))) }
  ));
}

/**
 * Returns what is counted at a second of the step.
 * @param {Beat[]} beats @param {number} seconds @returns {Count}
 */
export function findCount(beats, seconds) {
  const period = beats.reduce((sum, each) => sum + each.seconds, 0);
  if (period <= 0) return { round: 0, part: 0, dot: 0 };
  const round = Math.floor(seconds / period);
  let left = seconds - round * period;
  const rows = listDots(beats);
  for (const [part, row] of rows.entries()) {
    const isLast = part === rows.length - 1;
    if (left < row.seconds || isLast) {
      return { round, part, dot: Math.min(row.dots - 1, Math.floor((left * row.dots) / row.seconds)) };
    }
    left -= row.seconds;
  }
  return { round, part: 0, dot: 0 };
}
