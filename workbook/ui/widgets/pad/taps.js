// @ts-check
/** What taps on the pad mean; pure. */

export const TAP_GAP_MS = 450; // within which the next tap belongs to the one before
export const LONG_PRESS_MS = 800; // a press that stops

/**
 * Returns the signal of a row of taps, or "" while it may still change. A signal only ever
 * grows stronger: softer, hands still, stop.
 * @param {number} taps so far @param {boolean} over whether no more came
 * @returns {"" | "softer" | "still" | "stop"}
 */
export function interpretTaps(taps, over) {
  if (taps >= 3) return "stop";
  if (taps === 2) return "still";
  return taps === 1 && over ? "softer" : "";
}
