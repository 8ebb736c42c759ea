// @ts-check
/** Cards with a sentence to guess about, and the answer on the back. */

import { createButton, createElement, createId, fillTemplate } from "../shared/dom.js";

/** @import { RenderProps } from "@anywidget/types" */
/** @typedef {{said: string, answer: "true" | "false" | "depends", why: string}} Card */

const GUESSES = /** @type {const} */ (["true", "false", "depends"]);
const REPLY = { true: "it_is_true", false: "it_is_false", depends: "it_depends" };

/** @param {RenderProps<{ cards: Card[], words: Record<string, string> }>} props */
function render({ model, el }) {
  const cards = /** @type {Card[]} */ (model.get("cards"));
  const words = /** @type {Record<string, string>} */ (model.get("words"));
  let at = 0;
  const heading = createElement("p", "at-deck-count");
  const said = createElement("p", "at-deck-said");
  const reply = createElement("div", "at-deck-reply");
  const guesses = createElement("div", "at-deck-guesses");
  const turn = createElement("div", "at-deck-turn");
  const back = createButton("at-deck-button", words.back);
  const next = createButton("at-deck-button at-deck-next");
  const card = createElement("section", "at-deck-card");
  reply.setAttribute("aria-live", "polite");
  heading.id = createId("at-deck-");
  said.id = `${heading.id}-said`;
  card.setAttribute("aria-labelledby", `${heading.id} ${said.id}`);
  card.tabIndex = -1;

  const taps = GUESSES.map((guess) => {
    const button = createButton("at-deck-button", words[guess]);
    button.addEventListener("click", () => reveal(guess));
    guesses.append(button);
    return button;
  });
  back.addEventListener("click", () => showCard(at - 1));
  next.addEventListener("click", () => showCard(at + 1 < cards.length ? at + 1 : 0));

  /** Turn the card over; any guess does, and none is called wrong. @param {string} guess */
  function reveal(guess) {
    const { answer, why } = cards[at];
    reply.replaceChildren(createElement("strong", "at-deck-answer", words[REPLY[answer]]), createElement("span", "at-deck-why", why));
    taps.forEach((tap, i) => tap.setAttribute("aria-pressed", String(GUESSES[i] === guess)));
  }

  /** @param {number} to */
  function showCard(to) {
    const moved = to !== at;
    at = to;
    heading.textContent = fillTemplate(words.count, { n: at + 1, all: cards.length });
    said.textContent = cards[at].said;
    reply.replaceChildren();
    taps.forEach((tap) => tap.setAttribute("aria-pressed", "false"));
    back.disabled = at === 0;
    next.textContent = at + 1 < cards.length ? words.next : words.again;
    if (moved) card.focus({ preventScroll: true }); // the new card is read out
  }

  turn.append(back, next);
  card.append(heading, said, guesses, reply);

  const paper = createElement("dl", "at-deck-paper");
  for (const each of cards) {
    paper.append(createElement("dt", "", each.said), createElement("dd", "", `${words[REPLY[each.answer]]} ${each.why}`));
  }
  el.classList.add("at-deck");
  el.replaceChildren(card, turn, paper);
  showCard(0);
}
export default { render };
