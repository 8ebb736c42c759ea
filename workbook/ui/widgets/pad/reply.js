// @ts-check
/** How the pad answers who does not look: it shakes, or, where it cannot, rings if that is wanted. */

import { createSound } from "../shared/sound.js";

/** @typedef {"softer" | "still" | "stop" | "asked" | "lost"} Reply */

/** Vibration in ms, on and off. A question is unlike every answer: who lies face down feels it. @type {Record<Reply, number[]>} */
const SHAKES = {
  softer: [40],
  still: [40, 80, 40],
  stop: [300],
  asked: [120, 120, 120, 120, 120],
  lost: [200, 100, 200, 100, 200],
};
/** Tones in Hz, one after the other; none that the guide rings. @type {Record<Reply, number[]>} */
const TONES = {
  softer: [330],
  still: [330, 330],
  stop: [247],
  asked: [440, 440, 440],
  lost: [247, 247, 247],
};

/** Returns what answers for one pad. */
export function createReply() {
  const sound = createSound();
  let isWanted = false;
  return {
    /** Whether this device can shake. iPhones, and Firefox and Safari anywhere, cannot. */
    canShake: typeof navigator.vibrate === "function",
    /** Choose whether to ring. @param {boolean} wanted */
    setTones(wanted) {
      isWanted = wanted;
    },
    /** Begin; call it from a tap, since browsers allow no sound before one. */
    start() {
      if (isWanted) sound.start();
    },
    /** Go on after a call, or another page. */
    resume: sound.resume,
    /** @param {Reply} kind */
    give(kind) {
      for (const answer of [() => navigator.vibrate?.(SHAKES[kind]), () => sound.ring(TONES[kind] ?? [])]) {
        try {
          answer();
        } catch {
          // not possible here; the words are on the surface too
        }
      }
    },
    stop: sound.stop,
  };
}
