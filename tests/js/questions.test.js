import assert from "node:assert/strict";
import { test } from "node:test";

import { isAsked, pruneAnswers, toggleOption } from "../../workbook/ui/widgets/questions/answers.js";

const ASKED = [
  { key: "body", kind: "many", follow: { bruise: [{ key: "where", kind: "many" }, { key: "last", kind: "date" }] } },
  { key: "week", shown_if: { question: "body", option: "pregnant" } },
  { key: "twins", shown_if: { question: "week", option: "12" } },
];
const PRUNED = {
  "a detail goes with its option": [
    { body: [], "body.bruise.where": ["left"], "body.bruise.last": "2026-01-01" },
    { body: [] },
  ],
  "a detail stays with its option": [
    { body: ["bruise"], "body.bruise.where": ["left"] },
    { body: ["bruise"], "body.bruise.where": ["left"] },
  ],
  "a hidden question is not answered": [{ body: ["none"], week: 12 }, { body: ["none"] }],
  "what it hides is hidden too": [{ body: [], week: 12, twins: "yes" }, { body: [] }],
  "a stranger is left alone": [{ other: 1 }, { other: 1 }],
};

for (const [name, [given, kept]] of Object.entries(PRUNED)) {
  test(name, () => assert.deepEqual(pruneAnswers(ASKED, given), kept));
}

test("a question with a condition is asked when the option is chosen, also as a number", () => {
  assert.equal(isAsked(ASKED[1], { body: ["pregnant"] }), true);
  assert.equal(isAsked(ASKED[1], { body: ["bruise"] }), false);
  assert.equal(isAsked(ASKED[2], { week: 12 }), true);
  assert.equal(isAsked(ASKED[2], {}), false);
});

test("none of these stands alone", () => {
  const asked = { options: [{ key: "a" }, { key: "b" }], none_label: "None of these" };

  assert.deepEqual(toggleOption(asked, ["a", "b"], "none"), ["none"]);
  assert.deepEqual(toggleOption(asked, ["none"], "b"), ["b"]);
  assert.deepEqual(toggleOption(asked, ["b"], "a"), ["a", "b"]);
  assert.deepEqual(toggleOption(asked, ["a", "b"], "a"), ["b"]);
});
