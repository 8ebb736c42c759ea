// @ts-check
/** The page's script: the chapters at once, widgets from the page itself, then the kernel. */

import "./shell.js";
import "./widgets.js";
import { Kernel } from "./kernel.js";
import { Manager } from "./manager.js";

const config = JSON.parse(text("at-config"));
const kernel = new Kernel(config);
const manager = new Manager(kernel);
const restored = manager.restore(JSON.parse(text("at-state")));

/** @param {Element} part of the page; its widgets are drawn when it is first shown */
async function draw(part) {
  await restored;
  const places = /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll("[data-at-view]"));
  for (const place of places) {
    const modelId = String(place.dataset.atView);
    delete place.dataset.atView;
    await manager.draw(modelId, place);
  }
}

function turned() {
  const parts = [...document.querySelectorAll("[data-chapter]:not([hidden])")];
  return Promise.all(parts.map(draw));
}
document.addEventListener("at-turned", turned);
turned().then(() => tell("at-drawn"), console.error);

kernel.addEventListener("ended", () => tell("at-ended"));

// A notebook by itself has no widget that asks whether somebody is there.
if (!document.getElementById("cover")) setInterval(() => kernel.connected && tell("at-alive"), 1000);

/** @param {string} name */
function tell(name) {
  document.dispatchEvent(new CustomEvent(name));
}

/** @param {string} id */
function text(id) {
  return document.getElementById(id)?.textContent || "{}";
}
