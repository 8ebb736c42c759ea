// @ts-check
/** Soft bells, made here: one tone for a step, two for a question, and a tick to count by. */

export const STEP_HZ = [396];
export const QUESTION_HZ = [396, 528];
export const ROUND_HZ = [528];
const TONE_GAP_S = 0.35;
const FADE_S = 2.2;
/** Overtones: times the frequency, and how loud. */
const PARTIALS = [[1, 0.16], [2.01, 0.05], [3.02, 0.02]];
const TICK_HZ = 660;
const TICK_LOUDNESS = 0.07;
const TICK_FADE_S = 0.16;
const RESUME_MS = 1000; // after which a context that does not run is made anew by the next tap

/** @typedef {{audioSession?: {type: string}}} WithAudioSession  Safari from 16.4 on */
/**
 * What can be heard. "none": there is no sound here; "waiting": there is, after a tap; "starting":
 * it has just been asked for; "running": bells are heard.
 * @typedef {"none" | "waiting" | "starting" | "running"} SoundState
 */

/** Whether this phone can be told to ring in spite of its ring switch. */
export function canPassRingSwitch() {
  return Boolean(/** @type {WithAudioSession} */ (navigator).audioSession);
}

/** Whether this is a phone whose ring switch also silences the bells, and nothing can be done. */
export function isSilencedByRingSwitch() {
  return /iPhone|iPad|iPod/.test(navigator.userAgent) && !canPassRingSwitch();
}

/**
 * Returns the sound of one view; it is silent until `start` was called from a tap.
 * @param {() => void} [onChange] called when what can be heard has changed
 */
export function createSound(onChange = () => undefined) {
  /** @type {AudioContext | null} */
  let context = null;
  let isMissing = false;
  /** Since when the context has been asked to run, and does not; 0: it runs, or was not asked. */
  let askedAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;

  /** @param {string} type of the audio session */
  function setSession(type) {
    const { audioSession } = /** @type {WithAudioSession} */ (navigator);
    if (audioSession) audioSession.type = type;
  }

  function ask() {
    if (!context || context.state === "running") return;
    askedAt ||= performance.now();
    clearTimeout(patience);
    patience = setTimeout(onChange, RESUME_MS);
    // Where sound is not allowed yet, the answer comes with a later tap, or never.
    context.resume().then(onChange, onChange);
  }

  /** Whether the context was asked to run, and did not in good time. */
  const isStuck = () => askedAt > 0 && performance.now() - askedAt >= RESUME_MS;

  function close() {
    clearTimeout(patience);
    askedAt = 0;
    if (context) context.onstatechange = null;
    void context?.close().catch(() => undefined);
    context = null;
  }

  return {
    /** Starts the sound; call it from a tap, since browsers allow no sound before one. */
    start() {
      if (context && context.state !== "running" && isStuck()) close();
      try {
        setSession("playback"); // before the context is made: the ring switch is passed over then
        if (!context) {
          const made = new AudioContext();
          made.onstatechange = () => {
            if (made.state === "running") askedAt = 0;
            else if (!document.hidden) ask(); // a call is over, or another app took the sound
            onChange();
          };
          context = made;
        }
        ask();
      } catch {
        context = null; // no sound here; everything is on the screen too
        isMissing = true;
      }
      onChange();
    },
    /** Asks for the sound again after a call, a lock or another page; nothing before `start`. */
    resume: ask,
    /** Returns what can be heard now. @returns {SoundState} */
    get state() {
      if (context?.state === "running") return "running";
      if (isMissing && !context) return "none";
      return context && askedAt > 0 && !isStuck() ? "starting" : "waiting";
    },
    /** Rings one bell of these tones, one after the other. @param {number[]} tones in Hz */
    ring(tones) {
      if (!context || context.state !== "running") return;
      const { currentTime } = context;
      for (const [i, tone] of tones.entries()) {
        for (const [times, loudness] of PARTIALS) {
          play(context, tone * times, loudness, currentTime + i * TONE_GAP_S, FADE_S / times);
        }
      }
    },
    /** Lets one short, soft tick be heard, to count by. */
    tick() {
      if (context?.state === "running") play(context, TICK_HZ, TICK_LOUDNESS, context.currentTime, TICK_FADE_S);
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
    /** Ends all sound, until the next `start`; what other apps play is theirs again. */
    stop() {
      if (context) setSession("auto");
      close();
      onChange();
    },
  };
}

/**
 * Plays one tone that fades.
 * @param {AudioContext} context @param {number} hertz @param {number} loudness
 * @param {number} from seconds of the context's clock @param {number} fade in seconds
 */
function play(context, hertz, loudness, from, fade) {
  const wave = context.createOscillator();
  const gain = context.createGain();
  wave.frequency.value = hertz;
  gain.gain.setValueAtTime(0.0001, from);
  gain.gain.exponentialRampToValueAtTime(loudness, from + Math.min(0.03, fade / 4));
  gain.gain.exponentialRampToValueAtTime(0.0001, from + fade);
  wave.connect(gain).connect(context.destination);
  wave.start(from);
  wave.stop(from + fade + 0.1);
}
