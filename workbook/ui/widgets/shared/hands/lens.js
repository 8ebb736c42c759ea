// @ts-check
/** A small round side view: muscle lifted between fingers and thumb, skin that travels, a palm that sinks. */

import { createSvg, writeAttribute } from "../dom.js";

/** @import { HandPose } from "./hand.js" */
/** @import { Stroke } from "./motion.js" */
/** @typedef {{ node: any, draw: (pose: HandPose, spot: number[] | null) => void }} Lens */

const RADIUS = 17;
/** Units of the drawing in which a gliding hand goes through a side view, from outside to outside. */
const PASSAGE = 58;
const HAIRS = [-13, -9.75, -6.5, -3.25, 0, 3.25, 6.5, 9.75, 13];

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;

/** @param {string} name @param {string} [d] */
const path = (name, d) => createSvg("path", d ? { class: name, d } : { class: name });

/** Returns a finger seen from the side: a thick line with an edge. */
function createFinger() {
  const node = createSvg("g");
  const [edge, skin] = [path("at-lens-edge"), path("at-lens-hand")];
  node.append(edge, skin);
  return {
    node,
    /** @param {string} d */
    set(d) {
      writeAttribute(edge, "d", d);
      writeAttribute(skin, "d", d);
    },
  };
}

/** @returns {Lens} */
function createLift() {
  const node = createSvg("g");
  const [muscle, core] = [path("at-lens-skin"), path("at-lens-muscle")];
  const hand = createFinger();
  node.append(muscle, core, path("at-lens-deep", "M-18 11H18V18H-18Z"), hand.node);
  let shown = -1;
  return {
    node,
    draw({ grip }) {
      const step = Math.round(grip * 20);
      if (step === shown) return;
      shown = step;
      const high = step / 20;
      const [top, half] = [round(4 - 9.5 * high), round(9 - 4.4 * high)];
      const skin = `M-18 4C${-half - 5} 4 ${-half - 1} 4 ${-half} ${round(4 - 3 * high)}C${round(-half + 1)} ${top} ${round(half - 1)} ${top} ${half} ${round(4 - 3 * high)}C${half + 1} 4 ${half + 5} 4 18 4`;
      muscle.setAttribute("d", `${skin}V12H-18Z`);
      core.setAttribute("d", `M-16 9C${-half} 9 ${-half} ${round(7.4 - 4 * high)} ${round(-half + 2.6)} ${round(6.4 - 5 * high)}C-1 ${round(5.6 - 7 * high)} 1 ${round(5.6 - 7 * high)} ${round(half - 2.6)} ${round(6.4 - 5 * high)}C${half} ${round(7.4 - 4 * high)} ${half} 9 16 9Z`);
      const [reach, low] = [round(half + 3), round(3.4 - 3.4 * high)];
      const lifted = round(-2 * high);
      hand.set(
        `M${-reach} ${low}C${-reach - 1} ${low - 6} -8 ${lifted - 9} -1 ${lifted - 10}L16 ${lifted - 15}M${reach} ${low}C${reach + 0.5} ${low - 4} 6.5 ${lifted - 8} 2 ${lifted - 10}`,
      );
    },
  };
}

/** @returns {Lens} */
function createShear() {
  const node = createSvg("g");
  const [skin, hairs] = [path("at-lens-skin"), path("at-lens-hair")];
  const finger = createFinger();
  node.append(skin, hairs, path("at-lens-deep", "M-18 8H18V18H-18Z"), path("at-lens-grain", "M-13 12h.01M-6.5 12h.01M0 12h.01M6.5 12h.01M13 12h.01"), finger.node);
  return {
    node,
    draw(pose, spot) {
      const far = spot ? Math.max(-1, Math.min(1, (pose.x - spot[0]) / 3)) * 4.6 * (1 - Math.min(1, pose.lift * 2)) : 0;
      const drag = Math.round(far * 10) / 10;
      const up = 9 * pose.lift;
      const dent = 1.6 * (1 - Math.min(1, pose.lift * 3));
      const x = round(drag);
      const top = `M-18 -1C-9 -1 ${round(x - 6)} -1 ${round(x - 3)} ${round(dent)}C${round(x - 1)} ${round(dent + 0.8)} ${round(x + 1)} ${round(dent + 0.8)} ${round(x + 3)} ${round(dent)}C${round(x + 6)} -1 9 -1 18 -1`;
      writeAttribute(skin, "d", `${top}V9H-18Z`);
      writeAttribute(hairs, "d", HAIRS.map((at) => `M${at} 8L${round(at + drag * Math.max(0, 1 - Math.abs(at) / 15))} 0.6`).join(""));
      finger.set(`M${round(x)} ${round(dent - 3.6 - up)}L${round(x * 0.6 + 7)} ${round(-14 - up)}`);
    },
  };
}

/** @returns {Lens} */
function createSink() {
  const node = createSvg("g");
  const skin = path("at-lens-skin");
  const hand = createFinger();
  node.append(skin, path("at-lens-deep", "M-18 12H18V18H-18Z"), hand.node);
  return {
    node,
    draw({ press, lift }) {
      const down = 8 * press;
      const y = round(-1 + down);
      const top = `M-18 -1C-13 -1 -11 ${y} -7 ${y}L5 ${y}C9 ${y} 11 -1 18 -1`;
      writeAttribute(skin, "d", `${top}V13H-18Z`);
      const at = round(y - 3.2 - 8 * lift);
      hand.set(`M-7 ${at}L4 ${at}L11 ${round(at - 9)}`);
    },
  };
}

/** @returns {Lens} */
function createSlide() {
  const node = createSvg("g");
  const [skin, hairs] = [path("at-lens-skin"), path("at-lens-hair", HAIRS.map((at) => `M${at} 8V2`).join(""))];
  const hand = createFinger();
  node.append(skin, hairs, path("at-lens-deep", "M-18 8H18V18H-18Z"), hand.node);
  return {
    node,
    draw({ press, lift, y }) {
      const x = round(((y % PASSAGE) + PASSAGE) % PASSAGE - PASSAGE / 2);
      const down = round(-1 + 2.6 * press);
      const top = `M-18 -1C-18 -1 ${round(x - 13)} -1 ${round(x - 9)} ${down}L${round(x + 5)} ${down}C${round(x + 9)} -1 18 -1 18 -1`;
      writeAttribute(skin, "d", `${top}V9H-18Z`);
      const at = round(down - 3.2 - 7 * lift);
      hand.set(`M${round(x - 8)} ${at}L${round(x + 3)} ${at}L${round(x + 12)} ${round(at - 8)}`);
    },
  };
}

/** Side views that teach what cannot be seen from above. @type {Record<string, () => Lens>} */
const KINDS = { knead: createLift, circles: createShear, press: createSink };
/** Shown where it is asked for, to tell gliding from moving the skin. @type {Record<string, () => Lens>} */
const ASKED_FOR = { glide: createSlide, light_glide: createSlide, along: createSlide };

/**
 * Returns the side view of a stroke, in the upper right corner of a viewBox; null if it has none.
 * @param {string} id no other drawing has @param {Stroke} stroke @param {number[]} box
 * @param {boolean} [isWanted] blank: where it teaches what cannot be seen from above @returns {Lens | null}
 */
export function createLens(id, stroke, [left, top, width], isWanted) {
  const make = KINDS[stroke.key] ?? (isWanted ? ASKED_FOR[stroke.key] : undefined);
  if (!make || isWanted === false) return null;
  const lens = make();
  const scale = width / 132;
  const away = (RADIUS + 4) * scale;
  const node = createSvg("g", { transform: `translate(${round(left + width - away)} ${round(top + away)}) scale(${round(scale)})` });
  const clip = createSvg("clipPath", { id: `${id}-lens` });
  clip.append(createSvg("circle", { r: RADIUS }));
  const inside = createSvg("g", { "clip-path": `url(#${id}-lens)` });
  inside.append(createSvg("circle", { r: RADIUS, class: "at-lens-ground" }), lens.node);
  node.append(clip, inside, createSvg("circle", { r: RADIUS, class: "at-lens-ring" }));
  return { node, draw: lens.draw };
}
