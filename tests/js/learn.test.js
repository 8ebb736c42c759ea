import assert from "node:assert/strict";
import { test } from "node:test";

import { countDots, findBeat, findPicture, formatClock } from "../../workbook/ui/widgets/learn/beats.js";

const GLIDE = { period: 10, rounds: 1, spots: [], beats: [{ seconds: 6 }, { seconds: 4 }], moments: [0.3, 3.2, 5.8, 8].map((at) => ({ at })) };
const CIRCLES = { period: 3, rounds: 5, spots: [[0, 1], [0, 0.5], [0, 0]], beats: [{ seconds: 3 }], moments: [0.1, 1.5, 15.2, 31.5].map((at) => ({ at })) };

test("six counts up and four back, and again", () => {
  const counted = [0, 0.9, 1, 5.99, 6, 9.99, 10, 26].map((at) => findBeat(GLIDE, at));
  assert.deepEqual(
    counted.map(({ part, beat }) => [part, beat]),
    [[0, 0], [0, 0], [0, 1], [0, 5], [1, 0], [1, 3], [0, 0], [1, 0]],
  );
});

test("a part that is no whole number of seconds is counted evenly, at most one beat a second", () => {
  const knead = { period: 5, beats: [{ seconds: 2.5 }, { seconds: 2.5 }] };
  assert.deepEqual([0.5, 1, 2.5, 6].map(countDots), [1, 1, 2, 6]);
  assert.deepEqual([0, 1.24, 1.25, 2.49, 2.5, 4.9].map((at) => findBeat(knead, at).beat), [0, 0, 1, 1, 0, 1]);
});

test("the picture is the last one that has begun", () => {
  assert.deepEqual([0, 0.3, 3.1, 3.2, 9, 10.1, 13.5].map((at) => findPicture(GLIDE, at)), [3, 0, 0, 1, 3, 3, 1]);
  assert.deepEqual([2, 14, 16, 32, 44, 47].map((at) => findPicture(CIRCLES, at)), [1, 1, 2, 3, 3, 1]);
});

test("a minute is shown as a clock shows it", () => {
  assert.deepEqual([60, 59.2, 9.01, 0, -1].map(formatClock), ["1:00", "1:00", "0:10", "0:00", "0:00"]);
});
