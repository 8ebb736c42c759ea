// @ts-check
/** Prints a plan on one page: the page holds nothing else then. */

import { drawStill } from "../player/pictures.js";
import { createElement, fillTemplate } from "../shared/dom.js";
import { whenPrinted } from "../shared/printing.js";
import { listEntries } from "./sheet.js";

/** @import { Entry, Plan } from "./sheet.js" */

const LARGEST_PT = 13;
const SMALLEST_PT = 5;

/**
 * Prints the plan.
 * @param {Plan} plan @param {Record<string, string>} words @param {string} stop how both stop it
 */
export function printSheet(plan, words, stop) {
  document.querySelector(".at-card-sheet")?.remove();
  const sheet = createSheet(plan, words, stop);
  document.body.append(sheet);
  document.documentElement.dataset.card = "";
  fitPage(sheet);
  whenPrinted(() => removeSheet(sheet));
  globalThis.print();
}

/** @param {Plan} plan @param {Record<string, string>} words @param {string} stop */
function createSheet(plan, words, stop) {
  const sheet = createElement("div", "at-card-sheet");
  sheet.setAttribute("aria-hidden", "true"); // for paper alone; the page says the same
  const who = fillTemplate(words.card_who, { giver: plan.giver.name, receiver: plan.receiver.name });
  const list = createElement("ol", "at-card-steps");
  list.append(...listEntries(plan, words).map((entry) => createEntry(entry, drawStill(plan, plan.steps[entry.step]))));
  const rule = createElement("p", "at-card-rule");
  rule.append(createElement("span", "at-card-sign", "?"), ` ${words.card_ask ?? ""}`);
  sheet.append(
    createElement("h1", "", plan.title), createElement("p", "", `${who} ${stop}`), rule, list,
    createElement("p", "", words.card_end),
  );
  return sheet;
}

/** @param {Entry} entry @param {any} picture of its hands, if there is one */
function createEntry(entry, picture) {
  const item = createElement("li", "at-card-step");
  const text = createElement("div", "at-card-said");
  const head = createElement("p", "at-card-what");
  head.append(createElement("span", "at-card-at", entry.at), createElement("b", "", entry.what));
  text.append(head, createElement("p", "", entry.sentence));
  for (const line of [entry.place, entry.how]) if (line) text.append(createElement("p", "at-card-how", line));
  for (const note of entry.notes) {
    const line = createElement("p", `at-card-${note.kind}`);
    const sign = createElement("span", "at-card-sign", note.kind === "ask" ? "?" : "·");
    line.append(sign, ` ${note.at} ${note.text}`);
    text.append(line);
  }
  if (picture) item.append(picture);
  item.append(text);
  return item;
}

/** Makes the letters as large as one page allows; all sizes of the sheet go by them. @param {HTMLElement} sheet */
function fitPage(sheet) {
  const page = createElement("div", "at-card-page"); // as high as the paper's free part
  document.body.append(page);
  const room = page.getBoundingClientRect().height;
  page.remove();
  let [least, most] = [SMALLEST_PT, LARGEST_PT];
  for (let i = 0; i < 8; i += 1) {
    const size = (least + most) / 2;
    sheet.style.fontSize = `${size}pt`;
    if (sheet.getBoundingClientRect().height <= room) least = size;
    else most = size;
  }
  sheet.style.fontSize = `${least}pt`;
}

/** @param {HTMLElement} sheet */
function removeSheet(sheet) {
  sheet.remove();
  if (!document.querySelector(".at-card-sheet")) delete document.documentElement.dataset.card;
}
