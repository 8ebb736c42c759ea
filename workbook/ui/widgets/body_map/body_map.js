// @ts-check
/** A figure from the front and the back, to paint on or to read. */

import { createButton, createElement, createId, createSvg } from "../shared/dom.js";
import { ARM, ARROWS, findNeighbour, listSpots, paintPart, TRUNK, WINDOWS } from "./geometry.js";

/** @import { RenderProps } from "@anywidget/types" */
/** @import { Place, Spot } from "./geometry.js" */
/** @typedef {{key: string, label: string, look: string}} Brush */
/**
 * @typedef {{
 *   title: string, help: string, places: Place[], brushes: Brush[], marks: Record<string, string>,
 *   signs: Record<string, string>, words: Record<string, string>, reading: boolean, disabled: boolean,
 * }} Model
 */

const NARROW_PX = 560; // of width, below which one figure is shown at a time
const LOOKS = ["hatch", "dots", "light", "lines", "keepoff", "locked"];

/** @param {RenderProps<Model>} props */
function render({ model, el, signal }) {
  const id = createId("at-map-");
  const words = () => model.get("words") ?? {};
  const places = () => /** @type {Place[]} */ (model.get("places") ?? []);
  const brushes = () => /** @type {Brush[]} */ (model.get("brushes") ?? []);
  let brush = "";
  let both = true;
  /** @type {"front" | "back"} */
  let view = "back";
  let shown = "whole";
  let mirrored = false;
  let narrow = false;
  /** The spot that the Tab key reaches. */
  let current = "";
  /** @type {Map<string, {spot: Spot, node: any, path: any}>} */
  const drawn = new Map();

  const set = createElement("fieldset", "at-map-set");
  const legend = createElement("legend", "at-map-title");
  const help = createElement("p", "at-map-help");
  const tray = createElement("div", "at-map-brushes");
  const bar = createElement("div", "at-map-bar");
  const turn = createElement("div", "at-map-turn");
  const back = createButton("at-map-button");
  const stage = createElement("div", "at-map-stage");
  const line = createElement("p", "at-map-line");
  const ink = createSvg("svg", { class: "at-map-ink", "aria-hidden": "true" }); // patterns of a hidden figure are none
  line.setAttribute("aria-live", "polite");
  back.addEventListener("click", () => {
    showWindow("whole", false);
    drawn.get(current)?.node.focus({ preventScroll: true });
  });
  ink.append(createPatterns());
  set.append(ink, legend, help, tray, bar, stage, line);

  /** @param {string} name @param {string} value @param {string} label @param {(value: string) => void} choose */
  function createRadio(name, value, label, choose) {
    const node = createElement("label", "at-map-choice");
    const input = createElement("input", "at-map-input");
    input.type = "radio";
    input.name = `${id}-${name}`;
    input.value = value;
    input.addEventListener("change", () => choose(value));
    node.append(input, createElement("span", "", label));
    return { node, input };
  }

  function renderLabels() {
    const say = words();
    legend.textContent = model.get("title") ?? "";
    help.textContent = model.get("help") ?? "";
    help.hidden = !help.textContent;
    tray.replaceChildren(
      ...brushes().map((each) => {
        if (model.get("reading")) {
          const entry = createElement("span", "at-map-entry");
          entry.append(createSwatch(each.look), createElement("span", "", each.label));
          return entry;
        }
        const { node, input } = createRadio("brush", each.key, each.label, (value) => {
          brush = value;
          line.textContent = "";
        });
        input.checked = brush === each.key;
        node.prepend(createSwatch(each.look));
        return node;
      }),
    );
    tray.hidden = !brushes().length;
    bar.replaceChildren(turn, back);
    if (!model.get("reading") && places().some((place) => Object.keys(place.parts).length > 1)) {
      const node = createElement("label", "at-map-choice at-map-both");
      const input = createElement("input", "at-map-input");
      input.type = "checkbox";
      input.checked = both;
      input.addEventListener("change", () => (both = input.checked));
      node.append(input, createElement("span", "", say.both));
      bar.append(node);
    }
    turn.replaceChildren(
      ...["front", "back"].map((each) => {
        const { node, input } = createRadio("view", each, say[each], () => {
          view = /** @type {"front" | "back"} */ (each);
          showWindow("whole", false);
        });
        input.checked = view === each;
        return node;
      }),
    );
    back.textContent = say.whole;
    renderFigures();
  }

  /** @param {string} look */
  function createSwatch(look) {
    const svg = createSvg("svg", { viewBox: "0 0 20 20", class: "at-map-swatch", "aria-hidden": "true" });
    const square = createSvg("rect", { x: 1, y: 1, width: 18, height: 18, rx: 4, class: "at-map-area" });
    fillWith(square, look);
    svg.append(square);
    return svg;
  }

  /** @param {any} node @param {string} look */
  function fillWith(node, look) {
    node.dataset.look = look;
    node.style.fill = LOOKS.includes(look) ? `url(#${id}-${look})` : "";
  }

  /** Patterns, so that no mark is told by its colour alone. */
  function createPatterns() {
    const defs = createSvg("defs");
    const size = /** @type {Record<string, number>} */ ({ hatch: 4, dots: 4, light: 6, lines: 3, keepoff: 6, locked: 2.4 });
    for (const look of LOOKS) {
      const s = size[look];
      const turned = { hatch: -45, keepoff: 45, locked: 0, light: 90, lines: 90, dots: 0 }[look];
      const pattern = createSvg("pattern", {
        id: `${id}-${look}`, width: s, height: s, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${turned})`,
      });
      pattern.append(createSvg("rect", { width: s, height: s, class: `at-map-under at-map-${look}` }));
      if (look === "dots") pattern.append(createSvg("circle", { cx: s / 2, cy: s / 2, r: 1, class: `at-map-over at-map-${look}` }));
      else pattern.append(createSvg("rect", { width: { hatch: 1.3, locked: 1 }[look] ?? 1.1, height: s, class: `at-map-over at-map-${look}` }));
      if (look === "keepoff") pattern.append(createSvg("rect", { width: s, height: 1.1, class: `at-map-over at-map-${look}` }));
      defs.append(pattern);
    }
    return defs;
  }

  /** @param {"front" | "back"} side */
  function createFigure(side) {
    const svg = createSvg("svg", { class: "at-map-figure", role: "group", "aria-label": words()[side] ?? "" });
    svg.dataset.view = side;
    const defs = createSvg("defs");
    for (const [name, path] of [["trunk", TRUNK], ["arm", ARM]]) {
      const clip = createSvg("clipPath", { id: `${id}-${side}-${name}` });
      clip.append(createSvg("path", { d: path }), createSvg("path", { d: path, transform: "scale(-1 1)" }));
      defs.append(clip);
    }
    svg.append(defs);
    const all = listSpots(places(), side);
    for (const cut of ["trunk", "arm"]) {
      const path = cut === "trunk" ? TRUNK : ARM;
      // The outline of both halves first, then both without it: no line down the middle.
      for (const name of ["at-map-outline", "at-map-body"]) {
        for (const transform of ["", "scale(-1 1)"]) svg.append(createSvg("path", { d: path, transform, class: name }));
      }
      for (const spot of all.filter((each) => each.place.outline.figure === cut)) svg.append(createPlace(spot));
    }
    svg.append(createSvg("path", { class: "at-map-ring" }));
    for (const [x, name] of [[-79, side === "front" ? "right" : "left"], [79, side === "front" ? "left" : "right"]]) {
      const text = createSvg("text", { x, y: 312, class: "at-map-side", "aria-hidden": "true" });
      text.textContent = words()[String(name)] ?? "";
      svg.append(text);
    }
    return svg;
  }

  /** @param {Spot} spot */
  function createPlace(spot) {
    const { place, part, view: side } = spot;
    const node = createSvg("g", { class: "at-map-place", role: "button", tabindex: -1, "clip-path": `url(#${id}-${side}-${place.outline.figure})` });
    const path = createSvg("path", { d: place.outline[side], class: "at-map-area" });
    if (spot.mirrored) path.setAttribute("transform", "scale(-1 1)");
    node.append(path);
    const sign = (model.get("signs") ?? {})[part];
    if (sign) {
      const text = createSvg("text", { x: spot.x, y: spot.y + 4, class: "at-map-sign", "aria-hidden": "true" });
      text.textContent = sign;
      node.append(text);
    }
    node.dataset.part = part;
    node.addEventListener("click", () => onTap(spot));
    node.addEventListener("focus", () => {
      setTabStop(spot.key);
      showFocusRing(node, path);
    });
    node.addEventListener("blur", () => showFocusRing(node, null));
    node.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => onKeyDown(event, spot));
    drawn.set(spot.key, { spot, node, path });
    return node;
  }

  /** A line round what has the focus, above all its neighbours. @param {any} node @param {any} path */
  function showFocusRing(node, path) {
    const ring = node.ownerSVGElement?.querySelector(".at-map-ring");
    if (!ring) return;
    ring.setAttribute("d", path && node.matches(":focus-visible") ? path.getAttribute("d") : "");
    ring.setAttribute("transform", path?.getAttribute("transform") ?? "");
    ring.setAttribute("clip-path", node.getAttribute("clip-path"));
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
      const across = { front: "ArrowRight", back: "ArrowLeft" }[spot.view] === event.key && !narrow;
      const near = all.filter((each) => each.view === spot.view);
      const far = all.filter((each) => across && each.view !== spot.view);
      const level = far.sort((a, b) => Math.abs(a.y - spot.y) - Math.abs(b.y - spot.y))[0];
      const to = findNeighbour(near, spot, event.key) ?? level;
      if (to) drawn.get(to.key)?.node.focus();
    }
  }

  /** A finger on the whole figure comes closer first; it could not tell the places apart. @param {Spot} spot */
  function onTap(spot) {
    if (narrow && shown === "whole") {
      showWindow(spot.place.outline.window, spot.mirrored);
      drawn.get(spot.key)?.node.focus({ preventScroll: true });
      line.textContent = describeSpot(spot);
      tray.scrollIntoView({ block: "start", behavior: "instant" });
    } else markSpot(spot);
  }

  /** @param {Spot} spot */
  function markSpot(spot) {
    const { place, part } = spot;
    if (place.shut || model.get("reading")) line.textContent = describeSpot(spot);
    else if (model.get("disabled")) return;
    else if (!brush) line.textContent = [describeSpot(spot), words().choose].join(" ");
    else {
      model.set("marks", paintPart(model.get("marks") ?? {}, place, part, brush, both));
      model.save_changes();
      line.textContent = describeSpot(spot);
    }
  }

  /** A place with its state, and what to know about it. @param {Spot} spot */
  function describeSpot(spot) {
    return [`${nameSpot(spot)}.`, spot.place.note].filter(Boolean).join(" ");
  }

  /** @param {Spot} spot */
  function nameSpot({ place, part }) {
    const mark = (model.get("marks") ?? {})[part];
    const state = place.shut
      ? words()[place.shut]
      : (brushes().find((each) => each.key === mark)?.label ?? (model.get("reading") ? "" : words().blank));
    const sign = (model.get("signs") ?? {})[part];
    const number = sign ? (words().sign ?? "").replace("{n}", sign) : "";
    return [place.parts[part], [state, number].filter(Boolean).join(", ")].filter(Boolean).join(": ");
  }

  function renderMarks() {
    const marks = model.get("marks") ?? {};
    for (const { spot, node, path } of drawn.values()) {
      const look = brushes().find((each) => each.key === marks[spot.part])?.look;
      fillWith(path, spot.place.shut ?? look ?? "");
      node.setAttribute("aria-label", nameSpot(spot));
    }
    set.disabled = Boolean(model.get("disabled"));
  }

  /** @param {string} window_ @param {boolean} other the mirror image of it */
  function showWindow(window_, other) {
    shown = window_;
    mirrored = other;
    renderWindow();
  }

  function renderWindow() {
    if (!narrow) shown = "whole";
    turn.hidden = !narrow;
    back.hidden = shown === "whole";
    const [x, y, width, height] = WINDOWS[shown];
    const box = [mirrored && shown !== "whole" ? -x - width : x, y, width, height].join(" ");
    for (const svg of stage.children) {
      svg.setAttribute("viewBox", box);
      svg.toggleAttribute("hidden", narrow && svg.dataset.view !== view);
    }
    stage.dataset.window = shown;
  }

  function renderFigures() {
    const was = drawn.get(current)?.node === document.activeElement;
    drawn.clear();
    stage.replaceChildren(createFigure("front"), createFigure("back"));
    renderMarks();
    renderWindow();
    const first = [...drawn.keys()];
    setTabStop(drawn.has(current) ? current : (first.find((key) => key.startsWith(view)) ?? first[0]));
    if (was) drawn.get(current)?.node.focus({ preventScroll: true });
  }

  const observer = new ResizeObserver(([entry]) => {
    const now = entry.contentRect.width < NARROW_PX;
    if (now === narrow || !entry.contentRect.width) return;
    narrow = now;
    showWindow("whole", false);
  });

  el.classList.add("at-map");
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's keys are not ours
  el.replaceChildren(set);
  for (const name of ["title", "help", "places", "brushes", "signs", "words", "reading"]) model.on(`change:${name}`, renderLabels);
  for (const name of ["marks", "disabled"]) model.on(`change:${name}`, renderMarks);
  renderLabels();
  observer.observe(el);
  const disconnect = () => observer.disconnect();
  signal?.addEventListener("abort", disconnect);
  return disconnect;
}
export default { render };
