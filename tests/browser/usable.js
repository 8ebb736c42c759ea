// @ts-check
/**
 * What is wrong with the screen as it is now, each as a list of sentences: for usable.py.
 */
(() => {
  const EVERYTHING = { opacityProperty: true, visibilityProperty: true };
  const CONTROLS = "button, a[href], input, select, textarea, summary";
  const KINDS = /** @type {const} */ ([
    "backgroundColor", "borderTopWidth", "borderTopStyle", "borderTopColor", "outlineStyle",
    "outlineWidth", "outlineColor", "textDecorationLine", "fontWeight", "content", "display",
  ]);

  /** @param {Element} node */
  const classOf = (node) => node.getAttribute("class") ?? "";

  /** @param {Element} node */
  const textOf = (node) => (node.textContent ?? "").trim().slice(0, 40);

  /** Whether only a screen reader meets it. @param {Element} node */
  function isUnseen(node) {
    for (let at = /** @type {Element | null} */ (node); at && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).clipPath === "inset(50%)" || at.matches(".at-unseen, .at-skip")) return true;
    }
    return false;
  }

  /** Why a text is not whole in what holds it; "": it is. @param {Element} holder @param {DOMRect} box */
  function findCut(holder, box) {
    if (box.left < -1 || box.right > innerWidth + 1) return "beside the window";
    for (let at = /** @type {Element | null} */ (holder); at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      const overflow = style.overflowX + style.overflowY;
      if (/auto|scroll/.test(overflow)) return "";
      if (!/hidden|clip/.test(overflow) && !at.matches("button, summary, label, .at-button")) continue;
      const edge = at.getBoundingClientRect();
      if (box.left < edge.left - 2 || box.right > edge.right + 2) return `wider than ${classOf(at)}`;
      if (box.top < edge.top - 3 || box.bottom > edge.bottom + 3) return `higher than ${classOf(at)}`;
    }
    return "";
  }

  /** Texts that are beside the window, or wider or higher than what holds them. */
  function listCutOff() {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const holder = /** @type {Element} */ (node.parentElement);
      if (!node.textContent?.trim() || holder.closest("noscript, title, svg")) continue;
      if (!holder.checkVisibility(EVERYTHING) || isUnseen(holder)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      const cut = box.width && findCut(holder, box);
      if (cut) found.push(`${cut}: “${node.textContent.trim().slice(0, 40)}” (${classOf(holder)})`);
    }
    return found;
  }

  /** What makes the page wider than the window. */
  function listBeside() {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    /** @param {Element} node */
    const isBeside = (node) => node.getBoundingClientRect().right > innerWidth + 1;
    const found = [...document.querySelectorAll("body *")]
      .filter((node) => isBeside(node) && node.checkVisibility() && !isUnseen(node))
      .filter((node) => ![...node.children].some(isBeside))
      .map((node) => `scrolls sideways: <${node.localName} class="${classOf(node)}">`);
    return found.length ? found.slice(0, 4) : ["scrolls sideways"];
  }

  /** Controls that another thing covers, wherever they are scrolled to. */
  function listOutOfReach() {
    const found = [];
    const modal = document.querySelector("dialog:modal");
    const before = scrollY;
    for (const each of document.querySelectorAll(CONTROLS)) {
      if (!each.checkVisibility(EVERYTHING) || each.matches(":disabled") || isUnseen(each)) continue;
      if (each.closest(".at-silent") || (modal && !modal.contains(each))) continue;
      const target = each.closest("label") ?? each;
      target.scrollIntoView({ block: "center", behavior: "instant" });
      const box = target.getBoundingClientRect();
      if (box.width <= 2) continue;
      const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
      const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
      const there = document.elementFromPoint(x, y);
      if (there && (target.contains(there) || there.contains(target))) continue;
      found.push(`“${textOf(target) || each.ariaLabel}” is under ${there && classOf(there)}`);
    }
    scrollTo(0, before);
    return found;
  }

  /** How a thing and all in it look, but for its place. @param {Element} node */
  const look = (node) =>
    [node, ...node.querySelectorAll("*")]
      .flatMap((each) => [null, "::before", "::after"].map((part) => getComputedStyle(each, part)))
      .flatMap((style) => KINDS.map((kind) => style[kind]))
      .join();

  /** What is chosen, and looks like what is not. */
  function listAlike() {
    const found = [];
    for (const input of document.querySelectorAll("input[type=radio]:checked")) {
      const chosen = input.closest("label");
      const style = getComputedStyle(input);
      const isDrawn = style.appearance !== "none" && Number(style.opacity) > 0.5;
      if (!chosen?.checkVisibility() || (isDrawn && input.clientWidth > 8)) continue;
      const name = /** @type {HTMLInputElement} */ (input).name;
      const others = /** @type {HTMLInputElement[]} */ ([...document.getElementsByName(name)]);
      const other = others.find((each) => !each.checked)?.closest("label");
      if (other && look(chosen) === look(other)) found.push(`“${textOf(chosen)}” looks like not chosen`);
    }
    const [dot, rest] = [".at-dot[aria-current]", ".at-dot:not([aria-current])"].map((each) =>
      document.querySelector(each),
    );
    if (dot?.checkVisibility() && rest && look(dot) === look(rest)) found.push("this dot looks like another");
    return found;
  }

  Object.assign(globalThis, { usable: { listCutOff, listBeside, listOutOfReach, listAlike } });
})();
