// @ts-check
/** What follows from answers; pure. */

/** @typedef {{key: string, label: string, help?: string, picture?: string}} Option */
/** @typedef {{key: string, label: string, group?: string, note?: string, locked?: boolean}} Row */
/**
 * @typedef {{
 *   key: string, kind: string, label: string, help?: string, group?: string, group_line?: string,
 *   options?: Option[], none_label?: string, shown_if?: {question: string, option: string | string[]} | null,
 *   rows?: Row[], folded?: boolean, count?: {option: string, text: string}, min?: number | string,
 *   max?: number | string, step?: number, unit?: string, follow?: Record<string, Question[]>,
 *   kept?: boolean, brief?: boolean,
 * }} Question
 */
/** @typedef {Record<string, any>} Answers */

const NONE = "none";

/**
 * Whether an answer is this option, or has it among others.
 * @param {any} answer
 * @param {string} option
 */
export function isChosen(answer, option) {
  if (Array.isArray(answer)) return answer.includes(option);
  return answer !== null && answer !== undefined && String(answer) === option;
}

/**
 * Whether a question is asked, given the answers.
 * @param {Question} question
 * @param {Answers} answers
 */
export function isAsked(question, answers) {
  const wanted = question.shown_if;
  return !wanted || [wanted.option].flat().some((option) => isChosen(answers[wanted.question], option));
}

/** Returns the options of a question, "none" the last. @param {Question} question */
export function listOptions(question) {
  const given = question.options ?? [];
  return question.none_label ? [...given, { key: NONE, label: question.none_label }] : given;
}

/** Returns the labels of the options that were chosen, "none" left out. @param {Question} question @param {any} answer */
export function listChosen(question, answer) {
  const given = Array.isArray(answer) ? answer : [answer];
  return (question.options ?? []).filter((option) => given.includes(option.key)).map((option) => option.label);
}

/**
 * Returns the list after `option` was pressed: in the order of the options, "none" alone.
 * @param {Question} question
 * @param {any} answer
 * @param {string} option
 */
export function toggleOption(question, answer, option) {
  const before = Array.isArray(answer) ? answer : [];
  if (before.includes(option)) return before.filter((each) => each !== option);
  if (question.none_label && option === NONE) return [NONE];
  return listOptions(question)
    .map((each) => each.key)
    .filter((key) => key === option || (before.includes(key) && !(question.none_label && key === NONE)));
}

/**
 * Returns the answers without those to questions that are not asked: nobody could take them back.
 * @param {Question[]} questions
 * @param {Answers} answers
 */
export function pruneAnswers(questions, answers) {
  const kept = { ...answers };
  /** @param {Question} question @param {string} path @param {boolean} asked */
  function visit(question, path, asked) {
    if (!asked) delete kept[path];
    for (const [option, details] of Object.entries(question.follow ?? {}))
      for (const detail of details)
        visit(detail, `${path}.${option}.${detail.key}`, asked && isChosen(kept[path], option));
  }
  let before;
  do {
    before = Object.keys(kept).length; // a question that closes may close another
    for (const question of questions) visit(question, question.key, isAsked(question, kept));
  } while (Object.keys(kept).length < before);
  return kept;
}
