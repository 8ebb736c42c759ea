// @ts-check
/** The sound track of a plan: bells, and quiet between them; made a second at a time. */

/** @import { Plan } from "./sheet.js" */

export const RATE_HZ = 8_000; // samples a second, of 8 bits: twenty minutes are 9.7 MB
const LEAD_S = 5; // s of quiet before the first bell
const TAIL_S = 5; // s after the last one
const STEP_HZ = [396];
const QUESTION_HZ = [396, 528];
const END_HZ = [528, 396, 264];
const TONE_GAP_S = 0.35; // s from one tone of a bell to the next
const FADE_S = 2.2; // s
const HEADER_BYTES = 44;
const MIDDLE = 128; // a sample of 8 bits has no sign

/** @typedef {{at: number, tones: number[]}} Bell  at: second of the track */

/**
 * Returns a bell for each step, two tones for each question, three at the end. A question that comes
 * with a new step is the one bell then.
 * @param {Plan} plan @returns {Bell[]}
 */
export function listBells(plan) {
  /** @type {Map<number, number[]>} */
  const at = new Map();
  let begin = 0;
  for (const step of plan.steps) {
    at.set(begin, STEP_HZ);
    begin += step.seconds;
  }
  for (const each of plan.check_ins) at.set(each.at, QUESTION_HZ);
  at.set(begin, END_HZ);
  return [...at].sort(([a], [b]) => a - b).map(([second, tones]) => ({ at: LEAD_S + second, tones }));
}

/** Returns the length of the track in whole seconds. @param {Bell[]} given */
export function trackSeconds(given) {
  return Math.ceil((given.at(-1)?.at ?? 0) + TAIL_S);
}

/**
 * Yields a WAV file of one channel piece by piece: its header, then a second at a time. Seconds
 * without a sound are one and the same piece.
 * @param {Bell[]} given @returns {Generator<Uint8Array<ArrayBuffer>>}
 */
export function* makeTrack(given) {
  const seconds = trackSeconds(given);
  yield makeHeader(seconds * RATE_HZ);
  const quiet = new Uint8Array(RATE_HZ).fill(MIDDLE);
  /** @type {Map<number, Float32Array>} */
  const waves = new Map();
  const tones = given.flatMap((bell) => bell.tones.map((hertz, i) => ({ hertz, from: bell.at + i * TONE_GAP_S })));
  for (let second = 0; second < seconds; second += 1) {
    const heard = tones.filter(({ from }) => from < second + 1 && from + FADE_S > second);
    if (heard.length === 0) {
      yield quiet;
      continue;
    }
    const mixed = new Float32Array(RATE_HZ);
    for (const { hertz, from } of heard) {
      if (!waves.has(hertz)) waves.set(hertz, makeTone(hertz));
      addTone(mixed, /** @type {Float32Array} */ (waves.get(hertz)), Math.round((from - second) * RATE_HZ));
    }
    yield Uint8Array.from(mixed, (each) => Math.max(0, Math.min(255, Math.round(MIDDLE + 127 * each))));
  }
}

/**
 * Returns the whole file, with a pause after each second of it that had to be computed: the page
 * can do something else then.
 * @param {Bell[]} given @param {() => Promise<void>} [pause]
 */
export async function makeFile(given, pause = () => new Promise((done) => void setTimeout(done))) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const pieces = [];
  for (const piece of makeTrack(given)) {
    const isComputed = piece !== pieces.at(-1);
    pieces.push(piece);
    if (isComputed) await pause();
  }
  return new Blob(pieces, { type: "audio/wav" });
}

/** Returns the header of a WAV file. @param {number} samples */
function makeHeader(samples) {
  const head = new DataView(new ArrayBuffer(HEADER_BYTES));
  const text = (/** @type {number} */ at, /** @type {string} */ word) =>
    [...word].forEach((sign, i) => head.setUint8(at + i, sign.charCodeAt(0)));
  text(0, "RIFF");
  head.setUint32(4, HEADER_BYTES - 8 + samples, true);
  text(8, "WAVEfmt ");
  head.setUint32(16, 16, true);
  head.setUint16(20, 1, true); // plain samples
  head.setUint16(22, 1, true); // one channel
  head.setUint32(24, RATE_HZ, true);
  head.setUint32(28, RATE_HZ, true);
  head.setUint16(32, 1, true);
  head.setUint16(34, 8, true);
  text(36, "data");
  head.setUint32(40, samples, true);
  return new Uint8Array(head.buffer);
}

/** Returns one tone that fades, its overtones faster. @param {number} hertz */
function makeTone(hertz) {
  const wave = new Float32Array(Math.round(FADE_S * RATE_HZ));
  return wave.map((_, n) => {
    const t = n / RATE_HZ;
    let sum = 0;
    for (const [times, loud] of [[1, 0.46], [2.01, 0.12], [3.02, 0.05]]) {
      sum += loud * Math.exp((-4.5 * times * t) / FADE_S) * Math.sin(2 * Math.PI * hertz * times * t);
    }
    return Math.min(1, t / 0.02) * sum;
  });
}

/** @param {Float32Array} mixed @param {Float32Array} tone @param {number} from sample at which it begins */
function addTone(mixed, tone, from) {
  const end = Math.min(mixed.length, from + tone.length);
  for (let i = Math.max(0, from); i < end; i += 1) mixed[i] += tone[i - from];
}
