// @ts-check
/** A field for a passphrase or a code, which keeps nothing; for a new passphrase two of them. */

import { createButton, createElement, createId, setText } from "../shared/dom.js";

/** @import { RenderProps } from "@anywidget/types" */
/**
 * @typedef {{
 *   words: Record<string, string>, new: boolean, brief: boolean, busy: boolean, offer: string,
 *   said: {text: string, n: number},
 * }} Model
 */

/** @param {RenderProps<Model>} props */
function render({ model, el }) {
  const words = model.get("words");
  const id = createId("at-secret-");
  const form = createElement("form", "at-secret-form");
  const submit = createElement("button", "at-button at-primary at-secret-submit", words.submit);
  const status = createElement("p", "at-secret-said");
  /** Whether the same has to stand in a second field. */
  const isTwice = Boolean(words.again);
  /** @type {{input: any, setVisible: (open: boolean) => void}[]} */
  const fields = [];
  /** @type {HTMLElement[]} */
  const buttons = [submit];

  /** @param {string} label @param {string[]} described ids of what is said about the field */
  function createField(label, described) {
    const own = `${id}-${fields.length}`;
    const name = createElement("label", "at-secret-label", label);
    const line = createElement("div", "at-secret-line");
    const input = createElement("input", "at-secret-input");
    const eye = createButton("at-button at-secret-eye");
    name.htmlFor = input.id = own;
    // A browser may keep it only on a phone (https): on one screen the other person's is the same.
    const mayKeep = location.protocol === "https:" && !model.get("brief");
    const kind = model.get("new") ? "new-password" : "current-password";
    input.autocomplete = mayKeep ? kind : "off";
    input.autocapitalize = "none";
    input.spellcheck = false;
    input.required = true;
    input.setAttribute("aria-describedby", described.join(" "));
    eye.setAttribute("aria-controls", own);
    /** @param {boolean} open */
    const setVisible = (open) => {
      input.type = open ? "text" : "password";
      eye.textContent = open ? words.hide : words.show;
    };
    eye.addEventListener("click", () => setVisible(input.type === "password"));
    setVisible(false);
    line.append(input, eye);
    fields.push({ input, setVisible });
    buttons.push(eye);
    return [name, line];
  }

  status.id = `${id}-said`;
  status.setAttribute("role", "status");
  form.noValidate = true; // the browser's own bubble would speak another language
  const nodes = createField(words.label, words.hint ? [status.id, `${id}-hint`] : [status.id]);
  const [{ input: first, setVisible: showFirst }] = fields;
  if (words.hint) {
    const hint = createElement("p", "at-secret-hint", words.hint);
    hint.id = `${id}-hint`;
    nodes.splice(1, 0, hint);
  }
  form.append(...nodes);

  const offered = createElement("div", "at-secret-offer");
  const suggestion = createElement("p", "at-secret-words");
  if (words.use && model.get("offer")) {
    const use = createButton("at-button", words.use);
    const other = createButton("at-button", words.other);
    const note = createElement("p", "at-secret-hint", words.suggest);
    note.setAttribute("role", "status");
    use.addEventListener("click", () => {
      first.value = model.get("offer");
      showFirst(true);
      setText(note, words.used);
      renderMatch();
      fields[1]?.input.focus();
    });
    other.addEventListener("click", () => model.send({ kind: "suggest" }));
    buttons.push(use, other);
    const line = createElement("div", "at-secret-line");
    line.append(use, other);
    offered.append(note, suggestion, line);
    form.prepend(offered);
  }

  const match = createElement("p", "at-secret-match");
  const second = isTwice ? createSecondField() : null;
  function createSecondField() {
    match.id = `${id}-match`;
    match.setAttribute("role", "status");
    form.append(...createField(words.again, [match.id]), match);
    for (const { input } of fields) input.addEventListener("input", renderMatch);
    return fields[1].input;
  }
  /** As Python compares them: what nobody sees does not count. @param {any} input */
  const read = (input) =>
    input.value.normalize("NFKC").replace(/[\p{Cf}\ufe00-\ufe0f]/gu, "").replace(/\s+/g, " ").trim();
  const isSame = () => !second || read(first) === read(second);
  function renderMatch() {
    const is = isSame();
    match.dataset.same = String(is);
    setText(match, !second?.value ? "" : is ? words.same : words.differ);
  }
  const foot = createElement("div", "at-foot");
  foot.append(submit);
  form.append(status, foot);

  // JupyterLab keeps Enter from its own cells, and with it the form from being sent.
  form.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const isTyped = fields.some(({ input }) => input === event.target);
    if (!isTyped || event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (!event.repeat) submit.click();
  });
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const empty = fields.find(({ input }) => !input.value);
    if (model.get("busy")) return;
    if (empty) return empty.input.focus();
    if (!isSame()) return second.focus();
    const value = first.value;
    if (!isTwice) first.value = ""; // at once: whatever happens next, it stands nowhere any more
    for (const { setVisible } of fields) setVisible(false);
    status.textContent = "";
    model.send({ kind: "secret", value });
  });

  // Not "disabled", which would take the focus away from who is typing.
  const renderBusy = () => {
    const is = Boolean(model.get("busy"));
    for (const { input } of fields) input.readOnly = is;
    form.setAttribute("aria-busy", String(is));
    for (const button of buttons) button.setAttribute("aria-disabled", String(is));
  };
  const renderStatus = () => {
    status.textContent = model.get("said").text;
  };
  const renderOffer = () => setText(suggestion, model.get("offer"));

  renderBusy();
  renderStatus();
  renderOffer();
  model.on("change:busy", renderBusy);
  model.on("change:said", renderStatus);
  model.on("change:offer", renderOffer);
  el.classList.add("at-secret");
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's keys are not ours
  el.replaceChildren(form);
  return () => {
    for (const { input } of fields) input.value = "";
    model.off("change:busy", renderBusy);
    model.off("change:said", renderStatus);
    model.off("change:offer", renderOffer);
  };
}
export default { render };
