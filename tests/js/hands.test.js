import assert from "node:assert/strict";
import { test } from "node:test";

import { followWay, layWay, readCurve } from "../../workbook/ui/widgets/shared/hands/motion.js";

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
