// @ts-check
/** The receiver on the drawing: skin or clothes, lines that help to find a place, and the tinted areas. */

import { createSvg } from "../dom.js";
import { ARM, TRUNK } from "../figure.js";
import { outlineHand } from "./hand.js";
import {
  ARM_LINES, ARM_OUTLINE, FOOT_TOP_LINES, LEG_BACK_LINES, LEG_FRONT_LINES, LEG_OUTLINE, SOLE_LINES, SOLE_OUTLINE, TOES,
} from "./limbs.js";

/** @import { Frame } from "./places.js" */
/** @typedef {{ figure: string, whole: boolean, front: string, back: string }} Outline */
/** @typedef {{ areas: string[], side: string, position: string, coverage: string, outlines: Record<string, Outline> }} Receiver */

const BLADE = "M13 106C22 103 33 108 34.4 119C34.6 130 28 139 20.5 142C15.6 136 12.4 122 13 106";
const SPINE = "M0 92C.8 120 -.6 150 0 208";
const SHIRT =
  "M-14 80C-10 92 10 92 14 80L50 84L66 104L70 150C60 154 52 152 46 148L44 232C20 238 -20 238 -44 232L-46 148C-52 152 -60 154 -70 150L-66 104L-50 84Z";
const SHIRT_FOLDS =
  "M-14 80C-10 92 10 92 14 80M-70 150C-60 154 -52 152 -46 148M70 150C60 154 52 152 46 148M-44 232C-20 238 20 238 44 232M-30 120C-33 140 -31 160 -34 178M31 124C33 142 30 164 33 184";
const TOWEL = "M-52 214C-30 207 30 207 52 214L54 480L-54 480Z";
const TOWEL_FOLDS = "M-52 219C-30 212 30 212 52 219M-30 228C-34 250 -30 270 -33 300M24 226C30 250 25 272 29 300";
const WAISTBAND = "M-52 221C-30 214 30 214 52 221M0 216V300";
const FACE = "M4.4 43C7 45.4 12 45.4 14.4 43M5 38.4C8 36.4 12 36.6 14.6 38.8M0 44C-1.6 50 -2.4 52.4 0 53.4M0 59.6C2.6 59.2 4.6 59 6 58.2";

/** @param {string} d @param {string} name of its class @param {Record<string, string>} [more] */
const path = (d, name, more = {}) => createSvg("path", { d, class: name, ...more });

/** Returns a path and its mirror image. @param {string} d @param {string} name @returns {any[]} */
const mirrored = (d, name) => [path(d, name), path(d, name, { transform: "scale(-1 1)" })];

/**
 * Returns the drawn receiver, a limb as a right one.
 * @param {string} id no other drawing has @param {Frame} frame @param {Receiver} receiver
 */
export function drawBody(id, frame, receiver) {
  const body = createSvg("g");
  body.append(drawBed(frame, receiver.position));
  if (frame.body === "trunk") drawTrunk(body, id, frame, receiver);
  else if (frame.body === "arm" || frame.body === "hand") drawArm(body, frame, receiver);
  else drawLeg(body, frame, receiver);
  return body;
}

/** Returns what the receiver lies on or leans on. @param {Frame} frame @param {string} position */
function drawBed({ body, box: [x, y, width, height] }, position) {
  if (position === "side" && body === "trunk") return createSvg("g");
  if (position === "chair") {
    const pillow = createSvg("g");
    if (body === "trunk") pillow.append(createSvg("rect", { x: -56, y: 24, width: 112, height: 92, rx: 24, class: "at-body-pillow" }));
    return pillow;
  }
  const margin = 8;
  return createSvg("rect", { x: x + margin, y: y - 40, width: width - 2 * margin, height: height + 80, class: "at-body-bed" });
}

/** @param {any} body @param {string} id @param {Frame} frame @param {Receiver} receiver */
function drawTrunk(body, id, frame, { areas, side, position, coverage, outlines }) {
  const defs = createSvg("defs");
  for (const [name, paths] of /** @type {[string, string[]][]} */ ([["trunk", [TRUNK]], ["arm", [ARM]], ["all", [TRUNK, ARM]]])) {
    const clip = createSvg("clipPath", { id: `${id}-${name}` });
    clip.append(...paths.flatMap((d) => mirrored(d, "")));
    defs.append(clip);
  }
  if (position === "side") body.append(createSvg("rect", { x: -70, y: 2, width: 62, height: 74, rx: 16, class: "at-body-pillow" }));
  body.append(defs, ...[ARM, TRUNK].flatMap((d) => mirrored(d, "at-body-outline")), ...[ARM, TRUNK].flatMap((d) => mirrored(d, "at-body-skin")));
  if (outlines.scalp) body.append(path(outlines.scalp[frame.view], "at-body-hair", { "clip-path": `url(#${id}-trunk)` }));
  if (coverage === "clothed") {
    const cut = { "clip-path": `url(#${id}-all)` };
    body.append(path(SHIRT, "at-body-cloth", cut), path(SHIRT_FOLDS, "at-body-fold", cut));
  }
  if (frame.view === "back") {
    if (coverage !== "clothed") body.append(...mirrored(BLADE, "at-body-blade"));
    body.append(path(SPINE, "at-body-spine"));
  } else body.append(...mirrored(FACE, "at-body-face"));
  if (coverage === "partly") body.append(path(TOWEL, "at-body-towel", { "clip-path": `url(#${id}-trunk)` }), path(WAISTBAND, "at-body-fold", { "clip-path": `url(#${id}-trunk)` }));
  else if (coverage !== "clothed") body.append(path(TOWEL, "at-body-towel"), path(TOWEL_FOLDS, "at-body-fold"));
  if (position === "side") body.append(createSvg("rect", { x: -140, y: -40, width: 103, height: 420, class: "at-body-mattress" }));
  for (const key of areas) tintArea(body, id, outlines[key], frame.view, side);
}

/** @param {any} body @param {string} id @param {Outline | undefined} outline @param {"front" | "back"} view @param {string} side */
function tintArea(body, id, outline, view, side) {
  const d = outline?.[view];
  if (!outline || !d) return;
  const right = view === "back" ? 1 : -1;
  const sides = outline.whole ? [1] : side === "left" ? [-right] : side === "right" ? [right] : [1, -1];
  for (const each of sides) {
    const cut = createSvg("g", { "clip-path": `url(#${id}-${outline.figure})` });
    cut.append(path(d, "at-body-tint", each < 0 ? { transform: "scale(-1 1)" } : {}));
    body.append(cut);
  }
}

/** @param {any} body @param {Frame} frame @param {Receiver} receiver */
function drawArm(body, frame, { position, coverage }) {
  const isHand = frame.body === "hand";
  const arm = createSvg("g", isHand ? { transform: "translate(0 -127)" } : {});
  const { skin, lines } = outlineHand("palm", 0);
  // Lying face down with the palm up, the thumb is on the inner side; lying on the back, on the outer one.
  const hand = `translate(0 127) rotate(180) scale(${position === "back" || position === "chair" ? -1 : 1} 1)`;
  const drawn = (/** @type {string} */ name) => [path(ARM_OUTLINE, name), path(skin, name, { transform: hand })];
  arm.append(...drawn("at-body-outline"), ...drawn("at-body-skin"), path(ARM_LINES, "at-body-face"));
  arm.append(path(isHand ? "M-6 -14C-2 -9 3 -9 6.4 -12M-6.4 -18.6C-1 -16 3 -17 7.4 -20.6M1.4 -5C1 -11 4 -14 8 -15.4" : lines, "at-body-face", { transform: hand }));
  if (coverage === "clothed" && !isHand) arm.append(path(ARM_OUTLINE, "at-body-sleeve"), path("M-7 128C-2 131 3 131 7 128M-8 70C-3 66 4 66 8 71M-7 62C-2 59 4 60 8 63", "at-body-fold"));
  body.append(arm, createSvg("path", { d: stripOutline(frame), class: "at-body-tint" }));
}

/** @param {any} body @param {Frame} frame @param {Receiver} receiver */
function drawLeg(body, frame, { coverage }) {
  const isFoot = frame.body === "foot";
  const leg = createSvg("g", isFoot ? { transform: "translate(0 -180)" } : {});
  const foot = { transform: "translate(0 180)" };
  const toes = (/** @type {string} */ name) => TOES.map(([cx, cy, r]) => createSvg("circle", { cx, cy, r, class: name, ...foot }));
  const drawn = (/** @type {string} */ name) => [path(LEG_OUTLINE, name), ...toes(name), path(SOLE_OUTLINE, name, foot)];
  leg.append(...drawn("at-body-outline"), ...drawn("at-body-skin"));
  const isBack = frame.view === "back";
  leg.append(path(isBack ? LEG_BACK_LINES : LEG_FRONT_LINES, "at-body-face"), path(isBack ? SOLE_LINES : FOOT_TOP_LINES, "at-body-face", foot));
  if (coverage === "clothed" && !isFoot) leg.append(path(LEG_OUTLINE, "at-body-sleeve"), path("M-8 178C-3 181 3 181 8 178M-10 96C-4 92 4 92 10 97M-9 88C-3 85 4 86 9 89", "at-body-fold"));
  body.append(leg, createSvg("path", { d: stripOutline(frame), class: "at-body-tint" }));
}

/** Returns the strip of a frame as a path. @param {Frame} frame */
function stripOutline({ strip: { top, bottom, inner, outer } }) {
  const within = (/** @type {number[][]} */ line) => line.map(([y, x]) => `${x} ${Math.max(top, Math.min(bottom, y))}`);
  return `M${[...within(inner), ...within(outer).reverse()].join("L")}Z`;
}

/**
 * Returns a small figure that shows where a limb is, in the upper left corner of a viewBox.
 * @param {string} id no other drawing has @param {Frame} frame @param {Receiver} receiver
 */
export function drawLocator(id, frame, { areas, side, outlines }) {
  const [x, y] = frame.box;
  const small = 0.068;
  const node = createSvg("g", { transform: `translate(${x + 9} ${y + 3}) scale(${small})` });
  node.append(...[ARM, TRUNK].flatMap((d) => mirrored(d, "at-locator-body")));
  const defs = createSvg("defs");
  for (const [name, d] of [["trunk", TRUNK], ["arm", ARM]]) {
    const clip = createSvg("clipPath", { id: `${id}-${name}` });
    clip.append(...mirrored(d, ""));
    defs.append(clip);
  }
  node.append(defs);
  const inside = createSvg("g", { class: "at-locator" });
  for (const key of areas) tintArea(inside, id, outlines[key], frame.view, side);
  node.append(inside);
  return node;
}
