/** @import { RenderProps } from "@anywidget/types" */
/** @typedef {{key: string, parts: Record<string, string>, note?: string, shut?: string}} Place */
/** @typedef {{key: string, label: string, look: string}} Brush */
/**
 * @typedef {{
 *   title: string, help: string, places: Place[], brushes: Brush[], marks: Record<string, string>,
 *   signs: Record<string, string>, words: Record<string, string>, reading: boolean, disabled: boolean,
 * }} Model
 */

/* ---- The figure: half of it, since the other half is its mirror image ---- */

const TRUNK =
  "M0 12C11.5 12 19.6 21 19.6 35C19.6 40 19.2 44.5 18.2 49C16.8 57 13.5 66 9.8 70.5C9.6 74.5 9.9 77.8 12 80.6C17 86.4 30 89.6 38.5 93.4C45 96.3 48.6 101.5 49.6 108L43.4 127C42.6 139 40.4 152 37.4 165C35.4 174 33.8 182 33.9 190C34.4 201 38.6 210 40.8 222C42.6 233 43.2 246 42.9 259C42.5 282 39.4 304 36.4 324C35 334 34.6 342 35.2 351C36 360 37 369 36.6 380C35.9 397 31.8 417 29.4 434C28.6 441 28.4 446 29.4 451C31.6 457 35.6 461.5 37 466C38 469.6 36.2 472 32.4 472L18.6 472C15.4 472 13.6 469.4 13.8 465.6C14.2 459 15 453 15 446.6C15 435 12.6 421 11 407C9.4 393 9.2 380 9.9 367C10.4 357 10 348 9.1 338C7.2 316 4.6 290 2.6 264C2 258.6 1 256.4 0 256.4Z";
const ARM =
  "M38 93C48 95.4 56 103 58.4 116C60.4 128 60.8 141 62.8 154C64.4 164 66.6 173 68.2 183C70.4 197 71 214 73 230C74 238 75.4 243.6 77.6 250C80.4 258 82.2 266 81.6 275C81.2 281 79.8 287.6 77.4 292.4C75.6 296 72 296.2 70.6 292.4C69.6 289.4 69.2 285 68.4 281C67.6 283.4 66.6 285 65 284.8C62.6 284.4 62.6 279 63 273.6C63.4 266.6 64.6 258.6 64.4 251C64 243 61.4 234.6 59 226C55.6 213 53 200 51.6 187C50.4 174 48.4 161 46.4 148C45 139 43.6 132 43.4 126L38 112Z";

/**
 * The places, each cut out of the figure by its outline: of two sides the one to the right of
 * the drawing, of the middle the whole.
 * @type {Record<string, {cut: "trunk" | "arm", window: string, front?: string, back?: string, whole?: boolean}>}
 */
const SHAPES = {
  scalp: { cut: "trunk", whole: true, window: "head", front: "M-24 8L24 8L20 27.6C13 24.6 6 23.6 0 23.6C-6 23.6 -13 24.6 -20 27.6Z", back: "M-24 8L24 8L20 62C12 67 -12 67 -20 62Z" },
  face: { cut: "trunk", whole: true, window: "head", front: "M-22 28.4C-13 24.6 -6 23.6 0 23.6C6 23.6 13 24.6 22 28.4L21 45L0 47.6L-21 45Z" },
  jaw: { cut: "trunk", window: "head", front: "M0 47.6L20.6 45L19 60L10 71L0 73Z" },
  eyes: { cut: "trunk", window: "head", front: "M2.6 44.2C4.4 40.8 13 40 15.8 43.4C13.6 47.8 5.6 48.6 2.6 44.2Z" },
  throat: { cut: "trunk", window: "shoulders", front: "M0 68.4C4 71.4 7 71.8 11 70L11.4 80C10.6 84 8 88 4.6 91.2L0 92.6Z" },
  nape: { cut: "trunk", whole: true, window: "shoulders", back: "M-18 62.8C-11 66.6 11 66.6 18 62.8L12 72L9.4 79L5 88.4C2 90 -2 90 -5 88.4L-9.4 79L-12 72Z" },
  shoulder_tops: { cut: "trunk", window: "shoulders", front: "M9.6 74C10.4 80 14 83 20 85.6C30 89.8 40 91.6 46 98L43 106C38 99.6 27 97.6 18 93.6C13.4 91.4 10.6 88 9.4 84Z", back: "M9.6 74C10.4 80 14 83 20 85.6C30 89.8 40 91.6 46 98L43.6 108C36 102 24 99.4 15 97C10.6 95.6 7 92.6 5 88.4L9 80Z" },
  collarbone: { cut: "trunk", window: "shoulders", front: "M9.4 84C10.6 88 13.4 91.4 18 93.6C25 96.8 33 98 39 101.4C30 101 14 98.4 4.6 91.2C7 89 8.6 86.6 9.4 84Z" },
  upper_chest: { cut: "trunk", window: "shoulders", front: "M0 92.6L4.6 91.2C14 98.4 30 101 39 101.4L43 106L43.6 121C36 123.4 16 124 0 122Z" },
  breast: { cut: "trunk", window: "trunk", front: "M0 122C16 124 36 123.4 43.6 121L44 130L41 150C30 157.4 12 157 0 149.6Z" },
  belly: { cut: "trunk", whole: true, window: "trunk", front: "M0 149.6C12 157 30 157.4 41 150L36 190L40.8 214C32 220 26 224.6 22.6 229.4C16 226.6 8 225.4 0 225.4C-8 225.4 -16 226.6 -22.6 229.4C-26 224.6 -32 220 -40.8 214L-36 190L-41 150C-30 157.4 -12 157 0 149.6Z" },
  spine: { cut: "trunk", whole: true, window: "trunk", back: "M-5 88.4C-2 90 2 90 5 88.4L5 210.4L-5 210.4Z" },
  shoulder_blades: { cut: "trunk", window: "shoulders", back: "M5 88.4C7 92.6 10.6 95.6 15 97C24 99.4 36 102 43.6 108L45 120L41.6 136C30 141.6 16 142.6 5 140.6Z" },
  mid_back: { cut: "trunk", window: "trunk", back: "M5 140.6C12 142 18.6 141.8 24.4 140.8C24 154 23.2 168 22.4 181.6C16.6 183.8 10.6 184.2 5 183.6Z" },
  flanks: { cut: "trunk", window: "trunk", back: "M24.4 140.8C30.6 139.8 36.4 138.4 43 135.4L38 190C32.6 190.6 27.4 187.4 22.4 181.6C23.2 168 24 154 24.4 140.8Z" },
  low_back: { cut: "trunk", window: "trunk", back: "M5 183.6C10.6 184.2 16.6 183.8 22.4 181.6C27.4 187.4 32.6 190.6 37.6 189.6L38 206C30 210.4 22 211 14.4 210.4C11 210.6 8 210.4 5 210.4Z" },
  sacrum: { cut: "trunk", whole: true, window: "hips", back: "M-14.4 210.4L14.4 210.4C12.6 219 9.6 227 6.4 234.6C2.6 238 -2.6 238 -6.4 234.6C-9.6 227 -12.6 219 -14.4 210.4Z" },
  buttocks: { cut: "trunk", window: "hips", back: "M14.4 210.4C22 211 30 210.4 37.4 206L46 222L45.6 256C36 266.4 16 268 4 261.6C4.4 249 5.4 240 6.4 234.6C9.6 227 12.6 219 14.4 210.4Z" },
  private: { cut: "trunk", whole: true, window: "hips", front: "M0 225.4C8 225.4 16 226.6 22.6 229.4C16.6 238 12.6 250 11.6 262C11.2 278 11.2 300 12 321L6 317L-6 317L-12 321C-11.2 300 -11.2 278 -11.6 262C-12.6 250 -16.6 238 -22.6 229.4C-16 226.6 -8 225.4 0 225.4Z", back: "M-6.4 234.6C-2.6 238 2.6 238 6.4 234.6C5.4 240 4.4 249 4 261.6L6.6 262.6L7.6 320L-7.6 320L-6.6 262.6L-4 261.6C-4.4 249 -5.4 240 -6.4 234.6Z" },
  thigh_front: { cut: "trunk", window: "thighs", front: "M40.4 214C32 220 26 224.6 22.6 229.4C16.6 238 12.6 250 11.6 262C11.2 278 11.2 300 12 321C20 327.6 30 327.6 40 321L46 250Z" },
  thigh_back: { cut: "trunk", window: "thighs", back: "M6.6 262.6C18 267.6 36 266.4 45.6 256L44 300L38 334C29 338.6 18 338.6 8 334Z" },
  knee_back: { cut: "trunk", window: "legs", back: "M6 333.2C18 338.8 29 338.6 40 333L40 355.6C30 352.4 18 352.4 6 355.6Z" },
  knee_shin: { cut: "trunk", window: "legs", front: "M6 318L12 321C20 327.6 30 327.6 40 321L42 380L32 441C26 444.6 18 444.6 11 441L6 380Z" },
  calves: { cut: "trunk", window: "legs", back: "M6 355.6C18 352.4 30 352.4 41 355.6L40 400L32 431C26 433.6 18 433.6 10 431Z" },
  feet: { cut: "trunk", window: "legs", front: "M10 441C18 444.6 26 444.6 34 441L44 474L8 474Z", back: "M8 430.4C18 433.6 26 433.6 34 430.4L44 474L8 474Z" },
  upper_arm: { cut: "arm", window: "arm", front: "M34 88L64 92L68 166C64 169.6 60.6 170.6 57.6 170.4C56.6 152 54 134 49 121C46.6 115 42 109 36 105Z" },
  armpit: { cut: "arm", window: "arm", front: "M36 105C42 109 46.6 115 49 121C54 134 56.6 152 57.6 170.4C54 170.4 50.6 169.4 47.6 167.4L40 124Z" },
  elbow_inner: { cut: "arm", window: "arm", front: "M46 166.6C53 171.4 62 171.2 69 165L72 189.6C65 193.6 57.4 194 49 191.4Z" },
  forearm: { cut: "arm", window: "hand", front: "M49 191.4C57.4 194 65 193.6 72.6 189.2L80 246.4C74 249.8 67 250.4 58 248.6Z" },
  hands: { cut: "arm", window: "hand", front: "M58 248.6C67 250.4 74 249.8 80.4 246L90 300L56 300Z" },
};
for (const shape of Object.values(SHAPES)) if (shape.cut === "arm") shape.back = shape.front;

const WHOLE = [-90, 4, 180, 476];
/** What a small screen shows at a time, large enough for a thumb: x, y, width, height. */
/** @type {Record<string, number[]>} */
const WINDOWS = {
  whole: WHOLE, head: [-33, 6, 66, 72], shoulders: [-52, 62, 104, 84], trunk: [-48, 116, 96, 112],
  hips: [-48, 200, 96, 74], thighs: [-48, 210, 96, 134], legs: [-48, 314, 96, 164],
  arm: [32, 86, 60, 112], hand: [38, 184, 60, 118],
};
const SVG = "http://www.w3.org/2000/svg";
const NARROW = 560; // px of width, below which one figure is shown at a time
const LOOKS = ["hatch", "dots", "light", "lines", "keepoff", "locked"];

/** @typedef {{key: string, place: Place, part: string, view: string, mirrored: boolean, x: number, y: number}} Spot */

/**
 * Every place of one side of the drawing, with its middle. Seen from the front, our right is
 * the figure's left. A part that stands for both sides is there twice.
 * @param {Place[]} places @param {"front" | "back"} view @returns {Spot[]}
 */
export function spots(places, view) {
  return places.flatMap((place) => {
    const shape = SHAPES[place.key];
    const path = shape?.[view];
    if (!path) return [];
    const [x, y] = middle(path);
    return Object.keys(place.parts).flatMap((part) => {
      const side = part.slice(place.key.length + 1);
      const sides = shape.whole ? [""] : side ? [side] : ["left", "right"];
      return sides.map((each) => {
        const mirrored = each !== "" && (each === "left") === (view === "back");
        return { key: `${view}:${part}:${each}`, place, part, view, mirrored, x: mirrored ? -x : x, y };
      });
    });
  });
}

/** @param {string} path */
function middle(path) {
  const numbers = (path.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
  const half = numbers.length / 2;
  const sum = (/** @type {number} */ at) => numbers.filter((_each, i) => i % 2 === at).reduce((a, b) => a + b, 0);
  return [sum(0) / half, sum(1) / half];
}

const ARROWS = /** @type {Record<string, number[]>} */ ({
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
});

/**
 * The nearest spot in a direction; what lies straight ahead counts as nearer.
 * @param {Spot[]} all @param {Spot} from @param {string} arrow @returns {Spot | undefined}
 */
export function neighbour(all, from, arrow) {
  const [dx, dy] = ARROWS[arrow];
  const ahead = all
    .map((spot) => ({ spot, x: spot.x - from.x, y: spot.y - from.y }))
    .map(({ spot, x, y }) => ({ spot, on: x * dx + y * dy, off: Math.abs(x * dy) + Math.abs(y * dx) }))
    .filter(({ on, off }) => on > 0.5 && off <= 2.5 * on);
  return ahead.sort((a, b) => a.on + 2 * a.off - (b.on + 2 * b.off))[0]?.spot;
}

/**
 * The marks after a part was painted; painted with what it has, it is blank again.
 * @param {Record<string, string>} marks @param {Place} place @param {string} part
 * @param {string} brush @param {boolean} both @returns {Record<string, string>}
 */
export function painted(marks, place, part, brush, both) {
  const parts = both ? Object.keys(place.parts) : [part];
  const clear = parts.every((each) => marks[each] === brush);
  const after = { ...marks };
  for (const each of parts) {
    if (clear) delete after[each];
    else after[each] = brush;
  }
  return after;
}

/** @param {string} tag @param {string} [name] @param {string} [text] @returns {any} */
function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text) node.textContent = text;
  return node;
}

/** @param {string} tag @param {Record<string, string | number>} [given] @returns {any} */
function draw(tag, given = {}) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) node.setAttribute(name, String(value));
  return node;
}

/** @param {RenderProps<Model>} props */
function render({ model, el, signal }) {
  const id = `at-map-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
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

  const set = make("fieldset", "at-map-set");
  const legend = make("legend", "at-map-title");
  const help = make("p", "at-map-help");
  const tray = make("div", "at-map-brushes");
  const bar = make("div", "at-map-bar");
  const turn = make("div", "at-map-turn");
  const back = make("button", "at-map-button");
  const stage = make("div", "at-map-stage");
  const line = make("p", "at-map-line");
  const ink = draw("svg", { class: "at-map-ink", "aria-hidden": "true" }); // patterns of a hidden figure are none
  line.setAttribute("aria-live", "polite");
  back.type = "button";
  back.addEventListener("click", () => {
    show("whole", false);
    drawn.get(current)?.node.focus({ preventScroll: true });
  });
  ink.append(patterns());
  set.append(ink, legend, help, tray, bar, stage, line);

  /** @param {string} name @param {string} value @param {string} label @param {(value: string) => void} choose */
  function radio(name, value, label, choose) {
    const node = make("label", "at-map-choice");
    const input = make("input", "at-map-input");
    input.type = "radio";
    input.name = `${id}-${name}`;
    input.value = value;
    input.addEventListener("change", () => choose(value));
    node.append(input, make("span", "", label));
    return { node, input };
  }

  function dress() {
    const say = words();
    legend.textContent = model.get("title") ?? "";
    help.textContent = model.get("help") ?? "";
    help.hidden = !help.textContent;
    tray.replaceChildren(
      ...brushes().map((each) => {
        if (model.get("reading")) {
          const entry = make("span", "at-map-entry");
          entry.append(swatch(each.look), make("span", "", each.label));
          return entry;
        }
        const { node, input } = radio("brush", each.key, each.label, (value) => {
          brush = value;
          line.textContent = "";
        });
        input.checked = brush === each.key;
        node.prepend(swatch(each.look));
        return node;
      }),
    );
    tray.hidden = !brushes().length;
    bar.replaceChildren(turn, back);
    if (!model.get("reading") && places().some((place) => Object.keys(place.parts).length > 1)) {
      const node = make("label", "at-map-choice at-map-both");
      const input = make("input", "at-map-input");
      input.type = "checkbox";
      input.checked = both;
      input.addEventListener("change", () => (both = input.checked));
      node.append(input, make("span", "", say.both));
      bar.append(node);
    }
    turn.replaceChildren(
      ...["front", "back"].map((each) => {
        const { node, input } = radio("view", each, say[each], () => {
          view = /** @type {"front" | "back"} */ (each);
          show("whole", false);
        });
        input.checked = view === each;
        return node;
      }),
    );
    back.textContent = say.whole;
    build();
  }

  /** @param {string} look */
  function swatch(look) {
    const svg = draw("svg", { viewBox: "0 0 20 20", class: "at-map-swatch", "aria-hidden": "true" });
    const square = draw("rect", { x: 1, y: 1, width: 18, height: 18, rx: 4, class: "at-map-area" });
    paintOver(square, look);
    svg.append(square);
    return svg;
  }

  /** @param {any} node @param {string} look */
  function paintOver(node, look) {
    node.dataset.look = look;
    node.style.fill = LOOKS.includes(look) ? `url(#${id}-${look})` : "";
  }

  /** Patterns, so that no mark is told by its colour alone. */
  function patterns() {
    const defs = draw("defs");
    const size = /** @type {Record<string, number>} */ ({ hatch: 4, dots: 4, light: 6, lines: 3, keepoff: 6, locked: 2.4 });
    for (const look of LOOKS) {
      const s = size[look];
      const turned = { hatch: -45, keepoff: 45, locked: 0, light: 90, lines: 90, dots: 0 }[look];
      const pattern = draw("pattern", {
        id: `${id}-${look}`, width: s, height: s, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${turned})`,
      });
      pattern.append(draw("rect", { width: s, height: s, class: `at-map-under at-map-${look}` }));
      if (look === "dots") pattern.append(draw("circle", { cx: s / 2, cy: s / 2, r: 1, class: `at-map-over at-map-${look}` }));
      else pattern.append(draw("rect", { width: { hatch: 1.3, locked: 1 }[look] ?? 1.1, height: s, class: `at-map-over at-map-${look}` }));
      if (look === "keepoff") pattern.append(draw("rect", { width: s, height: 1.1, class: `at-map-over at-map-${look}` }));
      defs.append(pattern);
    }
    return defs;
  }

  /** @param {"front" | "back"} side */
  function figure(side) {
    const svg = draw("svg", { class: "at-map-figure", role: "group", "aria-label": words()[side] ?? "" });
    svg.dataset.view = side;
    const defs = draw("defs");
    for (const [name, path] of [["trunk", TRUNK], ["arm", ARM]]) {
      const clip = draw("clipPath", { id: `${id}-${side}-${name}` });
      clip.append(draw("path", { d: path }), draw("path", { d: path, transform: "scale(-1 1)" }));
      defs.append(clip);
    }
    svg.append(defs);
    const all = spots(places(), side);
    for (const cut of ["trunk", "arm"]) {
      const path = cut === "trunk" ? TRUNK : ARM;
      // The outline of both halves first, then both without it: no line down the middle.
      for (const name of ["at-map-outline", "at-map-body"]) {
        for (const transform of ["", "scale(-1 1)"]) svg.append(draw("path", { d: path, transform, class: name }));
      }
      for (const spot of all.filter((each) => SHAPES[each.place.key].cut === cut)) svg.append(area(spot));
    }
    svg.append(draw("path", { class: "at-map-ring" }));
    for (const [x, name] of [[-79, side === "front" ? "right" : "left"], [79, side === "front" ? "left" : "right"]]) {
      const text = draw("text", { x, y: 312, class: "at-map-side", "aria-hidden": "true" });
      text.textContent = words()[String(name)] ?? "";
      svg.append(text);
    }
    return svg;
  }

  /** @param {Spot} spot */
  function area(spot) {
    const { place, part, view: side } = spot;
    const shape = SHAPES[place.key];
    const node = draw("g", { class: "at-map-place", role: "button", tabindex: -1, "clip-path": `url(#${id}-${side}-${shape.cut})` });
    const path = draw("path", { d: shape[/** @type {"front"} */ (side)] ?? "", class: "at-map-area" });
    if (spot.mirrored) path.setAttribute("transform", "scale(-1 1)");
    node.append(path);
    const sign = (model.get("signs") ?? {})[part];
    if (sign) {
      const text = draw("text", { x: spot.x, y: spot.y + 4, class: "at-map-sign", "aria-hidden": "true" });
      text.textContent = sign;
      node.append(text);
    }
    node.dataset.part = part;
    node.addEventListener("click", () => tapped(spot));
    node.addEventListener("focus", () => {
      reach(spot.key);
      encircle(node, path);
    });
    node.addEventListener("blur", () => encircle(node, null));
    node.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => keyed(event, spot));
    drawn.set(spot.key, { spot, node, path });
    return node;
  }

  /** A line round what has the focus, above all its neighbours. @param {any} node @param {any} path */
  function encircle(node, path) {
    const ring = node.ownerSVGElement?.querySelector(".at-map-ring");
    if (!ring) return;
    ring.setAttribute("d", path && node.matches(":focus-visible") ? path.getAttribute("d") : "");
    ring.setAttribute("transform", path?.getAttribute("transform") ?? "");
    ring.setAttribute("clip-path", node.getAttribute("clip-path"));
  }

  /** Let the Tab key lead to this one. @param {string} key */
  function reach(key) {
    drawn.get(current)?.node.setAttribute("tabindex", "-1");
    current = key;
    drawn.get(key)?.node.setAttribute("tabindex", "0");
  }

  /** @param {KeyboardEvent} event @param {Spot} spot */
  function keyed(event, spot) {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (!event.repeat) paint(spot);
    } else if (event.key in ARROWS) {
      event.preventDefault();
      const all = [...drawn.values()].map((each) => each.spot);
      const across = { front: "ArrowRight", back: "ArrowLeft" }[spot.view] === event.key && !narrow;
      const near = all.filter((each) => each.view === spot.view);
      const far = all.filter((each) => across && each.view !== spot.view);
      const level = far.sort((a, b) => Math.abs(a.y - spot.y) - Math.abs(b.y - spot.y))[0];
      const to = neighbour(near, spot, event.key) ?? level;
      if (to) drawn.get(to.key)?.node.focus();
    }
  }

  /** A finger on the whole figure comes closer first; it could not tell the places apart. @param {Spot} spot */
  function tapped(spot) {
    if (narrow && shown === "whole") {
      show(SHAPES[spot.place.key].window, spot.mirrored);
      drawn.get(spot.key)?.node.focus({ preventScroll: true });
      line.textContent = told(spot);
      tray.scrollIntoView({ block: "start", behavior: "instant" });
    } else paint(spot);
  }

  /** @param {Spot} spot */
  function paint(spot) {
    const { place, part } = spot;
    if (place.shut || model.get("reading")) line.textContent = told(spot);
    else if (model.get("disabled")) return;
    else if (!brush) line.textContent = [told(spot), words().choose].join(" ");
    else {
      model.set("marks", painted(model.get("marks") ?? {}, place, part, brush, both));
      model.save_changes();
      line.textContent = told(spot);
    }
  }

  /** A place with its state, and what to know about it. @param {Spot} spot */
  function told(spot) {
    return [`${named(spot)}.`, spot.place.note].filter(Boolean).join(" ");
  }

  /** @param {Spot} spot */
  function named({ place, part }) {
    const mark = (model.get("marks") ?? {})[part];
    const state = place.shut
      ? words()[place.shut]
      : (brushes().find((each) => each.key === mark)?.label ?? (model.get("reading") ? "" : words().blank));
    const sign = (model.get("signs") ?? {})[part];
    const number = sign ? (words().sign ?? "").replace("{n}", sign) : "";
    return [place.parts[part], [state, number].filter(Boolean).join(", ")].filter(Boolean).join(": ");
  }

  function refresh() {
    const marks = model.get("marks") ?? {};
    for (const { spot, node, path } of drawn.values()) {
      const look = brushes().find((each) => each.key === marks[spot.part])?.look;
      paintOver(path, spot.place.shut ?? look ?? "");
      node.setAttribute("aria-label", named(spot));
    }
    set.disabled = Boolean(model.get("disabled"));
  }

  /** @param {string} window_ @param {boolean} other the mirror image of it */
  function show(window_, other) {
    shown = window_;
    mirrored = other;
    layout();
  }

  function layout() {
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

  function build() {
    const was = drawn.get(current)?.node === document.activeElement;
    drawn.clear();
    stage.replaceChildren(figure("front"), figure("back"));
    refresh();
    layout();
    const first = [...drawn.keys()];
    reach(drawn.has(current) ? current : (first.find((key) => key.startsWith(view)) ?? first[0]));
    if (was) drawn.get(current)?.node.focus({ preventScroll: true });
  }

  const watch = new ResizeObserver(([entry]) => {
    const now = entry.contentRect.width < NARROW;
    if (now === narrow || !entry.contentRect.width) return;
    narrow = now;
    show("whole", false);
  });

  el.classList.add("at-map");
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's keys are not ours
  el.replaceChildren(set);
  for (const name of ["title", "help", "places", "brushes", "signs", "words", "reading"]) model.on(`change:${name}`, dress);
  for (const name of ["marks", "disabled"]) model.on(`change:${name}`, refresh);
  dress();
  watch.observe(el);
  const over = () => watch.disconnect();
  signal?.addEventListener("abort", over);
  return over;
}
export default { render };
