// @ts-check
/** The lines of a plan on one printed page; pure. */

/**
 * @typedef {{
 *   title: string, seconds: number,
 *   steps: {title: string, sentence: string, side: string, level_words: string, seconds: number}[],
 *   check_ins: {at: number, question: string}[],
 *   cues: {at: number, kind: string, text: string}[],
 *   giver: {name: string}, receiver: {name: string},
 * }} Plan
 */

/** Returns a second of the plan as minutes and seconds: "1:05". @param {number} seconds */
function formatSecond(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

/**
 * Returns what stands on the sheet, in the order of the clock.
 * @param {Plan} plan @param {Record<string, string>} words
 * @returns {{at: string, kind: "step" | "ask" | "cue", what: string, how: string}[]}
 */
export function listLines(plan, words) {
  let begin = 0;
  const out = plan.steps.map((step, n) => {
    const how = [step.side, step.level_words].filter(Boolean).join(", ");
    const line = { second: begin, rank: 0, kind: "step", what: `${n + 1}. ${step.title}: ${step.sentence}`, how };
    begin += step.seconds;
    return line;
  });
  for (const each of plan.check_ins) {
    out.push({ second: each.at, rank: 2, kind: "ask", what: each.question, how: words.card_ask ?? "" });
  }
  for (const each of plan.cues) out.push({ second: each.at, rank: 1, kind: "cue", what: each.text, how: "" });
  return out
    .sort((a, b) => a.second - b.second || a.rank - b.rank)
    .map(({ second, kind, what, how }) => ({ at: formatSecond(second), kind: /** @type {"step"} */ (kind), what, how }));
}
