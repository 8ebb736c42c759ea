// @ts-check
/** One field for a passphrase or a code, which keeps nothing. */

import { createButton, createElement, createId } from "../shared/dom.js";

/** @import { RenderProps } from "@anywidget/types" */
/**
 * @typedef {{
 *   words: Record<string, string>, new: boolean, brief: boolean, busy: boolean,
 *   said: {text: string, n: number},
 * }} Model
 */

/** @param {RenderProps<Model>} props */
function render({ model, el }) {
  const words = model.get("words");
  const id = createId("at-secret-");
  const form = createElement("form", "at-secret-form");
  const label = createElement("label", "at-secret-label", words.label);
  const line = createElement("div", "at-secret-line");
  const input = createElement("input", "at-secret-input");
  const eye = createButton("at-button at-secret-eye");
  const submit = createElement("button", "at-button at-primary at-secret-submit", words.submit);
  const status = createElement("p", "at-secret-said");

  label.htmlFor = input.id = id;
  input.autocomplete = model.get("new") ? "new-password" : "current-password";
  if (model.get("brief")) input.autocomplete = "off";
  input.autocapitalize = "none";
  input.spellcheck = false;
  input.required = true;
  input.setAttribute("aria-describedby", `${id}-said${words.hint ? ` ${id}-hint` : ""}`);
  eye.setAttribute("aria-controls", id);
  status.id = `${id}-said`;
  status.setAttribute("role", "status");
  form.noValidate = true; // the browser's own bubble would speak another language
  line.append(input, eye);
  form.append(label);
  if (words.hint) {
    const hint = createElement("p", "at-secret-hint", words.hint);
    hint.id = `${id}-hint`;
    form.append(hint);
  }
  form.append(line, submit, status);

  /** @param {boolean} open */
  function setVisible(open) {
    input.type = open ? "text" : "password";
    eye.textContent = open ? words.hide : words.show;
  }
  eye.addEventListener("click", () => setVisible(input.type === "password"));

  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const value = input.value;
    if (!value || model.get("busy")) return input.focus();
    input.value = ""; // at once: whatever happens next, it stands nowhere any more
    setVisible(false);
    status.textContent = "";
    model.send({ kind: "secret", value });
  });

  // Not "disabled", which would take the focus away from who is typing.
  const renderBusy = () => {
    const is = Boolean(model.get("busy"));
    input.readOnly = is;
    form.setAttribute("aria-busy", String(is));
    for (const button of [eye, submit]) button.setAttribute("aria-disabled", String(is));
  };
  const renderStatus = () => {
    status.textContent = model.get("said").text;
  };

  setVisible(false);
  renderBusy();
  renderStatus();
  model.on("change:busy", renderBusy);
  model.on("change:said", renderStatus);
  el.classList.add("at-secret");
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's keys are not ours
  el.replaceChildren(form);
  return () => {
    input.value = "";
    model.off("change:busy", renderBusy);
    model.off("change:said", renderStatus);
  };
}
export default { render };
