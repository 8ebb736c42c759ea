// @ts-check
/** The receiver's pad: a card in the page, and a dark surface over the page to be tapped. */

import { createButton, createElement } from "../shared/dom.js";
import { createHistoryGuard } from "../shared/history_guard.js";
import { createWakeLock } from "../shared/wake_lock.js";
import { createReply } from "./reply.js";
import { interpretTaps, LONG_PRESS_MS, TAP_GAP_MS } from "./taps.js";

/** @import { RenderProps } from "@anywidget/types" */
/** @typedef {{words: Record<string, string>, phase: string, guided: boolean, asking: boolean, on_screen: boolean, ended: string}} Model */

/** The signals, the strongest last. */
const SIGNALS = ["softer", "still", "stop"];
const ANSWER_MS = 3000; // until a signal that nobody took is shown as lost

/** @param {RenderProps<Model>} props */
function render({ model, el }) {
  const guard = createHistoryGuard();
  const wakeLock = createWakeLock();
  const reply = createReply();
  const card = createElement("div", "at-pad-card");
  const about = createElement("p", "at-pad-told");
  const dim = createElement("p", "at-pad-told");
  const tones = createElement("label", "at-pad-tones");
  const tonesInput = createElement("input");
  const tonesWords = createElement("span");
  const open = createButton("at-pad-open");
  const surface = /** @type {HTMLDialogElement} */ (createElement("dialog", "at-pad at-pad-glass"));
  const still = createElement("p", "at-pad-still");
  const status = createElement("p", "at-pad-says");
  const how = createElement("p", "at-pad-how");
  const change = createButton("at-pad-leave at-pad-change");
  const leave = createButton("at-pad-leave");
  const signals = createElement("div", "at-pad-signals");
  const buttons = SIGNALS.map((signal) => createButton(`at-pad-signal at-pad-signal-${signal}`));
  const foot = createElement("div", "at-pad-foot");
  status.setAttribute("aria-live", "assertive");
  surface.tabIndex = -1;
  still.setAttribute("aria-live", "assertive");
  signals.append(...buttons);
  foot.append(signals, change, leave);
  surface.append(still, status, how, foot);
  tonesInput.type = "checkbox";
  tones.append(tonesInput, tonesWords);
  card.append(about, dim, tones, open);

  let taps = 0;
  /** The strongest signal of the row of taps that is going on. */
  let sent = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let rowTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pressTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let answerTimer;
  /** Key of the words on the surface: the signal that was taken last, "stopping" or "". */
  let shown = "";
  /** Whether a signal found nobody to take it. */
  let lost = false;
  /** Whether the page that leads was told that the session was left here. */
  let left = false;
  /** Whether the button was pressed that leaves the surface. */
  let leaving = false;
  /** Whether the surface has boxes inside the window; the browser says so. */
  let visible = false;
  /** Whether the browser refuses to keep this screen from going dark. */
  let mayDim = false;

  const isLive = () => ["running", "paused"].includes(model.get("phase"));

  /* Signals */

  /** Send a signal that is stronger than what this row has said. @param {string} signal */
  function sendSignal(signal) {
    if (SIGNALS.indexOf(signal) <= SIGNALS.indexOf(sent) || !isLive()) return;
    sent = signal;
    clearTimeout(answerTimer);
    answerTimer = setTimeout(() => setLost(true), ANSWER_MS);
    try {
      model.send({ kind: "tap", tap: signal });
    } catch {
      setLost(true);
    }
    if (signal === "stop") showWords("stopping");
  }

  function endRow() {
    clearTimeout(rowTimer);
    taps = 0;
    sent = "";
  }

  function onPressStart() {
    clearTimeout(pressTimer);
    pressTimer = setTimeout(() => sendSignal("stop"), LONG_PRESS_MS);
  }

  function onPressEnd() {
    clearTimeout(pressTimer);
    taps += 1;
    sendSignal(interpretTaps(taps, false));
    waitForMore();
  }

  /** End the row unless something follows soon. */
  function waitForMore() {
    clearTimeout(rowTimer);
    rowTimer = setTimeout(() => {
      sendSignal(interpretTaps(taps, true));
      endRow();
    }, TAP_GAP_MS);
  }

  /** Show whether signals are taken. @param {boolean} now */
  function setLost(now) {
    if (lost === now) return;
    lost = now;
    if (now) {
      shown = ""; // the last signal may not have been taken
      reply.give("lost");
    }
    reportVisibility();
    renderWords();
  }

  /** @param {any} message */
  function onMessage(message) {
    if (message?.kind !== "taken") return;
    clearTimeout(answerTimer);
    setLost(false);
    reply.give(message.tap);
    showWords(message.tap);
  }

  /** Report whether the surface can be tapped; only then the guide says that the pad is there. */
  function reportVisibility() {
    const now = visible && !document.hidden && !lost;
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

  /* What is shown */

  /** @param {string} key */
  function showWords(key) {
    shown = key;
    renderWords();
  }

  function renderWords() {
    const words = /** @type {Record<string, string>} */ (model.get("words") ?? {});
    const phase = model.get("phase");
    const live = isLive();
    const alone = live && !model.get("guided");
    about.textContent = (alone ? [words.pad_alone, words.pad_alone_why].join(" ") : live ? words.pad_about : words.pad_over) ?? "";
    dim.textContent = (live && mayDim ? words.may_dim : "") ?? "";
    dim.hidden = !dim.textContent;
    tonesWords.textContent = words.pad_tones ?? "";
    tones.hidden = !live || reply.canShake;
    open.textContent = words.pad_open ?? "";
    open.hidden = !live;
    leave.textContent = (live ? words.pad_leave : words.leave) ?? "";
    change.textContent = words.pad_change ?? "";
    change.hidden = signals.hidden = !live;
    const names = [words.softer, words.pad_still_short, words.stop];
    for (const [at, button] of buttons.entries()) button.textContent = names[at] ?? "";
    const lapsed = { lapsed: words.pad_lapsed, changed: words.pad_changed }[model.get("ended")];
    how.textContent = live ? (words.pad_how ?? "") : "";
    surface.dataset.state = live && (lost || alone) ? "lost" : phase;
    surface.toggleAttribute("data-asking", live && Boolean(model.get("asking")));
    still.textContent = (alone || (!live && lapsed) ? words.pad_alone : "") ?? "";
    if (!live) status.textContent = lapsed ?? words.pad_ended ?? "";
    else if (alone) status.textContent = words.pad_alone_why ?? "";
    else if (lost) status.textContent = words.pad_lost ?? "";
    else if (phase === "paused" && shown !== "stopping") status.textContent = words.pad_paused ?? "";
    else status.textContent = words[`pad_${shown || (model.get("asking") ? "asked" : "ready")}`] ?? "";
    if (live) {
      left = false;
      return;
    }
    wakeLock.release();
    reportLeft(false);
  }

  /**
   * Report that the session has ended and the surface is not over the page. It stays dark
   * until its owner looks up; only then it makes room for the book.
   * @param {boolean} fromSurface whether somebody looked up from the surface just now
   */
  function reportLeft(fromSurface) {
    if (isLive() || surface.open || left) return;
    left = true;
    try {
      model.send({ kind: "left", from_glass: fromSurface });
    } catch {
      // The page says that its kernel is gone.
    }
  }

  function showSurface() {
    leaving = false;
    showWords("");
    document.body.append(surface); // outside the chapters: Back turns those
    surface.showModal();
    surface.focus();
    guard.hold();
    observer.observe(surface);
    void wakeLock.request();
    reply.start();
  }

  function removeSurface() {
    reply.stop();
    guard.release();
    observer.disconnect();
    visible = false;
    reportVisibility();
    surface.remove();
  }

  tonesInput.addEventListener("change", () => reply.setTones(tonesInput.checked));
  open.addEventListener("click", showSurface);
  leave.addEventListener("click", () => {
    leaving = true;
    surface.close();
  });
  change.addEventListener("click", () => {
    leaving = true;
    surface.close();
    try {
      model.send({ kind: "change" });
    } catch {
      // The page says that its kernel is gone.
    }
  });
  // A tap on a signal is a tap on the surface as well: three anywhere stop.
  for (const [at, button] of buttons.entries()) {
    button.addEventListener("click", () => {
      sendSignal(SIGNALS[at]);
      waitForMore();
    });
  }
  for (const kind of ["pointerdown", "pointerup", "click"]) {
    for (const button of [change, leave]) button.addEventListener(kind, (event) => event.stopPropagation());
  }
  // Escape, or the gesture "back" of a phone that lies by a hand: its button alone leaves it.
  surface.addEventListener("cancel", (event) => event.preventDefault());
  surface.addEventListener("close", () => {
    if (!leaving) return surface.isConnected && surface.showModal();
    removeSurface();
    reportLeft(true);
  });
  surface.addEventListener("pointerdown", onPressStart);
  surface.addEventListener("pointerup", onPressEnd);
  surface.addEventListener("pointercancel", () => clearTimeout(pressTimer));
  surface.addEventListener("contextmenu", (event) => event.preventDefault());
  // A keyboard, or a switch that stands for one: the space bar taps.
  surface.addEventListener("keydown", (event) => {
    if (event.key !== " " || event.target !== surface) return;
    event.preventDefault();
    if (!event.repeat) onPressStart();
  });
  surface.addEventListener("keyup", (event) => {
    if (event.key === " " && event.target === surface) onPressEnd();
  });
  /** No kernel hears this page: it says so before anybody taps. */
  const onSilent = () => setLost(true);
  /** The page has its kernel again. */
  const onAlive = () => sent || setLost(false);
  const onVisibilityChange = () => {
    reportVisibility();
    if (!surface.open) return;
    void wakeLock.request();
    reply.resume();
  };

  el.classList.add("at-pad");
  for (const part of [el, surface]) {
    part.dataset.atAlways = ""; // the page locks what needs its kernel; the pad says so in words
  }
  el.replaceChildren(card);
  const names = /** @type {const} */ (["words", "guided", "ended"]);
  for (const name of names) model.on(`change:${name}`, renderWords);
  const onPhase = () => {
    if (model.get("phase") === "running") shown = ""; // "hands still" no longer holds
    renderWords();
  };
  model.on("change:phase", onPhase);
  const onAsking = () => {
    if (model.get("asking") && isLive()) {
      shown = ""; // the question takes the place of the last answer
      if (surface.open) reply.give("asked");
    }
    renderWords();
  };
  model.on("change:asking", onAsking);
  model.on("msg:custom", onMessage);
  document.addEventListener("at-ended", onSilent);
  document.addEventListener("at-silent", onSilent);
  document.addEventListener("at-alive", onAlive);
  document.addEventListener("visibilitychange", onVisibilityChange);
  renderWords();
  void wakeLock.isRefused().then((refused) => {
    mayDim = refused;
    renderWords();
  });
  return () => {
    endRow();
    removeSurface();
    clearTimeout(pressTimer);
    clearTimeout(answerTimer);
    wakeLock.release();
    for (const name of names) model.off(`change:${name}`, renderWords);
    model.off("change:phase", onPhase);
    model.off("change:asking", onAsking);
    model.off("msg:custom", onMessage);
    document.removeEventListener("at-ended", onSilent);
    document.removeEventListener("at-silent", onSilent);
    document.removeEventListener("at-alive", onAlive);
    document.removeEventListener("visibilitychange", onVisibilityChange);
  };
}
export default { render };
