// @ts-check
/** Numbers to call, by country. The choice of a country stays in this page's memory. */

import { createElement, createId, fillTemplate } from "../shared/dom.js";

/** @import { RenderProps } from "@anywidget/types" */
/**
 * @typedef {{
 *   id: string, name: string, zones: string[], calls: string[][], lines: string[][], looked: string,
 * }} Country
 * @typedef {{
 *   countries: Country[], general: string[][], kinds: string[], words: Record<string, string>,
 * }} Traits
 */

/** Says to the other views of the page that a country was chosen; `detail` is its id. */
const CHOSEN = "at-country-chosen";

/** What was chosen on this page; null: nothing yet. @type {string | null} */
let chosen = null;

/**
 * Returns the id of the country whose time zone this device has; blank if none has it.
 * @param {Country[]} countries
 */
export function guessCountry(countries) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return countries.find((each) => each.zones.includes(zone))?.id ?? "";
}

/** Returns the address that dials a number. @param {string} number */
export function makePhoneAddress(number) {
  return `tel:${number.replace(/[^+0-9]/g, "")}`;
}

/** A name, its number as a link, and when it is open. @param {string} name @param {string} number @param {string} [hours] */
function createLine(name, number, hours) {
  const li = createElement("li", "at-helplines-line");
  const link = createElement("a", "at-helplines-number", number);
  link.href = makePhoneAddress(number);
  li.append(createElement("span", "at-helplines-name", name), link);
  if (hours) li.append(createElement("span", "at-helplines-hours", hours));
  return li;
}

/** @param {HTMLElement[]} lines */
function createList(lines) {
  const list = createElement("ul", "at-helplines-list");
  list.setAttribute("role", "list"); // Safari takes it from a list without marks
  list.append(...lines);
  return list;
}

/**
 * Returns what is shown of one country.
 * @param {Traits} traits @param {string} id
 */
function createCountry({ countries, general, kinds, words }, id) {
  const country = countries.find((each) => each.id === id);
  const calls = country?.calls ?? general;
  const out = [createElement("p", "at-helplines-where", country?.name), createElement("h4", "at-helplines-kind", words.emergency)];
  out.push(createList(calls.map(([name, number]) => createLine(name, number))));
  for (const kind of kinds) {
    const lines = (country?.lines ?? []).filter((line) => line[0] === kind);
    out.push(createElement("h4", "at-helplines-kind", words[`kind_${kind}`]));
    if (lines.length) out.push(createList(lines.map(([, name, number, hours]) => createLine(name, number, hours))));
    else out.push(createElement("p", "at-helplines-find", words[`find_${kind}`]));
  }
  if (country) out.push(createElement("p", "at-helplines-note", fillTemplate(kinds.length ? words.looked : words.looked_one, { date: country.looked })));
  return out;
}

/** @param {RenderProps<Traits>} props */
function render({ model, el }) {
  const traits = /** @type {Traits} */ ({
    countries: model.get("countries"),
    general: model.get("general"),
    kinds: model.get("kinds"),
    words: model.get("words"),
  });
  const { countries, words } = traits;
  const select = /** @type {HTMLSelectElement} */ (createElement("select", "at-helplines-select"));
  const label = createElement("label", "at-helplines-label", words.country);
  const help = createElement("p", "at-helplines-note", words.private);
  const body = createElement("div", "at-helplines-body");
  select.id = createId("at-country-");
  select.autocomplete = "off";
  label.htmlFor = select.id;
  help.id = `${select.id}-help`;
  select.setAttribute("aria-describedby", help.id);
  body.setAttribute("aria-live", "polite");
  for (const { id, name } of [...countries, { id: "", name: words.elsewhere }]) {
    const option = createElement("option", "", name);
    option.value = id;
    select.append(option);
  }
  const show = () => {
    select.value = chosen ?? guessCountry(countries);
    body.replaceChildren(...createCountry(traits, select.value));
  };
  select.addEventListener("change", () => {
    document.dispatchEvent(new CustomEvent(CHOSEN, { detail: select.value }));
  });
  /** @param {Event} event */
  const follow = (event) => {
    chosen = /** @type {CustomEvent<string>} */ (event).detail;
    show();
  };
  document.addEventListener(CHOSEN, follow);
  show();
  el.classList.add("at-helplines");
  const parts = [label, select, help, body];
  if (words.fold) {
    const fold = createElement("details", "at-helplines-fold");
    fold.append(createElement("summary", "", words.fold), ...parts);
    el.replaceChildren(fold);
  } else el.replaceChildren(...parts);
  return () => document.removeEventListener(CHOSEN, follow);
}
export default { render };
