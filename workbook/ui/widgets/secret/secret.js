/** @import { RenderProps } from "@anywidget/types" */
/**
 * @typedef {{
 *   words: Record<string, string>, new: boolean, brief: boolean, busy: boolean,
 *   said: {text: string, n: number},
 * }} Model
 */


/**
 * @param {string} tag
 * @param {string} name
 * @param {string} [text]
 * @returns {any}
 */
function make(tag, name, text) {
  const node = document.createElement(tag);
  node.className = name;
  if (text) node.textContent = text;
  return node;
}

/** @param {RenderProps<Model>} props */
function render({ model, el }) {
  const words = model.get("words");
  const id = `at-secret-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  const form = make("form", "at-secret-form");
  const label = make("label", "at-secret-label", words.label);
  const line = make("div", "at-secret-line");
  const input = make("input", "at-secret-input");
  const eye = make("button", "at-button at-secret-eye");
  const submit = make("button", "at-button at-primary at-secret-submit", words.submit);
  const status = make("p", "at-secret-said");

  label.htmlFor = input.id = id;
  input.autocomplete = model.get("new") ? "new-password" : "current-password";
  if (model.get("brief")) input.autocomplete = "off";
  input.autocapitalize = "none";
  input.spellcheck = false;
  input.required = true;
  input.setAttribute("aria-describedby", `${id}-said${words.hint ? ` ${id}-hint` : ""}`);
  eye.type = "button";
  eye.setAttribute("aria-controls", id);
  status.id = `${id}-said`;
  status.setAttribute("role", "status");
  form.noValidate = true; // the browser's own bubble would speak another language
  line.append(input, eye);
  form.append(label);
  if (words.hint) {
    const hint = make("p", "at-secret-hint", words.hint);
    hint.id = `${id}-hint`;
    form.append(hint);
  }
  form.append(line, submit, status);

  /** @param {boolean} open */
  function see(open) {
    input.type = open ? "text" : "password";
    eye.textContent = open ? words.hide : words.show;
  }
  eye.addEventListener("click", () => see(input.type === "password"));

  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const value = input.value;
    if (!value || model.get("busy")) return input.focus();
    input.value = ""; // at once: whatever happens next, it stands nowhere any more
    see(false);
    status.textContent = "";
    model.send({ kind: "secret", value });
  });

  // Not "disabled", which would take the focus away from who is typing.
  const busy = () => {
    const is = Boolean(model.get("busy"));
    input.readOnly = is;
    form.setAttribute("aria-busy", String(is));
    for (const button of [eye, submit]) button.setAttribute("aria-disabled", String(is));
  };
  const said = () => {
    status.textContent = model.get("said").text;
  };

  see(false);
  busy();
  said();
  model.on("change:busy", busy);
  model.on("change:said", said);
  el.classList.add("at-secret");
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's keys are not ours
  el.replaceChildren(form);
  return () => {
    input.value = "";
    model.off("change:busy", busy);
    model.off("change:said", said);
  };
}
export default { render };
