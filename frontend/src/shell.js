// @ts-check
/**
 * The page around the chapters. It knows no answers: what the kernel has to say
 * arrives as events on the document, from the page's own widget.
 *
 *   at-alive                                     the kernel answered
 *   at-seat      {name, colour, shape} or null   who is at the screen; null: nobody yet
 *   at-chapters  {slug: "done"|"open"|"unneeded"}
 *   at-evening   {state, steps, first}           evening.js follows it
 *   at-go        {chapter} or {step}
 *   at-saved, at-notice  {text}
 *   at-leave     {title, text, next}             this page is over; a new one opens, or, with the
 *                                                mark of the person who is next, waits for them
 *   at-drawn                                     the first forms stand where they belong
 *   at-built                                     forms that the shown chapter waited for are there
 *   at-ended                                     the kernel will not answer again
 *
 * and four go the other way: at-pass-screen, at-cover, at-turned when a chapter or step is
 * shown, and at-silent when no answer comes. Those of a massage stand in massage.js.
 */

import { watchBars } from "./bars.js";
import "./fields.js";
import "./focus.js";
import { byId } from "./elements.js";
import { createEvening } from "./evening.js";
import { Kernel } from "./kernel.js";
import { followMassage, readXsrfToken } from "./massage.js";
import { createMenu } from "./menu.js";
import { goTo, readPlace, replacePlace } from "./place.js";

const SILENCE_MS = 4500; // ms without an answer; the widget asks every 2 s, the promise is 5 s
const OPENING_TIMEOUT_MS = 20_000; // ms until a book that has not opened says so
const CHECK_INTERVAL_MS = 250; // ms
const COVER_SHOWN_MS = 300; // ms, so that the cover is painted before the page goes
const MESSAGE_SHOWN_MS = 12_000; // ms
const NOTICE_FIRST_MS = 6_000; // ms in which "Saved" waits behind a notice

const root = document.documentElement;
watchBars();

/* The look of the forms is wanted when they are drawn: the first words do not wait for it. */
const styles = document.createElement("link");
const stylesLoaded = new Promise((done) => {
  styles.addEventListener("load", done);
  styles.addEventListener("error", done);
});
styles.rel = "stylesheet";
styles.href = /** @type {HTMLLinkElement} */ (document.querySelector("link[rel=preload]")).href;
document.head.append(styles);

/* ---- Chapters ---- */

const chapters = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-chapter]")]);
const slugs = chapters.map((chapter) => chapter.id);
const links = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-at-link]")]);

/** Scroll position of each chapter that was left. @type {Map<string, number>} */
const scrollPositions = new Map();
let restoreY = 0; // where to scroll to once the forms above it are there

let isSeated = false;
let shownChapter = slugs[0];
/** The chapter or step that is shown. */
let shownPlace = shownChapter;
const evening = createEvening(() => showChapter());
const menu = createMenu();

/** The chapter that may be shown now. */
function findWantedChapter() {
  if (slugs.length === 1) return slugs[0]; // a notebook by itself
  const slug = readPlace().chapter ?? "";
  if (!isSeated) return slug === "help" && slugs.includes("help") ? "help" : "cover";
  if (slug !== "cover" && slugs.includes(slug)) return slug;
  return slugs.includes("welcome") ? "welcome" : (slugs[1] ?? "cover");
}

/** @param {{focus?: boolean}} [how] */
function showChapter({ focus = true } = {}) {
  const slug = findWantedChapter();
  const step = isSeated ? evening.findStep() : evening.findOpenStep();
  const place = step ? `step ${step}` : slug;
  const changed = place !== shownPlace;
  shownChapter = slug;
  shownPlace = place;
  evening.render(step);
  for (const chapter of chapters) {
    chapter.hidden = step ? !chapter.querySelector("[data-step-shown]") : chapter.id !== slug;
  }
  const current = step ? document.querySelector("[data-step-shown]")?.closest("[data-chapter]")?.id : slug;
  for (const link of links) {
    if (link.dataset.atLink === current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  updateNextLink();
  toggleChapterList(false);
  menu.close();
  root.dataset.ready = "";
  document.dispatchEvent(new CustomEvent("at-turned"));
  if (!changed) return;
  const heading = /** @type {HTMLElement | null} */ (
    step ? document.querySelector("[data-step-shown] :is(h1, h2)") : byId(slug).querySelector("h1")
  );
  if (focus && heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  restoreY = scrollPositions.get(place) ?? 0;
  scrollTo({ top: restoreY, behavior: "instant" });
}

/** @param {string} slug */
function findTitle(slug) {
  const link = links.find((each) => each.dataset.atLink === slug);
  return link?.querySelector(".at-title")?.textContent ?? "";
}

/** Where we are, and where "Next" leads: over what tonight does not need. */
function updateNextLink() {
  byId("at-here").textContent = findTitle(shownChapter);
  const after = links.slice(links.findIndex((link) => link.dataset.atLink === shownChapter) + 1);
  const next = after.find((link) => link.dataset.state !== "unneeded");
  const button = /** @type {HTMLAnchorElement} */ (byId("at-next"));
  button.hidden = !next;
  if (!next) return;
  const slug = next.dataset.atLink ?? "";
  button.href = `#${slug}`;
  byId("at-next-title").textContent = findTitle(slug);
}

/** @param {boolean} open */
function toggleChapterList(open) {
  root.toggleAttribute("data-list", open);
  byId("at-open-list").setAttribute("aria-expanded", String(open));
}

history.scrollRestoration = "manual";
addEventListener("scroll", () => scrollPositions.set(shownPlace, scrollY), { passive: true });
for (const moved of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  addEventListener(moved, () => (restoreY = 0), { passive: true, capture: true });
}
document.addEventListener("at-built", () => {
  if (restoreY > scrollY) scrollTo({ top: restoreY, behavior: "instant" });
});
/** An address that names a chapter is followed once, and names none any more. */
function followAddress() {
  const slug = decodeURIComponent(location.hash.slice(1));
  if (!slugs.includes(slug)) return false;
  replacePlace({ chapter: slug });
  return true;
}

addEventListener("hashchange", () => {
  if (followAddress()) showChapter();
});
addEventListener("popstate", () => {
  if (location.hash || isLeaving) return; // somebody typed it: "hashchange" follows
  if (isSeated) evening.leadBack();
  showChapter();
});
document.addEventListener("click", (event) => {
  const at = event.target instanceof Element ? event.target : null;
  const link = /** @type {HTMLAnchorElement | null} */ (at?.closest('a[href^="#"]'));
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const target = link.hash.slice(1);
  if (slugs.includes(target)) {
    if (readPlace().chapter !== target) goTo({ chapter: target });
    showChapter();
  } else if (target.startsWith("step-")) {
    evening.show(target.slice("step-".length));
  } else {
    byId(target)?.scrollIntoView();
    byId(target)?.focus();
  }
});

byId("at-open-list").addEventListener("click", () => {
  const open = !root.hasAttribute("data-list");
  toggleChapterList(open);
  if (open) links.find((link) => link.hasAttribute("aria-current"))?.focus();
});
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !root.hasAttribute("data-list")) return;
  toggleChapterList(false);
  byId("at-open-list").focus();
});
document.addEventListener("click", (event) => {
  const at = event.target instanceof Element ? event.target : null;
  if (!at?.closest("#at-list, #at-open-list")) toggleChapterList(false);
});

/* ---- Light in the room ---- */

const theme = /** @type {HTMLSelectElement} */ (byId("at-theme"));

/** @param {string} chosen */
function applyTheme(chosen) {
  if (chosen === "light" || chosen === "dusk") root.dataset.theme = chosen;
  else delete root.dataset.theme;
  theme.value = root.dataset.theme ?? "";
}

// The only thing this page keeps in the browser, and no answer. Storage may be off.
try {
  applyTheme(localStorage.getItem("at-theme") ?? "");
} catch {
  applyTheme("");
}
theme.addEventListener("change", () => {
  applyTheme(theme.value);
  try {
    localStorage.setItem("at-theme", theme.value);
  } catch {
    /* the choice holds for this page */
  }
});

/* ---- The line to the kernel ---- */

const config = JSON.parse(byId("at-config").textContent ?? "");
const kernel = new Kernel(config);
kernel.addEventListener("ended", () => document.dispatchEvent(new CustomEvent("at-ended")));
kernel.addEventListener("refused", () => {
  if (answeredAt || hasEnded || isLeaving) return;
  byId("at-opening").replaceChildren();
  showAlert("at-refused");
  lockFields();
});
Object.assign(globalThis, { attune: { kernel, stylesLoaded } });
followMassage(config.kernelId);

/* ---- Is somebody there? ---- */

let isLeaving = false;
let hasEnded = false;
let answeredAt = 0; // time of the last answer; 0: none yet
let checkedAt = performance.now();
const startedAt = checkedAt;
/** @typedef {"" | "at-lost" | "at-late" | "at-refused" | "at-over"} Alert */
/** @type {Alert} */
let shownAlert = "";

/** @param {Alert} id */
function showAlert(id) {
  if (shownAlert === id) return;
  shownAlert = id;
  const place = byId("at-alerts");
  if (!id) return place.replaceChildren();
  place.replaceChildren(
    /** @type {HTMLTemplateElement} */ (byId(id)).content.cloneNode(true),
  );
}

function checkConnection() {
  if (isLeaving) return;
  const now = performance.now();
  const slept = now - checkedAt > 4 * CHECK_INTERVAL_MS + 1000; // this script did not run either
  checkedAt = now;
  if (document.hidden || hasEnded) return;
  if (!answeredAt) {
    if (now - startedAt > OPENING_TIMEOUT_MS && !shownAlert) showAlert("at-late");
    return;
  }
  if (slept) answeredAt = now;
  if (now - answeredAt > SILENCE_MS && !isLeaving) {
    showAlert("at-lost");
    byId("at-said").replaceChildren(); // an old "Saved" would contradict it
    lockFields();
    document.dispatchEvent(new CustomEvent("at-silent"));
  }
}
setInterval(checkConnection, CHECK_INTERVAL_MS);

document.addEventListener("at-drawn", () => byId("at-opening").replaceChildren());
document.addEventListener("at-alive", () => {
  answeredAt = performance.now();
  byId("at-opening").replaceChildren();
  showAlert("");
  unlockFields();
});
document.addEventListener("at-ended", () => {
  hasEnded = true;
  if (isLeaving) return;
  showAlert("at-over");
  byId("at-said").replaceChildren();
  lockFields();
});
document.addEventListener("visibilitychange", () => {
  // A hidden tab asks nobody, so nobody answered: begin to count afresh.
  checkedAt = performance.now();
  if (answeredAt) answeredAt = checkedAt;
});

document.addEventListener("click", async (event) => {
  if (!(event.target instanceof Element) || !event.target.closest("[data-at-again]")) return;
  const running = await fetch("healthz", { cache: "no-store" }).catch(() => null);
  if (running?.ok) return location.reload();
  // Reloading now would lose what is still to be read and copied here.
  const place = byId("at-alerts").firstElementChild;
  if (place?.querySelector(".at-not-running")) return;
  place?.append(/** @type {HTMLTemplateElement} */ (byId("at-stopped")).content.cloneNode(true));
});

/* Locked fields can still be read, selected and copied, so not "inert". What
   carries data-at-always works on: a stop must work above all when nobody hears it. */

/** @type {Set<HTMLInputElement | HTMLTextAreaElement>} */
const readOnly = new Set();
/** @type {Set<HTMLElement & {disabled: boolean}>} */
const disabled = new Set();
let isLocked = false;

const TYPED = "textarea, input:not([type]), input:is([type=text], [type=search], [type=password], [type=number], [type=date], [type=time])";

/** @param {EventTarget | null} target */
function isAnswerField(target) {
  const at = target instanceof Element ? target : null;
  return Boolean(at?.closest(".at-form") && !at.closest("[data-at-always], a[href]"));
}

function lockFields() {
  if (!isLocked) root.dataset.lost = "";
  isLocked = true;
  for (const field of document.querySelectorAll(".at-form :is(input, textarea, select, button)")) {
    if (!isAnswerField(field)) continue;
    if (field.matches(TYPED)) {
      const typed = /** @type {HTMLInputElement} */ (field);
      if (typed.readOnly) continue;
      typed.readOnly = true;
      readOnly.add(typed);
    } else {
      const control = /** @type {HTMLButtonElement} */ (field);
      if (control.disabled) continue;
      control.disabled = true;
      disabled.add(control);
    }
  }
}

function unlockFields() {
  if (!isLocked) return;
  isLocked = false;
  delete root.dataset.lost;
  for (const field of readOnly) field.readOnly = false;
  for (const control of disabled) control.disabled = false;
  readOnly.clear();
  disabled.clear();
}

for (const kind of ["click", "beforeinput", "paste", "drop"]) {
  addEventListener(
    kind,
    (event) => {
      if (!isLocked || !isAnswerField(event.target)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
}

/* ---- Who is here, and how far ---- */

const SHAPES = ["circle", "square", "diamond", "triangle"];
const COLOURS = ["clay", "sage", "plum", "slate"];

/** @typedef {{name: string, colour: string, shape: string}} Seat */

/** @param {HTMLElement} mark @param {Seat} seat */
function showMark(mark, seat) {
  mark.dataset.shape = SHAPES.includes(seat.shape) ? seat.shape : SHAPES[0];
  mark.className = `at-shape at-colour-${COLOURS.includes(seat.colour) ? seat.colour : COLOURS[0]}`;
}

document.addEventListener("at-seat", (event) => {
  const seat = /** @type {CustomEvent} */ (event).detail;
  isSeated = Boolean(seat);
  root.dataset.seat = isSeated ? "in" : "none";
  const badge = byId("at-seat");
  badge.hidden = !isSeated;
  if (isSeated) {
    showMark(byId("at-shape"), seat);
    byId("at-who").textContent = seat.name;
  }
  showChapter();
});

for (const name of ["pass-screen", "cover"]) {
  byId(`at-${name}`).addEventListener("click", () => {
    menu.close();
    document.dispatchEvent(new CustomEvent(`at-${name}`));
  });
}

document.addEventListener("at-chapters", (event) => {
  const states = /** @type {CustomEvent} */ (event).detail ?? {};
  for (const link of links) {
    const state = states[link.dataset.atLink ?? ""] ?? "";
    const words = /** @type {HTMLElement} */ (link.querySelector("[data-at-state]"));
    link.dataset.state = state;
    const said = words.dataset[state];
    words.textContent = said ? `(${said})` : "";
  }
  updateNextLink();
});

document.addEventListener("at-go", (event) => {
  const { chapter, step } = /** @type {CustomEvent} */ (event).detail;
  if (step) return evening.leadTo(step);
  if (readPlace().chapter !== chapter) goTo({ chapter });
  showChapter();
});

/** @type {ReturnType<typeof setTimeout> | undefined} */
let clearTimer;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let savedTimer;
let noticedAt = -NOTICE_FIRST_MS; // when the last notice came

/** @param {string} kind @param {string} text */
function announce(kind, text) {
  const line = byId("at-said");
  line.dataset.kind = kind;
  line.textContent = text;
  clearTimeout(clearTimer);
  clearTimer = setTimeout(() => line.replaceChildren(), MESSAGE_SHOWN_MS);
}
document.addEventListener("at-notice", (event) => {
  clearTimeout(savedTimer);
  noticedAt = performance.now();
  announce("notice", /** @type {CustomEvent} */ (event).detail.text);
});
document.addEventListener("at-saved", (event) => {
  // A sentence that asks for something is read first.
  clearTimeout(savedTimer);
  const { text } = /** @type {CustomEvent} */ (event).detail;
  const left = noticedAt + NOTICE_FIRST_MS - performance.now();
  if (left > 0) savedTimer = setTimeout(() => announce("saved", text), left);
  else announce("saved", text);
});

/* ---- The end of this page ---- */

document.addEventListener("at-leave", (event) => {
  const { title = "", text = "", next = null } = /** @type {CustomEvent} */ (event).detail ?? {};
  isLeaving = true;
  const cover = byId("at-leave");
  /** @type {HTMLElement} */ (cover.querySelector(".at-leave-title")).textContent = title;
  /** @type {HTMLElement} */ (cover.querySelector(".at-leave-text")).textContent = text;
  cover.hidden = false;
  byId("at-main").replaceChildren(); // nothing of the old page is left to be seen
  byId("at-main").hidden = true;
  byId("at-seat").hidden = true;
  byId("at-menu").hidden = true;
  showAlert("");
  replacePlace({}); // the next person begins where the evening is, and not where this one was
  const open = () => location.replace(location.pathname);
  if (next) showTurn(cover, next, open);
  else setTimeout(open, COVER_SHOWN_MS);
});

/**
 * Show whose turn it is, and nothing else; a tap opens their page.
 * @param {HTMLElement} cover @param {Seat} next @param {() => void} open
 */
function showTurn(cover, next, open) {
  const button = document.createElement("button");
  const shape = document.createElement("span");
  button.type = "button";
  button.className = "at-turn-on";
  showMark(shape, next);
  button.append(shape, cover.querySelector(".at-leave-title") ?? "");
  button.addEventListener("click", open);
  cover.dataset.colour = COLOURS.includes(next.colour) ? next.colour : COLOURS[0];
  cover.replaceChildren(button);
  button.focus();
}

addEventListener("pagehide", () => {
  const body = new URLSearchParams({ _xsrf: readXsrfToken() });
  navigator.sendBeacon(`close/${config.kernelId}`, body);
});
addEventListener("pageshow", (event) => {
  // Back from the browser's memory: the kernel behind it has ended.
  if (event.persisted) location.reload();
});

followAddress();
showChapter({ focus: false });
