// @ts-check
/**
 * The evening in steps: one topic on the screen at a time. A step is made of the parts of the
 * chapters that ask it (`data-step`). Where the evening is, which steps it has now, how far
 * each is and where a page opens, the kernel says ("at-evening"). The step goes with the
 * browser's history entry and not into the address.
 */

import { byId } from "./elements.js";
import { goTo, readPlace, replacePlace } from "./place.js";

const root = document.documentElement;
const WELCOME = "welcome"; // the step that asks how to begin; it has no dot
const LEARN = "learn"; // the strokes to learn, before or beside an evening; no dot either

/** @param {string} step @returns {HTMLElement[]} the parts of the page that this step shows */
export function listStepParts(step) {
  const parts = `.at-part:is([data-step="${step}"], [data-joined="${step}"])`;
  return [...document.querySelectorAll(/** @type {"div"} */ (parts))];
}

/** Note the parts that are shown on another step's screen. @param {Record<string, string>} joined */
function markJoined(joined) {
  for (const part of document.querySelectorAll(/** @type {"div"} */ (".at-part[data-step]"))) {
    const step = joined[part.dataset.step ?? ""];
    if (step) part.dataset.joined = step;
    else delete part.dataset.joined;
  }
}

/** The words of a template of the page; "": there is none. @param {string} id */
function readTemplate(id) {
  const found = /** @type {HTMLTemplateElement | null} */ (document.getElementById(id));
  return found?.content.textContent?.trim() ?? "";
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
  part.dataset.forms = String(part.querySelectorAll(":scope > .at-form").length);
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
 * @typedef {{state: string, steps: Record<string, string>, first: string, joined?: Record<string, string>}} Evening
 * @param {() => void} onChange called when another step, or the book, is to be shown
 */
export function createEvening(onChange) {
  /** @type {Evening} */
  let evening = { state: "", steps: {}, first: "" };
  /** Where Back leads from the strokes to learn. @type {import("./place.js").Place | null} */
  let beforeLearning = null;
  /** The step shown last, to which the book leads back. */
  let lastStep = "";

  const list = () => Object.keys(evening.steps).filter((step) => listStepParts(step).length);
  const isReached = (/** @type {string} */ step) => evening.steps[step] !== "later";

  /** Whether a step may be shown now. @param {string | undefined} step */
  const isStep = (step) => Boolean(step) && ([WELCOME, LEARN].includes(step ?? "") || list().includes(step ?? ""));

  /** The step that the history entry says; "" for the book. */
  function findStep() {
    const { step, chapter } = readPlace();
    return !chapter && step && isStep(step) ? step : "";
  }

  /** Where the evening goes on. */
  function findFirst() {
    return isStep(evening.first) ? evening.first : (list()[0] ?? "");
  }

  /** Where the book leads back to: the step that was left for it, if it is still there. */
  function findLast() {
    if (isStep(lastStep) && isReached(lastStep)) return lastStep;
    return evening.first === WELCOME ? (list()[0] ?? "") : findFirst();
  }

  /** @param {string} step */
  function show(step) {
    if (!isStep(step) || !isReached(step) || step === findStep()) return;
    if (step === LEARN) beforeLearning = readPlace();
    goTo({ step });
    onChange();
  }

  /** @param {string} step @returns {string} its first heading */
  function findTitle(step) {
    return listStepParts(step)[0]?.querySelector("h1, h2")?.textContent ?? "";
  }

  /** @param {string} shown */
  function renderBar(shown) {
    const steps = list();
    const at = steps.indexOf(shown);
    byId("at-steps").hidden = at < 0 && shown !== LEARN;
    root.dataset.nextStep = steps[at + 1] ?? "";
    if (shown === LEARN) byId("at-step-back").hidden = false;
    if (at < 0) return;
    const countSteps = (/** @type {number} */ n) =>
      readTemplate("at-step-of").replace("{n}", String(n + 1)).replace("{all}", String(steps.length));
    const dots = steps.map((step, n) => {
      const item = document.createElement("li");
      const dot = document.createElement("button");
      dot.type = "button";
      dot.className = "at-dot";
      dot.dataset.state = evening.steps[step];
      dot.disabled = !isReached(step);
      if (n === at) dot.setAttribute("aria-current", "step");
      const said = readTemplate(`at-step-${evening.steps[step]}`);
      dot.setAttribute("aria-label", `${countSteps(n)}: ${findTitle(step)} (${said})`);
      dot.addEventListener("click", () => show(step));
      item.append(dot);
      return item;
    });
    const focused = [...byId("at-dots").querySelectorAll("button")].indexOf(/** @type {any} */ (document.activeElement));
    byId("at-dots").replaceChildren(...dots);
    if (focused >= 0) dots[focused]?.querySelector("button")?.focus();
    byId("at-step-count").textContent = countSteps(at);
    byId("at-step-back").toggleAttribute("hidden", at === 0);
    const next = /** @type {HTMLButtonElement} */ (byId("at-step-next"));
    // What follows is said where it is a place of its own.
    next.textContent = readTemplate(`at-next-${shown}`) || readTemplate("at-next-words");
    next.hidden = at === steps.length - 1 && shown !== "debrief";
    next.disabled = !next.hidden && shown !== "debrief" && !isReached(steps[at + 1]);
  }

  /** @param {number} by how many steps on */
  function turn(by) {
    if (findStep() === LEARN) {
      goTo(beforeLearning ?? (evening.state ? { step: findFirst() } : {}));
      return onChange();
    }
    const steps = list();
    const step = steps[steps.indexOf(findStep()) + by];
    if (step) return show(step);
    if (by < 0) return;
    goTo({ chapter: "journal" });
    onChange();
  }

  /** Show the same section in its chapter. */
  function openBook() {
    const part = listStepParts(findStep())[0];
    const chapter = /** @type {HTMLElement | null | undefined} */ (part?.closest("[data-chapter]"))?.dataset.chapter;
    goTo({ chapter: chapter ?? "welcome" });
    onChange();
    part?.scrollIntoView({ behavior: "instant" });
  }

  document.addEventListener("at-evening", (event) => {
    const said = /** @type {CustomEvent} */ (event).detail ?? {};
    const { state = "", steps = {}, first = "" } = said;
    const before = evening;
    const shown = findStep();
    const parts = listStepParts(shown);
    markJoined(said.joined ?? {});
    evening = { state, steps, first };
    if (before.state !== state) lastStep = "";
    if (!state) return onChange();
    const { chapter, step } = readPlace();
    const isOther = before.state !== "" && before.state !== state;
    const isTyped = location.hash !== ""; // an address that names a chapter is followed next
    if (!chapter && !isTyped && (isOther || !isStep(step))) {
      replacePlace({ step: isOther && state === "after" ? (list()[0] ?? "") : findFirst() });
    }
    const now = listStepParts(shown);
    const isSame = now.length === parts.length && now.every((part, n) => part === parts[n]);
    if (findStep() === shown && isSame && before.state) renderBar(shown);
    else onChange(); // a step that is joined to the shown one comes at once
  });
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-at-evening]")) show(findLast());
    if (target?.closest("[data-at-book]")) openBook();
  });
  byId("at-step-back").addEventListener("click", () => turn(-1));
  byId("at-step-next").addEventListener("click", () => turn(1));

  return {
    /** The step to be shown; "" for the book. */
    findStep,
    /** The step that a page shows to anybody, before it is unlocked; "": none. */
    findOpenStep: () => (findStep() === LEARN ? LEARN : ""),
    show,
    /** Leads to a step; a reader of the book stays there if it is in the same chapter. @param {string} step */
    leadTo(step) {
      const { chapter } = readPlace();
      const part = chapter && listStepParts(step).find((each) => each.closest(`[data-chapter="${chapter}"]`));
      if (part) part.scrollIntoView({ behavior: "instant" });
      else show(step);
    },
    /** Where the history entry names neither: a step that is no longer there. */
    leadBack: () => evening.state && !readPlace().chapter && !findStep() && replacePlace({ step: findFirst() }),
    /** Show the parts of the step, or the whole book. @param {string} step */
    render(step) {
      root.dataset.evening = evening.state;
      if (step) root.dataset.step = step;
      else delete root.dataset.step;
      if (step && step !== LEARN && step !== WELCOME) lastStep = step;
      for (const part of document.querySelectorAll("[data-step-shown]")) part.removeAttribute("data-step-shown");
      for (const part of step ? listStepParts(step) : []) {
        part.setAttribute("data-step-shown", "");
        foldRest(part);
      }
      renderBar(step);
    },
  };
}
