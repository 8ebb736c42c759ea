// @ts-check
/** The widgets: made from the state in the page, drawn when their chapter is first shown. */

import "./widgets.js";
import { Forms } from "./forms.js";
import { Manager } from "./manager.js";

/** @import { Kernel } from "./kernel.js" */

// The shell came first, so that the line opens while this script is still being read.
const attune = /** @type {any} */ (globalThis).attune;
const kernel = /** @type {Kernel} */ (attune.kernel);
const manager = new Manager(kernel);
attune.manager = manager;
const state = document.getElementById("at-state")?.textContent;
const restored = manager.restore(state ? JSON.parse(state) : {});
const ready = Promise.all([restored, attune.stylesLoaded]);

const forms = new Forms(manager);
async function showForms() {
  await ready;
  await forms.drawShownChapter();
}
document.addEventListener("at-turned", () => void showForms().catch(console.error));
// What was asked for while the line was down may not have arrived.
kernel.addEventListener("open", (event) => {
  if (/** @type {CustomEvent} */ (event).detail.again) void showForms().catch(console.error);
});
void ready.then(() => forms.notePaperForms()).catch(console.error);
showForms().then(() => dispatch("at-drawn"), console.error);

// A notebook by itself has no widget that asks whether somebody is there.
if (!document.getElementById("cover")) setInterval(() => kernel.connected && dispatch("at-alive"), 1000);

/** @param {string} name */
function dispatch(name) {
  document.dispatchEvent(new CustomEvent(name));
}
