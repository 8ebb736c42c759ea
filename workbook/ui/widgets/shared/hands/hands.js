// @ts-check
/**
 * Two drawn hands that show a stroke on a drawn body. Nothing moves by itself: whoever shows it
 * calls `draw` from its own animation frame, and only while it is seen.
 */

import { createId, createSvg, writeAttribute } from "../dom.js";
import { drawBody, drawLocator } from "./body.js";
import { createHand, poseHand } from "./hand.js";
import { createLens } from "./lens.js";
import { findPose, listAreas, makeScene } from "./scene.js";
import { drawSeat } from "./seat.js";
import { createFold, createPatch, dragPatch, liftFold } from "./skin.js";
import { drawTrail } from "./trail.js";

/** @import { Hand, HandPose } from "./hand.js" */
/** @import { Stroke } from "./motion.js" */
/** @import { Frame } from "./places.js" */
/** @import { HandRole, HandsStep, Scene } from "./scene.js" */

/** Moments of a second at which a pose is calculated; a screen shows no more. */
const TICKS = 60;
/** Radius of the ring that breathes, on a viewBox of this width. */
const BREATH = { empty: 34, full: 55, width: 124 };

/**
 * Returns a moving picture of a stroke: `svg`, `draw(seconds)` and what it shows in words.
 * @param {HandsStep} step
 */
export function createHands(step) {
  const id = createId("at-hands");
  const { stroke, side, position = "prone", coverage = "towel", outlines = {} } = step;
  const scene = makeScene(step);
  const { frame, isFlipped, turned, roles } = scene;
  const box = turnBox(frame.box, turned);
  const label = describe(stroke);
  const svg = createSvg("svg", { viewBox: box.join(" "), class: "at-hands", role: "img", "aria-label": label });
  const receiver = { areas: listAreas(step), side: turned && isFlipped ? "right" : side, position, coverage, outlines };
  const body = createSvg("g");
  const drawn = drawBody(`${id}-body`, frame, receiver);
  if (isFlipped) drawn.setAttribute("transform", "scale(-1 1)");
  body.append(drawn);
  const picture = createSvg("g");
  if (turned) picture.setAttribute("transform", `rotate(${turned} ${middleOf(frame.box).join(" ")})`);
  picture.append(body);
  const breath = stroke.breath.length ? drawBreath(frame.box) : null;
  if (breath) picture.append(breath.far, breath.ring);
  picture.append(...drawTrails(stroke, roles, frame));
  const shown = roles.map((role, i) => showHand(`${id}-${i}`, stroke, role, coverage));
  picture.append(...shown.flatMap(({ patch }) => (patch ? [patch.node] : [])), ...shown.map(({ hand }) => hand.node));
  svg.append(picture);
  if (frame.body !== "trunk") svg.append(drawLocator(`${id}-small`, frame, receiver));
  else if (position === "chair") svg.append(drawSeat(box));
  const lens = createLens(id, stroke, box, step.hasLens);
  if (lens) svg.append(lens.node);
  const whole = stroke.period * (stroke.spots.length ? stroke.rounds * stroke.spots.length : 1);
  /** Poses by the tick of a whole stroke, which repeats itself, and by hand. @type {Map<number, ReturnType<typeof findPose>[]>} */
  const poses = new Map();
  let onTop = -1;

  /** Returns how the hands lie at a moment, to a sixtieth of a second. @param {number} seconds */
  function listPoses(seconds) {
    const tick = Math.round((seconds % whole) * TICKS);
    let found = poses.get(tick);
    if (!found) poses.set(tick, (found = roles.map((role) => findPose(step, scene, role, tick / TICKS))));
    return found;
  }

  /** @param {number} seconds */
  function draw(seconds) {
    const found = listPoses(seconds);
    let highest = 0;
    /** @type {number[]} */
    const lifts = [];
    roles.forEach((role, i) => {
      const { hand, patch, fold } = shown[i];
      const { pose, spot } = found[i];
      poseHand(hand, pose);
      if (fold) liftFold(fold, pose.grip);
      if (patch && spot) dragPatch(patch, spot, pose, frame.patch ?? 1);
      if (lens && !i) lens.draw(pose, spot);
      lifts.push(pose.lift);
      if (lifts[i] > lifts[highest] + 0.05) highest = i;
    });
    if (lifts.length > 1 && highest !== onTop && lifts[highest] > 0.2 && !roles[1].isOver) {
      onTop = highest;
      picture.append(shown[highest].hand.node);
    }
    if (stroke.sway) {
      const sway = stroke.sway * Math.sin((2 * Math.PI * seconds) / stroke.period - Math.PI / 2);
      writeAttribute(body, "transform", `translate(${round(turned ? 0 : sway)} ${round(turned ? sway : 0)})`);
    }
    if (breath) writeAttribute(breath.ring, "r", findBreath(stroke, seconds));
  }

  draw(0);
  return { svg, draw, label };
}

/**
 * Returns four still pictures of a stroke with a word each, for print and where motion is unwanted.
 * @param {HandsStep} step @returns {{ svg: any, word: string }[]}
 */
export function drawPositions(step) {
  return step.stroke.moments.map(({ at, word }, i) => {
    const { svg, draw } = createHands(step);
    draw(at);
    svg.setAttribute("aria-label", `${step.stroke.words.name}, ${i + 1}: ${word}`);
    return { svg, word };
  });
}

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;

/** Returns what a drawing shows, for who cannot see it. @param {Stroke} stroke */
function describe({ words }) {
  return [`${words.name}.`, words.hands, words.move, words.rhythm].join(" ");
}

/** @param {number[]} box */
function middleOf([x, y, width, height]) {
  return [x + width / 2, y + height / 2];
}

/** Returns the viewBox of a drawing that is turned by a right angle. @param {number[]} box @param {number} turned */
function turnBox(box, turned) {
  if (!turned) return box;
  const [x, y] = middleOf(box);
  return [x - box[3] / 2, y - box[2] / 2, box[3], box[2]];
}

/** @param {Stroke} stroke @param {HandRole[]} roles @param {Frame} frame @returns {any[]} */
function drawTrails(stroke, roles, frame) {
  const moving = roles.filter((role) => !role.isOver && !role.fixed);
  const apart = moving.filter((role, i) => !moving.slice(0, i).some((each) => each.side === role.side && each.way && each.way.total === role.way?.total));
  return apart.map((role) => {
    const trail = drawTrail(stroke, role.way, role.place, role.radius, frame);
    if (role.side < 0) trail.setAttribute("transform", "scale(-1 1)");
    return trail;
  });
}

/**
 * Returns a hand with the skin that it moves.
 * @param {string} id @param {Stroke} stroke @param {HandRole} role @param {string} coverage
 */
function showHand(id, stroke, role, coverage) {
  const hand = createHand(id, role.kind);
  const fold = role.kind === "grip" ? createFold(!role.wraps, coverage === "clothed") : null;
  if (fold) hand.node.insertBefore(fold.node, hand.body);
  const patch = role.radius && !role.isOver && coverage !== "clothed" ? createPatch() : null;
  return { hand, fold, patch };
}

/** @param {number[]} box */
function drawBreath(box) {
  const [cx, cy] = middleOf(box);
  const scale = box[2] / BREATH.width;
  const transform = `translate(${cx} ${cy}) scale(${round(scale)})`;
  return {
    far: createSvg("circle", { transform, r: BREATH.full, class: "at-breath-far" }),
    ring: createSvg("circle", { transform, r: BREATH.empty, class: "at-breath-ring" }),
  };
}

/** Returns the radius of the ring that breathes. @param {Stroke} stroke @param {number} seconds */
function findBreath({ breath: [into, out], period }, seconds) {
  const at = seconds % period;
  const share = at < into ? at / into : 1 - (at - into) / out;
  return round(BREATH.empty + (BREATH.full - BREATH.empty) * (0.5 - 0.5 * Math.cos(Math.PI * share)));
}
