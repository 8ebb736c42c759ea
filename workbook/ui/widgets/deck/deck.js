/** @import { RenderProps } from "@anywidget/types" */
/** @typedef {{said: string, answer: "true" | "false" | "depends", why: string}} Card */

const GUESSES = /** @type {const} */ (["true", "false", "depends"]);
const REPLY = { true: "it_is_true", false: "it_is_false", depends: "it_depends" };

/**
 * @param {string} tag
 * @param {string} name
 * @param {string} [text]
 * @returns {any}
 */
function make(tag, name, text) {
  const node = document.createElement(tag);
  node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** @param {RenderProps<{ cards: Card[], words: Record<string, string> }>} props */
function render({ model, el }) {
  const cards = /** @type {Card[]} */ (model.get("cards"));
  const words = /** @type {Record<string, string>} */ (model.get("words"));
  let at = 0;
  const heading = make("p", "at-deck-count");
  const said = make("p", "at-deck-said");
  const reply = make("div", "at-deck-reply");
  const guesses = make("div", "at-deck-guesses");
  const turn = make("div", "at-deck-turn");
  const back = make("button", "at-deck-button", words.back);
  const next = make("button", "at-deck-button at-deck-next");
  const card = make("section", "at-deck-card");
  reply.setAttribute("aria-live", "polite");
  heading.id = `at-deck-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  said.id = `${heading.id}-said`;
  card.setAttribute("aria-labelledby", `${heading.id} ${said.id}`);
  card.tabIndex = -1;

  const taps = GUESSES.map((guess) => {
    const button = make("button", "at-deck-button", words[guess]);
    button.type = "button";
    button.addEventListener("click", () => show(guess));
    guesses.append(button);
    return button;
  });
  back.type = next.type = "button";
  back.addEventListener("click", () => go(at - 1));
  next.addEventListener("click", () => go(at + 1 < cards.length ? at + 1 : 0));

  /** Turn the card over; any guess does, and none is called wrong. @param {string} guess */
  function show(guess) {
    const { answer, why } = cards[at];
    reply.replaceChildren(make("strong", "at-deck-answer", words[REPLY[answer]]), make("span", "at-deck-why", why));
    taps.forEach((tap, i) => tap.setAttribute("aria-pressed", String(GUESSES[i] === guess)));
  }

  /** @param {number} to */
  function go(to) {
    const moved = to !== at;
    at = to;
    heading.textContent = words.count.replace("{n}", String(at + 1)).replace("{all}", String(cards.length));
    said.textContent = cards[at].said;
    reply.replaceChildren();
    taps.forEach((tap) => tap.setAttribute("aria-pressed", "false"));
    back.disabled = at === 0;
    next.textContent = at + 1 < cards.length ? words.next : words.again;
    if (moved) card.focus({ preventScroll: true }); // the new card is read out
  }

  turn.append(back, next);
  card.append(heading, said, guesses, reply);

  const paper = make("dl", "at-deck-paper");
  for (const each of cards) {
    paper.append(make("dt", "", each.said), make("dd", "", `${words[REPLY[each.answer]]} ${each.why}`));
  }
  el.classList.add("at-deck");
  el.replaceChildren(card, turn, paper);
  go(0);
}
export default { render };
