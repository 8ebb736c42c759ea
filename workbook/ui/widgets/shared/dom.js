// @ts-check
/** What every widget does with the page. Text is always set as text, never as HTML. */

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * Returns a new element.
 * @param {string} tag @param {string} [className] @param {string} [text] @returns {any}
 */
export function createElement(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

/**
 * Returns a new button that submits nothing.
 * @param {string} className @param {string} [text] @returns {HTMLButtonElement}
 */
export function createButton(className, text) {
  const button = createElement("button", className, text);
  button.type = "button";
  return button;
}

/**
 * Returns a new element of a drawing.
 * @param {string} tag @param {Record<string, string | number>} [attributes] @returns {any}
 */
export function createSvg(tag, attributes = {}) {
  const node = document.createElementNS(SVG_NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}

/** What `writeAttribute` has written. @type {WeakMap<object, Record<string, string>>} */
const written = new WeakMap();

/**
 * Sets an attribute of a drawing that has changed: the browser would read an unchanged one again.
 * @param {any} node @param {string} name @param {string | number} value
 */
export function writeAttribute(node, name, value) {
  let known = written.get(node);
  if (!known) written.set(node, (known = {}));
  const text = String(value);
  if (known[name] === text) return;
  known[name] = text;
  node.setAttribute(name, text);
}

/**
 * Returns an id that no other view has. Each widget runs its own copy of this module, so that
 * a count would give the same ids twice.
 * @param {string} prefix
 */
export function createId(prefix) {
  return `${prefix}${crypto.getRandomValues(new Uint32Array(1))[0]}`;
}

/** Sets a text that has changed; unchanged, a screen reader would read it again. @param {Element} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Returns a sentence with each `{name}` replaced by the fact of that name.
 * @param {string | undefined} sentence @param {Record<string, any>} [facts]
 */
export function fillTemplate(sentence, facts = {}) {
  return (sentence ?? "").replace(/\{(\w+)\}/g, (_all, name) => String(facts[name] ?? ""));
}
