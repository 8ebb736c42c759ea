// @ts-check
/** Two hands at rest and a slow breath, drawn only while they are seen. */

import { createHands } from "../shared/hands/hands.js";

/** @import { RenderProps } from "@anywidget/types" */
/** @import { Outline } from "../shared/hands/body.js" */
/** @import { Stroke } from "../shared/hands/motion.js" */
/** @typedef {{stroke: Stroke, areas: string[], outlines: Record<string, Outline>, coverage: string}} Model */

const FRAME_MS = 30;

/** @param {RenderProps<Model>} props */
function render({ model, el }) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let draw = (/** @type {number} */ _seconds) => {};
  let frame = 0;
  let drawnAt = 0;
  let isSeen = false;

  function show() {
    const hands = createHands({
      stroke: /** @type {Stroke} */ (model.get("stroke")), areas: model.get("areas") ?? [], side: "both",
      coverage: model.get("coverage"), outlines: model.get("outlines") ?? {},
    });
    draw = hands.draw;
    draw(still.matches ? (model.get("stroke")?.moments[2]?.at ?? 0) : performance.now() / 1000);
    el.replaceChildren(hands.svg);
  }

  /** @param {number} now */
  function onFrame(now) {
    frame = 0;
    if (!isSeen || still.matches) return;
    if (now - drawnAt >= FRAME_MS) {
      drawnAt = now;
      draw(now / 1000);
    }
    frame = requestAnimationFrame(onFrame); // a hidden page has no frames
  }

  const seen = new IntersectionObserver(([entry]) => {
    isSeen = entry.isIntersecting;
    if (isSeen && !frame) frame = requestAnimationFrame(onFrame);
  });
  const onMotionChange = () => {
    show();
    if (!frame) frame = requestAnimationFrame(onFrame);
  };
  el.classList.add("at-resting");
  const names = /** @type {const} */ (["change:stroke", "change:areas", "change:outlines", "change:coverage"]);
  for (const name of names) model.on(name, show);
  still.addEventListener("change", onMotionChange);
  show();
  seen.observe(el);
  return () => {
    cancelAnimationFrame(frame);
    seen.disconnect();
    still.removeEventListener("change", onMotionChange);
    for (const name of names) model.off(name, show);
  };
}
export default { render };
