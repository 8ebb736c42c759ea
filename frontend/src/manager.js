// @ts-check
/** The widget manager: models from the page itself, views where a chapter has its places. */

import {
  base64ToBuffer,
  CONTROL_COMM_PROTOCOL_VERSION,
  CONTROL_COMM_TARGET,
  ManagerBase,
} from "@jupyter-widgets/base-manager";
import * as base from "@jupyter-widgets/base";
import * as controls from "@jupyter-widgets/controls";
import { Widget } from "@lumino/widgets";

import * as anywidget from "./anywidget.js";
import { importScript } from "./scripts.js";
import { ErrorWidgetView } from "./unknown.js";

/** @import { Kernel } from "./kernel.js" */
/**
 * @typedef {{
 *   model_name: string, model_module: string, model_module_version: string,
 *   state: Record<string, any>, buffers?: {path: string[], data: string}[],
 * }} State
 */

/** @type {Record<string, Record<string, any>>} */
const MODULES = {
  "@jupyter-widgets/base": { ...base, ErrorWidgetView },
  "@jupyter-widgets/controls": controls,
  anywidget,
};

const OUTPUT = "@jupyter-widgets/output";
const COMM_TARGET = "jupyter.widget";

export class Manager extends ManagerBase {
  /** @type {Kernel} */
  #kernel;
  /** @type {Set<any>} */
  #made = new Set();

  /** @param {Kernel} kernel */
  constructor(kernel) {
    super();
    this.#kernel = kernel;
    /** For the Output widget, which is a script of its own. */
    this.kernel = kernel;
    kernel.beforeEvent = () => this.#sendHeldBack();
    kernel.onComm(COMM_TARGET, (comm, message) =>
      this.handle_comm_open(/** @type {any} */ (comm), /** @type {any} */ (message)),
    );
    kernel.addEventListener("open", (event) => {
      // What was said in between is lost, and this is how it is made good.
      if (/** @type {CustomEvent} */ (event).detail.again) void this.#refresh();
    });
  }

  /**
   * Make the models whose state came with the page; nothing is asked of the kernel.
   * @param {Record<string, State>} states by model id
   */
  async restore(states) {
    for (const { state, buffers = [] } of Object.values(states)) {
      const data = buffers.map((each) => base64ToBuffer(each.data));
      base.put_buffers(state, buffers.map((each) => each.path), data);
    }
    await this.#make(states);
  }

  /** @param {Record<string, State>} states */
  async #make(states) {
    await Promise.all(
      Object.entries(states).map(([model_id, { state, model_name, ...named }]) => {
        const comm = /** @type {any} */ (this.#kernel.comm(COMM_TARGET, model_id));
        return this.new_model({ model_name, ...named, model_id, comm }, state);
      }),
    );
  }

  /** @param {string} id @param {Promise<any>} making */
  register_model(id, making) {
    super.register_model(id, making);
    const onMade = (/** @type {any} */ model) => {
      this.#made.add(model);
      model.once("comm:close", () => this.#made.delete(model));
    };
    void making.then(onMade, () => {}); // whoever asked for it is told
  }

  /**
   * Send what models hold back while the kernel has an update of theirs in hand. A pressed
   * button does not wait for that, and would be heard before the words typed ahead of it.
   */
  #sendHeldBack() {
    for (const model of this.#made) {
      const state = model._msg_buffer;
      if (!state) continue;
      model._msg_buffer = null;
      model.rememberLastUpdateFor(model.send_sync_message(state, model._msg_buffer_callbacks));
      model._msg_buffer_callbacks = null;
    }
  }

  /** Take over what the kernel holds, but for what was changed here in the meantime. */
  async #refresh() {
    /** @type {Record<string, State>} */
    const missing = {};
    const known = [];
    for (const [model_id, whole] of Object.entries(await this.#states())) {
      if (this.has_model(model_id)) known.push({ model_id, ...whole });
      else missing[model_id] = whole;
    }
    await this.#make(missing);
    for (const { model_id, state } of known) {
      const model = /** @type {any} */ (await this.get_model(model_id));
      const read = await model.constructor._deserialize_state(state, this);
      const mine = [
        ...this.#kernel.unanswered(model_id),
        ...Object.keys(model._msg_buffer ?? {}),
        ...(model.listHeldBack?.() ?? []),
      ];
      for (const name of mine) delete read[name];
      model.set_state(read);
    }
  }

  /** @returns {Promise<Record<string, State>>} of all widgets in the kernel */
  #states() {
    return new Promise((resolve) => {
      const comm = this.#kernel.comm(CONTROL_COMM_TARGET);
      comm.on_msg(({ content: { data }, buffers }) => {
        data.buffer_paths.forEach((/** @type {string[]} */ [id, ...path], /** @type {number} */ n) =>
          base.put_buffers(data.states[id].state, [path], [buffers[n]]),
        );
        comm.close();
        resolve(data.states);
      });
      comm.open({}, undefined, { version: CONTROL_COMM_PROTOCOL_VERSION });
      comm.send({ method: "request_states" });
    });
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
    if (module === OUTPUT && !MODULES[OUTPUT]) {
      /** @type {typeof import("./output.js")} */
      const { makeClasses } = await importScript("output");
      MODULES[OUTPUT] ??= makeClasses(base);
    }
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
      const asked = { target_name: COMM_TARGET };
      this.#kernel.send("comm_info_request", asked, { callbacks: { shell: { reply } } });
    });
  }
}
