// @ts-check
/** Buttons that save a file to print. */

import { createButton, createElement, fillTemplate } from "../shared/dom.js";

/** @import { RenderProps } from "@anywidget/types" */

/** How long the browser has to take a file, in ms. */
const KEPT_MS = 60_000;

/** @param {RenderProps<{ files: Record<string, string>, words: Record<string, string> }>} props */
function render({ model, el, signal }) {
  const words = /** @type {Record<string, string>} */ (model.get("words"));
  const status = createElement("p", "at-paper-file-line");
  status.setAttribute("role", "status");
  const row = createElement("div", "at-paper-file-row");
  for (const [file, label] of Object.entries(model.get("files"))) {
    const button = createButton("at-paper-file-button", label);
    button.addEventListener("click", () => {
      status.textContent = words.making;
      model.send({ file });
    });
    row.append(button);
  }

  /** @param {any} content @param {DataView[]} buffers */
  function save({ file }, [buffer]) {
    const link = createElement("a", "");
    link.href = URL.createObjectURL(new Blob([/** @type {any} */ (buffer)], { type: "application/pdf" }));
    link.download = file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
    status.textContent = fillTemplate(words.saved, { file });
  }

  model.on("msg:custom", save);
  signal.addEventListener("abort", () => model.off("msg:custom", save));
  el.classList.add("at-paper-file");
  el.replaceChildren(row, status);
}
export default { render };
