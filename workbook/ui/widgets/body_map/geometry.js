// @ts-check
/**
 * The figure and where its places lie; pure. Half of the figure is drawn, since the other
 * half is its mirror image. The outline of each area comes with it, from outlines.toml.
 */

/**
 * @typedef {{figure: "trunk" | "arm", whole: boolean, front: string, back: string}} Outline
 *   `figure`: the part of the figure that it is cut out of; `whole`: it crosses the middle and
 *   has no mirror image; `front`, `back`: SVG paths, of two sides the one to the right of the
 *   drawing, "" where it is not seen.
 * @typedef {{key: string, parts: Record<string, string>, outline: Outline, note?: string, shut?: string}} Place
 * @typedef {"front" | "back"} View
 * @typedef {{key: string, place: Place, part: string, view: View, mirrored: boolean, x: number, y: number}} Spot
 *   one outline on the drawing, with its middle.
 */

export const TRUNK =
  "M0 12C11.5 12 19.6 21 19.6 35C19.6 40 19.2 44.5 18.2 49C16.8 57 13.5 66 9.8 70.5C9.6 74.5 9.9 77.8 12 80.6C17 86.4 30 89.6 38.5 93.4C45 96.3 48.6 101.5 49.6 108L43.4 127C42.6 139 40.4 152 37.4 165C35.4 174 33.8 182 33.9 190C34.4 201 38.6 210 40.8 222C42.6 233 43.2 246 42.9 259C42.5 282 39.4 304 36.4 324C35 334 34.6 342 35.2 351C36 360 37 369 36.6 380C35.9 397 31.8 417 29.4 434C28.6 441 28.4 446 29.4 451C31.6 457 35.6 461.5 37 466C38 469.6 36.2 472 32.4 472L18.6 472C15.4 472 13.6 469.4 13.8 465.6C14.2 459 15 453 15 446.6C15 435 12.6 421 11 407C9.4 393 9.2 380 9.9 367C10.4 357 10 348 9.1 338C7.2 316 4.6 290 2.6 264C2 258.6 1 256.4 0 256.4Z";
export const ARM =
  "M38 93C48 95.4 56 103 58.4 116C60.4 128 60.8 141 62.8 154C64.4 164 66.6 173 68.2 183C70.4 197 71 214 73 230C74 238 75.4 243.6 77.6 250C80.4 258 82.2 266 81.6 275C81.2 281 79.8 287.6 77.4 292.4C75.6 296 72 296.2 70.6 292.4C69.6 289.4 69.2 285 68.4 281C67.6 283.4 66.6 285 65 284.8C62.6 284.4 62.6 279 63 273.6C63.4 266.6 64.6 258.6 64.4 251C64 243 61.4 234.6 59 226C55.6 213 53 200 51.6 187C50.4 174 48.4 161 46.4 148C45 139 43.6 132 43.4 126L38 112Z";

/** Width and height of the drawing, whose middle is at x = 0, and where its top is. */
export const FIGURE = { width: 180, height: 476, top: 4 };

/** Directions of the arrow keys. @type {Record<string, number[]>} */
export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Returns every place of one side of the drawing. Seen from the front, our right is the
 * figure's left. A part that stands for both sides is there twice.
 * @param {Place[]} places @param {View} view @returns {Spot[]}
 */
export function listSpots(places, view) {
  return places.flatMap((place) => {
    const { outline } = place;
    if (!outline[view]) return [];
    const [x, y] = findMiddle(outline[view]);
    return Object.keys(place.parts).flatMap((part) => {
      const side = part.slice(place.key.length + 1);
      const sides = outline.whole ? [""] : side ? [side] : ["left", "right"];
      return sides.map((each) => {
        const mirrored = each !== "" && (each === "left") === (view === "back");
        return { key: `${view}:${part}:${each}`, place, part, view, mirrored, x: mirrored ? -x : x, y };
      });
    });
  });
}

/** Returns the mean of all points of a path. @param {string} path */
function findMiddle(path) {
  const numbers = (path.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
  const half = numbers.length / 2;
  const sum = (/** @type {number} */ at) => numbers.filter((_each, i) => i % 2 === at).reduce((a, b) => a + b, 0);
  return [sum(0) / half, sum(1) / half];
}

/**
 * Returns the nearest spot in a direction; what lies straight ahead counts as nearer.
 * @param {Spot[]} all @param {Spot} from @param {string} arrow @returns {Spot | undefined}
 */
export function findNeighbour(all, from, arrow) {
  const [dx, dy] = ARROWS[arrow];
  const ahead = all
    .map((spot) => ({ spot, x: spot.x - from.x, y: spot.y - from.y }))
    .map(({ spot, x, y }) => ({ spot, on: x * dx + y * dy, off: Math.abs(x * dy) + Math.abs(y * dx) }))
    .filter(({ on, off }) => on > 0.5 && off <= 2.5 * on);
  return ahead.sort((a, b) => a.on + 2 * a.off - (b.on + 2 * b.off))[0]?.spot;
}

/**
 * Returns the marks after a part was painted; painted with what it has, it is blank again.
 * @param {Record<string, string>} marks @param {Place} place @param {string} part
 * @param {string} brush @param {boolean} both @returns {Record<string, string>}
 */
export function paintPart(marks, place, part, brush, both) {
  const parts = both ? Object.keys(place.parts) : [part];
  const clear = parts.every((each) => marks[each] === brush);
  const after = { ...marks };
  for (const each of parts) {
    if (clear) delete after[each];
    else after[each] = brush;
  }
  return after;
}

/**
 * Returns the marks with those of another set where there is none yet; nothing is overwritten.
 * @param {Record<string, string>} marks @param {Record<string, string>} others
 * @returns {Record<string, string>}
 */
export function fillBlank(marks, others) {
  return { ...others, ...marks };
}

/**
 * Returns the side on which more marked places are seen; of equal ones the one that is given.
 * @param {Place[]} places @param {Record<string, string>} marks @param {View} side @returns {View}
 */
export function findSide(places, marks, side) {
  const count = (/** @type {View} */ view) => listSpots(places, view).filter((spot) => spot.part in marks).length;
  const other = side === "back" ? "front" : "back";
  return count(other) > count(side) ? other : side;
}

/**
 * Returns the spots on which a sign is drawn. Two sides with the same sign have it once: odd ones
 * on the right of the drawing, even ones on the left, so that neighbours do not crowd.
 * @param {Spot[]} spots @param {Record<string, string>} signs by part @returns {Spot[]}
 */
export function listSigned(spots, signs) {
  return spots.filter((spot) => {
    const sign = signs[spot.part];
    if (!sign) return false;
    const twin = spots.some((each) => each !== spot && each.place === spot.place && signs[each.part] === sign);
    return !twin || spot.mirrored === (Number(sign) % 2 === 0);
  });
}
