import assert from "node:assert/strict";
import { test } from "node:test";

import { ARM, TRUNK } from "../../workbook/ui/widgets/shared/figure.js";
import { ARM_OUTLINE, LEG_OUTLINE, SOLE_OUTLINE } from "../../workbook/ui/widgets/shared/hands/limbs.js";
import { followWay, layWay, readCurve } from "../../workbook/ui/widgets/shared/hands/motion.js";
import { LIMB_CLOSED } from "../../workbook/ui/widgets/shared/hands/places.js";
import { findPose, listBearing, makeScene, OFF_THE_SKIN } from "../../workbook/ui/widgets/shared/hands/scene.js";
import { content } from "./content.js";

const { areas, places, strokes } = content;
const MOMENTS = 60;
const shut = new Set(places.filter((place) => place.shut).map((place) => place.key));
const POSITIONS = { prone: ["", "hip_right", "head"], side: ["behind_side"], chair: ["behind"], back: ["head_back"] };
const BACK = ["shoulder_tops", "shoulder_blades", "mid_back", "low_back"];
const TOGETHER = [BACK, ["mid_back", "low_back"], ["shoulder_blades", "mid_back"], ["shoulder_tops", "shoulder_blades"], ["mid_back", "sacrum"], ["nape", "shoulder_tops"], ["low_back", "mid_back", "shoulder_tops"]];
const ON_THE_BACK = new Set(["scalp", "face", "jaw", "hands", "forearm", "upper_arm", "knee_shin", "feet", "thigh_front", "upper_chest", "belly"]);
const FRONT_ONLY = new Set(["face", "jaw", "upper_chest", "belly", "knee_shin", "thigh_front"]);

/** Returns a path as the corners of a polygon. */
function flatten(path) {
  const points = [];
  for (const [, command, rest] of path.matchAll(/([MLCQ])([^MLCQZ]*)/g)) {
    const numbers = (rest.match(/-?\d*\.?\d+/g) ?? []).map(Number);
    const size = { M: 2, L: 2, Q: 4, C: 6 }[command];
    for (let i = 0; i < numbers.length; i += size) {
      const all = [points.at(-1), ...Array.from({ length: size / 2 }, (_each, j) => numbers.slice(i + 2 * j, i + 2 * j + 2))];
      if (size === 2) points.push(all[1]);
      else for (let step = 1; step <= 6; step += 1) points.push(blend(all, step / 6));
    }
  }
  return points;
}

/** Returns a point of a Bézier curve. */
function blend(all, at) {
  if (all.length === 1) return all[0];
  return blend(all.slice(1).map(([x, y], i) => [all[i][0] + (x - all[i][0]) * at, all[i][1] + (y - all[i][1]) * at]), at);
}

function isInside(point, polygon) {
  const [x, y] = point;
  let inside = false;
  for (let i = 0, last = polygon.length - 1; i < polygon.length; last = i, i += 1) {
    const [a, b] = [polygon[i], polygon[last]]; // a loop without iterators: millions of points are asked about
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside;
}

const mirror = (polygon) => polygon.map(([x, y]) => [-x, y]);

/** Returns a polygon with the box round it, which is looked at first. */
function bound(polygon) {
  const [xs, ys] = [0, 1].map((q) => polygon.map((point) => point[q]));
  return { polygon, left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

const holds = ({ polygon, left, right, top, bottom }, point) =>
  point[0] >= left && point[0] <= right && point[1] >= top && point[1] <= bottom && isInside(point, polygon);

const both = (polygon) => [bound(polygon), bound(mirror(polygon))];
const FIGURES = { trunk: both(flatten(TRUNK)), arm: both(flatten(ARM)) };
const RECEIVERS_HAND = [[-8.2, 20], [8.2, 20], [10.5, -30], [9, -40], [-9, -40], [-10.5, -30]].map(([x, y]) => [x, -y]);
const LIMBS = { arm: [bound(flatten(ARM_OUTLINE))], hand: both(RECEIVERS_HAND), leg: [bound(flatten(LEG_OUTLINE))], foot: [bound(flatten(SOLE_OUTLINE))] };
const CLOSED = Object.fromEntries(["front", "back"].map((view) => [
  view,
  places.filter(({ outline, shut }) => shut && outline[view]).map(({ key, outline }) => ({ key, figure: outline.figure, shapes: both(flatten(outline[view])) })),
]));

/** Returns why a point may not be worked on, in a scene; blank if it may. */
function findWhy(point, { frame, isFlipped }) {
  if (frame.body !== "trunk") {
    const at = isFlipped ? [-point[0], point[1]] : point;
    const closed = Object.entries(LIMB_CLOSED[frame.body] ?? {}).filter(([key]) => key !== "knee_back" || frame.view === "back");
    const found = closed.find(([, corners]) => isInside(at, corners));
    if (found) return found[0];
    return LIMBS[frame.body].some((each) => holds(each, at)) ? "" : "outside";
  }
  const found = CLOSED[frame.view].find(({ figure, shapes }) => shapes.some((each) => holds(each, point)) && FIGURES[figure].some((each) => holds(each, point)));
  if (found) return found.key;
  return [...FIGURES.trunk, ...FIGURES.arm].some((each) => holds(each, point)) ? "" : "outside";
}

/** Returns every step that a plan could make of a stroke. */
function* listSteps(stroke) {
  const single = Object.keys(areas).filter((key) => !shut.has(key) && areas[key].techniques.includes(stroke.technique)).map((key) => [key]);
  const together = TOGETHER.filter((keys) => keys.some((key) => areas[key].techniques.includes(stroke.technique)));
  for (const keys of [...single, ...together]) {
    if (keys.some((key) => stroke.not_on.includes(key))) continue;
    for (const [position, givers] of Object.entries(POSITIONS)) {
      if (position === "back" ? !keys.every((key) => ON_THE_BACK.has(key)) : keys.some((key) => FRONT_ONLY.has(key))) continue;
      for (const giver of givers) {
        for (const side of position === "side" || giver === "hip_right" ? ["left", "right"] : ["right", "both"]) {
          yield { stroke, areas: keys, side, position, giver };
        }
      }
    }
  }
}

for (const stroke of strokes) {
  test(`no hand that does ${stroke.key} bears on a closed place or beside the body`, () => {
    const faults = new Map();
    const drawn = new Set();
    let seen = 0;
    for (const step of listSteps(stroke)) {
      const scene = makeScene(step);
      const { frame, isFlipped, roles } = scene;
      const same = JSON.stringify([frame, isFlipped, roles.map(({ side, mirror, later, way, fixed }) => [side, mirror, later, way?.total, fixed])]);
      if (drawn.has(same)) continue;
      drawn.add(same);
      const whole = stroke.period * stroke.rounds * (stroke.spots.length || 1);
      for (let i = 0; i < MOMENTS; i += 1) {
        for (const role of roles) {
          const { pose } = findPose(step, scene, role, (whole * i) / MOMENTS);
          if (pose.lift >= OFF_THE_SKIN || role.isOver) continue;
          seen += 1;
          for (const point of listBearing(role, pose)) {
            const why = findWhy(point, scene);
            if (why) faults.set(`${step.areas} ${step.side} ${step.position} ${step.giver}: ${why}`, [i, ...point.map(Math.round)]);
          }
        }
      }
    }

    assert.ok(seen > MOMENTS);
    assert.deepEqual([...faults].map(([where, at]) => `${where} ${at}`), []);
  });
}

test("a curve is read between its points", () => {
  const curve = [[0, 0], [0.5, 1], [1, 0.5]];

  assert.deepEqual([0, 0.25, 0.5, 0.75, 1].map((at) => readCurve(curve, at)), [0, 0.5, 1, 0.75, 0.5]);
  assert.equal(readCurve([], 0.3), 0);
});

test("a way goes through its points, and a loop ends where it begins", () => {
  const points = [[0, 0], [10, 0], [10, 10], [0, 10]];

  const [way, loop] = [layWay(points, false), layWay(points, true)];

  assert.deepEqual(followWay(way, 0).slice(0, 2), points[0]);
  assert.deepEqual(followWay(way, 1).slice(0, 2), points[3]);
  for (const point of points) assert.ok(loop.all.some(([x, y]) => Math.hypot(x - point[0], y - point[1]) < 1e-6));
  assert.deepEqual(followWay(loop, 0).slice(0, 2), followWay(loop, 1).slice(0, 2));
});
