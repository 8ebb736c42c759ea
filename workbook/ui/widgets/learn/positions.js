// @ts-check
/** A stroke in four numbered pictures, for people who want nothing to move. */

import { createElement, fillTemplate } from "../shared/dom.js";
import { drawPositions } from "../shared/hands/hands.js";

/** @import { View } from "./learn.js" */

/**
 * Returns the four numbered positions of a stroke, in which nothing moves.
 * @param {View} view @param {Record<string, string>} words
 */
export function createPositions(view, words) {
  const list = createElement("ol", "at-learn-four");
  list.setAttribute("aria-label", fillTemplate(words.positions, { name: view.stroke.words.name }));
  for (const [n, { svg, word }] of drawPositions({ ...view, hasLens: false }).entries()) {
    svg.setAttribute("preserveAspectRatio", "xMidYMid slice");
    const item = createElement("li", "at-learn-position");
    const caption = createElement("span", "at-learn-caption");
    caption.append(createElement("span", "at-learn-number", String(n + 1)), createElement("span", "", word));
    item.append(svg, caption);
    list.append(item);
  }
  return list;
}
