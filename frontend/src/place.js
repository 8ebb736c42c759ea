// @ts-check
/**
 * What the page shows goes with the browser's history entry: a chapter of the book, a step of
 * the evening, or neither, which is wherever the evening is. The address names neither.
 *
 * @typedef {{chapter?: string, step?: string}} Place
 */

/** @returns {Place} */
export function readPlace() {
  return history.state ?? {};
}

/** Show another place; Back returns. @param {Place} place */
export function goTo(place) {
  history.pushState(place, "", location.pathname + location.search);
}

/** Show another place instead of this one. @param {Place} place */
export function replacePlace(place) {
  history.replaceState(place, "", location.pathname + location.search);
}
