/** @import { RenderProps } from "@anywidget/types" */
/** @typedef {{words: Record<string, string>, phase: string, guided: boolean, on_screen: boolean}} Model */

/* ---- What taps mean; pure ---- */

export const APART = 450; // ms within which the next tap belongs to the one before
export const LONG = 800; // ms of a press that stops

/**
 * The word of a row of taps, and whether it can be said before the row is over. A word only
 * ever grows stronger: softer, hands still, stop.
 * @param {number} taps so far @param {boolean} over whether no more came
 * @returns {"" | "softer" | "still" | "stop"}
 */
export function meaning(taps, over) {
  if (taps >= 3) return "stop";
  if (taps === 2) return "still";
  return taps === 1 && over ? "softer" : "";
}

/** @param {string} tag @param {string} [name] @param {string} [text] @returns {any} */
function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text) node.textContent = text;
  return node;
}

const ANSWERS = /** @type {Record<string, number[]>} */ ({ softer: [40], still: [40, 80, 40], stop: [300] });
const LOST = [200, 100, 200, 100, 200];
const UNHEARD = 3000; // ms until a word that nobody took is said to be unheard

/**
 * Keeps Back from leaving while a dialog is open: an entry with the same address is pushed,
 * and pushed again whenever the browser has gone elsewhere in this document.
 */
function historyGuard() {
  let address = "";
  const push = () => history.pushState({ ...history.state, atDialog: true }, "", address);
  return {
    hold() {
      if (address) return;
      address = location.href;
      if (!history.state?.atDialog) push(); // left over from the last time, it serves again
      addEventListener("popstate", push);
    },
    release() {
      address = "";
      removeEventListener("popstate", push);
    },
  };
}

/** @param {RenderProps<Model>} props */
function render({ model, el }) {
  const card = make("div", "at-pad-card");
  const open = make("button", "at-pad-open");
  const told = make("p", "at-pad-told");
  const glass = /** @type {HTMLDialogElement} */ (make("dialog", "at-pad at-pad-glass"));
  const says = make("p", "at-pad-says");
  const how = make("p", "at-pad-how");
  const leave = make("button", "at-pad-leave");
  open.type = leave.type = "button";
  says.setAttribute("aria-live", "assertive");
  glass.tabIndex = -1;
  glass.append(says, how, leave);
  card.append(told, open);
  const guard = historyGuard();
  const words = () => /** @type {Record<string, string>} */ (model.get("words") ?? {});

  let taps = 0;
  /** The strongest word of the row of taps that is going on. */
  let said = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let row;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let press;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let unheard;
  let line = "";
  /** @type {{release: () => Promise<void>} | null} */
  let awake = null;
  let lost = false;
  let left = false;
  /** Whether the button was pressed that leaves the glass. */
  let leaving = false;
  /** Whether the glass has boxes inside the window; the browser says so. */
  let visible = false;

  const live = () => ["running", "paused"].includes(model.get("phase"));

  /** @param {number[]} pattern */
  function shake(pattern) {
    try {
      navigator.vibrate?.(pattern);
    } catch {
      // not here; the words are on the glass too
    }
  }

  /** @param {string} word */
  function send(word) {
    if (!word || word === said || !live()) return;
    said = word;
    clearTimeout(unheard);
    unheard = setTimeout(() => cut(true), UNHEARD);
    try {
      model.send({ kind: "tap", tap: word });
    } catch {
      cut(true);
    }
    if (word === "stop") show("stopping");
  }

  function rest() {
    clearTimeout(row);
    taps = 0;
    said = "";
  }

  function down() {
    clearTimeout(press);
    press = setTimeout(() => send("stop"), LONG);
  }
  function up() {
    clearTimeout(press);
    clearTimeout(row);
    taps += 1;
    send(meaning(taps, false));
    row = setTimeout(() => {
      send(meaning(taps, true));
      rest();
    }, APART);
  }

  /** Nobody takes what is said here. @param {boolean} now */
  function cut(now) {
    if (lost === now) return;
    lost = now;
    if (now) {
      line = ""; // what was said last may not have been heard
      shake(LOST);
    }
    paint();
  }

  /** Tell Python whether the glass can be tapped; only then the guide says that it is there. */
  function reportVisibility() {
    const now = visible && !document.hidden;
    if (now === model.get("on_screen")) return;
    model.set("on_screen", now);
    try {
      model.save_changes();
    } catch {
      // Without a kernel there is no sign of life either.
    }
  }
  const observer = new IntersectionObserver((entries) => {
    visible = Boolean(entries.at(-1)?.isIntersecting);
    reportVisibility();
  });

  /**
   * It stays dark until its owner looks up; only then it makes room for the book.
   * @param {boolean} [from] whether somebody looked up from the glass just now
   */
  function leaves(from = false) {
    if (live() || glass.open || left) return;
    left = true;
    try {
      model.send({ kind: "left", from_glass: from });
    } catch {
      // The page says that nobody hears it.
    }
  }

  /** @param {string} which */
  function show(which) {
    line = which;
    paint();
  }

  /** @param {any} message */
  function heard(message) {
    if (message?.kind !== "taken") return;
    clearTimeout(unheard);
    cut(false);
    shake(ANSWERS[message.tap] ?? []);
    show(message.tap);
  }

  async function keepAwake() {
    try {
      if (awake || document.hidden) return;
      awake = /** @type {any} */ (await navigator.wakeLock.request("screen"));
      /** @type {any} */ (awake).addEventListener("release", () => (awake = null));
    } catch {
      awake = null; // not offered here, or the battery is low
    }
  }

  function paint() {
    const say = words();
    const phase = model.get("phase");
    const away = lost || !model.get("guided");
    told.textContent = live() ? (say.pad_about ?? "") : (say.pad_over ?? "");
    open.textContent = say.pad_open ?? "";
    open.hidden = !live();
    leave.textContent = (live() ? say.pad_leave : say.leave) ?? "";
    glass.dataset.state = away && live() ? "lost" : phase;
    if (!live()) says.textContent = say.pad_ended ?? "";
    else if (away) says.textContent = say.pad_lost ?? "";
    else if (phase === "paused" && line !== "stopping") says.textContent = say.pad_paused ?? "";
    else says.textContent = say[`pad_${line || "ready"}`] ?? "";
    how.textContent = live() ? (say.pad_how ?? "") : "";
    if (live()) {
      left = false;
      return;
    }
    void awake?.release().catch(() => undefined);
    leaves();
  }

  open.addEventListener("click", () => {
    line = "";
    leaving = false;
    paint();
    document.body.append(glass); // outside the chapters: Back turns those
    glass.showModal();
    glass.focus();
    guard.hold();
    observer.observe(glass);
    void keepAwake();
  });
  leave.addEventListener("click", () => {
    leaving = true;
    glass.close();
  });
  for (const kind of ["pointerdown", "pointerup", "click"]) {
    leave.addEventListener(kind, (/** @type {Event} */ event) => event.stopPropagation());
  }
  // Escape, or the gesture "back" of a phone that lies by a hand: it is left by its button alone.
  glass.addEventListener("cancel", (event) => event.preventDefault());
  glass.addEventListener("close", () => {
    if (!leaving) return glass.isConnected && glass.showModal();
    takeDown();
    leaves(true);
  });
  glass.addEventListener("pointerdown", down);
  glass.addEventListener("pointerup", up);
  glass.addEventListener("pointercancel", () => clearTimeout(press));
  glass.addEventListener("contextmenu", (event) => event.preventDefault());
  // A keyboard, or a switch that stands for one: the space bar taps.
  glass.addEventListener("keydown", (event) => {
    if (event.key !== " " || event.target !== glass) return;
    event.preventDefault();
    if (!event.repeat) down();
  });
  glass.addEventListener("keyup", (event) => {
    if (event.key === " " && event.target === glass) up();
  });
  function takeDown() {
    guard.release();
    observer.disconnect();
    visible = false;
    reportVisibility();
    glass.remove();
  }
  const gone = () => cut(true);
  const back = () => {
    reportVisibility();
    if (glass.open) void keepAwake();
  };
  /** The page hears from its kernel again. */
  const alive = () => said || cut(false);

  el.classList.add("at-pad");
  for (const part of [el, glass]) {
    part.dataset.atAlways = ""; // the page locks what nobody hears; here that is said in words
  }
  el.replaceChildren(card);
  for (const name of ["words", "phase", "guided"]) model.on(`change:${name}`, paint);
  model.on("msg:custom", heard);
  document.addEventListener("at-ended", gone);
  document.addEventListener("at-alive", alive);
  document.addEventListener("visibilitychange", back);
  paint();
  return () => {
    rest();
    takeDown();
    clearTimeout(press);
    clearTimeout(unheard);
    void awake?.release().catch(() => undefined);
    for (const name of ["words", "phase", "guided"]) model.off(`change:${name}`, paint);
    model.off("msg:custom", heard);
    document.removeEventListener("at-ended", gone);
    document.removeEventListener("at-alive", alive);
    document.removeEventListener("visibilitychange", back);
  };
}
export default { render };
