/** @import { RenderProps } from "@anywidget/types" */
/**
 * @typedef {{
 *   kind: string, text: string, label?: string, colour?: string, shape?: string, href?: string,
 *   head?: string[], rows?: string[][], blocks?: Block[],
 * }} Block
 */

/** Where a link may lead: a chapter of this book, or the telephone. */
const LEADS = /^(#[a-z][a-z0-9-]*|tel:[+0-9]+)$/;

/**
 * @param {string} tag
 * @param {string} name
 * @param {string} [text]
 */
function make(tag, name, text) {
  const node = document.createElement(tag);
  node.className = name;
  if (text !== undefined) node.textContent = text; // never innerHTML: it may be somebody's words
  return node;
}

/** @param {Block} block */
function link(block) {
  const a = /** @type {HTMLAnchorElement} */ (make("a", "at-link", block.label || block.text));
  a.href = LEADS.test(String(block.href)) ? String(block.href) : "#";
  return a;
}

/** @param {Block} block */
function table(block) {
  const node = make("table", "at-table");
  node.setAttribute("role", "table"); // a narrow screen stacks it, and it stays a table
  if (block.label) node.append(make("caption", "", block.label));
  const head = make("tr", "");
  head.setAttribute("role", "row");
  for (const name of block.head ?? []) {
    const cell = make(name ? "th" : "td", "", name); // the corner names nothing
    if (name) cell.setAttribute("scope", "col");
    cell.setAttribute("role", name ? "columnheader" : "cell");
    head.append(cell);
  }
  const top = make("thead", "");
  top.setAttribute("role", "rowgroup");
  top.append(head);
  const body = make("tbody", "");
  body.setAttribute("role", "rowgroup");
  for (const cells of block.rows ?? []) {
    const tr = make("tr", "");
    tr.setAttribute("role", "row");
    cells.forEach((text, i) => {
      const cell = make(i ? "td" : "th", "", text);
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
function fold(block) {
  const node = /** @type {HTMLDetailsElement} */ (make("details", "at-fold"));
  node.append(make("summary", "", block.label));
  // A long page is drawn where somebody looks; paper gets all of it.
  const open = () => {
    if (node.childElementCount === 1) node.append(...draw(block.blocks ?? []));
  };
  node.addEventListener("toggle", open, { once: true });
  window.addEventListener("beforeprint", open, { once: true });
  return node;
}

/** @param {Block[]} blocks */
function draw(blocks) {
  const out = [];
  /** @type {HTMLElement | null} */
  let list = null;
  for (const block of blocks) {
    const wanted = block.kind === "item" ? "UL" : block.kind === "pair" ? "DL" : "";
    if (!wanted) list = null;
    else if (!list || list.tagName !== wanted) {
      list = make(wanted.toLowerCase(), wanted === "UL" ? "at-items" : "at-pairs");
      out.push(list);
    }
    if (block.kind === "item" && list) {
      const li = make("li", "at-item");
      if (block.href) li.append(link(block));
      else li.textContent = block.text;
      list.append(li);
    } else if (block.kind === "pair" && list) {
      const row = make("div", "at-pair");
      row.append(make("dt", "", block.label || ""), make("dd", "", block.text));
      list.append(row);
    } else if (block.kind === "table") out.push(table(block));
    else if (block.kind === "fold") out.push(fold(block));
    else if (block.kind === "h") out.push(make("h3", "at-subhead", block.text));
    else if (block.kind === "quote") {
      const figure = make("figure", "at-quote");
      figure.append(make("blockquote", "", block.text));
      if (block.label) figure.append(make("figcaption", "", block.label));
      out.push(figure);
    } else if (block.kind === "notice") {
      const box = make("div", "at-note");
      box.append(make("p", "", block.text));
      if (block.href) box.append(link(block));
      out.push(box);
    } else if (block.kind === "seat") {
      const line = make("p", "at-whose");
      const mark = make("span", `at-whose-mark at-colour-${block.colour}`);
      mark.dataset.shape = block.shape;
      mark.setAttribute("aria-hidden", "true");
      line.append(mark, make("span", "at-whose-name", block.text));
      out.push(line);
    } else out.push(make("p", "at-para", block.text));
  }
  return out;
}

/** @param {RenderProps<{ blocks: Block[], live: boolean }>} props */
function render({ model, el }) {
  el.classList.add("at-words");
  if (model.get("live") !== false) el.setAttribute("aria-live", "polite");
  const show = () => el.replaceChildren(...draw(model.get("blocks")));
  model.on("change:blocks", show);
  show();
  return () => model.off("change:blocks", show);
}
export default { render };
