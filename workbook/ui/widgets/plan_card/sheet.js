// @ts-check
/** What stands on the printed page of a plan; pure. */

import { fillTemplate } from "../shared/dom.js";

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
 * One step on the page, or several that read the same. `step`: index of the first; `place`: where the giver goes, blank where they stay; `how`: one side, level
 * and passes; `notes`: what else happens while it lasts.
 * @typedef {{
 *   step: number, at: string, what: string, sentence: string, place: string, how: string,
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
 * Returns the steps, such as read the same as one, with the questions and cues that fall into each, in the order of the clock.
 * @param {Plan} plan @param {Record<string, string>} words @returns {Entry[]}
 */
export function listEntries(plan, words) {
  const notes = [...joinCues(plan, words), ...plan.check_ins.map(({ at, question }) => (
    { second: at, kind: /** @type {"ask" | "cue"} */ ("ask"), text: question }
  ))].sort((a, b) => a.second - b.second);
  const ends = plan.steps.map((_, n) => plan.steps.slice(0, n + 1).reduce((sum, each) => sum + each.seconds, 0));
  const first = plan.steps.flatMap((step, n) => (n > 0 && isSame(plan.steps[n - 1], step) ? [] : [n]));
  return first.map((n, i) => {
    const [step, before] = [plan.steps[n], plan.steps[n - 1]];
    const next = first[i + 1] ?? plan.steps.length;
    const [from, to] = [ends[n] - step.seconds, ends[next - 1]];
    const [times, passes] = [next - n, step.passes ?? 0];
    const passed = passes > 1 ? fillTemplate(words.card_passes, { n: passes }) : "";
    const count = times > 1 ? fillTemplate(words.card_repeat, { n: times }) : passed;
    return {
      step: n,
      at: formatSecond(from),
      what: `${n + 1}. ${step.title}`,
      sentence: step.sentence,
      place: step.place && step.place !== before?.place ? step.place : "",
      how: [step.half === "both" ? "" : step.side, step.level_words, count].filter(Boolean).join(", "),
      notes: notes
        .filter(({ second }) => second >= from && (second < to || next === plan.steps.length))
        .map(({ second, ...each }) => ({ at: formatSecond(second), ...each })),
    };
  });
}

/** Whether two steps read the same. @param {Step} a @param {Step} b */
function isSame(a, b) {
  const keys = /** @type {const} */ (["title", "sentence", "side", "level_words", "place", "stroke"]);
  return keys.every((key) => a[key] === b[key]);
}
