import assert from "node:assert/strict";
import { test } from "node:test";

import { listEntries } from "../../workbook/ui/widgets/plan_card/sheet.js";
import { listBells, makeFile, makeTrack } from "../../workbook/ui/widgets/plan_card/track.js";
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

/** A file of the track in one piece. */
const join = (bells) => Uint8Array.from([...makeTrack(bells)].flatMap((piece) => [...piece]));

test("the sound is as long as the plan and silent between the bells", () => {
  const bells = listBells(PLAN);
  const file = join(bells);
  const head = new DataView(file.buffer, 0, 44);
  const text = (at, length) => String.fromCharCode(...file.slice(at, at + length));
  const rate = head.getUint32(24, true);
  const samples = file.slice(44);
  const loudest = (from, to) =>
    samples.subarray(Math.trunc(from * rate), Math.trunc(to * rate)).reduce((most, each) => Math.max(most, Math.abs(each - 128)), 0);

  assert.deepEqual([text(0, 4), text(8, 8), text(36, 4)], ["RIFF", "WAVEfmt ", "data"]);
  assert.deepEqual([head.getUint16(22, true), head.getUint16(34, true)], [1, 8]); // channels, bits
  assert.equal(head.getUint32(40, true), samples.length);
  assert.equal(samples.length, 310 * rate);
  for (const bell of bells) {
    assert.ok(loudest(bell.at, bell.at + 0.5) > 40);
    assert.equal(loudest(bell.at - 1, bell.at), 0);
  }
  assert.ok(loudest(0, 310) < 127); // nothing is cut off
});

test("the bells of twenty minutes are a file under 10 MB, computed a second at a time", async () => {
  const steps = Array.from({ length: 20 }, () => ({ ...PLAN.steps[0], seconds: 60 }));
  const bells = listBells({ ...PLAN, steps, check_ins: [{ at: 0, question: "" }, { at: 301, question: "" }] });
  const rate = new DataView([...makeTrack(bells)][0].buffer).getUint32(24, true);
  let pauses = 0;
  const file = await makeFile(bells, async () => void (pauses += 1));

  assert.ok(file.size < 10_000_000, `${file.size} bytes`);
  assert.equal(file.type, "audio/wav");
  const pieces = [...makeTrack(bells)];
  const computed = new Set(pieces);
  assert.ok([...computed].every((piece) => piece.length <= rate));
  assert.ok(pauses >= computed.size, `${pauses} pauses, ${computed.size} pieces`);
});

test("steps that read the same are one on the page, and the place is said where it changes", () => {
  const glide = { ...PLAN.steps[1], half: "left", place: "At the hip", passes: 3 };
  const steps = [PLAN.steps[0], glide, glide, { ...glide, sentence: "Lighter." }, PLAN.steps[2]];
  const found = listEntries({ ...PLAN, steps, check_ins: [{ at: 300, question: "Softer?" }], cues: [] }, content.words);

  assert.deepEqual(found.map((each) => each.step), [0, 1, 3, 4]);
  assert.deepEqual(found.map((each) => each.place), ["", "At the hip", "", ""]);
  assert.equal(found[1].how, "Left side, Lotion-firm, 2 times over");
  assert.equal(found[2].how, "Left side, Lotion-firm, 3 times");
  assert.deepEqual(found[1].notes, [{ at: "5:00", kind: "ask", text: "Softer?" }]);
});

test("the page has every step, with the questions and cues that fall into it", () => {
  const found = listEntries(PLAN, content.words);

  assert.deepEqual(found.map((each) => [each.at, each.what]), [
    ["0:00", "1. A still hand"], ["1:00", "2. Glide"], ["4:00", "3. A still hand"],
  ]);
  assert.equal(found[1].how, "Left side, Lotion-firm");
  assert.deepEqual(found.map((each) => each.notes), [
    [{ at: "0:00", kind: "ask", text: "Shall I begin?" }],
    [{ at: "2:00", kind: "cue", text: "giver rests a moment" }, { at: "2:00", kind: "ask", text: "Softer?" }],
    [],
  ]);
});
