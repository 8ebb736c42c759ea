// @ts-check
/**
 * Two drawn hands that show a stroke on a drawn body. Nothing moves by itself: whoever shows it
 * calls `draw` from its own animation frame, and only while it is seen.
 */

import { createId, createSvg } from "../dom.js";
import { drawBody } from "./body.js";
import { createHand, HAND_SHAPES, poseHand } from "./hand.js";
import { findMoment, layWay } from "./motion.js";
import { findFrame, placePoint } from "./places.js";
import { drawTrail } from "./trail.js";

/** @import { Outline } from "./body.js" */
/** @import { HandPose } from "./hand.js" */
/** @import { Stroke, Way } from "./motion.js" */
/** @import { Frame } from "./places.js" */

/**
 * @typedef {{
 *   stroke: Stroke, areas: string[], side: string, position?: string, coverage?: string, giver?: string,
 *   outlines?: Record<string, Outline>,
 * }} HandsStep
 *   `areas`: keys, with or without their side; `side`: left, right, both or middle, of the receiver;
 *   `position`: prone, side, chair or back; `coverage`: clothed, partly or towel; `giver`: key of the
 *   giver's place; `outlines`: of the areas that are tinted.
 * @typedef {{ side: number, mirror: number, later: boolean }} HandRole
 *   `side` and `mirror`: 1 or -1; mirror -1 is a right hand.
 * @typedef {{ frame: Frame, way: Way | null, roles: HandRole[], place: (point: number[]) => number[] }} Scene
 */

/**
 * Returns a moving picture of a stroke: `svg`, `draw(seconds)` and what it shows in words.
 * @param {HandsStep} step
 */
export function createHands(step) {
  const id = createId("at-hands");
  const scene = makeScene(step);
  const { stroke } = step;
  const { frame, roles } = scene;
  const label = describe(stroke);
  const svg = createSvg("svg", { viewBox: frame.box.join(" "), class: "at-hands", role: "img", "aria-label": label });
  const body = drawBody(`${id}-body`, frame, {
    areas: step.areas.map(dropSide),
    side: step.side,
    coverage: step.coverage ?? "towel",
    outlines: step.outlines ?? {},
  });
  const hands = roles.map((_role, i) => createHand(`${id}-${i}`, stroke.hand));
  const breath = stroke.breath.length ? drawBreath(frame) : null;
  svg.append(body);
  if (breath) svg.append(breath.far, breath.ring);
  for (const side of new Set(roles.map((role) => role.side))) {
    const trail = drawTrail(stroke, scene.way, scene.place);
    if (side < 0) trail.setAttribute("transform", "scale(-1 1)");
    svg.append(trail);
  }
  svg.append(...hands.map((hand) => hand.node));

  /** @param {number} seconds */
  function draw(seconds) {
    roles.forEach((role, i) => poseHand(hands[i], findPose(step, scene, role, seconds)));
    if (stroke.sway) {
      const sway = stroke.sway * Math.sin((2 * Math.PI * seconds) / stroke.period - Math.PI / 2);
      body.setAttribute("transform", `translate(${Math.round(sway * 100) / 100} 0)`);
    }
    if (breath) breath.ring.setAttribute("r", String(findBreath(stroke, seconds)));
  }

  draw(0);
  return { svg, draw, label };
}

/**
 * Returns four still pictures of a stroke with a word each, for print and where motion is unwanted.
 * @param {HandsStep} step @returns {{ svg: any, word: string }[]}
 */
export function drawPositions(step) {
  return step.stroke.moments.map(({ at, word }) => {
    const { svg, draw } = createHands(step);
    draw(at);
    svg.setAttribute("aria-label", word);
    return { svg, word };
  });
}

/** Returns what a drawing shows, for who cannot see it. @param {Stroke} stroke */
function describe({ words }) {
  return [`${words.name}.`, words.hands, words.move, words.rhythm].join(" ");
}

/** @param {string} part such as "mid_back.right" */
const dropSide = (part) => part.split(".")[0];

/** Returns where the hands of a step are and which way they go. @param {HandsStep} step @returns {Scene} */
export function makeScene({ stroke, areas, side, position = "prone" }) {
  const frame = findFrame(areas.map(dropSide), position);
  const { meets, works: [left, top, right, bottom] } = HAND_SHAPES[stroke.hand];
  const size = frame.size;
  const reach = { inner: (right - meets[0]) * size, outer: (meets[0] - left) * size, up: (meets[1] - top) * size, down: (bottom - meets[1]) * size };
  if (stroke.hand === "flat" || stroke.hand === "palm") reach.inner += 3;
  if (stroke.radius) for (const each of /** @type {const} */ (["inner", "outer", "up", "down"])) reach[each] += stroke.radius;
  const place = (/** @type {number[]} */ point) => placePoint(frame.strip, reach, point);
  const way = stroke.path.length ? layWay(stroke.path.map(place), stroke.loop) : null;
  return { frame, way, roles: shareRoles(stroke, frame, side), place };
}

/** @param {Stroke} stroke @param {Frame} frame @param {string} side @returns {HandRole[]} */
function shareRoles(stroke, frame, side) {
  const only = side === "left" ? -1 : 1;
  if (stroke.hands === "one") return [{ side: frame.isWhole ? 1 : only, mirror: -only, later: false }];
  if (frame.isMirrored && (side === "both" || side === "middle")) {
    return [{ side: 1, mirror: -1, later: false }, { side: -1, mirror: 1, later: true }];
  }
  return [{ side: only, mirror: only, later: false }, { side: only, mirror: -only, later: true }];
}

/** @param {HandsStep} step @param {Scene} scene @param {HandRole} role @param {number} seconds @returns {HandPose} */
export function findPose({ stroke }, { frame, way, place }, role, seconds) {
  const at = findMoment(stroke, seconds, role.later, place, way);
  return {
    x: at.x * role.side,
    y: at.y,
    turn: frame.turn + at.turn * role.side,
    mirror: role.mirror,
    press: at.press,
    lift: at.lift,
    grip: at.grip,
    size: frame.size,
    arm: 0,
  };
}

/** @param {Frame} frame */
function drawBreath({ box: [x, y, width, height] }) {
  const middle = { cx: x + width / 2, cy: y + height / 2 };
  return {
    far: createSvg("circle", { ...middle, r: 55, class: "at-breath-far" }),
    ring: createSvg("circle", { ...middle, r: 34, class: "at-breath-ring" }),
  };
}

/** Returns the radius of the ring that breathes. @param {Stroke} stroke @param {number} seconds */
function findBreath({ breath: [into, out], period }, seconds) {
  const at = seconds % period;
  const share = at < into ? at / into : 1 - (at - into) / out;
  return Math.round((34 + 21 * (0.5 - 0.5 * Math.cos(Math.PI * share))) * 100) / 100;
}
