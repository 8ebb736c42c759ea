/** @import { RenderProps } from "@anywidget/types" */
/** @typedef {{kind: string, text: string, label?: string, colour?: string, shape?: string, href?: string}} Block */

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
  a.href = String(block.href).startsWith("#") ? String(block.href) : "#";
  return a;
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
    } else if (block.kind === "h") out.push(make("h3", "at-subhead", block.text));
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

/** @param {RenderProps<{ blocks: Block[] }>} props */
function render({ model, el }) {
  el.classList.add("at-words");
  el.setAttribute("aria-live", "polite");
  const show = () => el.replaceChildren(...draw(model.get("blocks")));
  model.on("change:blocks", show);
  show();
  return () => model.off("change:blocks", show);
}
export default { render };
