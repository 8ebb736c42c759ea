import assert from "node:assert/strict";
import { test } from "node:test";

import { listSites } from "../../workbook/ui/widgets/player/sites.js";
import { findLocalVoice } from "../../workbook/ui/widgets/player/speech.js";
import { findCount, listDots } from "../../workbook/ui/widgets/player/tempo.js";

test("only a voice of this device reads aloud", () => {
  const far = { name: "far", lang: "en-GB", localService: false };
  const french = { name: "french", lang: "fr-FR", localService: true };
  const own = { name: "own", lang: "en_US", localService: true };

  assert.equal(findLocalVoice([far, french, own], "en"), own);
  assert.equal(findLocalVoice([far, french], "en"), undefined);
  assert.equal(findLocalVoice([], "en"), undefined);
});

const BEATS = [{ seconds: 6, word: "up, firm" }, { seconds: 4, word: "back, light" }];

test("each counted part has a dot a second", () => {
  assert.deepEqual(listDots(BEATS).map(({ dots }) => dots), [6, 4]);
  assert.deepEqual(listDots([{ seconds: 0.5, word: "" }, { seconds: 20, word: "" }]).map(({ dots }) => dots), [1, 8]);
});

test("a second of the step is one count of one round", () => {
  assert.deepEqual(findCount(BEATS, 0), { round: 0, part: 0, dot: 0 });
  assert.deepEqual(findCount(BEATS, 5.9), { round: 0, part: 0, dot: 5 });
  assert.deepEqual(findCount(BEATS, 6), { round: 0, part: 1, dot: 0 });
  assert.deepEqual(findCount(BEATS, 29.99), { round: 2, part: 1, dot: 3 });
  assert.deepEqual(findCount([], 12), { round: 0, part: 0, dot: 0 });
});

test("a step on several limbs is on one after the other, the right ones first", () => {
  const parts = ["forearm.left", "forearm.right", "hands.left", "hands.right"];
  assert.deepEqual(listSites({ parts }).map((site) => site.parts[0]), ["forearm.right", "hands.right", "forearm.left", "hands.left"]);
  assert.deepEqual(listSites({ parts: ["feet.left", "feet.right"], position: "back" })[1], { parts: ["feet.left"], areas: ["feet"], half: "left" });
  assert.deepEqual(listSites({ parts: ["calves.right"] }), [], "one limb is drawn as it is");
  assert.deepEqual(listSites({ parts: ["mid_back.left", "mid_back.right"] }), [], "one drawing shows the back");
});
