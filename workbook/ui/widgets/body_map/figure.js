// @ts-check
/** Draws the figure, its places and the patterns of the marks. */

import { createSvg } from "../shared/dom.js";
import { ARM, FIGURE, TRUNK } from "../shared/figure.js";
import { listSigned, listSpots } from "./geometry.js";

/** @import { Place, Spot, View } from "./geometry.js" */

/**
 * Every pattern, so that no mark is told by its colour alone: its size, how it is turned, and how
 * wide its lines are. A place of the other side is a mirror image, and so is its pattern: none
 * may be the mirror image of another one.
 * @type {Record<string, { size: number, turned: number, width: number }>}
 */
const LOOKS = {
  hatch: { size: 4, turned: -45, width: 1.3 },
  cross: { size: 4, turned: -45, width: 1 },
  dots: { size: 4, turned: 0, width: 2 },
  light: { size: 6, turned: 90, width: 1.1 },
  lines: { size: 3, turned: 90, width: 1.1 },
  keepoff: { size: 3.4, turned: 0, width: 0.9 },
  locked: { size: 3.4, turned: 0, width: 0.9 },
};

/** @param {string} id of the widget, with which the ids of its patterns begin */
export function drawPatterns(id) {
  const defs = createSvg("defs");
  for (const [look, { size, turned, width }] of Object.entries(LOOKS)) {
    const pattern = createSvg("pattern", {
      id: `${id}-${look}`, width: size, height: size, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${turned})`,
    });
    const over = `at-map-over at-map-${look}`;
    pattern.append(createSvg("rect", { width: size, height: size, class: `at-map-under at-map-${look}` }));
    if (look === "dots") pattern.append(createSvg("circle", { cx: size / 2, cy: size / 2, r: width / 2, class: over }));
    else pattern.append(createSvg("rect", { width, height: size, class: over }));
    if (look === "cross") pattern.append(createSvg("rect", { width: size, height: width, class: over }));
    defs.append(pattern);
  }
  return defs;
}

/** @param {string} id @param {any} node @param {string} look */
export function fillWith(id, node, look) {
  node.dataset.look = look;
  node.style.fill = look in LOOKS ? `url(#${id}-${look})` : "";
}

/** @param {string} id @param {string} look */
export function drawSwatch(id, look) {
  const svg = createSvg("svg", { viewBox: "0 0 20 20", class: "at-map-swatch", "aria-hidden": "true" });
  const square = createSvg("rect", { x: 1, y: 1, width: 18, height: 18, rx: 4, class: "at-map-area" });
  fillWith(id, square, look);
  svg.append(square);
  return svg;
}

/**
 * @param {string} id @param {Place[]} places @param {View} side @param {Record<string, string>} words
 * @param {Record<string, string>} signs a short text by part @param {(spot: Spot) => any} createPlace
 */
export function drawFigure(id, places, side, words, signs, createPlace) {
  const box = [-FIGURE.width / 2, FIGURE.top, FIGURE.width, FIGURE.height].join(" ");
  const svg = createSvg("svg", { class: "at-map-figure", viewBox: box, role: "group", "aria-label": words[side] ?? "" });
  const defs = createSvg("defs");
  for (const [name, path] of [["trunk", TRUNK], ["arm", ARM]]) {
    const clip = createSvg("clipPath", { id: `${id}-${side}-${name}` });
    clip.append(createSvg("path", { d: path }), createSvg("path", { d: path, transform: "scale(-1 1)" }));
    defs.append(clip);
  }
  svg.append(defs);
  const all = listSpots(places, side);
  for (const cut of ["trunk", "arm"]) {
    const path = cut === "trunk" ? TRUNK : ARM;
    // The outline of both halves first, then both without it: no line down the middle.
    for (const name of ["at-map-outline", "at-map-body"]) {
      for (const transform of ["", "scale(-1 1)"]) svg.append(createSvg("path", { d: path, transform, class: name }));
    }
    for (const spot of all.filter((each) => each.place.outline.figure === cut)) svg.append(createPlace(spot));
  }
  for (const { x, y, part } of listSigned(all, signs)) {
    const text = createSvg("text", { x, y, class: "at-map-sign", "aria-hidden": "true" });
    text.textContent = signs[part];
    svg.append(text);
  }
  svg.append(drawRing(`${id}-${side}-ring`, defs));
  for (const [x, name] of [[-79, side === "front" ? "right" : "left"], [79, side === "front" ? "left" : "right"]]) {
    const text = createSvg("text", { x, y: 312, class: "at-map-side", "aria-hidden": "true" });
    text.textContent = words[String(name)] ?? "";
    svg.append(text);
  }
  return svg;
}

/**
 * Returns what draws a line round a shape, above all its neighbours. A filter draws it, since the
 * shape is cut out of the figure: its own path has no line where the figure ends.
 * @param {string} id @param {any} defs
 */
function drawRing(id, defs) {
  const filter = createSvg("filter", { id, filterUnits: "userSpaceOnUse", primitiveUnits: "userSpaceOnUse" });
  filter.append(
    createSvg("feMorphology", { in: "SourceAlpha", operator: "dilate", radius: 3, result: "wider" }),
    createSvg("feFlood", { class: "at-map-flood" }),
    createSvg("feComposite", { in2: "wider", operator: "in" }),
    createSvg("feComposite", { in2: "SourceAlpha", operator: "out" }),
  );
  defs.append(filter);
  const ring = createSvg("g", { class: "at-map-ring", filter: `url(#${id})` });
  const cut = createSvg("g");
  cut.append(createSvg("path"));
  ring.append(cut);
  return ring;
}

/**
 * Draw the line round this place; without a path, round none.
 * @param {any} node of the place @param {any} path @param {number} width of the line, in units of the drawing
 */
export function moveRing(node, path, width) {
  const svg = node.ownerSVGElement;
  const shape = svg?.querySelector(".at-map-ring path");
  if (!shape) return;
  shape.setAttribute("d", path?.getAttribute("d") ?? "");
  shape.setAttribute("transform", path?.getAttribute("transform") ?? "");
  shape.parentNode.setAttribute("clip-path", node.getAttribute("clip-path"));
  if (!path) return;
  const filter = svg.querySelector("filter");
  const box = shape.getBBox();
  const left = path.hasAttribute("transform") ? -box.x - box.width : box.x;
  const region = { x: left - 2 * width, y: box.y - 2 * width, width: box.width + 4 * width, height: box.height + 4 * width };
  for (const [name, value] of Object.entries(region)) filter.setAttribute(name, String(value));
  filter.querySelector("feMorphology").setAttribute("radius", String(width));
}

/**
 * Returns the control of a place, and its shape, which is cut out of the figure.
 * @param {string} id @param {Spot} spot
 */
export function drawPlace(id, { place, part, view, mirrored }) {
  const cut = `url(#${id}-${view}-${place.outline.figure})`;
  const node = createSvg("g", { class: "at-map-place", role: "button", tabindex: -1, "clip-path": cut });
  const path = createSvg("path", { d: place.outline[view], class: "at-map-area" });
  if (mirrored) path.setAttribute("transform", "scale(-1 1)");
  node.append(path);
  node.dataset.part = part;
  return { node, path };
}
