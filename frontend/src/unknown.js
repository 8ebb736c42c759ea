// @ts-check
/** A widget that this page cannot draw says so in its place; all others work. */

import { DOMWidgetView } from "@jupyter-widgets/base";

/** @param {HTMLElement} place @param {string} name of a widget's class and module */
export function explain(place, name) {
  const line = document.createElement("p");
  line.className = "at-broken";
  line.textContent = `This page does not know the widget ${name}. The rest of it works.`;
  place.replaceChildren(line);
}

/** What @jupyter-widgets/base-manager draws for a model whose class was not found. */
export class ErrorWidgetView extends DOMWidgetView {
  render() {
    explain(this.el, this.model.get("error")?.widget ?? this.model.get("msg"));
  }
}
