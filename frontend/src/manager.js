// @ts-check
/** The widget manager: models from the page itself, views where a chapter has its places. */

import { base64ToBuffer, ManagerBase } from "@jupyter-widgets/base-manager";
import * as base from "@jupyter-widgets/base";
import { Widget } from "@lumino/widgets";

import * as anywidget from "./anywidget.js";
import * as controls from "./controls.js";
import { ErrorWidgetView } from "./unknown.js";

/** @import { Kernel } from "./kernel.js" */

/** @type {Record<string, Record<string, any>>} */
const MODULES = {
  "@jupyter-widgets/base": { ...base, ErrorWidgetView },
  "@jupyter-widgets/controls": controls,
  anywidget,
};

const TARGET = "jupyter.widget";

export class Manager extends ManagerBase {
  /** @type {Kernel} */
  #kernel;

  /** @param {Kernel} kernel */
  constructor(kernel) {
    super();
    this.#kernel = kernel;
    kernel.onComm(TARGET, (comm, message) =>
      this.handle_comm_open(/** @type {any} */ (comm), /** @type {any} */ (message)),
    );
    kernel.addEventListener("open", (event) => {
      // What was said in between is lost, and this is how it is made good.
      if (/** @type {CustomEvent} */ (event).detail.again) void this._loadFromKernel();
    });
  }

  /**
   * Make the models whose state came with the page; nothing is asked of the kernel.
   * @param {Record<string, any>} state by model id
   */
  async restore(state) {
    await Promise.all(
      Object.entries(state).map(([model_id, { state: values, buffers = [], ...named }]) => {
        const paths = buffers.map((/** @type {any} */ each) => each.path);
        const data = buffers.map((/** @type {any} */ each) => base64ToBuffer(each.data));
        base.put_buffers(values, paths, data);
        const comm = /** @type {any} */ (this.#kernel.comm(TARGET, model_id));
        return this.new_model({ ...named, model_id, comm }, values);
      }),
    );
  }

  /**
   * Draw a widget.
   * @param {string} modelId
   * @param {HTMLElement} place
   */
  async draw(modelId, place) {
    const view = await this.create_view(await this.get_model(modelId));
    Widget.attach(view.luminoWidget, place);
  }

  /** @param {string} name @param {string} module @returns {Promise<any>} */
  async loadClass(name, module) {
    const found = MODULES[module]?.[name];
    if (found) return found;
    const widget = `${name} of ${module}`;
    throw Object.assign(new Error(`unknown widget: ${widget}`), { widget });
  }

  /**
   * @param {string} target @param {string} id @param {any} [data] @param {any} [metadata]
   * @param {any} [buffers] @returns {Promise<any>}
   */
  async _create_comm(target, id, data, metadata, buffers) {
    const comm = this.#kernel.comm(target, id);
    if (data || metadata) comm.open(data, undefined, metadata, buffers);
    return comm;
  }

  /** @returns {Promise<any>} */
  async _get_comm_info() {
    return new Promise((resolve) => {
      const reply = (/** @type {any} */ message) => resolve(message.content.comms ?? {});
      const asked = { target_name: TARGET };
      this.#kernel.send("comm_info_request", asked, { callbacks: { shell: { reply } } });
    });
  }
}
