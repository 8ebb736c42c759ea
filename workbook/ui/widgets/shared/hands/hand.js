// @ts-check
/** One natural hand, seen from above: a left one, fingers up, the wrist at 0 0, 40 units long. */

import { createSvg, writeAttribute } from "../dom.js";

/**
 * @typedef {{ spread: number, curl: number, thumb: number, meets: number[], works: number[], wraps?: number[] }} HandShape
 *   `meets`: the point that follows the stroke; `works`: left, top, right and bottom of what bears on the skin;
 *   `wraps`: of what bears on a limb from above, while the rest lies round it.
 * @typedef {{ x: number, y: number, turn: number, mirror: number, press: number, lift: number, grip: number,
 *   size: number, arm: number }} HandPose
 *   degrees from fingers up; mirror -1 for a right hand; `arm`: degrees by which the forearm is bent at the wrist.
 * @typedef {ReturnType<typeof createHand>} Hand
 */

const RADIANS = Math.PI / 180;

/** Knuckle x and y, lean in degrees, length and radius, from the first finger to the last. */
const FINGERS = [
  [5.9, -19.4, 6, 17.4, 2.28],
  [1.9, -20.9, 1, 19.2, 2.32],
  [-2.2, -20.2, -5, 17.8, 2.22],
  [-6, -17.8, -13, 14, 1.92],
];
const PALM =
  "M-5.1 3C-5.6 -2 -8 -6.5 -8.2 -12.5C-8.3 -15.6 -8.3 -18 -8.1 -19.6C-7.4 -22.4 -5.6 -23 -4.2 -23.8C-2.8 -24.8 -1.4 -25.2 -.2 -25.3C1.6 -25.6 3 -25.4 4 -24.9C6 -24.2 7.6 -23.4 8.3 -20.6C8.5 -18.6 8.3 -17 8.3 -16.2Q9 -14.2 11.6 -12.6L9.4 -6.6C7.4 -3.4 5.6 -1 5.2 3Z";
const FOREARM = "M-5.1 2C-5.2 8 -6.6 14 -7.2 22L-7.8 44L7.8 44L7.2 22C6.6 14 5.3 8 5.2 2A5.2 5.2 0 0 0 -5.1 2Z";
const FOREARM_EDGES = "M-5.1 1C-5.2 8 -6.6 14 -7.2 22L-7.8 44M7.8 44L7.2 22C6.6 14 5.3 8 5.2 1";

/** How a hand is held for each kind of touch. @type {Record<string, HandShape>} */
export const HAND_SHAPES = {
  flat: { spread: 0.5, curl: 0.02, thumb: -0.45, meets: [0.4, -17], works: [-6.6, -36, 6.8, -2] },
  palm: { spread: 1, curl: 0.06, thumb: -0.2, meets: [0, -9], works: [-6.4, -20, 6.6, 0] },
  grip: { spread: 0.6, curl: 0.16, thumb: 0.65, meets: [4, -20], works: [-4.4, -34, 12.4, -11], wraps: [0, -31, 8.6, -12] },
  pads: { spread: 0.6, curl: 0.3, thumb: -0.35, meets: [2, -31], works: [-4.6, -35, 8.2, -27] },
  tips: { spread: 1.2, curl: 0.14, thumb: 0.3, meets: [0, -35], works: [-7, -39, 7.4, -31] },
  forearm: { spread: 0.7, curl: 0.3, thumb: 0.1, meets: [0, 16], works: [-6, 4, 6, 30] },
};

/** Below this a thumb lies against the hand, and a line shows where. */
const TUCKED = 0.2;
const GRIP_STEPS = 20;
/** Outlines by kind and grip: fingers are bent in steps, so that each is calculated once. @type {Map<string, Outlines>} */
const outlines = new Map();

/** @typedef {{ skin: string, lines: string, nails: string, thumb: number[], fingers: number[][] }} Outlines */

/** Rounded for a path. @param {number} value */
const round = (value) => Math.round(value * 100) / 100;

/** Returns round links, each with its own radius, as one outline. @param {number[][]} links x, y, radius */
function joinLinks(links) {
  let path = "";
  for (let i = 0; i < links.length - 1; i += 1) {
    const [x, y, r] = links[i];
    const [u, v, s] = links[i + 1];
    const along = Math.hypot(u - x, v - y) || 1e-6;
    const to = Math.atan2(v - y, u - x);
    const lean = Math.acos(Math.max(-1, Math.min(1, (r - s) / along)));
    const wide = lean > Math.PI / 2 ? 1 : 0;
    const at = (/** @type {number} */ cx, /** @type {number} */ cy, /** @type {number} */ radius, /** @type {number} */ angle) =>
      `${round(cx + radius * Math.cos(angle))} ${round(cy + radius * Math.sin(angle))}`;
    path += `M${at(x, y, r, to - lean)}L${at(u, v, s, to - lean)}A${round(s)} ${round(s)} 0 ${wide} 1 ${at(u, v, s, to + lean)}`;
    path += `L${at(x, y, r, to + lean)}A${round(r)} ${round(r)} 0 ${1 - wide} 1 ${at(x, y, r, to - lean)}Z`;
  }
  return path;
}

/** Returns the links of fingers and thumb. @param {{ spread: number, curl: number, thumb: number }} shape */
function bendFingers({ spread, curl, thumb }) {
  const fingers = FINGERS.map(([x, y, lean, length, r]) => {
    const links = [[x * 0.95, y + 5, r], [x, y, r]];
    let [px, py] = [x, y];
    [0.46, 0.3, 0.24].forEach((share, joint) => {
      const along = length * share * (1 - curl * [0.18, 0.62, 0.95][joint]);
      const angle = lean * spread * (joint ? 0.8 : 1) * RADIANS;
      px += Math.sin(angle) * along;
      py -= Math.cos(angle) * along;
      links.push([px, py, r * [0.95, 0.87, 0.7][joint]]);
    });
    return links;
  });
  const links = [[4, -4.4, 3.5]];
  let [px, py] = links[0];
  for (const [angle, along, r] of [[36 + 14 * thumb, 7.6, 2.85], [18 + 26 * thumb, 6.4, 2.3], [2 + 24 * thumb, 5.4, 1.72]]) {
    px += Math.sin(angle * RADIANS) * along;
    py -= Math.cos(angle * RADIANS) * along;
    links.push([px, py, r]);
  }
  return { fingers, thumb: links };
}

/** @param {number[]} tip x, y, radius @param {number[]} from the joint before it */
function drawNail([x, y, r], from) {
  const angle = Math.atan2(y - from[1], x - from[0]);
  const [wide, high] = [r * 0.95, r * 0.62];
  const [cx, cy] = [x + Math.cos(angle) * r * 0.12, y + Math.sin(angle) * r * 0.12];
  const [px, py] = [Math.cos(angle) * wide, Math.sin(angle) * wide];
  const arc = `A${round(wide)} ${round(high)} ${round(angle / RADIANS)} 1 0`;
  return `M${round(cx - px)} ${round(cy - py)}${arc} ${round(cx + px)} ${round(cy + py)}${arc} ${round(cx - px)} ${round(cy - py)}Z`;
}

/** Returns the outlines of a hand held like this. @param {string} kind @param {number} grip 0 to 1 @returns {Outlines} */
export function outlineHand(kind, grip) {
  const step = Math.round(grip * GRIP_STEPS);
  const key = `${kind}${step}`;
  let found = outlines.get(key);
  if (!found) {
    const shape = HAND_SHAPES[kind];
    const closed = step / GRIP_STEPS;
    const { fingers, thumb } = bendFingers({ spread: shape.spread, curl: shape.curl + 0.46 * closed, thumb: shape.thumb - 0.4 * closed });
    let lines = "";
    let nails = drawNail(thumb[3], thumb[2]);
    if (shape.thumb < TUCKED) {
      const [[ax, ay, ar], [bx, by, br], [cx, cy, cr]] = thumb.slice(1);
      lines = `M${round(ax - ar * 0.5)} ${round(ay - ar * 0.8)}Q${round(bx - br)} ${round(by)} ${round(cx - cr)} ${round(cy)}Q${round(cx - cr)} ${round(cy - cr)} ${round(cx)} ${round(cy - cr)}`;
    }
    fingers.forEach((links, i) => {
      const r = FINGERS[i][4];
      const [[kx, ky], [jx, jy]] = [links[1], links[2]];
      lines += `M${round(jx - r * 0.45)} ${round(jy)}q${round(r * 0.45)} -.7 ${round(r * 0.9)} 0`;
      lines += `M${round(kx - r * 0.5)} ${round(ky + 0.6)}q${round(r * 0.5)} -1 ${round(r)} 0`;
      if (kind !== "grip") nails += drawNail(links[4], links[3]);
    });
    found = {
      skin: PALM + joinLinks(thumb) + fingers.map(joinLinks).join(""),
      lines,
      nails,
      thumb: thumb[3],
      fingers: fingers.map((links) => links[4]),
    };
    outlines.set(key, found);
  }
  return found;
}

/** Returns a hand to be posed. @param {string} id no other hand has @param {string} kind of HAND_SHAPES */
export function createHand(id, kind) {
  const fade = (/** @type {string} */ name, /** @type {string} */ colour) => {
    const gradient = createSvg("linearGradient", { id: `${id}-${name}`, gradientUnits: "userSpaceOnUse", x1: 0, x2: 0, y1: kind === "forearm" ? 34 : 6, y2: kind === "forearm" ? 44 : 38 });
    gradient.append(
      createSvg("stop", { offset: 0, style: `stop-color:var(${colour})` }),
      createSvg("stop", { offset: 1, style: `stop-color:var(${colour});stop-opacity:0` }),
    );
    return gradient;
  };
  const light = createSvg("linearGradient", { id: `${id}-light`, gradientUnits: "userSpaceOnUse", x1: 0, x2: 0, y1: -40, y2: 2 });
  light.append(
    createSvg("stop", { offset: 0, style: "stop-color:var(--at-hand-lit)" }),
    createSvg("stop", { offset: 1, style: "stop-color:var(--at-hand)" }),
  );
  const blur = createSvg("filter", { id: `${id}-blur`, x: "-60%", y: "-60%", width: "220%", height: "220%" });
  blur.append(createSvg("feGaussianBlur", { stdDeviation: 2.4 }));
  const defs = createSvg("defs");
  defs.append(fade("arm", "--at-hand"), fade("edge", "--at-hand-line"), light, blur);
  const shadow = createSvg("path", { class: "at-hand-shadow", filter: `url(#${id}-blur)` });
  const edge = createSvg("path", { class: "at-hand-edge" });
  const armEdge = createSvg("path", { d: FOREARM_EDGES, fill: "none", stroke: `url(#${id}-edge)`, "stroke-width": 1.5 });
  const arm = createSvg("path", { d: FOREARM, class: "at-hand-arm", fill: `url(#${id}-arm)` });
  const skin = createSvg("path", { fill: `url(#${id}-light)` });
  const lines = createSvg("path", { class: "at-hand-lines" });
  const nails = createSvg("path", { class: "at-hand-nails" });
  const body = createSvg("g");
  body.append(armEdge, edge, arm, skin, lines, nails);
  const node = createSvg("g", { class: "at-hand" });
  node.append(defs, shadow, body);
  return { node, kind, shadow, edge, arm, armEdge, skin, lines, nails, body, shown: "" };
}

/** Puts a hand somewhere. @param {Hand} hand @param {HandPose} pose */
export function poseHand(hand, pose) {
  const { meets } = HAND_SHAPES[hand.kind];
  const outline = outlineHand(hand.kind, pose.grip);
  if (hand.shown !== outline.skin) {
    hand.shown = outline.skin;
    for (const each of [hand.edge, hand.skin]) each.setAttribute("d", outline.skin);
    hand.shadow.setAttribute("d", hand.kind === "forearm" ? FOREARM : outline.skin);
    hand.lines.setAttribute("d", outline.lines);
    hand.nails.setAttribute("d", outline.nails);
  }
  const [mx, my] = meets;
  const scale = pose.size * (1 + 0.05 * pose.lift - 0.015 * pose.press);
  writeAttribute(
    hand.node,
    "transform",
    `translate(${round(pose.x)} ${round(pose.y)}) rotate(${round(pose.turn)}) scale(${round(pose.mirror * scale)} ${round(scale)}) translate(${-mx} ${-my})`,
  );
  const bent = `rotate(${Math.round(pose.arm)})`;
  for (const each of [hand.arm, hand.armEdge]) writeAttribute(each, "transform", bent);
  const grown = 1 + 0.2 * pose.press + 0.04 * pose.lift;
  const down = Math.round((my + 1.5 + 4 * pose.lift) * 10) / 10;
  writeAttribute(hand.shadow, "transform", `translate(${mx} ${down}) scale(${round(grown)}) translate(${-mx} ${-my})`);
  writeAttribute(hand.shadow, "opacity", round((0.1 + 0.5 * pose.press) * (1 - 0.6 * pose.lift)));
  writeAttribute(hand.body, "opacity", round(1 - 0.4 * pose.lift));
}

/**
 * Returns the corners of what bears on the skin, on the drawing.
 * @param {string} kind @param {HandPose} pose @param {boolean} [isLimb] @returns {number[][]}
 */
export function listWorking(kind, pose, isLimb = false) {
  const { meets, works, wraps } = HAND_SHAPES[kind];
  const [left, top, right, bottom] = (isLimb && wraps) || works;
  const [sin, cos] = [Math.sin(pose.turn * RADIANS), Math.cos(pose.turn * RADIANS)];
  return [[left, top], [right, top], [right, bottom], [left, bottom]].map(([x, y]) => {
    const [px, py] = [(x - meets[0]) * pose.size * pose.mirror, (y - meets[1]) * pose.size];
    return [pose.x + px * cos - py * sin, pose.y + px * sin + py * cos];
  });
}
