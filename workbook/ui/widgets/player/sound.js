// @ts-check
/** Two soft bells, made here: one tone for a step, two for a question. */

export const STEP_HZ = [396];
export const QUESTION_HZ = [396, 528];
const TONE_GAP_S = 0.35;
const FADE_S = 2.2;
/** Overtones: times the frequency, and how loud. */
const PARTIALS = [[1, 0.16], [2.01, 0.05], [3.02, 0.02]];

/** Returns the sound of one view; it is silent until `start` was called from a tap. */
export function createSound() {
  /** @type {AudioContext | null} */
  let context = null;
  return {
    /** Starts the sound; call it from a tap, since browsers allow no sound before one. */
    start() {
      try {
        context ??= new AudioContext();
        void context.resume();
      } catch {
        context = null; // no sound here; everything is on the screen too
      }
    },
    /** Rings one bell of these tones, one after the other. @param {number[]} tones in Hz */
    ring(tones) {
      if (!context || context.state !== "running") return;
      const { currentTime, destination } = context;
      for (const [i, tone] of tones.entries()) {
        for (const [times, loudness] of PARTIALS) {
          const from = currentTime + i * TONE_GAP_S;
          const wave = context.createOscillator();
          const gain = context.createGain();
          wave.frequency.value = tone * times;
          gain.gain.setValueAtTime(0.0001, from);
          gain.gain.exponentialRampToValueAtTime(loudness, from + 0.03);
          gain.gain.exponentialRampToValueAtTime(0.0001, from + FADE_S / times);
          wave.connect(gain).connect(destination);
          wave.start(from);
          wave.stop(from + FADE_S + 0.1);
        }
      }
    },
    /**
     * Calls back after a second of the sound's own clock, which a page in the background keeps.
     * Returns whether there is such a clock.
     * @param {() => void} callback
     */
    callAfterSecond(callback) {
      if (!context || context.state !== "running") return false;
      const silence = new ConstantSourceNode(context, { offset: 0 });
      silence.onended = callback;
      silence.connect(context.destination);
      silence.start();
      silence.stop(context.currentTime + 1);
      return true;
    },
    /** Ends all sound, until the next `start`. */
    stop() {
      void context?.close();
      context = null;
    },
  };
}
