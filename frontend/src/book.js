// @ts-check
/** The widgets: made from the state in the page, drawn when their chapter is first shown. */

import "./widgets.js";
import { Manager } from "./manager.js";

/** @import { Kernel } from "./kernel.js" */

// The shell came first, so that the line opens while this script is still being read.
const attune = /** @type {any} */ (globalThis).attune;
const kernel = /** @type {Kernel} */ (attune.kernel);
const manager = new Manager(kernel);
attune.manager = manager;
const state = document.getElementById("at-state")?.textContent;
const restored = manager.restore(state ? JSON.parse(state) : {});
const ready = Promise.all([restored, attune.dressed]);

/** @param {Element} part of the page; its widgets are drawn when it is first shown */
async function draw(part) {
  await ready;
  const places = /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll("[data-at-view]"));
  for (const place of places) {
    const modelId = String(place.dataset.atView);
    delete place.dataset.atView;
    // One that fails takes no other with it.
    await manager.draw(modelId, place).catch(console.error);
  }
}

function turned() {
  const parts = [...document.querySelectorAll("[data-chapter]:not([hidden])")];
  return Promise.all(parts.map(draw));
}
document.addEventListener("at-turned", turned);
turned().then(() => tell("at-drawn"), console.error);

// A notebook by itself has no widget that asks whether somebody is there.
if (!document.getElementById("cover")) setInterval(() => kernel.connected && tell("at-alive"), 1000);

/** @param {string} name */
function tell(name) {
  document.dispatchEvent(new CustomEvent(name));
}
