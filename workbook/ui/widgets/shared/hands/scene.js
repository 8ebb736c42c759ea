// @ts-check
/** Which hands show a stroke, where they go and how they lie at a moment; pure. */

import { listWorking } from "./hand.js";
import { findMoment, layWay } from "./motion.js";
import { bendArm, findFrame, findShift, placePoint } from "./places.js";

/** @import { Outline } from "./body.js" */
/** @import { HandPose } from "./hand.js" */
/** @import { Stroke, Way } from "./motion.js" */
/** @import { Frame, Reach } from "./places.js" */

/**
 * @typedef {{
 *   stroke: Stroke, areas: string[], side: string, position?: string, coverage?: string, giver?: string,
 *   outlines?: Record<string, Outline>, isOneHanded?: boolean, hasLens?: boolean,
 * }} HandsStep
 *   `areas`: keys, with or without their side; `side`: left, right, both or middle, of the receiver;
 *   `position`: prone, side, chair or back; `coverage`: clothed, partly or towel; `giver`: key of the
 *   giver's place; `outlines`: of the areas that are tinted; `hasLens`: whether a small side view is
 *   shown; blank: for kneading, circles and pressing, and true for gliding as well.
 * @typedef {{
 *   side: number, mirror: number, later: boolean, kind: string, way: Way | null, place: (point: number[]) => number[],
 *   radius: number, wraps: boolean, isOver: boolean, fixed: { x: number, y: number, turn: number } | null,
 * }} HandRole
 *   `side` and `mirror`: 1 or -1; mirror -1 is a right hand; `isOver`: it lies on the first one; `fixed`: it
 *   rests there.
 * @typedef {{ frame: Frame, isFlipped: boolean, turned: number, roles: HandRole[] }} Scene
 *   `isFlipped`: the body is drawn as its mirror image; `turned`: degrees by which the drawing is turned.
 */

/** From here on a lifted hand bears on nothing; above the second it may be anywhere. */
export const OFF_THE_SKIN = 0.5;
const IN_THE_AIR = 0.75;
/** Where a turned hand is wider than the strip by this much, it is not turned at all. */
const TURNED_BACK = 1.5;
const SACRUM = { x: 0, y: 221.6, turn: -90 };
/** Thumbs that lie beside a flat hand keep off the spine. @type {Record<string, number>} */
const THUMBS = { flat: 3, palm: 3, pads: 1.5 };

/** Returns the key of an area without its side. @param {string} part such as "mid_back.right" */
const dropSide = (part) => part.split(".")[0];

/** Returns the areas of a step without their sides, each once. @param {HandsStep} step */
export function listAreas({ areas }) {
  return [...new Set(areas.map(dropSide))];
}

/** Returns where the hands of a step are and which way they go. @param {HandsStep} step @returns {Scene} */
export function makeScene(step) {
  const { stroke, side, position = "prone", giver = "" } = step;
  const areas = listAreas(step);
  const frame = findFrame(areas, position, giver);
  const isLimb = frame.body !== "trunk";
  const isLying = position === "side" && !isLimb;
  const isLeft = side === "left";
  const isFlipped = (isLimb && isLeft !== (position === "back")) || (isLying && isLeft);
  const turned = isLying ? (isLeft ? 90 : -90) : 0;
  const roles = shareRoles(step, frame, areas, isLimb || isLying ? (isFlipped ? -1 : 1) : 0);
  return { frame, isFlipped, turned, roles: step.isOneHanded ? roles.slice(0, 1) : roles };
}

/**
 * Returns the hands of a step.
 * @param {HandsStep} step @param {Frame} frame @param {string[]} areas
 * @param {number} only 1 or -1 if the drawing shows one side alone, 0 if not @returns {HandRole[]}
 */
function shareRoles({ stroke, side, giver }, frame, areas, only) {
  const kind = frame.holds?.[stroke.hand] ?? stroke.hand;
  const strip = only || (side === "left" ? -1 : 1);
  const facing = frame.turn === 180 ? -1 : 1;
  const role = (/** @type {number} */ on, /** @type {number} */ mirror, later = false, span = [0, 1]) => {
    const reach = findReach(frame, kind, stroke, mirror * on);
    const place = (/** @type {number[]} */ [across, along]) => placePoint(frame.strip, reach, [across, span[0] + (span[1] - span[0]) * along]);
    const way = stroke.path.length ? layWay(stroke.path.map(place), stroke.loop) : null;
    return { side: on, mirror: mirror * facing, later, kind, way, place, isOver: false, fixed: null, radius: fitRadius(stroke, frame), wraps: frame.wraps ?? false };
  };
  if (frame.isWhole) {
    const from = giver === "waist_left" || giver === "hip_left" ? -1 : 1;
    return [role(from, -from)];
  }
  if (stroke.key === "still" && areas.includes("sacrum") && areas.length > 1) {
    return [role(strip, -strip, false, [0, 0]), { ...role(strip, -strip), fixed: SACRUM }];
  }
  if (stroke.hands === "one") return [role(strip, -strip)];
  if (frame.isMirrored && !only && (side === "both" || side === "middle")) return [role(1, -1), role(-1, 1, stroke.hands === "in_turn")];
  if (stroke.spots.length && stroke.radius + stroke.spots.length > 1) return [role(strip, -strip), { ...role(strip, strip), isOver: true }];
  if (stroke.hand === "grip" || stroke.spots.length) {
    const reach = findReach(frame, kind, stroke, -1);
    const hasRoom = frame.strip.bottom - frame.strip.top > 2 * (reach.up + reach.down) - 8;
    if (hasRoom) return [role(strip, -strip, false, [0, 0.14]), role(strip, strip, stroke.hand === "grip", [0.86, 1])];
    return stroke.hand === "grip" ? [role(strip, -strip)] : [role(strip, -strip), { ...role(strip, strip), isOver: true }];
  }
  return [role(strip, strip), role(strip, -strip, true)];
}

/** Returns the radius of circles on a place. @param {Stroke} stroke @param {Frame} frame */
function fitRadius({ radius }, { radius: share = 1 }) {
  return radius * share;
}

/**
 * Returns how far a hand on the right of the drawing reaches from its middle.
 * @param {Frame} frame @param {string} kind @param {Stroke} stroke @param {number} mirror @returns {Reach}
 */
function findReach(frame, kind, stroke, mirror) {
  const facing = frame.turn === 180 ? -1 : 1;
  const at = { x: 0, y: 0, turn: (frame.turn ?? 0) + (frame.lean ?? 0), mirror: mirror * facing, size: sizeOf(frame), press: 0, lift: 0, grip: 0, arm: 0 };
  const corners = listWorking(kind, at, frame.wraps);
  const [xs, ys] = [0, 1].map((q) => corners.map((corner) => corner[q]));
  const around = fitRadius(stroke, frame);
  const thumb = frame.wraps || frame.lean ? 0 : (THUMBS[kind] ?? 0) * sizeOf(frame);
  return { inner: -Math.min(...xs) + around + thumb, outer: Math.max(...xs) + around, up: -Math.min(...ys) + around, down: Math.max(...ys) + around };
}

/**
 * Returns points round what of a hand bears on the skin, on the drawing.
 * @param {HandRole} role @param {HandPose} pose @returns {number[][]}
 */
export function listBearing(role, pose) {
  const corners = listWorking(role.kind, pose, role.wraps);
  return corners.flatMap(([x, y], i) => {
    const [u, v] = corners[(i + 1) % corners.length];
    return [[x, y], [x + (u - x) / 3, y + (v - y) / 3], [x + ((u - x) * 2) / 3, y + ((v - y) * 2) / 3]];
  });
}

/** @param {Frame} frame */
const sizeOf = ({ size = 0.95 }) => size;

/**
 * Returns how a hand lies at a moment, and the spot round which it moves.
 * @param {HandsStep} step @param {Scene} scene @param {HandRole} role @param {number} seconds
 * @returns {{ pose: HandPose, spot: number[] | null }}
 */
export function findPose({ stroke, giver = "" }, { frame, turned }, role, seconds) {
  const at = findMoment(stroke, seconds, role.later, role.place, role.way, role.radius);
  const facing = frame.turn === 180 ? -1 : 1;
  const pose = {
    x: at.x,
    y: at.y,
    turn: (frame.turn ?? 0) + (frame.lean ?? 0) + at.turn * facing,
    mirror: role.mirror * role.side,
    press: at.press,
    lift: at.lift,
    grip: at.grip,
    size: sizeOf(frame),
    arm: 0,
  };
  if (!role.fixed && pose.lift < IN_THE_AIR) {
    let shift = findShift(frame.strip, listBearing(role, pose));
    if (shift.tooWide && at.turn) {
      pose.turn -= at.turn * facing * Math.min(1, shift.tooWide / TURNED_BACK);
      shift = findShift(frame.strip, listBearing(role, pose));
    }
    const share = Math.min(1, (IN_THE_AIR - pose.lift) / (IN_THE_AIR - OFF_THE_SKIN));
    pose.x += shift.dx * share;
    pose.y += shift.dy * share;
  }
  Object.assign(pose, { x: pose.x * role.side, turn: pose.turn * role.side, mirror: role.mirror });
  if (role.isOver) Object.assign(pose, { y: pose.y - 2, turn: pose.turn + 16 * role.mirror, press: 0 });
  if (role.fixed) Object.assign(pose, { ...role.fixed, x: role.fixed.x * role.side, turn: role.fixed.turn * role.side });
  if (frame.body === "trunk" && role.kind !== "forearm") {
    // Lying on the side, the giver is behind the lower side.
    const way = turned ? role.side : 1;
    pose.arm = bendArm(giver, pose.x * way, pose.y, pose.turn * way, pose.mirror * way);
  }
  return { pose, spot: at.spot && [at.spot[0] * role.side, at.spot[1]] };
}
