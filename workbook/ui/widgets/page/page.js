import { whenPrinted } from "../shared/printing.js";

/** @import { RenderProps } from "@anywidget/types" */
/**
 * @typedef {{
 *   seat: {name: string, colour: string, shape: string} | null,
 *   chapters: Record<string, string>,
 *   evening: {state?: string, steps?: Record<string, string>, first?: string},
 *   under_way: boolean | null,
 *   longest: {most?: number, said?: string},
 * }} Model
 */

const PING_INTERVAL_MS = 2000; // ms; the page takes 4.5 s without an answer as lost
const ACTIVITY_EVENTS = ["keydown", "pointerdown", "pointermove", "wheel", "scroll"];

/** @param {string} name @param {any} [detail] */
function dispatch(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

/** Print these two lines alone. @param {string} title @param {string} text */
function printText(title, text) {
  document.querySelector(".at-paper")?.remove();
  const sheet = document.createElement("div");
  sheet.className = "at-paper";
  sheet.append(document.createElement("h1"), document.createElement("p"));
  sheet.children[0].textContent = title;
  sheet.children[1].textContent = text;
  document.body.append(sheet);
  document.documentElement.dataset.paper = "";
  whenPrinted(() => {
    sheet.remove();
    if (!document.querySelector(".at-paper")) delete document.documentElement.dataset.paper;
  });
  print();
}

/**
 * How many characters a field has once ``text`` has replaced a selection, counted as Python does:
 * an emoji is one, though it is two units of JavaScript.
 * @param {string} value @param {number} start @param {number} end @param {string} text
 */
export function lengthAfter(value, start, end, text) {
  return [...value.slice(0, start), ...text, ...value.slice(end)].length;
}

/** @param {RenderProps<Model>} props */
function render({ model, el }) {
  let pings = 0;
  let lastActivityAt = performance.now();
  let editing = "";
  const line = document.createElement("p");
  line.className = "at-page-line";
  line.setAttribute("role", "status");
  el.classList.add("at-page");
  el.replaceChildren(line);

  function ping() {
    if (document.hidden) return;
    try {
      const idle = Math.round((performance.now() - lastActivityAt) / 1000); // s
      model.send({ kind: "ping", n: (pings += 1), idle });
    } catch {
      // No connection: no answer comes, and the page says so.
    }
  }
  /** @param {any} message */
  function onMessage(message) {
    const { kind, text, chapter, step, title } = message ?? {};
    if (kind === "pong") dispatch("at-alive", { n: message.n });
    else if (kind === "saved" || kind === "notice") {
      line.textContent = text;
      dispatch(`at-${kind}`, { text });
    } else if (kind === "go") dispatch("at-go", { chapter, step });
    else if (kind === "top") scrollTo({ top: 0, behavior: "instant" });
    else if (kind === "paper") printText(title, text);
    else if (kind === "leave") {
      line.textContent = [title, text].filter(Boolean).join(" ");
      dispatch("at-leave", { title, text, next: message.next ?? null });
    }
  }
  const onSeatChange = () => dispatch("at-seat", model.get("seat"));
  const onChaptersChange = () => dispatch("at-chapters", model.get("chapters"));
  const onEveningChange = () => dispatch("at-evening", model.get("evening"));
  const onUnderWayChange = () => dispatch("at-under-way", model.get("under_way"));
  let isStopped = false;
  /** Tell the kernel, open or locked, of a stop that the server holds. @param {Event} event */
  function onMassage(event) {
    const wasStopped = isStopped;
    isStopped = /** @type {CustomEvent} */ (event).detail === "stopped";
    if (!isStopped && !wasStopped) return;
    try {
      model.send({ kind: "stopped", is: isStopped });
    } catch {
      // No connection: the page asks the server again, and says it again.
    }
  }
  const passScreen = () => model.send({ kind: "pass_screen" });
  const coverPage = () => model.send({ kind: "cover" });

  /** Where somebody writes, nothing is written by anybody else. @param {EventTarget | null} at */
  function reportEditedField(at) {
    const field = at instanceof Element ? at.closest("[class*='at-text-']") : null;
    const name = /at-text-(\w+)/.exec(field?.className ?? "")?.[1] ?? "";
    if (name === editing) return;
    editing = name;
    try {
      model.send({ kind: "editing", field: name });
    } catch {
      // No connection: nothing comes that would have to wait.
    }
  }
  const onFocusIn = (/** @type {FocusEvent} */ event) => reportEditedField(event.target);
  const onFocusOut = (/** @type {FocusEvent} */ event) => reportEditedField(event.relatedTarget);
  /** More than a field takes is not put in at all: half of it would be lost. @param {Event} event */
  function rejectLongText(event) {
    const { most, said } = model.get("longest") ?? {};
    const { data, dataTransfer } = /** @type {InputEvent} */ (event);
    const text = data ?? dataTransfer?.getData("text/plain") ?? "";
    const field = event.target;
    if (!most || !text || !(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
    if (!field.closest(".at-field")) return;
    if (lengthAfter(field.value, field.selectionStart ?? 0, field.selectionEnd ?? 0, text) <= most) return;
    event.preventDefault();
    line.textContent = said ?? "";
    dispatch("at-notice", { text: said });
  }
  const onActivity = () => (lastActivityAt = performance.now());

  /** Say which places for forms each chapter of the app's page has. */
  function sendPlaces() {
    /** @type {Record<string, string[]>} */
    const found = {};
    for (const part of document.querySelectorAll("[data-chapter]")) {
      const all = /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll("[data-at-model]"));
      found[part.id] = [...all].map((place) => place.dataset.atModel ?? "");
    }
    const any = Object.values(found).some((ids) => ids.length > 0);
    if (any) model.send({ kind: "places", chapters: found, ...findPlace() });
  }
  /** What the page shows, or will show once it is unlocked: the history entry says so. */
  function findPlace() {
    const { chapter = "", step = "" } = history.state ?? {};
    return { chapter: String(chapter), step: String(step) };
  }
  /** Have forms built. @param {Event} event with their model ids; none only says where we are */
  function requestForms(event) {
    try {
      model.send({ kind: "build", forms: /** @type {CustomEvent} */ (event).detail.forms, ...findPlace() });
    } catch {
      // No connection: the page asks again when there is one.
    }
  }

  model.on("msg:custom", onMessage);
  model.on("change:seat", onSeatChange);
  model.on("change:chapters", onChaptersChange);
  model.on("change:evening", onEveningChange);
  model.on("change:under_way", onUnderWayChange);
  document.addEventListener("at-massage", onMassage);
  document.addEventListener("at-pass-screen", passScreen);
  document.addEventListener("at-cover", coverPage);
  document.addEventListener("at-need", requestForms);
  document.addEventListener("visibilitychange", ping);
  document.addEventListener("focusin", onFocusIn);
  document.addEventListener("focusout", onFocusOut);
  document.addEventListener("beforeinput", rejectLongText);
  for (const name of ACTIVITY_EVENTS) addEventListener(name, onActivity, { passive: true, capture: true });
  const timer = setInterval(ping, PING_INTERVAL_MS);
  sendPlaces();
  onEveningChange(); // first, so that the page turns once
  onSeatChange();
  onChaptersChange();
  onUnderWayChange();
  ping();
  return () => {
    clearInterval(timer);
    document.removeEventListener("at-massage", onMassage);
    document.removeEventListener("at-pass-screen", passScreen);
    document.removeEventListener("at-cover", coverPage);
    document.removeEventListener("at-need", requestForms);
    document.removeEventListener("visibilitychange", ping);
    document.removeEventListener("focusin", onFocusIn);
    document.removeEventListener("focusout", onFocusOut);
    document.removeEventListener("beforeinput", rejectLongText);
    for (const name of ACTIVITY_EVENTS) removeEventListener(name, onActivity, { capture: true });
    model.off("msg:custom", onMessage);
    model.off("change:seat", onSeatChange);
    model.off("change:chapters", onChaptersChange);
    model.off("change:evening", onEveningChange);
    model.off("change:under_way", onUnderWayChange);
  };
}
export default { render };
