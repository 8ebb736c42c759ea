// @ts-check
/**
 * The evening in steps: one topic on the screen at a time. A step is made of the parts of the
 * chapters that ask it (`data-step`); which steps there are, and how far each is, the kernel
 * says ("at-steps"). The step goes with the browser's history entry and not into the address.
 */

const root = document.documentElement;

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} step @returns {HTMLElement[]} the parts of the page that this step shows */
export function listStepParts(step) {
  return [...document.querySelectorAll(/** @type {"div"} */ (`.at-part[data-step="${step}"]`))];
}

/** The words of a template of the page. @param {string} id */
function readTemplate(id) {
  return /** @type {HTMLTemplateElement} */ (byId(id)).content.textContent?.trim() ?? "";
}

/** Put everything after the first line of a paragraph into an element of its own. @param {Element} paragraph */
function splitFirstSentence(paragraph) {
  const rest = document.createElement("span");
  rest.className = "at-rest";
  const found = [...paragraph.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.includes("\n"));
  if (!found) return rest;
  const after = /** @type {Text} */ (found).splitText(found.textContent?.indexOf("\n") ?? 0);
  rest.append(...[...paragraph.childNodes].slice([...paragraph.childNodes].indexOf(after)));
  paragraph.append(rest);
  return rest;
}

/**
 * Prepare a part for its step: heading, first sentence, form; the rest is copied below, folded.
 * In the book it stays as it is.
 * @param {HTMLElement} part
 */
function foldRest(part) {
  if (part.querySelector(":scope > .at-step-more")) return;
  const fold = document.createElement("details");
  const summary = document.createElement("summary");
  fold.className = "at-step-more at-prose";
  summary.textContent = readTemplate("at-more-words");
  fold.append(summary);
  const [first, ...others] = part.querySelectorAll(":scope > .at-prose");
  const lead = first?.querySelector(":scope > p");
  if (lead) {
    const rest = splitFirstSentence(lead);
    const below = document.createElement("p");
    below.append(...[...rest.childNodes].map((node) => node.cloneNode(true)));
    if (below.textContent?.trim()) fold.append(below);
    for (let next = lead.nextElementSibling; next; next = next.nextElementSibling) fold.append(next.cloneNode(true));
  }
  for (const each of others) {
    if (!each.classList.contains("at-plain")) fold.append(...[...each.children].map((child) => child.cloneNode(true)));
  }
  if (fold.childElementCount > 1) part.append(fold);
}

/**
 * @param {() => void} onChange called when another step, or the book, is to be shown
 */
export function createEvening(onChange) {
  /** How far each step is, in order. @type {Record<string, string>} */
  let states = {};
  /** The step that is shown; "": the book is. @type {string} */
  let shown = history.state?.step ?? "";

  const list = () => Object.keys(states).filter((step) => listStepParts(step).length);
  const isReached = (/** @type {string} */ step) => step !== "agree" || states.ready === "done";

  /** @param {string} step */
  function show(step) {
    if (!isReached(step) || step === shown) return;
    shown = step;
    history.pushState({ step }, "", location.pathname);
    onChange();
  }

  /** @param {string} step @returns {string} its first heading */
  function findTitle(step) {
    return listStepParts(step)[0]?.querySelector("h1, h2")?.textContent ?? "";
  }

  function renderBar() {
    const steps = list();
    const at = steps.indexOf(shown);
    const bar = byId("at-steps");
    bar.hidden = at < 0;
    if (at < 0) return;
    const countSteps = (/** @type {number} */ n) =>
      readTemplate("at-step-of").replace("{n}", String(n + 1)).replace("{all}", String(steps.length));
    const dots = steps.map((step, n) => {
      const item = document.createElement("li");
      const dot = document.createElement("button");
      dot.type = "button";
      dot.className = "at-dot";
      dot.dataset.state = states[step];
      dot.disabled = !isReached(step);
      if (n === at) dot.setAttribute("aria-current", "step");
      const said = readTemplate(`at-step-${states[step]}`);
      dot.setAttribute("aria-label", `${countSteps(n)}: ${findTitle(step)} (${said})`);
      dot.addEventListener("click", () => show(step));
      item.append(dot);
      return item;
    });
    const focused = [...byId("at-dots").querySelectorAll("button")].indexOf(/** @type {any} */ (document.activeElement));
    byId("at-dots").replaceChildren(...dots);
    if (focused >= 0) dots[focused]?.querySelector("button")?.focus();
    byId("at-step-count").textContent = countSteps(at);
    const next = /** @type {HTMLButtonElement} */ (byId("at-step-next"));
    next.hidden = at === steps.length - 1;
    next.disabled = !next.hidden && !isReached(steps[at + 1]);
    root.dataset.nextStep = steps[at + 1] ?? "";
  }

  /** @param {number} by how many steps on */
  function turn(by) {
    const steps = list();
    const step = steps[steps.indexOf(shown) + by];
    if (step) show(step);
    else if (by < 0) leave();
  }

  function leave() {
    if (!shown) return;
    shown = "";
    history.pushState(null, "", location.pathname);
    onChange();
  }

  document.addEventListener("at-steps", (event) => {
    const before = list().includes(shown);
    states = /** @type {CustomEvent} */ (event).detail ?? {};
    if (shown && list().length && !list().includes(shown)) shown = "";
    if (before === list().includes(shown)) renderBar();
    else onChange();
  });
  addEventListener("popstate", ({ state }) => {
    const step = state?.step ?? "";
    if (step === shown) return;
    shown = step;
    if (!location.hash || step) onChange(); // an address with a chapter is followed by itself
  });
  addEventListener("hashchange", () => (shown = history.state?.step ?? ""));
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-at-evening]")) show(list().find((step) => states[step] !== "done") ?? list()[0] ?? "");
    if (target?.closest("[data-at-book]")) leave();
  });
  byId("at-step-back").addEventListener("click", () => turn(-1));
  byId("at-step-next").addEventListener("click", () => turn(1));

  return {
    /** The step to be shown; "" for the book. */
    step: () => (list().includes(shown) ? shown : ""),
    /** Whether a step will be shown once the kernel has said which there are. */
    isWanted: () => shown !== "",
    /** Show the parts of the step, or the whole book. @param {string} step */
    render(step) {
      if (step) root.dataset.step = step;
      else delete root.dataset.step;
      for (const part of document.querySelectorAll("[data-step-shown]")) part.removeAttribute("data-step-shown");
      for (const part of step ? listStepParts(step) : []) {
        part.setAttribute("data-step-shown", "");
        foldRest(part);
      }
      renderBar();
    },
  };
}
