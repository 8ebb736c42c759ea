/** @import { RenderProps } from "@anywidget/types" */
/**
 * @typedef {{
 *   title: string, seconds: number,
 *   steps: {title: string, sentence: string, side: string, level_words: string, seconds: number}[],
 *   check_ins: {at: number, question: string}[],
 *   cues: {at: number, kind: string, text: string}[],
 *   giver: {name: string}, receiver: {name: string},
 * }} Plan
 * @typedef {{plan: Plan, words: Record<string, string>, stop: string, agreed: boolean}} Model
 */

/* ---- The sound track: bells, and quiet between them ---- */

const RATE = 16_000; // samples a second
const LEAD = 5; // s of quiet before the first bell
const TAIL = 5; // s after the last one
const STEP = [396];
const QUESTION = [396, 528];
const END = [528, 396, 264];
const APART = 0.35; // s from one tone of a bell to the next
const FADES = 2.2; // s

/** @typedef {{at: number, tones: number[]}} Bell  at: second of the track */

/**
 * A bell for each step, two tones for each question, three at the end. A question that comes
 * with a new step is the one bell then.
 * @param {Plan} plan @returns {Bell[]}
 */
export function bells(plan) {
  /** @type {Map<number, number[]>} */
  const at = new Map();
  let begin = 0;
  for (const step of plan.steps) {
    at.set(begin, STEP);
    begin += step.seconds;
  }
  for (const each of plan.check_ins) at.set(each.at, QUESTION);
  at.set(begin, END);
  return [...at].sort(([a], [b]) => a - b).map(([second, tones]) => ({ at: LEAD + second, tones }));
}

/** @param {Bell[]} given @returns {number} seconds */
export function length(given) {
  return (given.at(-1)?.at ?? 0) + TAIL;
}

/**
 * A WAV file: one channel, 16 bits a sample.
 * @param {Bell[]} given @returns {Uint8Array<ArrayBuffer>}
 */
export function wav(given) {
  const samples = Math.round(length(given) * RATE);
  const file = new DataView(new ArrayBuffer(44 + 2 * samples));
  const text = (/** @type {number} */ at, /** @type {string} */ word) =>
    [...word].forEach((sign, i) => file.setUint8(at + i, sign.charCodeAt(0)));
  text(0, "RIFF");
  file.setUint32(4, 36 + 2 * samples, true);
  text(8, "WAVEfmt ");
  file.setUint32(16, 16, true);
  file.setUint16(20, 1, true); // plain samples
  file.setUint16(22, 1, true); // one channel
  file.setUint32(24, RATE, true);
  file.setUint32(28, 2 * RATE, true);
  file.setUint16(32, 2, true);
  file.setUint16(34, 16, true);
  text(36, "data");
  file.setUint32(40, 2 * samples, true);
  for (const { at, tones } of given) {
    tones.forEach((tone, i) => {
      const from = Math.round((at + i * APART) * RATE);
      for (let n = 0; n < FADES * RATE && from + n < samples; n += 1) {
        const t = n / RATE;
        const rise = Math.min(1, t / 0.02);
        let wave = 0;
        for (const [times, loud] of [[1, 0.3], [2.01, 0.09], [3.02, 0.04]]) {
          wave += loud * Math.exp((-4.5 * times * t) / FADES) * Math.sin(2 * Math.PI * tone * times * t);
        }
        const place = 44 + 2 * (from + n);
        const mixed = file.getInt16(place, true) + rise * wave * 32_767;
        file.setInt16(place, Math.max(-32_768, Math.min(32_767, mixed)), true);
      }
    });
  }
  return new Uint8Array(file.buffer);
}

/* ---- The page on paper ---- */

/** @param {number} seconds */
function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

/**
 * What stands on the sheet, in the order of the clock.
 * @param {Plan} plan @param {Record<string, string>} words
 * @returns {{at: string, kind: "step" | "ask" | "cue", what: string, how: string}[]}
 */
export function lines(plan, words) {
  let begin = 0;
  const out = plan.steps.map((step, n) => {
    const how = [step.side, step.level_words].filter(Boolean).join(", ");
    const line = { second: begin, rank: 0, kind: "step", what: `${n + 1}. ${step.title}: ${step.sentence}`, how };
    begin += step.seconds;
    return line;
  });
  for (const each of plan.check_ins) {
    out.push({ second: each.at, rank: 2, kind: "ask", what: each.question, how: words.card_ask ?? "" });
  }
  for (const each of plan.cues) out.push({ second: each.at, rank: 1, kind: "cue", what: each.text, how: "" });
  return out
    .sort((a, b) => a.second - b.second || a.rank - b.rank)
    .map(({ second, kind, what, how }) => ({ at: clock(second), kind: /** @type {"step"} */ (kind), what, how }));
}

/** @param {string} tag @param {string} [name] @param {string} [text] @returns {any} */
function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text) node.textContent = text;
  return node;
}

/** @param {RenderProps<Model>} props */
function render({ model, el }) {
  const fold = make("details", "at-card");
  const says = make("summary", "at-card-summary");
  const text = make("p", "at-card-text");
  const row = make("div", "at-card-row");
  const paper = make("button", "at-card-button");
  const sound = make("button", "at-card-button");
  const note = make("p", "at-card-text");
  for (const button of [paper, sound]) button.type = "button";
  row.append(paper, sound);
  fold.append(says, text, row, note);

  const words = () => /** @type {Record<string, string>} */ (model.get("words") ?? {});

  function print() {
    const plan = /** @type {Plan} */ (model.get("plan"));
    const sheet = make("div", "at-card-sheet");
    const who = (words().card_who ?? "").replace("{giver}", plan.giver.name).replace("{receiver}", plan.receiver.name);
    const list = make("table", "at-card-lines");
    for (const line of lines(plan, words())) {
      const entry = make("tr", `at-card-${line.kind}`);
      entry.append(make("td", "at-card-at", line.at), make("td", "", line.what), make("td", "", line.how));
      list.append(entry);
    }
    sheet.append(
      make("h1", "", plan.title), make("p", "", who), make("p", "", model.get("stop")), list,
      make("p", "", words().card_end),
    );
    document.body.append(sheet);
    document.documentElement.dataset.card = "";
    addEventListener(
      "afterprint",
      () => {
        delete document.documentElement.dataset.card;
        sheet.remove();
      },
      { once: true },
    );
    globalThis.print();
  }

  function save() {
    const given = bells(/** @type {Plan} */ (model.get("plan")));
    const link = make("a", "");
    link.href = URL.createObjectURL(new Blob([wav(given)], { type: "audio/wav" }));
    link.download = `${words().card_file}.wav`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  function dress() {
    const say = words();
    fold.hidden = !model.get("agreed");
    says.textContent = say.card_title ?? "";
    text.textContent = say.card_text ?? "";
    paper.textContent = say.card_paper ?? "";
    sound.textContent = say.card_sound ?? "";
    note.textContent = say.card_note ?? "";
  }

  paper.addEventListener("click", print);
  sound.addEventListener("click", save);
  el.classList.add("at-card-place");
  el.replaceChildren(fold);
  for (const name of ["words", "agreed"]) model.on(`change:${name}`, dress);
  dress();
}
export default { render };
