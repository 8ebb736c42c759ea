// @ts-check
/** What skin does under a hand: a fold that is lifted, and lines that travel with the pads. */

import { createSvg, writeAttribute } from "../dom.js";
import { outlineHand } from "./hand.js";

/** @import { HandPose } from "./hand.js" */

/** Lines of skin across the spot, most of them beyond the fingertips, where they are seen. */
const PATCH = { wide: 11, rows: [-13, -10, -7, -4, -1] };
/** Lines of a fold, from one edge to the other, and how far apart they are at rest. */
const GATHERED = [-1, -0.5, 0, 0.5, 1];
const OPEN = 8;
const RADIANS = Math.PI / 180;

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;

/**
 * Returns a fold of skin between fingers and thumb, in the units of its hand.
 * @param {boolean} isLong whether the muscle goes on at the other side of the hand
 * @param {boolean} isClothed whether the fold is one of cloth
 */
export function createFold(isLong, isClothed) {
  const node = createSvg("g", isClothed ? { class: "at-skin-clothed" } : {});
  const ridge = createSvg("path", { class: "at-skin-fold" });
  const crest = createSvg("path", { class: "at-skin-crest" });
  const creases = createSvg("path", { class: "at-skin-crease" });
  node.append(ridge, crest, creases);
  return { node, ridge, crest, creases, isLong, from: isLong ? -21 : -9, shown: -1 };
}

/** Lifts a fold as far as the hand is closed. @param {ReturnType<typeof createFold>} fold @param {number} grip 0 to 1 */
export function liftFold(fold, grip) {
  const shown = Math.round(grip * 20);
  if (fold.shown === shown) return;
  fold.shown = shown;
  const high = shown / 20;
  const { thumb, fingers } = outlineHand("grip", grip);
  const [tip] = fingers;
  const [mx, my] = [(thumb[0] + tip[0]) / 2, (thumb[1] + tip[1]) / 2];
  const gap = Math.hypot(thumb[0] - tip[0], thumb[1] - tip[1]);
  const across = Math.atan2(thumb[1] - tip[1], thumb[0] - tip[0]) / RADIANS;
  // Along the fold: out of the hand, at a right angle to the line from fingertip to thumb.
  const [half, length] = [Math.max(3.2, gap * 0.5), fold.isLong ? 6.5 + 3.5 * high : 3.5 + 2 * high];
  fold.node.setAttribute("transform", `translate(${round(mx)} ${round(my)}) rotate(${round(across - 90)})`);
  fold.ridge.setAttribute("d", `M${fold.from} 0C${fold.from} ${round(-half)} -12 ${round(-half * 1.1)} -8 ${round(-half * 1.1)}C-2 ${round(-half * 1.15)} ${round(length)} ${round(-half * 0.8)} ${round(length)} 0C${round(length)} ${round(half * 0.8)} -2 ${round(half * 1.15)} -8 ${round(half * 1.1)}C-12 ${round(half * 1.1)} ${fold.from} ${round(half)} ${fold.from} 0Z`);
  fold.crest.setAttribute("d", `M-4 ${round(-half * 0.35)}C0 ${round(-half * 0.5)} ${round(length * 0.5)} ${round(-half * 0.4)} ${round(length - 2.6)} 0`);
  // Lines of skin are spread where the fold ends, and gathered where it is held.
  fold.creases.setAttribute("d", GATHERED.map((row) => {
    const [held, spread] = [round(row * half * 0.9), round(row * OPEN)];
    return `M-7 ${held}C${round(length)} ${held} ${round(length + 1)} ${spread} ${round(length + (fold.isLong ? 5 : 2) - Math.abs(row) * 2)} ${spread}`;
  }).join(""));
  fold.node.setAttribute("opacity", String(round(Math.min(1, high * 1.6))));
}

/** Returns lines and dots of the skin round a spot. */
export function createPatch() {
  const node = createSvg("g");
  const lines = createSvg("path", { class: "at-skin-lines" });
  const dots = createSvg("path", { class: "at-skin-dots" });
  node.append(lines, dots);
  return { node, lines, dots };
}

/** Lines and dots by how far the middle of the skin has travelled, in tenths. @type {Map<string, string[]>} */
const dragged = new Map();

/** Returns lines and dots of the skin whose middle has travelled. @param {number} dx @param {number} dy */
function drawDragged(dx, dy) {
  const key = `${dx} ${dy}`;
  let found = dragged.get(key);
  if (!found) {
    let lines = "";
    let dots = "";
    for (const row of PATCH.rows) {
      const near = row < -4 ? 1.28 + row * 0.07 : 1;
      const [mx, my] = [dx * near, row + dy * near];
      const wide = PATCH.wide * (row < -4 ? 1.24 + row * 0.06 : 1);
      lines += `M${round(-wide)} ${row}C${round(-wide * 0.55)} ${row} ${round(mx - 5)} ${round(my)} ${round(mx)} ${round(my)}S${round(wide * 0.55)} ${row} ${round(wide)} ${row}`;
      for (const at of [-5, 0, 5]) dots += `M${round(mx + at)} ${round(my)}h.01`;
    }
    found = [lines, dots];
    dragged.set(key, found);
  }
  return found;
}

/**
 * Moves the skin of a patch with the pads: its edge stays, its middle travels along.
 * @param {ReturnType<typeof createPatch>} patch @param {number[]} spot its middle at rest @param {HandPose} pose
 * @param {number} scale
 */
export function dragPatch(patch, [x, y], pose, scale) {
  const hold = 1 - Math.min(1, pose.lift * 2);
  const [sin, cos] = [Math.sin(pose.turn * RADIANS), Math.cos(pose.turn * RADIANS)];
  const [away, down] = [((pose.x - x) * hold) / scale, ((pose.y - y) * hold) / scale];
  const [dx, dy] = [away * cos + down * sin, down * cos - away * sin].map((each) => Math.round(each * 10) / 10);
  const [lines, dots] = drawDragged(dx, dy);
  writeAttribute(patch.node, "transform", `translate(${round(x)} ${round(y)}) rotate(${round(pose.turn)}) scale(${scale})`);
  writeAttribute(patch.lines, "d", lines);
  writeAttribute(patch.dots, "d", dots);
  writeAttribute(patch.node, "opacity", round(0.25 + 0.75 * hold));
}
