// @ts-check
/**
 * Draws the hands for paper: `node drawings.js < STEPS > DRAWINGS`, which `python -m bench.drawings`
 * calls. The modules of the screen draw, into a document that only keeps what they say; here it
 * becomes paths of absolute numbers with plain colours, which a PDF takes as they are.
 */

import { readFileSync } from "node:fs";
import { ARM, TRUNK } from "../workbook/ui/widgets/shared/figure.js";

const FADES = 9; // steps of a gradient that fades
const ONE_PLACE = 10;

class Node {
  /** @param {string} tag */
  constructor(tag) {
    this.tag = tag;
    /** @type {Record<string, string>} */
    this.attributes = {};
    /** @type {Node[]} */
    this.children = [];
  }
  /** @param {string} name @param {any} value */
  setAttribute(name, value) {
    this.attributes[name] = String(value);
  }
  /** @param {Node[]} nodes */
  append(...nodes) {
    this.children = this.children.filter((each) => !nodes.includes(each));
    this.children.push(...nodes);
  }
  /** @param {Node} node @param {Node} before */
  insertBefore(node, before) {
    this.children.splice(this.children.indexOf(before), 0, node);
  }
}
Object.assign(globalThis, { document: { createElementNS: (/** @type {string} */ _namespace, /** @type {string} */ tag) => new Node(tag) } });
const { createHands } = await import("../workbook/ui/widgets/shared/hands/hands.js");

const look = `${import.meta.dirname}/../workbook/ui`;
const colours = readColours(readFileSync(`${look}/look/tokens.css`, "utf8"));
const HAND = mix([colours["--at-hand"], colours["--at-hand-lit"]]); // hand and arm have one colour: between plain ones an edge would show
const rules = readRules(readFileSync(`${look}/widgets/shared/hands/hands.css`, "utf8"));

/** Returns the light colours by name. @param {string} css */
function readColours(css) {
  return Object.fromEntries([...css.matchAll(/(--at-[\w-]+): var\(--at-light, (#\w{6})\)/g)].map(([, name, colour]) => [name, colour]));
}

/** Returns what each rule of classes says. @param {string} css */
function readRules(css) {
  const plain = css.replace(/\/\*.*?\*\//gs, "");
  return [...plain.matchAll(/([^{}]+)\{([^}]*)\}/g)].map(([, selector, body]) => ({
    parts: selector.trim().split(/\s+/).map((part) => part.slice(1).split(".")),
    says: Object.fromEntries(body.split(";").filter((each) => each.includes(":")).map((each) => each.split(":").map((one) => one.trim()))),
  }));
}

/** Returns what the rules say of a node. @param {string[][]} classes of the node and those round it, the node's last */
function findStyle(classes) {
  const own = classes.at(-1) ?? [];
  const holds = (/** @type {string[]} */ part, /** @type {string[]} */ names) => part.every((name) => names.includes(name));
  const found = rules.filter(({ parts }) =>
    holds(parts[parts.length - 1], own) && (parts.length < 2 || classes.slice(0, -1).some((each) => holds(parts[0], each))));
  return Object.assign({}, ...found.map(({ says }) => says));
}

/** @typedef {[number, number, number, number, number, number]} Matrix */
/** @param {Matrix} m @param {Matrix} n @returns {Matrix} */
const multiply = ([a, b, c, d, e, f], [g, h, i, j, k, l]) =>
  [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];

/** @param {string} said @returns {Matrix} */
function readTransform(said) {
  /** @type {Matrix} */
  let matrix = [1, 0, 0, 1, 0, 0];
  for (const [, name, inside] of said.matchAll(/(\w+)\(([^)]*)\)/g)) {
    const numbers = inside.split(/[\s,]+/).filter(Boolean).map(Number);
    const [x, y = name === "scale" ? x : 0] = numbers;
    if (name === "translate") matrix = multiply(matrix, [1, 0, 0, 1, x, y]);
    else if (name === "scale") matrix = multiply(matrix, [x, 0, 0, y, 0, 0]);
    else if (name === "rotate") {
      const [sin, cos] = [Math.sin((x * Math.PI) / 180), Math.cos((x * Math.PI) / 180)];
      const [, cx = 0, cy = 0] = numbers;
      matrix = multiply(multiply(multiply(matrix, [1, 0, 0, 1, cx, cy]), [cos, sin, -sin, cos, 0, 0]), [1, 0, 0, 1, -cx, -cy]);
    } else throw new Error(`unknown transform: ${name}`);
  }
  return matrix;
}

/** @typedef {(string | number)[]} Segment  M x y, L x y, C x y x y x y, or Z */

/** Returns a path in absolute lines and cubic curves. @param {string} d @returns {Segment[]} */
function readPath(d) {
  /** @type {Segment[]} */
  const all = [];
  let [x, y, startX, startY, handleX, handleY] = [0, 0, 0, 0, 0, 0];
  const line = (/** @type {number} */ u, /** @type {number} */ v) => (all.push(["L", u, v]), ([x, y] = [u, v]));
  const curve = (/** @type {number[]} */ [a, b, c, e, u, v]) => {
    all.push(["C", a, b, c, e, u, v]);
    [handleX, handleY, x, y] = [c, e, u, v];
  };
  const sizes = /** @type {Record<string, number>} */ ({ M: 2, L: 2, H: 1, V: 1, C: 6, S: 4, Q: 4, A: 7, Z: 0 });
  for (const [, letter, rest] of d.matchAll(/([MLHVCSQAZmlhvcsqaz])([^MLHVCSQAZmlhvcsqaz]*)/g)) {
    const command = letter.toUpperCase();
    const isRelative = letter !== command;
    const numbers = (rest.match(/-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?/g) ?? []).map(Number);
    const size = sizes[command];
    for (let i = 0; i < Math.max(1, numbers.length); i += size || 1) {
      const own = numbers.slice(i, i + size).map((each, j) => {
        if (!isRelative || (command === "A" && j < 5)) return each;
        return each + (command === "V" || (command !== "H" && (command === "A" ? j - 5 : j) % 2) ? y : x);
      });
      if (command === "Z") [x, y] = (all.push(["Z"]), [startX, startY]);
      else if (command === "M" && !i) [x, y, startX, startY] = (all.push(["M", own[0], own[1]]), [own[0], own[1], own[0], own[1]]);
      else if (command === "M" || command === "L") line(own[0], own[1]);
      else if (command === "H") line(own[0], y);
      else if (command === "V") line(x, own[0]);
      else if (command === "C") curve(own);
      else if (command === "S") curve([2 * x - handleX, 2 * y - handleY, ...own]);
      else if (command === "Q") {
        const [a, b, u, v] = own;
        curve([x + (2 * (a - x)) / 3, y + (2 * (b - y)) / 3, u + (2 * (a - u)) / 3, v + (2 * (b - v)) / 3, u, v]);
      } else for (const part of bendArc(x, y, own)) curve(part);
    }
  }
  return all;
}

/** Returns an arc as cubic curves (SVG 2, appendix B.2.4). @param {number} x @param {number} y @param {number[]} arc */
function bendArc(x, y, [rx, ry, turn, large, sweep, u, v]) {
  const [sin, cos] = [Math.sin((turn * Math.PI) / 180), Math.cos((turn * Math.PI) / 180)];
  const [px, py] = [(cos * (x - u) + sin * (y - v)) / 2, (cos * (y - v) - sin * (x - u)) / 2];
  const grown = Math.sqrt(Math.max(1, (px / rx) ** 2 + (py / ry) ** 2));
  const [a, b] = [rx * grown, ry * grown];
  const root = Math.sqrt(Math.max(0, (a * b) ** 2 / ((a * py) ** 2 + (b * px) ** 2 || 1) - 1)) * (large === sweep ? -1 : 1);
  const [qx, qy] = [(root * a * py) / b, (-root * b * px) / a];
  const [cx, cy] = [cos * qx - sin * qy + (x + u) / 2, sin * qx + cos * qy + (y + v) / 2];
  const from = Math.atan2((py - qy) / b, (px - qx) / a);
  let over = Math.atan2((-py - qy) / b, (-px - qx) / a) - from;
  if (sweep && over < 0) over += 2 * Math.PI;
  if (!sweep && over > 0) over -= 2 * Math.PI;
  const count = Math.max(1, Math.ceil(Math.abs(over) / (Math.PI / 2) - 1e-9));
  const pull = (4 / 3) * Math.tan(over / count / 4);
  const at = (/** @type {number} */ p, /** @type {number} */ q) => [cx + cos * a * p - sin * b * q, cy + sin * a * p + cos * b * q];
  return Array.from({ length: count }, (_each, i) => {
    const [s, e] = [from + (over * i) / count, from + (over * (i + 1)) / count];
    return [
      ...at(Math.cos(s) - pull * Math.sin(s), Math.sin(s) + pull * Math.cos(s)),
      ...at(Math.cos(e) + pull * Math.sin(e), Math.sin(e) - pull * Math.cos(e)),
      ...at(Math.cos(e), Math.sin(e)),
    ];
  });
}

/** @param {number} value */
const round = (value) => Math.round(value * ONE_PLACE) / ONE_PLACE || 0;

/** @param {number} value */
const roundFinely = (value) => Math.round(value * 100) / 100;

/** Returns a path moved to where it is, as text. @param {Segment[]} segments @param {Matrix} m */
function write(segments, [a, b, c, d, e, f]) {
  return segments.map(([command, ...numbers]) => {
    const points = [];
    for (let i = 0; i < numbers.length; i += 2) {
      const [x, y] = [Number(numbers[i]), Number(numbers[i + 1])];
      points.push(round(a * x + c * y + e), round(b * x + d * y + f));
    }
    return command + points.join(" ");
  }).join("");
}

/** Returns the outline of a node as a path. @param {Node} node */
function outline({ tag, attributes }) {
  const number = (/** @type {string} */ name) => Number(attributes[name] ?? 0);
  if (tag === "path") return attributes.d ?? "";
  if (tag === "circle") {
    const [cx, cy, r] = ["cx", "cy", "r"].map(number);
    return `M${cx - r} ${cy}A${r} ${r} 0 1 1 ${cx + r} ${cy}A${r} ${r} 0 1 1 ${cx - r} ${cy}Z`;
  }
  if (tag !== "rect") return "";
  const [x, y, width, height, r] = ["x", "y", "width", "height", "rx"].map(number);
  if (!r) return `M${x} ${y}h${width}v${height}h${-width}Z`;
  const arc = `a${r} ${r} 0 0 1`;
  return `M${x + r} ${y}h${width - 2 * r}${arc} ${r} ${r}v${height - 2 * r}${arc} ${-r} ${r}h${2 * r - width}${arc} ${-r} ${-r}v${2 * r - height}${arc} ${r} ${-r}Z`;
}

/** Returns a colour that is known; blank: none. @param {string | undefined} said */
function readColour(said) {
  if (!said || said === "none" || said.startsWith("url(")) return "";
  const name = /^var\((--[\w-]+)\)$/.exec(said)?.[1];
  const found = name ? colours[name] : said;
  if (!found || !/^#\w{6}$/.test(found)) throw new Error(`unknown colour: ${said}`);
  return found;
}

/**
 * @typedef {{ d: string, fill?: string, stroke?: string, width?: number, dash?: number[], round?: boolean,
 *   opacity?: number, clip?: string[] }} Shape
 *   `clip`: paths outside of which nothing is seen; `width` and `dash` in units of the drawing.
 */

/** Returns a drawing as shapes, from below to above. @param {Node} svg */
function flatten(svg) {
  /** @type {Map<string, Node>} */
  const named = new Map();
  const name = (/** @type {Node} */ node) => {
    if (node.attributes.id) named.set(node.attributes.id, node);
    node.children.forEach(name);
  };
  name(svg);
  /** @type {Shape[]} */
  const shapes = [];

  /** @param {Node} node @param {Matrix} outer @param {number} over opacity @param {string[]} clips @param {string[][]} round classes */
  function walk(node, outer, over, clips, round) {
    const { tag, attributes } = node;
    if (["defs", "clipPath", "linearGradient", "filter"].includes(tag) || attributes.filter) return; // a blur has no path
    const matrix = attributes.transform ? multiply(outer, readTransform(attributes.transform)) : outer;
    const classes = [...round, (attributes.class ?? "").split(" ").filter(Boolean)];
    const style = { ...attributes, ...findStyle(classes) };
    if (style.display === "none") return;
    const clip = named.get(/url\(#(.*)\)/.exec(attributes["clip-path"] ?? "")?.[1] ?? "");
    const within = clip ? [...clips, clipOf(clip, matrix)] : clips;
    const isHand = round.at(-1)?.includes("at-hand"); // what shines through would be drawn twice
    const opacity = over * (isHand ? 1 : Number(style.opacity ?? 1));
    const d = outline(node);
    if (d) draw(readPath(d), style, matrix, opacity, within);
    node.children.forEach((each) => walk(each, matrix, opacity, within, classes));
  }

  /** @param {Node} clip @param {Matrix} matrix */
  function clipOf(clip, matrix) {
    return clip.children.map((each) => {
      const own = each.attributes.transform ? multiply(matrix, readTransform(each.attributes.transform)) : matrix;
      return write(readPath(outline(each)), own);
    }).join("");
  }

  /** @param {Segment[]} segments @param {Record<string, string>} style @param {Matrix} matrix @param {number} opacity @param {string[]} clips */
  function draw(segments, style, matrix, opacity, clips) {
    const scale = Math.sqrt(Math.abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]));
    const gradient = [style.fill, style.stroke].map((each) => named.get(/^url\(#(.*)\)$/.exec(each ?? "")?.[1] ?? ""));
    const colour = gradient.map((each, i) => (each ? readGradient(each).colour : readColour(i ? style.stroke : (style.fill ?? ""))));
    const dash = (style["stroke-dasharray"] ?? "").split(/\s+/).filter(Boolean).map((each) => roundFinely(Number(each) * scale));
    /** @type {Shape} */
    const shape = {
      d: write(segments, matrix),
      ...(colour[0] && { fill: colour[0] }),
      ...(colour[1] && { stroke: colour[1], width: roundFinely(Number(style["stroke-width"] ?? 1) * scale) }),
      ...(dash.length && { dash }),
      ...(style["stroke-linecap"] === "round" && { round: true }),
      ...(clips.length && { clip: clips }),
    };
    if (!shape.fill && !shape.stroke) return;
    const fade = gradient.map((each) => each && readGradient(each)).find((each) => each && each.last === 0);
    if (!fade) {
      shapes.push({ ...shape, ...(opacity < 1 && { opacity: roundFinely(opacity) }) });
      return;
    }
    // Each step lies on the ones that reach further: bands side by side would show their edges.
    for (let i = FADES; i > 0; i -= 1) {
      const to = fade.from + ((fade.to - fade.from) * i) / FADES;
      const far = `M-90 -90L90 -90L90 ${to}L-90 ${to}Z`;
      const [here, below] = [i, i + 1].map((each) => Math.max(0, 1 - (each - 1) / FADES));
      const own = below < 1 ? 1 - (1 - here) / (1 - (i === FADES ? 0 : below)) : 1;
      shapes.push({ ...shape, clip: [...clips, write(readPath(far), matrix)], opacity: roundFinely(opacity * own) });
    }
  }

  walk(svg, [1, 0, 0, 1, 0, 0], 1, [], []);
  return shapes;
}

/** Returns the middle colour of a gradient, its last opacity, and from where to where it goes. @param {Node} node */
function readGradient({ attributes, children }) {
  const says = children.map((each) => each.attributes.style);
  const named = says.map((each) => readColour(/stop-color:(var\([^)]*\))/.exec(each)?.[1]));
  const last = Number(/stop-opacity:([\d.]+)/.exec(says.at(-1) ?? "")?.[1] ?? 1);
  return { colour: mix(named.map((each) => (each === colours["--at-hand"] || each === colours["--at-hand-lit"] ? HAND : each))), last, from: Number(attributes.y1), to: Number(attributes.y2) };
}

/** Returns the colour in the middle of some. @param {string[]} all */
function mix(all) {
  const parts = [1, 3, 5].map((at) => all.reduce((sum, each) => sum + parseInt(each.slice(at, at + 2), 16), 0) / all.length);
  return `#${parts.map((each) => Math.round(each).toString(16).padStart(2, "0").toUpperCase()).join("")}`;
}

/** @type {{ name: string, at: number, step: any }[]} */
const steps = JSON.parse(readFileSync(0, "utf8"));
const strokes = Object.fromEntries(steps.map(({ name, at, step }) => {
  const { svg, draw } = createHands(step);
  draw(at);
  const shapes = flatten(svg);
  const clips = [...new Set(shapes.flatMap(({ clip = [] }) => clip))]; // the same ones again and again
  const numbered = shapes.map(({ clip, ...rest }) => ({ ...rest, ...(clip && { clip: clip.map((each) => clips.indexOf(each)) }) }));
  return [name, { box: svg.attributes.viewBox.split(" ").map(Number), clips, shapes: numbered }];
}));
process.stdout.write(`${JSON.stringify({ figure: { trunk: write(readPath(TRUNK), [1, 0, 0, 1, 0, 0]), arm: write(readPath(ARM), [1, 0, 0, 1, 0, 0]) }, strokes })}\n`);
