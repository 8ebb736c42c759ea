// @ts-check
/**
 * Where places lie on the figure; pure. The outline of each area comes with it, from
 * outlines.toml.
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
