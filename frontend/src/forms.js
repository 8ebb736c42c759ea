// @ts-check
/**
 * Forms are built when they are needed: those of the chapter that is shown at once, those of
 * the next one when the page is at rest, and before printing what goes on paper.
 * What is missing is asked for with "at-need", which the page's own widget takes to the kernel.
 */

import { whenPrinted } from "../../workbook/ui/widgets/shared/printing.js";
import { listStepParts } from "./evening.js";

/** @import { Manager } from "./manager.js" */

const REST = 400; // ms without a touch, so that no answer waits for a form nobody sees yet
const PRINT_TIMEOUT_MS = 4000; // ms that printing waits for what is missing
const TOUCHES = ["keydown", "pointerdown", "wheel", "touchmove"];

let touched = -REST;
for (const name of TOUCHES) {
  addEventListener(name, () => (touched = performance.now()), { passive: true, capture: true });
}

/** @param {string} name @param {any} [detail] */
function dispatch(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

/** Until nobody has touched the page for a moment and the browser has nothing to do. */
async function waitUntilIdle() {
  for (let left = REST; left > 0; left = touched + REST - performance.now()) {
    await new Promise((done) => setTimeout(done, left));
  }
  // Safari has none.
  if ("requestIdleCallback" in globalThis) await new Promise((done) => requestIdleCallback(done));
}

/** @param {ParentNode} part @returns {HTMLElement[]} its places, those of the cover left out */
function listPlaces(part) {
  const all = /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll("[data-at-model]"));
  return [...all].filter((place) => !place.closest("#cover"));
}

export class Forms {
  #manager;
  /** Counts the turns, so that what is built ahead for an earlier one is not gone on with. */
  #turns = 0;

  /** @param {Manager} manager */
  constructor(manager) {
    this.#manager = manager;
    const all = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-at-view]"));
    for (const place of all) place.dataset.atModel = place.dataset.atView; // stays once it is drawn
    addEventListener("keydown", (event) => {
      const alone = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (!alone || event.key.toLowerCase() !== "p" || event.defaultPrevented) return;
      event.preventDefault();
      void this.#print();
    });
    addEventListener("beforeprint", () => {
      this.#markMissing();
      openFolds();
    });
  }

  /** Draw the shown chapter, have its forms built, and those of the next one at rest. */
  async drawShownChapter() {
    const turn = (this.#turns += 1);
    const parts = listShownParts();
    const missing = (await Promise.all(parts.map((part) => this.#listMissing(part)))).flat();
    dispatch("at-need", { forms: missing });
    await Promise.all(parts.map((part) => this.#draw(part)));
    void this.#buildAhead(turn, missing);
  }

  /** @param {number} turn @param {string[]} missing ids of what the shown chapter waits for */
  async #buildAhead(turn, missing) {
    await Promise.all(missing.map((id) => this.#waitUntilBuilt(id)));
    if (turn !== this.#turns) return;
    if (missing.length) requestAnimationFrame(() => dispatch("at-built"));
    const next = listNextParts();
    if (!next.length || !isUnlocked()) return;
    await waitUntilIdle();
    for (const id of (await Promise.all(next.map((part) => this.#listMissing(part)))).flat()) {
      if (turn !== this.#turns) return;
      dispatch("at-need", { forms: [id] });
      await this.#waitUntilBuilt(id);
      await waitUntilIdle();
    }
  }

  /** Draw the places of a part of the page that are not drawn yet. @param {ParentNode} part */
  async #draw(part) {
    const all = /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll("[data-at-view]"));
    for (const place of all) {
      const modelId = String(place.dataset.atView);
      delete place.dataset.atView;
      // One that fails takes no other with it.
      await this.#manager.draw(modelId, place).catch(console.error);
    }
  }

  /** Ids of the places in a part of the page whose form is still to be built. @param {ParentNode} part */
  async #listMissing(part) {
    if (!isUnlocked()) return [];
    const ids = listPlaces(part).map((place) => String(place.dataset.atModel));
    const models = await Promise.all(ids.map((id) => this.#manager.get_model(id)));
    return ids.filter((_, n) => isPlaceEmpty(models[n]));
  }

  /** Until the form at a place is built. @param {string} id */
  async #waitUntilBuilt(id) {
    const model = /** @type {any} */ (await this.#manager.get_model(id));
    if (!isPlaceEmpty(model)) return;
    await new Promise((/** @type {(done?: any) => void} */ done) => {
      const onChange = () => {
        if (isPlaceEmpty(model)) return;
        model.off("change:children", onChange);
        done();
      };
      model.on("change:children", onChange);
    });
  }

  /* ---- On paper ---- */

  /**
   * Note which forms go on paper: those that are there to read. Called once the models are made.
   */
  async notePaperForms() {
    for (const place of listPlaces(document)) {
      const model = /** @type {any} */ (await this.#manager.get_model(String(place.dataset.atModel)));
      if (model.get("_dom_classes")?.includes("at-to-read")) {
        place.closest(".at-form")?.setAttribute("data-at-paper", "");
      }
    }
  }

  /** Build and draw what goes on paper, then print; without a line it prints what there is. */
  async #print() {
    const drawn = listPaperForms().map(async (form) => {
      const missing = await this.#listMissing(form);
      if (missing.length) dispatch("at-need", { forms: missing });
      await Promise.all([...missing.map((id) => this.#waitUntilBuilt(id)), this.#draw(form)]);
      while (isBlank(form)) await new Promise((done) => setTimeout(done, 20));
    });
    await Promise.race([Promise.all(drawn), new Promise((done) => setTimeout(done, PRINT_TIMEOUT_MS))]);
    print();
  }

  /** Say on paper where a form is missing: printing by the browser's menu waits for nothing. */
  #markMissing() {
    for (const line of document.querySelectorAll(".at-unready")) line.remove();
    for (const form of listPaperForms()) {
      if (isBlank(form)) form.append(/** @type {HTMLTemplateElement} */ (document.getElementById("at-unready")).content.cloneNode(true));
    }
  }
}

/** Opens what is folded where the style of paper cannot, until the page is printed. */
function openFolds() {
  if (CSS.supports("selector(::details-content)")) return; // Safari 18.4, Chrome 131, Firefox 143
  const folded = /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("main details:not([open])"));
  for (const fold of folded) fold.open = true;
  whenPrinted(() => {
    for (const fold of folded) fold.open = false;
  });
}

/** What is on the screen: the parts of a step, or a chapter. @returns {Element[]} */
function listShownParts() {
  const { step } = document.documentElement.dataset;
  return step ? listStepParts(step) : [...document.querySelectorAll("[data-chapter]:not([hidden])")];
}

/** What "Next" leads to. @returns {Element[]} */
function listNextParts() {
  const { step, nextStep } = document.documentElement.dataset;
  if (step) return nextStep ? listStepParts(nextStep) : [];
  const next = /** @type {HTMLAnchorElement | null} */ (document.querySelector("#at-next:not([hidden])"));
  const chapter = next && document.getElementById(next.hash.slice(1));
  return chapter ? [chapter] : [];
}

/** The forms that go on paper. @returns {HTMLElement[]} */
function listPaperForms() {
  return [...document.querySelectorAll(/** @type {"div"} */ ("div[data-at-paper]"))];
}

/** Whether nothing is drawn there yet. @param {Element} form */
function isBlank(form) {
  return !form.textContent?.trim();
}

/** Whether somebody has unlocked the page. */
function isUnlocked() {
  return document.documentElement.dataset.seat === "in";
}

/** Whether the form at this place is still to be built. @param {any} model */
function isPlaceEmpty(model) {
  return model.get("_dom_classes")?.includes("at-place") && !model.get("children").length;
}
