// @ts-check
/** Blocks of text: paragraphs, lists, tables and folds. */

import { createElement } from "../shared/dom.js";

/** @import { RenderProps } from "@anywidget/types" */
/**
 * @typedef {{
 *   kind: string, text: string, label?: string, colour?: string, shape?: string, href?: string,
 *   head?: string[], rows?: string[][], blocks?: Block[], seats?: string[][], slides?: boolean,
 *   marks?: { text: string, month: string, seats: string[][] }[],
 * }} Block
 */

/** Where a link may lead: a chapter or step of this book, or the telephone. */
const LEADS = /^(#[a-z][a-z0-9-]*|tel:[+0-9]+)$/;

/** @param {Block} block */
function createLink(block) {
  const a = /** @type {HTMLAnchorElement} */ (createElement("a", "at-link", block.label || block.text));
  a.href = LEADS.test(String(block.href)) ? String(block.href) : "#";
  return a;
}

/** A person's mark. @param {Block} block */
function createMark(block) {
  const mark = createElement("span", `at-whose-mark at-colour-${block.colour}`);
  mark.dataset.shape = block.shape;
  mark.setAttribute("aria-hidden", "true");
  return mark;
}

/** @param {string} text */
function createTitle(text) {
  const title = createElement("h2", "at-title", text);
  title.tabIndex = -1;
  return title;
}

/** @param {Block} block */
function createTable(block) {
  const node = createElement("table", "at-table");
  node.setAttribute("role", "table"); // a narrow screen stacks it, and it stays a table
  if (block.label) node.append(createElement("caption", "", block.label));
  const head = createElement("tr", "");
  head.setAttribute("role", "row");
  for (const name of block.head ?? []) {
    const cell = createElement(name ? "th" : "td", "", name); // the corner names nothing
    if (name) cell.setAttribute("scope", "col");
    cell.setAttribute("role", name ? "columnheader" : "cell");
    head.append(cell);
  }
  const top = createElement("thead", "");
  top.setAttribute("role", "rowgroup");
  top.append(head);
  const body = createElement("tbody", "");
  body.setAttribute("role", "rowgroup");
  for (const cells of block.rows ?? []) {
    const tr = createElement("tr", "");
    tr.setAttribute("role", "row");
    cells.forEach((text, i) => {
      const cell = createElement(i ? "td" : "th", "", text);
      if (!i) cell.setAttribute("scope", "row");
      cell.setAttribute("role", i ? "cell" : "rowheader");
      cell.dataset.label = block.head?.[i] ?? "";
      tr.append(cell);
    });
    body.append(tr);
  }
  node.append(top, body);
  return node;
}

/** @param {Block} block */
function createFold(block) {
  const node = /** @type {HTMLDetailsElement} */ (createElement("details", "at-fold"));
  node.append(createElement("summary", "", block.label));
  // A long page is drawn where somebody looks; paper gets all of it.
  const open = () => {
    if (node.childElementCount === 1) node.append(...createBlocks(block.blocks ?? []));
  };
  node.addEventListener("toggle", open, { once: true });
  window.addEventListener("beforeprint", open, { once: true });
  return node;
}

/** Both people's shapes: the second one over the first, as glass is. @param {Block} block */
function createMeeting(block) {
  const node = createElement("div", "at-meeting");
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", block.label ?? "");
  node.toggleAttribute("data-slides", Boolean(block.slides));
  for (const [colour, shape] of block.seats ?? []) {
    const mark = createElement("span", `at-meeting-mark at-colour-${colour}`);
    mark.dataset.shape = shape;
    node.append(mark);
  }
  return node;
}

/** A mark for each evening on one line; each says in words what it is. @param {Block} block */
function createTimeline(block) {
  const list = createElement("ol", "at-timeline");
  list.setAttribute("aria-label", block.label ?? "");
  for (const { text, month, seats } of block.marks ?? []) {
    const li = createElement("li", "at-timeline-evening");
    const marks = createElement("span", "at-timeline-marks");
    marks.append(...seats.map(([colour, shape]) => createMark({ kind: "seat", text: "", colour, shape })));
    const name = createElement("span", "at-timeline-month", month);
    name.setAttribute("aria-hidden", "true");
    li.append(marks, createElement("span", "at-timeline-text", text), name);
    list.append(li);
  }
  return list;
}

/** @param {Block[]} blocks */
function createBlocks(blocks) {
  const out = [];
  /** @type {HTMLElement | null} */
  let list = null;
  for (const block of blocks) {
    const wanted = block.kind === "item" ? "UL" : block.kind === "pair" ? "DL" : "";
    if (!wanted) list = null;
    else if (!list || list.tagName !== wanted) {
      list = createElement(wanted.toLowerCase(), wanted === "UL" ? "at-items" : "at-pairs");
      out.push(list);
    }
    if (block.kind === "item" && list) {
      const li = createElement("li", "at-item");
      if (block.href) li.append(createLink(block));
      else li.textContent = block.text;
      list.append(li);
    } else if (block.kind === "pair" && list) {
      const row = createElement("div", "at-pair");
      const label = createElement("dt", "", block.href ? "" : block.label || "");
      if (block.href) label.append(createLink(block)); // the whole row is its target
      row.append(label, createElement("dd", "", block.text));
      row.toggleAttribute("data-leads", Boolean(block.href));
      list.append(row);
    } else if (block.kind === "table") out.push(createTable(block));
    else if (block.kind === "fold") out.push(createFold(block));
    else if (block.kind === "timeline") out.push(createTimeline(block));
    else if (block.kind === "meeting") out.push(createMeeting(block));
    else if (block.kind === "h") out.push(createElement("h3", "at-subhead", block.text));
    else if (block.kind === "quote") {
      const figure = createElement("figure", "at-quote");
      figure.append(createElement("blockquote", "", block.text));
      if (block.label) {
        const caption = createElement("figcaption", "");
        if (block.shape) caption.append(createMark(block));
        caption.append(block.label);
        figure.append(caption);
      }
      out.push(figure);
    } else if (block.kind === "notice") {
      const box = createElement("div", "at-note");
      box.append(createElement("p", "", block.text));
      if (block.href) box.append(createLink(block));
      out.push(box);
    } else if (block.kind === "seat") {
      const line = createElement("p", "at-whose");
      line.append(createMark(block), createElement("span", "at-whose-name", block.text));
      if (block.label) line.append(createElement("span", "at-whose-end", block.label));
      out.push(line);
    } else if (block.kind === "turn") {
      const turn = createElement("div", "at-turn");
      turn.append(createMark(block));
      if (block.text) turn.append(createTitle(block.text));
      out.push(turn);
    } else if (block.kind === "title") {
      out.push(createTitle(block.text));
    } else out.push(createElement("p", "at-para", block.text));
  }
  return out;
}

/** Whether nothing that is still on the page has the focus. */
function isFocusFree() {
  const at = document.activeElement;
  return !at || at === document.body || !at.isConnected;
}

/** @param {RenderProps<{ blocks: Block[], live: boolean }>} props */
function render({ model, el }) {
  el.classList.add("at-words");
  if (model.get("live") !== false) el.setAttribute("aria-live", "polite");
  const renderBlocks = () => el.replaceChildren(...createBlocks(model.get("blocks")));
  model.on("change:blocks", renderBlocks);
  renderBlocks();
  // The button that led here is gone, and the focus with it.
  const title = /** @type {HTMLElement | null} */ (el.querySelector(".at-title"));
  if (title) requestAnimationFrame(() => isFocusFree() && title.focus({ preventScroll: true }));
  return () => model.off("change:blocks", renderBlocks);
}
export default { render };
