import assert from "node:assert/strict";
import { test } from "node:test";

import { lengthAfter } from "../../workbook/ui/widgets/page/page.js";

test("a text is as long as Python counts it: an emoji is one character", () => {
  assert.equal(lengthAfter("ab", 2, 2, "🦔🦔"), 4);
  assert.equal(lengthAfter("a🦔b", 1, 3, "x"), 3);
  assert.equal(lengthAfter("", 0, 0, "🦔".repeat(4000)), 4000);
});
