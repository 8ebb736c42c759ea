// @ts-check
/** A figure from the front and the back, to paint on or to read. */

import { createButton, createElement, createId, createSvg, setText } from "../shared/dom.js";
import { drawFigure, drawPatterns, drawPlace, drawSwatch, fillWith, moveRing } from "./figure.js";
import { FIGURE } from "../shared/figure.js";
import { ARROWS, fillBlank, findNeighbour, findSide, paintPart } from "./geometry.js";
import { findHeight } from "./height.js";

/** @import { RenderProps } from "@anywidget/types" */
/** @import { Place, Spot } from "./geometry.js" */
/** @typedef {{key: string, label: string, look: string, closes?: boolean}} Brush */
/** @typedef {{text: string, colour: string, shape: string}} Who */
/** @typedef {{key: string, title: string, label?: string, who?: Who}} Layer */
/**
 * @typedef {{
 *   key: string, label: string, said: string, line?: string, layer?: string,
 *   marks?: Record<string, string>, into?: string,
 * }} Offer
 */
/** @typedef {Record<string, string>} Marks */
/**
 * @typedef {{
 *   title: string, heading: boolean, help: string, note: string, places: Place[], brushes: Brush[],
 *   layers: Layer[], layer: string, offers: Offer[], marks: Marks | Record<string, Marks>, signs: Marks,
 *   words: Marks, reading: boolean, disabled: boolean, has_list: boolean, listed: boolean,
 * }} Model
 */

const WIDE_REM = 35; // of width, from which both sides are shown
const SMALL_REM = 20; // of width, below which nothing stands beside the figure
const RING_PX = 3; // how wide the line round the focus is
const TINY_REM = 14; // of width, below which the brushes stand one below the other

/** @param {RenderProps<Model>} props */
function render({ model, el, signal }) {
  const id = createId("at-map-");
  const words = () => model.get("words") ?? {};
  const places = () => /** @type {Place[]} */ (model.get("places") ?? []);
  const brushes = () => /** @type {Brush[]} */ (model.get("brushes") ?? []);
  const layers = () => /** @type {Layer[]} */ (model.get("layers") ?? []);
  const layer = () => layers().find((each) => each.key === model.get("layer")) ?? layers()[0];
  let brush = "";
  let both = true;
  /** @type {"front" | "back"} */
  let view = "back";
  let isClose = false;
  let size = "";
  let unit = 1; // px for one unit of the drawing
  /** The spot that the Tab key reaches. */
  let current = "";
  /** @type {Map<string, {spot: Spot, node: any, path: any}>} */
  const drawn = new Map();

  const set = createElement("fieldset", "at-map-set");
  const legend = createElement("legend", "at-map-title");
  const help = createElement("p", "at-map-help");
  const head = createElement("div", "at-map-head");
  const tray = createElement("div", "at-map-brushes");
  const board = createElement("div", "at-map-board");
  const note = createElement("p", "at-map-note");
  const tools = createElement("div", "at-map-tools");
  const closer = createButton("at-map-button at-map-closer");
  const stage = createElement("div", "at-map-stage");
  const figures = createElement("div", "at-map-figures");
  const mark = createElement("span", "at-map-spot");
  const offered = createElement("div", "at-map-offers");
  const foot = createElement("div", "at-map-foot");
  const line = createElement("p", "at-map-line");
  const lineName = createElement("span", "at-map-line-name");
  const lineNote = createElement("span", "at-map-line-note");
  const ink = createSvg("svg", { class: "at-map-ink", "aria-hidden": "true" }); // patterns of a hidden figure are none
  line.setAttribute("aria-live", "polite");
  line.append(lineName, lineNote);
  closer.addEventListener("click", () => {
    isClose = !isClose;
    renderSides();
    showPlace(current);
  });
  stage.addEventListener("click", (/** @type {PointerEvent} */ { target }) => {
    if (!(/** @type {Element} */ (target).closest(".at-map-place"))) showCaption(); // a long one lies over the tools
  });
  ink.append(drawPatterns(id));
  stage.append(figures, mark);
  board.append(note, tools, closer, stage, offered);
  foot.append(line);
  set.append(ink, legend, help, head, tray, board, foot);

  /** The marks of the layer that is shown, or of another one. @param {string} [key] @returns {Marks} */
  function readMarks(key = layer()?.key) {
    const all = model.get("marks") ?? {};
    return /** @type {any} */ (key ? all[key] : all) ?? {};
  }

  /** @param {Marks} marks @param {string} [key] of a layer */
  function saveMarks(marks, key = layer()?.key) {
    model.set("marks", /** @type {any} */ (key ? { ...model.get("marks"), [key]: marks } : marks));
    model.save_changes();
  }

  /**
   * A control with its name; what is seen of it follows the input, so that it can show its state.
   * @param {"radio" | "checkbox"} type @param {string} name @param {string} value @param {string} label
   * @param {(value: string) => void} choose
   */
  function createChoice(type, name, value, label, choose) {
    const node = createElement("label", "at-map-choice");
    const input = createElement("input", "at-map-input");
    const face = createElement("span", "at-map-face");
    input.type = type;
    input.name = `${id}-${name}`;
    input.value = value;
    input.addEventListener("change", () => choose(value));
    face.append(createElement("span", "", label));
    node.append(input, face);
    return { node, input, face };
  }

  function renderLabels() {
    const say = words();
    const reading = model.get("reading");
    if (reading) view = findSide(places(), readMarks(), view);
    legend.textContent = layer()?.title ?? model.get("title") ?? "";
    legend.classList.toggle("at-map-unseen", model.get("heading") === false);
    help.textContent = model.get("help") ?? "";
    help.hidden = !help.textContent;
    note.textContent = model.get("note") ?? "";
    note.hidden = !note.textContent;
    renderHead();
    renderTray();
    renderTools();
    closer.textContent = isClose ? say.whole : say.closer;
    closer.hidden = reading;
    foot.hidden = !brushes().length;
    el.dataset.reading = reading ? "true" : "false";
    renderFigures();
    renderMode();
  }

  /** Above the brushes: whose marks these are, and the way to the list. */
  function renderHead() {
    const say = words();
    const focused = head.contains(document.activeElement) ? /** @type {any} */ (document.activeElement).value : undefined;
    head.replaceChildren();
    if (layers().length > 1) {
      const tabs = createElement("div", "at-map-tabs");
      tabs.setAttribute("role", "radiogroup");
      tabs.setAttribute("aria-label", say.layers ?? "");
      for (const each of layers()) {
        const { node, input } = createChoice("radio", "layer", each.key, each.label ?? each.title, (value) => {
          model.set("layer", value);
          model.save_changes();
        });
        input.checked = each === layer();
        tabs.append(node);
        if (focused === each.key) queueMicrotask(() => input.focus({ preventScroll: true }));
      }
      head.append(tabs);
    } else if (layer()?.who) {
      const { text, colour, shape } = /** @type {Who} */ (layer().who);
      const who = createElement("p", "at-map-who");
      const badge = createElement("span", `at-map-badge at-colour-${colour}`);
      badge.dataset.shape = shape;
      who.append(badge, createElement("span", "", text));
      head.append(who);
    }
    if (model.get("has_list")) {
      const { node, input } = createChoice("checkbox", "list", "list", say.list ?? "", () => {
        model.set("listed", input.checked);
        model.save_changes();
      });
      node.classList.add("at-map-to-list");
      input.checked = Boolean(model.get("listed"));
      head.append(node);
      if (focused === "list") queueMicrotask(() => input.focus({ preventScroll: true }));
    }
    head.hidden = !head.childElementCount;
  }

  function renderTray() {
    tray.dataset.count = String(brushes().length);
    tray.replaceChildren(
      ...brushes().map((each) => {
        if (model.get("reading")) {
          const entry = createElement("span", "at-map-entry");
          entry.append(drawSwatch(id, each.look), createElement("span", "", each.label));
          return entry;
        }
        const { node, input, face } = createChoice("radio", "brush", each.key, each.label, (value) => {
          brush = value;
          tray.classList.remove("at-map-ask");
          showCaption();
        });
        input.checked = brush === each.key;
        face.prepend(drawSwatch(id, each.look));
        return node;
      }),
    );
  }

  function renderTools() {
    const say = words();
    tools.replaceChildren();
    if (!model.get("reading") && places().some((place) => Object.keys(place.parts).length > 1)) {
      const { node, input } = createChoice("checkbox", "both", "both", say.both ?? "", () => (both = input.checked));
      node.classList.add("at-map-both");
      input.checked = both;
      tools.append(node);
    }
    const turn = createElement("div", "at-map-turn");
    turn.setAttribute("role", "radiogroup");
    turn.setAttribute("aria-label", say.side ?? "");
    for (const each of ["front", "back"]) {
      const { node, input } = createChoice("radio", "view", each, say[each] ?? "", () => {
        view = /** @type {"front" | "back"} */ (each);
        renderSides();
        const first = [...drawn.keys()].find((key) => key.startsWith(view));
        if (!current.startsWith(view) && first) setTabStop(first);
      });
      input.checked = view === each;
      turn.append(node);
    }
    tools.append(turn);
  }

  /** Map or list, and what a layer has of its own. */
  function renderMode() {
    const listed = Boolean(model.get("listed"));
    for (const node of [help, note, tray, board, foot]) node.classList.toggle("at-map-away", listed);
    for (const input of head.querySelectorAll("input")) {
      if (input.value === "list") input.checked = listed;
      else input.checked = input.value === layer()?.key;
    }
    legend.textContent = layer()?.title ?? model.get("title") ?? "";
    showCaption();
    renderMarks();
    scheduleFit();
  }

  /** The buttons that would mark anything. */
  function renderOffers() {
    const marks = readMarks();
    const all = /** @type {Offer[]} */ (model.get("reading") ? [] : (model.get("offers") ?? []));
    const useful = all.filter((each) => {
      if (each.layer && each.layer !== layer()?.key) return false;
      if (each.into && !layers().some(({ key }) => key === each.into)) return false;
      const target = each.into ? readMarks(each.into) : marks;
      return Object.keys(each.marks ?? marks).some((part) => !(part in target));
    });
    const shown = useful.map((each) => each.key).join(" ");
    if (offered.dataset.shown === shown) return;
    const focused = offered.contains(document.activeElement);
    offered.dataset.shown = shown;
    offered.replaceChildren(...useful.map(createOffer));
    if (focused) drawn.get(current)?.node.focus({ preventScroll: true });
  }

  /** @param {Offer} offer */
  function createOffer(offer) {
    const node = createElement("div", "at-map-offer");
    const button = createButton("at-map-button", offer.label);
    if (offer.line) {
      const above = createElement("p", "at-map-offer-line", offer.line);
      above.id = `${id}-${offer.key}`;
      button.setAttribute("aria-describedby", above.id);
      node.append(above);
    }
    button.addEventListener("click", () => {
      if (model.get("disabled")) return;
      const key = offer.into ?? layer()?.key;
      saveMarks(fillBlank(readMarks(key), offer.marks ?? readMarks()), key);
      showCaption(offer.said);
    });
    node.append(button);
    return node;
  }

  /** @param {Spot} spot */
  function createPlace(spot) {
    const { node, path } = drawPlace(id, spot);
    node.addEventListener("click", () => markSpot(spot));
    node.addEventListener("focus", () => {
      setTabStop(spot.key);
      if (!node.matches(":focus-visible")) return;
      moveRing(node, path, RING_PX / unit);
      showPlace(spot.key);
    });
    node.addEventListener("blur", () => moveRing(node, null, 0));
    node.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => onKeyDown(event, spot));
    drawn.set(spot.key, { spot, node, path });
    return node;
  }

  /** Let the Tab key lead to this one. @param {string} key */
  function setTabStop(key) {
    drawn.get(current)?.node.setAttribute("tabindex", "-1");
    current = key;
    drawn.get(key)?.node.setAttribute("tabindex", "0");
  }

  /** @param {KeyboardEvent} event @param {Spot} spot */
  function onKeyDown(event, spot) {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (!event.repeat) markSpot(spot);
    } else if (event.key in ARROWS) {
      event.preventDefault();
      const all = [...drawn.values()].map((each) => each.spot);
      const across = { front: "ArrowRight", back: "ArrowLeft" }[spot.view] === event.key && size === "wide";
      const near = all.filter((each) => each.view === spot.view);
      const far = all.filter((each) => across && each.view !== spot.view);
      const level = far.sort((a, b) => Math.abs(a.y - spot.y) - Math.abs(b.y - spot.y))[0];
      const to = findNeighbour(near, spot, event.key) ?? level;
      if (to) drawn.get(to.key)?.node.focus();
    }
  }

  /** @param {Spot} spot */
  function markSpot(spot) {
    const { place, part } = spot;
    if (place.shut || model.get("reading")) describeSpot(spot);
    else if (model.get("disabled")) return;
    else if (!brush) askForBrush(spot);
    else {
      saveMarks(paintPart(readMarks(), place, part, brush, both));
      describeSpot(spot, both && Object.keys(place.parts).length > 1);
    }
  }

  /** Say what to do first, and show where. @param {Spot} spot */
  function askForBrush(spot) {
    showCaption(`${nameSpot(spot)}.`, words().choose);
    tray.classList.add("at-map-ask");
    tray.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  /** A place with its state, and what to know about it. @param {Spot} spot @param {boolean} [twice] */
  function describeSpot(spot, twice = false) {
    const closed = findBrush(spot.part)?.closes; // how hands go there matters no more
    showCaption(`${nameSpot(spot)}${twice ? `, ${words().both_said}` : ""}.`, closed ? "" : spot.place.note);
  }

  /** Without anything to say, how to begin. @param {string} [said] @param {string} [more] */
  function showCaption(said = "", more = "") {
    const begins = !said && !brush && !model.get("reading");
    line.classList.toggle("at-map-hint", begins);
    line.classList.toggle("at-map-still", !begins && !said);
    setText(lineName, begins ? (words().begin ?? "") : said);
    setText(lineNote, more ? ` ${more}` : "");
  }

  /** What is painted on a part. @param {string} part */
  function findBrush(part) {
    const mark = readMarks()[part];
    return brushes().find((each) => each.key === mark);
  }

  /** @param {Spot} spot */
  function nameSpot({ place, part }) {
    const state = place.shut
      ? words()[place.shut]
      : (findBrush(part)?.label ?? (model.get("reading") ? "" : words().blank));
    const sign = (model.get("signs") ?? {})[part];
    const number = sign ? (words().sign ?? "").replace("{n}", sign) : "";
    return [place.parts[part], [state, number].filter(Boolean).join(", ")].filter(Boolean).join(": ");
  }

  /** Only what has changed is touched: a tap is seen in the next frame. */
  function renderMarks() {
    const marks = readMarks();
    for (const { spot, node, path } of drawn.values()) {
      const look = spot.place.shut ?? brushes().find((each) => each.key === marks[spot.part])?.look ?? "";
      if (path.dataset.look !== look) fillWith(id, path, look);
      const name = nameSpot(spot);
      if (node.getAttribute("aria-label") !== name) node.setAttribute("aria-label", name);
    }
    set.disabled = Boolean(model.get("disabled"));
    renderOffers();
  }

  /** Which sides are seen, and from how near. */
  function renderSides() {
    for (const figure of figures.children) figure.toggleAttribute("hidden", size !== "wide" && figure.dataset.view !== view);
    el.classList.toggle("at-map-near", isClose);
    closer.textContent = isClose ? words().whole : words().closer;
    fitScale();
  }

  /** Lettering and lines keep their size, however large the figure is. */
  function fitScale() {
    const svg = [...figures.children].find((each) => !each.hidden)?.querySelector("svg");
    const height = svg?.getBoundingClientRect().height ?? 0;
    if (height) unit = height / FIGURE.height;
    stage.style.setProperty("--at-map-unit", String(unit));
  }

  function renderFigures() {
    const was = drawn.get(current)?.node === document.activeElement;
    drawn.clear();
    figures.replaceChildren(createSide("front"), createSide("back"));
    renderMarks();
    renderSides();
    const all = [...drawn.keys()];
    setTabStop(drawn.has(current) ? current : (all.find((key) => key.startsWith(view)) ?? all[0]));
    if (was) drawn.get(current)?.node.focus({ preventScroll: true });
  }

  /** @param {"front" | "back"} side */
  function createSide(side) {
    const node = createElement("div", "at-map-half");
    const name = createElement("p", "at-map-half-name", words()[side]);
    node.dataset.view = side;
    name.setAttribute("aria-hidden", "true");
    node.append(name, drawFigure(id, places(), side, words(), model.get("signs") ?? {}, createPlace));
    return node;
  }

  /**
   * Scroll until a place is seen. The shape itself will not do: not every browser scrolls to a
   * part of a drawing.
   * @param {string} key
   */
  function showPlace(key) {
    const place = drawn.get(key)?.path.getBoundingClientRect();
    if (!place?.width) return;
    const from = stage.getBoundingClientRect();
    mark.style.left = `${place.left - from.left + stage.scrollLeft}px`;
    mark.style.top = `${place.top - from.top + stage.scrollTop}px`;
    mark.style.width = `${place.width}px`;
    mark.style.height = `${place.height}px`;
    mark.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  }

  let frame = 0;
  function scheduleFit() {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(fit);
  }

  function fit() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    const width = el.getBoundingClientRect().width / rem;
    if (!width) return;
    const now = width >= WIDE_REM ? "wide" : width >= SMALL_REM ? "middle" : "small";
    tray.classList.toggle("at-map-column", width < TINY_REM);
    if (now !== size) {
      size = now;
      el.dataset.size = size;
      renderSides();
    }
    const height = model.get("reading") ? 0 : findHeight(stage, tray);
    if (height) el.style.setProperty("--at-map-height", `${height}px`);
    fitScale();
  }

  const observer = new ResizeObserver(scheduleFit);
  el.classList.add("at-map");
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's keys are not ours
  el.replaceChildren(set);
  const drawnFrom = ["title", "heading", "help", "note", "places", "brushes", "layers", "signs", "words", "reading", "has_list"];
  for (const name of drawnFrom) model.on(`change:${name}`, renderLabels);
  for (const name of ["marks", "disabled", "offers"]) model.on(`change:${name}`, renderMarks);
  for (const name of ["layer", "listed"]) model.on(`change:${name}`, renderMode);
  renderLabels();
  observer.observe(el);
  addEventListener("resize", scheduleFit);
  const disconnect = () => {
    observer.disconnect();
    removeEventListener("resize", scheduleFit);
  };
  signal?.addEventListener("abort", disconnect);
  return disconnect;
}
export default { render };
