// @ts-check
/**
 * Small pictures of hands beside the options of a question. Each is still until somebody points
 * at it, reaches it by keyboard or taps it; a line below says what it shows. Who wants nothing to
 * move sees four numbered positions there.
 */

import { createElement } from "../shared/dom.js";
import { createHands, drawPositions } from "../shared/hands/hands.js";
import { createLoop, isMotionReduced, onceNear } from "../shared/motion.js";

/** @import { Option } from "../questions/answers.js" */
/** @typedef {{stroke: import("../shared/hands/motion.js").Stroke, areas: string[], side: string, position: string, coverage: string}} Picture */

const MOVING_MS = 15_000; // ms after which hands that somebody tapped rest again
/** Which of the four positions stands while nothing moves. */
const STILL = 1;

/**
 * Returns the pictures of a question; null if its options have none.
 * @param {Option[]} options @param {Record<string, Picture>} pictures by the option's key @param {Record<string, string>} words
 */
export function createPictures(options, pictures, words) {
  if (!options.some((each) => each.picture)) return null;
  const loop = createLoop();
  const caption = createElement("div", "at-q-caption");
  /** What brings the picture that moves to rest. */
  let rest = () => {};
  caption.setAttribute("aria-hidden", "true"); // each option is described by the same words

  /** @param {Option} option */
  function showCaption(option) {
    const line = createElement("p", "at-q-caption-line");
    line.append(createElement("b", "", option.label), ` ${option.help ?? ""}`);
    caption.replaceChildren(line);
    const picture = pictures[option.picture ?? ""];
    if (!picture || !isMotionReduced()) return;
    const four = createElement("ol", "at-q-four");
    for (const [n, { svg, word }] of drawPositions({ ...picture, hasLens: false }).entries()) {
      const item = createElement("li");
      item.append(svg, createElement("span", "", `${n + 1} ${word}`));
      four.append(item);
    }
    caption.append(four);
  }

  /**
   * Put the picture of an option into its card.
   * @param {HTMLElement} card @param {Option} option
   */
  function add(card, option) {
    const picture = pictures[option.picture ?? ""];
    const stage = createElement("span", "at-q-picture");
    stage.setAttribute("aria-hidden", "true");
    card.classList.add("at-q-pictured");
    card.prepend(stage);
    if (!picture) return;
    /** @type {ReturnType<typeof createHands> | null} */
    let hands = null;
    const drawStill = () => hands?.draw(picture.stroke.moments[STILL].at);
    onceNear(stage, () => {
      hands = createHands({ ...picture, hasLens: false });
      hands.svg.setAttribute("preserveAspectRatio", "xMidYMid slice");
      stage.append(hands.svg);
      drawStill();
    });
    let isMoving = false;
    function move() {
      if (isMoving) return;
      rest();
      showCaption(option);
      if (!hands || isMotionReduced()) return;
      isMoving = true;
      loop.start(stage, hands.draw);
      const timer = setTimeout(() => rest(), MOVING_MS);
      rest = () => {
        clearTimeout(timer);
        loop.stop(stage);
        isMoving = false;
        rest = () => {};
        drawStill();
      };
    }
    card.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && move());
    card.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && isMoving && rest());
    card.addEventListener("focusin", move);
    card.addEventListener("focusout", () => isMoving && rest());
    card.addEventListener("click", move);
  }

  return {
    add,
    /** Put the line below the options. @param {HTMLElement} body */
    finish(body) {
      body.className = "at-q-body at-q-pictures";
      body.after(caption);
      if (isMotionReduced()) showCaption(options[0]);
      else caption.replaceChildren(createElement("p", "at-q-caption-line", words.see_hands));
    },
  };
}
