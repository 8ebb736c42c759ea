import assert from "node:assert/strict";
import { test } from "node:test";

import { listLines } from "../../workbook/ui/widgets/plan_card/sheet.js";
import { encodeWav, listBells } from "../../workbook/ui/widgets/plan_card/track.js";
import { content } from "./content.js";

const PLAN = {
  title: "The plan, 5 minutes", seconds: 300, giver: { name: "Kim" }, receiver: { name: "Robin" },
  steps: [
    { title: "A still hand", sentence: "Rest both hands.", side: "", level_words: "Still hand", seconds: 60 },
    { title: "Glide", sentence: "Up beside the spine.", side: "Left side", level_words: "Lotion-firm", seconds: 180 },
    { title: "A still hand", sentence: "Rest, and cover.", side: "", level_words: "Still hand", seconds: 60 },
  ],
  check_ins: [{ at: 0, question: "Shall I begin?" }, { at: 120, question: "Softer?" }],
  cues: [{ at: 120, kind: "rest", text: "Rest your hands" }],
};

test("a bell falls on every step and question and on the end", () => {
  const bells = listBells(PLAN);

  assert.deepEqual(bells.map((bell) => bell.at), [5, 65, 125, 245, 305]);
  assert.deepEqual(bells.map((bell) => bell.tones.length), [2, 1, 2, 1, 3]);
});

test("the sound is as long as the plan and silent between the bells", () => {
  const bells = listBells(PLAN);
  const file = encodeWav(bells);
  const head = new DataView(file.buffer, 0, 44);
  const text = (at, length) => String.fromCharCode(...file.slice(at, at + length));
  const rate = head.getUint32(24, true);
  const samples = new Int16Array(file.buffer.slice(44));
  const loudest = (from, to) =>
    samples.subarray(Math.trunc(from * rate), Math.trunc(to * rate)).reduce((most, each) => Math.max(most, Math.abs(each)), 0);

  assert.deepEqual([text(0, 4), text(8, 8), text(36, 4)], ["RIFF", "WAVEfmt ", "data"]);
  assert.deepEqual([head.getUint16(22, true), head.getUint16(34, true)], [1, 16]); // channels, bits
  assert.equal(head.getUint32(40, true), 2 * samples.length);
  assert.equal(samples.length, 310 * rate);
  for (const bell of bells) {
    assert.ok(loudest(bell.at, bell.at + 0.5) > 5_000);
    assert.ok(loudest(bell.at - 1, bell.at) < 50);
  }
  assert.ok(loudest(0, 310) < 32_767); // nothing is cut off
});

test("the sheet has every step and question in the order of the clock", () => {
  const found = listLines(PLAN, content.words);

  assert.deepEqual(found.map((line) => [line.at, line.kind]), [
    ["0:00", "step"], ["0:00", "ask"], ["1:00", "step"], ["2:00", "cue"], ["2:00", "ask"], ["4:00", "step"],
  ]);
  assert.equal(found[2].what, "2. Glide: Up beside the spine.");
  assert.equal(found[2].how, "Left side, Lotion-firm");
});
