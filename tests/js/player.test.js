import assert from "node:assert/strict";
import { test } from "node:test";

import { MOVES } from "../../workbook/ui/widgets/player/pictures.js";
import { findLocalVoice } from "../../workbook/ui/widgets/player/speech.js";
import { content } from "./content.js";

test("only a voice of this device reads aloud", () => {
  const far = { name: "far", lang: "en-GB", localService: false };
  const french = { name: "french", lang: "fr-FR", localService: true };
  const own = { name: "own", lang: "en_US", localService: true };

  assert.equal(findLocalVoice([far, french, own], "en"), own);
  assert.equal(findLocalVoice([far, french], "en"), undefined);
  assert.equal(findLocalVoice([], "en"), undefined);
});

test("every kind of touch has a picture", () => {
  assert.deepEqual(Object.keys(MOVES).sort(), [...content.techniques].sort());
});
