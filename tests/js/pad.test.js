import assert from "node:assert/strict";
import { test } from "node:test";

import { interpretTaps } from "../../workbook/ui/widgets/pad/taps.js";

test("one tap is softer once the row is over, two are still, three and more stop", () => {
  const found = [[0, true], [1, false], [1, true], [2, false], [2, true]].map(([taps, over]) => interpretTaps(taps, over));

  assert.deepEqual(found, ["", "", "softer", "still", "still"]);
  for (const taps of [3, 4, 9]) {
    for (const over of [false, true]) assert.equal(interpretTaps(taps, over), "stop");
  }
});
