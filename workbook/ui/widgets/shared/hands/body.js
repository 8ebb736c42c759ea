// @ts-check
/** The receiver on the drawing: skin or clothes, the line of the spine, and the tinted areas. */

import { createSvg } from "../dom.js";
import { ARM, TRUNK } from "../figure.js";

/** @import { Frame } from "./places.js" */
/** @typedef {{ figure: string, whole: boolean, front: string, back: string }} Outline */

const BLADE = "M13 106C22 103 33 108 34.4 119C34.6 130 28 139 20.5 142C15.6 136 12.4 122 13 106";
const SPINE = "M0 92C.8 120 -.6 150 0 208";
const SHIRT =
  "M-14 80C-10 92 10 92 14 80L50 84L66 104L70 150C60 154 52 152 46 148L44 232C20 238 -20 238 -44 232L-46 148C-52 152 -60 154 -70 150L-66 104L-50 84Z";
const SHIRT_FOLDS =
  "M-14 80C-10 92 10 92 14 80M-70 150C-60 154 -52 152 -46 148M70 150C60 154 52 152 46 148M-44 232C-20 238 20 238 44 232M-30 120C-33 140 -31 160 -34 178M31 124C33 142 30 164 33 184";
const TOWEL = "M-52 214C-30 207 30 207 52 214L54 480L-54 480Z";
const TOWEL_FOLDS = "M-52 219C-30 212 30 212 52 219M-30 228C-34 250 -30 270 -33 300M24 226C30 250 25 272 29 300";

/** @param {string} d @param {string} name of its class @param {Record<string, string>} [more] */
const path = (d, name, more = {}) => createSvg("path", { d, class: name, ...more });

/** Returns a path and its mirror image. @param {string} d @param {string} name @returns {any[]} */
const mirrored = (d, name) => [path(d, name), path(d, name, { transform: "scale(-1 1)" })];

/**
 * Returns the drawn receiver.
 * @param {string} id no other drawing has
 * @param {Frame} frame @param {{ areas: string[], side: string, coverage: string, outlines: Record<string, Outline> }} step
 */
export function drawBody(id, frame, { areas, side, coverage, outlines }) {
  const body = createSvg("g");
  const defs = createSvg("defs");
  for (const [name, paths] of /** @type {[string, string[]][]} */ ([["trunk", [TRUNK]], ["arm", [ARM]], ["all", [TRUNK, ARM]]])) {
    const clip = createSvg("clipPath", { id: `${id}-${name}` });
    clip.append(...paths.flatMap((d) => mirrored(d, "")));
    defs.append(clip);
  }
  body.append(defs, ...[ARM, TRUNK].flatMap((d) => mirrored(d, "at-body-outline")), ...[ARM, TRUNK].flatMap((d) => mirrored(d, "at-body-skin")));
  if (outlines.scalp) body.append(path(outlines.scalp[frame.view], "at-body-hair", { "clip-path": `url(#${id}-trunk)` }));
  if (coverage === "clothed") {
    const cut = { "clip-path": `url(#${id}-all)` };
    body.append(path(SHIRT, "at-body-cloth", cut), path(SHIRT_FOLDS, "at-body-fold", cut));
  }
  body.append(...mirrored(BLADE, "at-body-blade"), path(SPINE, "at-body-spine"));
  if (coverage !== "clothed") body.append(path(TOWEL, "at-body-towel"), path(TOWEL_FOLDS, "at-body-fold"));
  for (const key of areas) {
    const outline = outlines[key];
    const d = outline?.[frame.view];
    if (!d) continue;
    const sides = outline.whole || side === "middle" ? [1, -1] : side === "left" ? [-1] : side === "right" ? [1] : [1, -1];
    for (const each of outline.whole ? [1] : sides) {
      const cut = createSvg("g", { "clip-path": `url(#${id}-${outline.figure})` });
      cut.append(path(d, "at-body-tint", each < 0 ? { transform: "scale(-1 1)" } : {}));
      body.append(cut);
    }
  }
  return body;
}
