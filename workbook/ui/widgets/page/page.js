/** @import { RenderProps } from "@anywidget/types" */
/**
 * @typedef {{
 *   seat: {name: string, colour: string, shape: string} | null,
 *   chapters: Record<string, string>,
 *   longest: {most?: number, said?: string},
 * }} Model
 */

const EVERY = 2000; // ms; the page takes 4.5 s without an answer as lost
const TOUCHES = ["keydown", "pointerdown", "pointermove", "wheel", "scroll"];

/** @param {string} name @param {any} [detail] */
function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

/** Print these two lines alone. @param {string} title @param {string} text */
function paper(title, text) {
  const sheet = document.createElement("div");
  sheet.className = "at-paper";
  sheet.append(document.createElement("h1"), document.createElement("p"));
  sheet.children[0].textContent = title;
  sheet.children[1].textContent = text;
  document.body.append(sheet);
  document.documentElement.dataset.paper = "";
  addEventListener(
    "afterprint",
    () => {
      delete document.documentElement.dataset.paper;
      sheet.remove();
    },
    { once: true },
  );
  print();
}

/** @param {RenderProps<Model>} props */
function render({ model, el }) {
  let n = 0;
  let touched = performance.now();
  let editing = "";
  const line = document.createElement("p");
  line.className = "at-page-line";
  line.setAttribute("role", "status");
  el.classList.add("at-page");
  el.replaceChildren(line);

  function ping() {
    if (document.hidden) return;
    try {
      const idle = Math.round((performance.now() - touched) / 1000); // s
      model.send({ kind: "ping", n: (n += 1), idle });
    } catch {
      // No connection: no answer comes, and the page says so.
    }
  }
  /** @param {any} message */
  function heard(message) {
    const { kind, text, chapter, title } = message ?? {};
    if (kind === "pong") tell("at-alive", { n: message.n });
    else if (kind === "saved" || kind === "notice") {
      line.textContent = text;
      tell(`at-${kind}`, { text });
    } else if (kind === "go") tell("at-go", { chapter, first: message.first === true });
    else if (kind === "top") scrollTo({ top: 0, behavior: "instant" });
    else if (kind === "paper") paper(title, text);
    else if (kind === "leave") {
      line.textContent = [title, text].filter(Boolean).join(" ");
      tell("at-leave", { title, text });
    }
  }
  const seat = () => tell("at-seat", model.get("seat"));
  const chapters = () => tell("at-chapters", model.get("chapters"));
  const handOver = () => model.send({ kind: "hand_over" });

  /** Where somebody writes, nothing is written by anybody else. @param {EventTarget | null} at */
  function writes(at) {
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
  const into = (/** @type {FocusEvent} */ event) => writes(event.target);
  const out = (/** @type {FocusEvent} */ event) => writes(event.relatedTarget);
  /** More than a field takes is not put in at all: half of it would be lost. @param {Event} event */
  function longer(event) {
    const { most, said } = model.get("longest") ?? {};
    const { data, dataTransfer } = /** @type {InputEvent} */ (event);
    const text = data ?? dataTransfer?.getData("text/plain") ?? "";
    const field = event.target;
    if (!most || !text || !(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
    if (!field.closest(".at-field")) return;
    const replaced = (field.selectionEnd ?? 0) - (field.selectionStart ?? 0);
    if (field.value.length - replaced + text.length <= most) return;
    event.preventDefault();
    line.textContent = said ?? "";
    tell("at-notice", { text: said });
  }
  const touch = () => (touched = performance.now());

  /** Say which places for forms each chapter of the app's page has. */
  function places() {
    /** @type {Record<string, string[]>} */
    const found = {};
    for (const part of document.querySelectorAll("[data-chapter]")) {
      const all = /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll("[data-at-model]"));
      found[part.id] = [...all].map((place) => place.dataset.atModel ?? "");
    }
    const any = Object.values(found).some((ids) => ids.length > 0);
    if (any) model.send({ kind: "places", chapters: found, chapter: chapter() });
  }
  /** The chapter that the page's address names; "": none. */
  function chapter() {
    const slug = decodeURIComponent(location.hash.slice(1));
    return slug !== "cover" && document.getElementById(slug)?.dataset.chapter ? slug : "";
  }
  /** Have forms built. @param {Event} event with their model ids; none only says where we are */
  function need(event) {
    try {
      model.send({ kind: "build", forms: /** @type {CustomEvent} */ (event).detail.forms, chapter: chapter() });
    } catch {
      // No connection: the page asks again when there is one.
    }
  }

  model.on("msg:custom", heard);
  model.on("change:seat", seat);
  model.on("change:chapters", chapters);
  document.addEventListener("at-hand-over", handOver);
  document.addEventListener("at-need", need);
  document.addEventListener("visibilitychange", ping);
  document.addEventListener("focusin", into);
  document.addEventListener("focusout", out);
  document.addEventListener("beforeinput", longer);
  for (const name of TOUCHES) addEventListener(name, touch, { passive: true, capture: true });
  const timer = setInterval(ping, EVERY);
  places();
  seat();
  chapters();
  ping();
  return () => {
    clearInterval(timer);
    document.removeEventListener("at-hand-over", handOver);
    document.removeEventListener("at-need", need);
    document.removeEventListener("visibilitychange", ping);
    document.removeEventListener("focusin", into);
    document.removeEventListener("focusout", out);
    document.removeEventListener("beforeinput", longer);
    for (const name of TOUCHES) removeEventListener(name, touch, { capture: true });
    model.off("msg:custom", heard);
    model.off("change:seat", seat);
    model.off("change:chapters", chapters);
  };
}
export default { render };
