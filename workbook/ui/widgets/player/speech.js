// @ts-check
/** Reading aloud: by a voice of this device, or not at all. */

/** @typedef {{lang: string, localService: boolean}} Voice */

/**
 * Returns a voice that needs no network, in the language of the page; undefined for none.
 * @template {Voice} V
 * @param {V[]} voices @param {string} lang such as "en"
 * @returns {V | undefined}
 */
export function findLocalVoice(voices, lang) {
  const matches = (/** @type {string} */ other) =>
    other.replace("_", "-").toLowerCase().startsWith(lang.toLowerCase());
  return voices.find((voice) => voice.localService && matches(voice.lang));
}

function findVoice() {
  const lang = document.documentElement.lang || "en";
  return findLocalVoice(globalThis.speechSynthesis?.getVoices() ?? [], lang);
}

/** Whether this device can read aloud. */
export function canSpeak() {
  return Boolean(findVoice());
}

/** Reads a text aloud and drops what was being read; an empty text only does that. @param {string} text */
export function speak(text) {
  const speech = globalThis.speechSynthesis;
  speech?.cancel();
  const voice = text && findVoice();
  if (!voice) return;
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.voice = voice;
  utterance.lang = voice.lang;
  utterance.rate = 0.9;
  speech.speak(utterance);
}

/** Calls back when voices arrive, which may be late; returns how to end that. @param {() => void} callback */
export function onVoicesChanged(callback) {
  const speech = globalThis.speechSynthesis;
  speech?.addEventListener?.("voiceschanged", callback);
  return () => speech?.removeEventListener?.("voiceschanged", callback);
}
