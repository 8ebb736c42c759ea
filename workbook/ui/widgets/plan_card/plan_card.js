// @ts-check
/** Offers an agreed plan on paper and as a sound track of bells. */

import { createButton, createElement } from "../shared/dom.js";
import { printSheet } from "./paper.js";
import { listBells, makeFile } from "./track.js";

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

  async function saveTrack() {
    sound.setAttribute("aria-disabled", "true");
    const file = await makeFile(listBells(/** @type {Plan} */ (model.get("plan"))));
    sound.removeAttribute("aria-disabled");
    const link = createElement("a", "");
    link.href = URL.createObjectURL(file);
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

  paper.addEventListener("click", () => {
    printSheet(/** @type {Plan} */ (model.get("plan")), words(), model.get("stop"));
  });
  sound.addEventListener("click", () => {
    if (!sound.hasAttribute("aria-disabled")) void saveTrack();
  });
  el.classList.add("at-card-place");
  el.replaceChildren(fold);
  for (const name of ["words", "agreed"]) model.on(`change:${name}`, renderLabels);
  renderLabels();
}
export default { render };
