// @ts-check
/**
 * Hosts the book's own anywidgets. Their modules are part of this script, found by the
 * class that made the model, so that no text arriving from a kernel is ever run as code.
 */

import { DOMWidgetModel, DOMWidgetView } from "@jupyter-widgets/base";

import { explain } from "./unknown.js";

/** Modules, or functions that load one. @type {Map<string, any>} */
const modules = new Map();

/** @param {string} name of the Python class, with its module @param {any} module or a function that loads it */
export function registerModule(name, module) {
  modules.set(name, module);
}

/** @param {any} model @param {any} owner whose listeners go when it goes */
function createModelFacade(model, owner) {
  return {
    get: model.get.bind(model),
    set: model.set.bind(model),
    save_changes: model.save_changes.bind(model),
    send: model.send.bind(model),
    on: (/** @type {string} */ name, /** @type {any} */ call) => model.on(name, call, owner),
    off: (/** @type {any} */ name, /** @type {any} */ call) => model.off(name, call, owner),
    widget_manager: model.widget_manager,
  };
}

export class AnyModel extends DOMWidgetModel {}

export class AnyView extends DOMWidgetView {
  /** @type {AbortController | undefined} */
  #abort;
  /** @type {unknown} */
  #cleanUp;

  async render() {
    const name = this.model.get("_anywidget_id");
    this.#abort = new AbortController();
    const found = modules.get(name);
    const module = typeof found === "function" ? await found().catch(() => null) : found;
    if (!module) return explain(this.el, name);
    if (this.#abort.signal.aborted) return; // removed meanwhile
    this.#cleanUp = await module.render({
      model: createModelFacade(this.model, this),
      el: this.el,
      signal: this.#abort.signal,
    });
  }

  remove() {
    this.#abort?.abort();
    if (typeof this.#cleanUp === "function") this.#cleanUp();
    this.#cleanUp = undefined;
    this.model.off(null, null, this);
    return super.remove();
  }
}
