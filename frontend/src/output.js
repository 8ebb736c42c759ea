// @ts-check
/**
 * The Output widget of ipywidgets, and with it `interact`: a script of its own, which the page
 * loads with the first of them. The book has none.
 */

import purify from "dompurify";

/** @import { Message } from "./frames.js" */
/** @typedef {Record<string, any> & {output_type: string}} Shown as nbformat has it */

const WIDGET = "application/vnd.jupyter.widget-view+json";
const TELL_MS = 250; // ms between two reports to Python: the server takes 40 messages a second
const MAX_TOLD = 64 * 1024; // characters; the server takes no message above 256 KiB
const RASTER = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/**
 * Return the widget's two classes.
 * @param {typeof import("@jupyter-widgets/base")} base as the page has it; a second copy of it
 *   would not know the page's widgets
 */
export function makeClasses({ DOMWidgetModel, DOMWidgetView }) {
  class OutputModel extends DOMWidgetModel {
    /** Until the next report. @type {ReturnType<typeof setTimeout> | null} */
    timer = null;
    /** Whether what is shown was too large to report. */
    isHeldBack = false;

    defaults() {
      const module = "@jupyter-widgets/output";
      return {
        ...super.defaults(),
        _model_name: "OutputModel",
        _model_module: module,
        _view_name: "OutputView",
        _view_module: module,
        msg_id: "",
        outputs: [],
      };
    }

    /** @param {any} attributes @param {any} options */
    initialize(attributes, options) {
      super.initialize(attributes, options);
      this.on("change:msg_id", () => this.listen());
      this.listen();
    }

    /** Take what the kernel says while it handles the message of this id. */
    listen() {
      const { kernel } = /** @type {any} */ (this.widget_manager);
      const asked = this.get("msg_id");
      this.unhook?.();
      this.unhook = asked ? kernel.onOutput(asked, (/** @type {Message} */ message) => this.take(message)) : null;
    }

    /** @param {Message} message */
    take(message) {
      this.append(message);
      this.timer ??= setTimeout(() => this.tell(), TELL_MS);
    }

    /**
     * Tell Python what is shown here: it keeps, replaces and adds to it as `outputs`. What is too
     * large for a message, as a photograph is, stays on this page alone.
     */
    tell() {
      this.timer = null;
      this.isHeldBack = JSON.stringify(this.get("outputs")).length > MAX_TOLD;
      if (!this.isHeldBack) this.save_changes();
    }

    /** What Python does not know, so that the page keeps it after a connection was lost. */
    listHeldBack() {
      return this.timer || this.isHeldBack ? ["outputs"] : [];
    }

    /** @param {Message} message */
    append({ header: { msg_type }, content }) {
      if (msg_type === "clear_output") {
        this.isToBeCleared = content.wait;
        if (!content.wait) this.set("outputs", []);
        return;
      }
      const before = this.isToBeCleared ? [] : this.get("outputs");
      this.isToBeCleared = false;
      const last = before.at(-1);
      if (msg_type === "stream" && last?.output_type === "stream" && last.name === content.name) {
        const text = last.text + content.text;
        this.set("outputs", [...before.slice(0, -1), { ...last, text }]);
      } else {
        const { transient, ...shown } = content;
        this.set("outputs", [...before, { output_type: msg_type, ...shown }]);
      }
    }
  }

  class OutputView extends DOMWidgetView {
    render() {
      super.render();
      this.el.classList.add("at-result");
      this.listenTo(this.model, "change:outputs", () => this.show());
      this.show();
    }

    show() {
      this.el.replaceChildren(
        .../** @type {Shown[]} */ (this.model.get("outputs")).map((each) => this.draw(each)),
      );
    }

    /** @param {Shown} shown @returns {HTMLElement} */
    draw({ output_type, text, data = {}, ename, evalue }) {
      if (output_type === "stream") return write("pre", text);
      if (output_type === "error") return write("pre", `${ename}: ${evalue}`);
      if (data[WIDGET]) {
        const place = write("div", "");
        // Once it stands in the page: lumino attaches to nothing else.
        queueMicrotask(() => /** @type {any} */ (this.model.widget_manager).draw(data[WIDGET].model_id, place));
        return place;
      }
      if (data["text/html"]) {
        const place = write("div", "");
        place.className = "at-prose";
        place.append(purify.sanitize(join(data["text/html"]), { RETURN_DOM_FRAGMENT: true }));
        return place;
      }
      if (data["image/svg+xml"]) {
        return picture(`data:image/svg+xml,${encodeURIComponent(join(data["image/svg+xml"]))}`);
      }
      const kind = RASTER.find((each) => data[each]);
      if (kind) return picture(`data:${kind};base64,${join(data[kind]).replace(/\s/g, "")}`);
      return write("pre", data["text/plain"]);
    }
  }

  return { OutputModel, OutputView };
}

/** @param {string | string[] | undefined} text in one piece, or in lines as a file has it */
function join(text) {
  return Array.isArray(text) ? text.join("") : String(text ?? "");
}

/** @param {string} name @param {string | string[] | undefined} text */
function write(name, text) {
  const element = document.createElement(name);
  element.textContent = join(text);
  return element;
}

/** @param {string} address */
function picture(address) {
  const image = document.createElement("img");
  image.className = "at-picture";
  image.alt = "";
  image.src = address;
  return image;
}
