// @ts-check
/** Offers an agreed plan on paper and as a sound track of bells. */

import { createButton, createElement, fillTemplate } from "../shared/dom.js";
import { listLines } from "./sheet.js";
import { encodeWav, listBells } from "./track.js";

/** @import { RenderProps } from "@anywidget/types" */
/** @import { Plan } from "./sheet.js" */
/** @typedef {{plan: Plan, words: Record<string, string>, stop: string, agreed: boolean}} Model */

/** @param {RenderProps<Model>} props */
function render({ model, el }) {
  const fold = createElement("details", "at-card");
  const summary = createElement("summary", "at-card-summary");
  const text = createElement("p", "at-card-text");
  const row = createElement("div", "at-card-row");
  const paper = createButton("at-card-button");
  const sound = createButton("at-card-button");
  const note = createElement("p", "at-card-text");
  row.append(paper, sound);
  fold.append(summary, text, row, note);

  const words = () => /** @type {Record<string, string>} */ (model.get("words") ?? {});

  function printSheet() {
    const plan = /** @type {Plan} */ (model.get("plan"));
    const sheet = createElement("div", "at-card-sheet");
    const who = fillTemplate(words().card_who, { giver: plan.giver.name, receiver: plan.receiver.name });
    const list = createElement("table", "at-card-lines");
    for (const line of listLines(plan, words())) {
      const entry = createElement("tr", `at-card-${line.kind}`);
      entry.append(createElement("td", "at-card-at", line.at), createElement("td", "", line.what), createElement("td", "", line.how));
      list.append(entry);
    }
    sheet.append(
      createElement("h1", "", plan.title), createElement("p", "", who), createElement("p", "", model.get("stop")), list,
      createElement("p", "", words().card_end),
    );
    document.body.append(sheet);
    document.documentElement.dataset.card = "";
    addEventListener(
      "afterprint",
      () => {
        delete document.documentElement.dataset.card;
        sheet.remove();
      },
      { once: true },
    );
    globalThis.print();
  }

  function saveTrack() {
    const given = listBells(/** @type {Plan} */ (model.get("plan")));
    const link = createElement("a", "");
    link.href = URL.createObjectURL(new Blob([encodeWav(given)], { type: "audio/wav" }));
    link.download = `${words().card_file}.wav`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  function renderLabels() {
    const say = words();
    fold.hidden = !model.get("agreed");
    summary.textContent = say.card_title ?? "";
    text.textContent = say.card_text ?? "";
    paper.textContent = say.card_paper ?? "";
    sound.textContent = say.card_sound ?? "";
    note.textContent = say.card_note ?? "";
  }

  paper.addEventListener("click", printSheet);
  sound.addEventListener("click", saveTrack);
  el.classList.add("at-card-place");
  el.replaceChildren(fold);
  for (const name of ["words", "agreed"]) model.on(`change:${name}`, renderLabels);
  renderLabels();
}
export default { render };
