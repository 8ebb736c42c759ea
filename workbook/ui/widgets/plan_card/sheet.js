// @ts-check
/** What stands on the printed page of a plan; pure. */

/** @import { Drawn } from "../player/pictures.js" */
/** @import { Step } from "../player/session.js" */
/**
 * @typedef {Drawn & {
 *   title: string, seconds: number, steps: Step[],
 *   check_ins: {at: number, question: string}[],
 *   cues: {at: number, kind: string, text: string}[],
 *   giver: {name: string}, receiver: {name: string},
 * }} Plan
 */
/**
 * One step on the page. `how`: side, level and passes; `notes`: what else happens while it lasts.
 * @typedef {{
 *   at: string, what: string, sentence: string, place: string, how: string,
 *   notes: {at: string, kind: "ask" | "cue", text: string}[],
 * }} Entry
 */

/** Returns a second of the plan as minutes and seconds: "1:05". @param {number} seconds */
function formatSecond(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

/**
 * Returns the cues in few words, those of the same second in one line.
 * @param {Plan} plan @param {Record<string, string>} words
 */
function joinCues(plan, words) {
  /** @type {Map<number, string[]>} */
  const at = new Map();
  for (const { at: second, kind, text } of plan.cues) {
    at.set(second, [...(at.get(second) ?? []), words[`card_cue_${kind}`] ?? text]);
  }
  return [...at].map(([second, texts]) => (
    { second, kind: /** @type {"ask" | "cue"} */ ("cue"), text: texts.join(", ") }
  ));
}

/**
 * Returns the steps with the questions and cues that fall into each, in the order of the clock.
 * @param {Plan} plan @param {Record<string, string>} words @returns {Entry[]}
 */
export function listEntries(plan, words) {
  const notes = [...joinCues(plan, words), ...plan.check_ins.map(({ at, question }) => (
    { second: at, kind: /** @type {"ask" | "cue"} */ ("ask"), text: question }
  ))].sort((a, b) => a.second - b.second);
  let begin = 0;
  return plan.steps.map((step, n) => {
    const from = begin;
    const isLast = n === plan.steps.length - 1;
    begin += step.seconds;
    const passes = step.passes ? (words.card_passes ?? "").replace("{n}", String(step.passes)) : "";
    return {
      at: formatSecond(from),
      what: `${n + 1}. ${step.title}`,
      sentence: step.sentence,
      place: step.place ?? "",
      how: [step.side, step.level_words, passes].filter(Boolean).join(", "),
      notes: notes
        .filter(({ second }) => second >= from && (second < begin || isLast))
        .map(({ second, ...each }) => ({ at: formatSecond(second), ...each })),
    };
  });
}
