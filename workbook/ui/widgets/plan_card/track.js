// @ts-check
/** The sound track of a plan: bells, and quiet between them; pure. */

/** @import { Plan } from "./sheet.js" */

const RATE_HZ = 16_000; // samples a second
const LEAD_S = 5; // s of quiet before the first bell
const TAIL_S = 5; // s after the last one
const STEP_HZ = [396];
const QUESTION_HZ = [396, 528];
const END_HZ = [528, 396, 264];
const TONE_GAP_S = 0.35; // s from one tone of a bell to the next
const FADE_S = 2.2; // s

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

/** Returns the length of the track in seconds. @param {Bell[]} given */
export function trackSeconds(given) {
  return (given.at(-1)?.at ?? 0) + TAIL_S;
}

/**
 * Returns a WAV file of one channel, 16 bits a sample.
 * @param {Bell[]} given @returns {Uint8Array<ArrayBuffer>}
 */
export function encodeWav(given) {
  const samples = Math.round(trackSeconds(given) * RATE_HZ);
  const file = new DataView(new ArrayBuffer(44 + 2 * samples));
  const text = (/** @type {number} */ at, /** @type {string} */ word) =>
    [...word].forEach((sign, i) => file.setUint8(at + i, sign.charCodeAt(0)));
  text(0, "RIFF");
  file.setUint32(4, 36 + 2 * samples, true);
  text(8, "WAVEfmt ");
  file.setUint32(16, 16, true);
  file.setUint16(20, 1, true); // plain samples
  file.setUint16(22, 1, true); // one channel
  file.setUint32(24, RATE_HZ, true);
  file.setUint32(28, 2 * RATE_HZ, true);
  file.setUint16(32, 2, true);
  file.setUint16(34, 16, true);
  text(36, "data");
  file.setUint32(40, 2 * samples, true);
  for (const { at, tones } of given) {
    tones.forEach((tone, i) => {
      const from = Math.round((at + i * TONE_GAP_S) * RATE_HZ);
      for (let n = 0; n < FADE_S * RATE_HZ && from + n < samples; n += 1) {
        const t = n / RATE_HZ;
        const rise = Math.min(1, t / 0.02);
        let wave = 0;
        for (const [times, loud] of [[1, 0.3], [2.01, 0.09], [3.02, 0.04]]) {
          wave += loud * Math.exp((-4.5 * times * t) / FADE_S) * Math.sin(2 * Math.PI * tone * times * t);
        }
        const place = 44 + 2 * (from + n);
        const mixed = file.getInt16(place, true) + rise * wave * 32_767;
        file.setInt16(place, Math.max(-32_768, Math.min(32_767, mixed)), true);
      }
    });
  }
  return new Uint8Array(file.buffer);
}
