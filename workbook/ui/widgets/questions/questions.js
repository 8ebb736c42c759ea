// @ts-check
/** Draws questions from their descriptions, and keeps the answers. */

import { createElement, createId, fillTemplate, setText } from "../shared/dom.js";
import { isAsked, isChosen, listChosen, listOptions, pruneAnswers, toggleOption } from "./answers.js";

/** @import { RenderProps } from "@anywidget/types" */
/** @import { Answers, Option, Question, Row } from "./answers.js" */
/**
 * @typedef {{
 *   questions: Question[], answers: Answers, words: Record<string, string>,
 *   disabled: boolean, errors: Record<string, string>, pictures?: Record<string, any>,
 * }} Model
 * @typedef {{add: (card: HTMLElement, option: Option) => void, finish: (body: HTMLElement) => void}} Pictures
 *   what puts a picture into the card of an option, and a line below them all.
 */

const DRAWN = /** @type {const} */ (["questions", "words"]);
const SHOWN = /** @type {const} */ (["answers", "errors", "disabled"]);
const MAX_LABEL_ACROSS = 40; // characters; longer ones are cramped four in a row
const MAX_LABEL_TINY = 3; // characters; five of them stand beside each other on a phone
const MAX_LABEL_WRAPPED = 48; // characters; longer ones take a line each
const FIRST_DAY = "1900-01-01"; // while a year is typed, 0002 and 0020 are dates too

/**
 * @param {RenderProps<Model>} props
 * @param {(options: Option[], pictures: Record<string, any>, words: Record<string, string>) => Pictures | null} [createPictures]
 */
export function render({ model, el }, createPictures = () => null) {
  const view = createId("at-q");
  let ids = 0;
  const nextId = () => `${view}-${(ids += 1)}`;
  /** What brings the page in line with the answers, one for each field. @type {(() => void)[]} */
  let fields = [];

  const answers = () => /** @type {Answers} */ (model.get("answers") ?? {});
  const words = () => /** @type {Record<string, string>} */ (model.get("words") ?? {});

  /** @param {string} path @param {any} value */
  function setAnswer(path, value) {
    model.set("answers", pruneAnswers(model.get("questions"), { ...answers(), [path]: value }));
    model.save_changes();
  }

  /** @param {() => void} field */
  function addField(field) {
    fields.push(field);
    field();
  }

  /**
   * The place of an error sentence; said when it appears.
   * @param {string} path
   * @param {() => HTMLElement[]} targets
   * @param {string[]} described
   */
  function createError(path, targets, described) {
    const line = createElement("p", "at-q-wrong");
    line.id = nextId();
    line.setAttribute("role", "status");
    /** What the browser itself found, such as a number out of range. */
    let own = "";
    const show = () => {
      const text = own || (model.get("errors") ?? {})[path] || "";
      setText(line, text);
      for (const target of targets()) {
        const by = text ? [...described, line.id] : described;
        if (by.length) target.setAttribute("aria-describedby", by.join(" "));
        else target.removeAttribute("aria-describedby");
        if (target.matches("input")) target.setAttribute("aria-invalid", String(Boolean(text)));
      }
    };
    addField(show);
    return {
      line,
      /** @param {string} text */
      show(text) {
        own = text;
        show();
      },
    };
  }

  /**
   * Legend, help and error of a question; the caller puts its controls into `body`.
   * @param {Question} question
   * @param {string} path
   */
  function createFrame(question, path) {
    const node = createElement("fieldset", "at-q");
    const body = createElement("div", "at-q-body");
    const described = [];
    node.append(createElement("legend", "at-q-label", question.label));
    if (question.help) {
      const help = createElement("p", "at-q-help", question.help);
      help.id = nextId();
      described.push(help.id);
      node.append(help);
    }
    const error = createError(path, () => [node], described);
    node.append(body, error.line);
    addField(() => (node.disabled = Boolean(model.get("disabled"))));
    return { node, body };
  }

  /**
   * A radio button that can be taken back: pressed again it clears the answer, unless it is kept.
   * @param {string} name
   * @param {string} at
   * @param {string} option
   * @param {() => any} read
   * @param {(value: string | null) => void} write
   * @param {boolean} kept
   */
  function createRadio(name, at, option, read, write, kept = false) {
    const input = createElement("input", "at-q-input");
    input.type = "radio";
    input.name = name;
    input.value = option;
    input.dataset.at = at;
    // An arrow key clicks too; then the answer is still another one.
    input.addEventListener("click", () => {
      const again = isChosen(read(), option);
      if (!again || !kept) write(again ? null : option);
    });
    // The space bar does not click a chosen one, but would choose it again on its way up.
    let back = false;
    input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (kept || event.key !== " " || !isChosen(read(), option)) return;
      event.preventDefault();
      if (event.repeat) return;
      back = true;
      write(null);
    });
    input.addEventListener("keyup", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== " " || !back) return;
      event.preventDefault();
      back = false;
    });
    return { input, show: () => (input.checked = isChosen(read(), option)) };
  }

  /** @param {Question} question @param {string} path */
  function createChoices(question, path) {
    const { node, body } = createFrame(question, path);
    const given = listOptions(question);
    const many = question.kind === "many";
    const name = nextId();
    const plain = given.every((each) => !each.help) && !question.follow;
    const brief = Boolean(question.brief);
    body.classList.add(brief ? "at-q-segments" : "at-q-options");
    const short = given.every((each) => each.label.length <= MAX_LABEL_ACROSS);
    const tiny = given.every((each) => each.label.length <= MAX_LABEL_TINY);
    if (brief) node.classList.add(tiny ? "at-q-tiny" : "at-q-brief");
    else if (plain && !many && short && given.length <= 4) body.classList.add("at-q-across");
    else if (plain) body.classList.add("at-q-columns");
    const wraps = given.length > 4 && given.every((each) => each.label.length <= MAX_LABEL_WRAPPED);
    body.classList.toggle("at-q-wrapped", plain && !brief && wraps);
    const pictures = createPictures(given, model.get("pictures") ?? {}, words());
    for (const each of given) {
      const at = `${path}|${each.key}`;
      const holder = createElement("div", "at-q-option");
      const card = createElement("label", brief ? "at-q-segment" : "at-q-card");
      const text = createElement("span", "at-q-text");
      const label = createElement("span", "at-q-name", each.label);
      label.id = nextId();
      /** @type {any} */
      let input;
      /** @type {() => void} */
      let show;
      if (many) {
        input = createElement("input", "at-q-input");
        input.type = "checkbox";
        input.value = each.key;
        input.dataset.at = at;
        input.addEventListener("change", () => {
          setAnswer(path, toggleOption(question, answers()[path], each.key));
        });
        show = () => (input.checked = isChosen(answers()[path], each.key));
      } else {
        const read = () => answers()[path];
        ({ input, show } = createRadio(name, at, each.key, read, (v) => setAnswer(path, v), question.kept));
      }
      input.setAttribute("aria-labelledby", label.id);
      text.append(label);
      if (each.help) {
        const help = createElement("span", "at-q-hint", each.help);
        help.id = nextId();
        input.setAttribute("aria-describedby", help.id);
        text.append(help);
      }
      card.append(input, text);
      pictures?.add(card, each);
      holder.append(card);
      addField(show);
      const details = question.follow?.[each.key];
      if (details?.length) {
        const follow = createElement("div", "at-q-follow");
        holder.append(follow);
        addField(() => {
          follow.hidden = !isChosen(answers()[path], each.key);
          if (follow.hidden || follow.firstChild) return; // built when it is first needed
          follow.append(...details.map((detail) => createQuestion(detail, `${path}.${each.key}.${detail.key}`)));
        });
      }
      body.append(holder);
    }
    pictures?.finish(body);
    return node;
  }

  /**
   * A set of segments beside each other.
   * @param {{key: string, label: string}[]} given
   * @param {string} at
   * @param {() => any} read
   * @param {(value: string | null) => void} write
   */
  function createSegments(given, at, read, write) {
    const name = nextId();
    const line = createElement("div", "at-q-segments");
    for (const each of given) {
      const segment = createElement("label", "at-q-segment");
      const { input, show } = createRadio(name, `${at}|${each.key}`, each.key, read, write);
      segment.append(input, createElement("span", "at-q-name", each.label));
      line.append(segment);
      addField(show);
    }
    return line;
  }

  /** @param {Question} question @param {string} path */
  function createRows(question, path) {
    const { node, body } = createFrame(question, path);
    const given = question.options ?? [];
    body.classList.add("at-q-rows");
    if (words().again) body.append(createElement("p", "at-q-help", words().again));
    const said = () => answers()[path] ?? {};
    /** @param {Row} row */
    const line = (row) => {
      if (row.locked) {
        const shut = createElement("div", "at-q-row at-q-row-locked");
        shut.append(createElement("span", "at-q-row-label", row.label));
        if (row.note) shut.append(createElement("span", "at-q-note", row.note));
        return shut;
      }
      const set = createElement("fieldset", "at-q-row");
      const legend = createElement("legend", "at-q-row-label", row.label);
      set.append(legend);
      if (row.note) {
        const note = createElement("span", "at-q-note", row.note);
        note.id = nextId();
        set.setAttribute("aria-describedby", note.id);
        set.append(note);
      }
      set.append(
        createSegments(given, `${path}|${row.key}`, () => said()[row.key], (option) => {
          const now = { ...said() };
          if (option === null) delete now[row.key];
          else now[row.key] = option;
          setAnswer(path, now);
        }),
      );
      return set;
    };
    /** @type {Map<string, Row[]>} */
    const groups = new Map();
    for (const row of question.rows ?? []) {
      const group = row.group ?? "";
      groups.set(group, [...(groups.get(group) ?? []), row]);
    }
    let first = true;
    for (const [group, members] of groups) {
      if (!group) {
        body.append(...members.map(line));
        continue;
      }
      const fold = createElement("details", "at-q-group");
      const summary = createElement("summary", "at-q-summary");
      const count = createElement("span", "at-q-count");
      fold.dataset.at = `${path}|${group}`;
      fold.open = first && !question.folded;
      first = false;
      summary.append(createElement("span", "at-q-group-name", group), count);
      fold.append(summary, ...members.map(line));
      const asked = members.filter((row) => !row.locked);
      addField(() => {
        const now = said();
        const counted = question.count;
        const n = asked.filter((row) =>
          counted ? isChosen(now[row.key], counted.option) : now[row.key],
        ).length;
        const text = asked.length ? fillTemplate(counted?.text ?? words().counted, { n, all: asked.length }) : "";
        setText(count, text);
      });
      body.append(fold);
    }
    return node;
  }

  /** @param {Question} question @param {string} path */
  function createScale(question, path) {
    const { node, body } = createFrame(question, path);
    const numbers = !question.options?.length;
    const given = numbers
      ? Array.from({ length: Number(question.max ?? 10) - Number(question.min ?? 0) + 1 }, (_each, i) => {
          const n = String(Number(question.min ?? 0) + i);
          return { key: n, label: n };
        })
      : (question.options ?? []);
    body.classList.add("at-q-scale");
    body.append(
      createSegments(given, path, () => answers()[path], (option) =>
        setAnswer(path, numbers && option !== null ? Number(option) : option),
      ),
    );
    return node;
  }

  /** @param {Question} question @param {string} path */
  function createTyped(question, path) {
    const day = question.kind === "date";
    const plain = question.kind === "number";
    const node = createElement("div", "at-q");
    const label = createElement("label", "at-q-label", question.label);
    const input = createElement("input", "at-q-typed");
    const described = [];
    input.type = question.kind; // date, number and time are native kinds
    input.id = label.htmlFor = nextId();
    input.dataset.at = path;
    if (plain) input.inputMode = question.step ? "decimal" : "numeric";
    if (question.step) input.step = "any"; // a finer number than asked for is fine
    const min = question.min ?? (day ? FIRST_DAY : undefined);
    if (min !== undefined) input.min = String(min);
    if (question.max !== undefined) input.max = String(question.max);
    node.append(label);
    if (question.help) {
      const help = createElement("p", "at-q-help", question.help);
      help.id = nextId();
      described.push(help.id);
      node.append(help);
    }
    const line = createElement("div", "at-q-line");
    line.append(input);
    if (question.unit) {
      const unit = createElement("span", "at-q-unit", question.unit);
      unit.id = nextId();
      described.push(unit.id);
      line.append(unit);
    }
    const error = createError(path, () => [input], described);
    node.append(line, error.line);
    const read = () => {
      if (!input.validity.valid || input.value === "") return null;
      return plain ? Number(input.value) : input.value;
    };
    const write = () => {
      const value = read();
      if (value !== null) error.show("");
      if (value !== (answers()[path] ?? null)) setAnswer(path, value);
    };
    input.addEventListener("change", write);
    input.addEventListener("blur", () => {
      write();
      const { valid, badInput } = input.validity;
      const range = fillTemplate(words().out_of_range, { min: input.min, max: input.max });
      const whole = words()[question.kind === "time" ? "not_a_time" : "not_a_date"] ?? "";
      error.show(valid ? "" : !plain && (badInput || !question.max) ? whole : range);
    });
    addField(() => {
      input.disabled = Boolean(model.get("disabled"));
      const value = answers()[path] ?? "";
      // What is being typed stays until it says something else.
      if (document.activeElement === input && String(read() ?? "") === String(value)) return;
      if (value === "" && !input.validity.valid) return;
      if (input.value !== String(value)) input.value = String(value);
    });
    return node;
  }

  /** @param {Question} question @param {string} path @returns {HTMLElement} */
  function createQuestion(question, path) {
    if (question.kind === "rows") return createRows(question, path);
    if (question.kind === "scale") return createScale(question, path);
    if (["date", "number", "time"].includes(question.kind)) return createTyped(question, path);
    return createChoices(question, path);
  }

  /**
   * A group that is folded away; its line says what it is about, or what was answered in it.
   * @param {Question[]} questions @param {Question} first
   */
  function createFold(questions, first) {
    const fold = createElement("details", "at-q-group at-q-fold");
    fold.dataset.at = `group ${first.key}`;
    const summary = createElement("summary", "at-q-summary");
    const text = createElement("span", "at-q-group-text");
    const line = createElement("span", "at-q-group-line");
    text.append(createElement("span", "at-q-group-name", first.group), line);
    summary.append(text);
    fold.append(summary);
    const inside = questions.filter((each) => each.group === first.group);
    addField(() => {
      const asked = inside.filter((each) => isAsked(each, answers()));
      const chosen = asked.flatMap((each) => listChosen(each, answers()[each.key]));
      const isDone = asked.every((each) => answers()[each.key]?.length);
      fold.dataset.state = chosen.length ? "some" : isDone ? "none" : "open";
      setText(line, chosen.length ? chosen.join("; ") : isDone ? (words().group_none ?? "") : (first.group_line ?? ""));
    });
    return fold;
  }

  /** Mark the cards of what is chosen, for browsers whose style sheets cannot ask. @param {HTMLElement[]} nodes */
  function markChosen(nodes) {
    for (const node of nodes) {
      for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (node.querySelectorAll(".at-q-input"))) {
        input.closest(".at-q-card, .at-q-segment")?.toggleAttribute("data-chosen", input.checked);
      }
    }
  }

  /** A button that opens all folds, for who wants to read everything. @param {HTMLElement[]} folds */
  function createShowAll(folds) {
    const button = createElement("button", "at-q-all", words().show_all ?? "");
    /** @type {HTMLButtonElement} */ (button).type = "button";
    button.addEventListener("click", () => {
      for (const fold of folds) /** @type {HTMLDetailsElement} */ (fold).open = true;
      button.hidden = true;
    });
    return button;
  }

  function renderQuestions() {
    const focused = /** @type {HTMLElement | null} */ (
      el.contains(document.activeElement) ? document.activeElement : null
    );
    const was = focused?.dataset.at ?? focused?.parentElement?.dataset.at;
    /** @type {Map<string | undefined, boolean>} */
    const open = new Map();
    for (const fold of el.querySelectorAll("details")) open.set(fold.dataset.at, fold.open);
    fields = [];
    ids = 0;
    /** @type {HTMLElement[]} */
    const nodes = [];
    /** @type {HTMLElement | null} */
    let fold = null;
    let group = "";
    const questions = /** @type {Question[]} */ (model.get("questions") ?? []);
    for (const question of questions) {
      if (question.group !== group) {
        fold = question.group_line ? createFold(questions, question) : null;
        if (fold) nodes.push(fold);
        else if (question.group) nodes.push(createElement("h3", "at-q-heading", question.group));
      }
      group = question.group ?? "";
      const node = createQuestion(question, question.key);
      addField(() => (node.hidden = !isAsked(question, answers())));
      if (fold) fold.append(node);
      else nodes.push(node);
    }
    addField(() => markChosen(nodes));
    const folds = nodes.filter((node) => node.matches(".at-q-fold"));
    if (folds.length > 1) nodes.push(createShowAll(folds));
    el.replaceChildren(...nodes);
    for (const fold of el.querySelectorAll("details")) {
      fold.open = open.get(fold.dataset.at) ?? fold.open;
    }
    if (!was) return;
    const again = /** @type {HTMLElement | undefined} */ (
      [...el.querySelectorAll("[data-at]")].find((each) => /** @type {HTMLElement} */ (each).dataset.at === was)
    );
    const target = again?.matches("details") ? again.querySelector("summary") : again;
    /** @type {HTMLElement | null | undefined} */ (target)?.focus({ preventScroll: true });
  }

  const renderAnswers = () => [...fields].forEach((field) => field());

  el.classList.add("at-questions");
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's keys are not ours
  for (const name of DRAWN) model.on(`change:${name}`, renderQuestions);
  for (const name of SHOWN) model.on(`change:${name}`, renderAnswers);
  renderQuestions();
  return () => {
    for (const name of DRAWN) model.off(`change:${name}`, renderQuestions);
    for (const name of SHOWN) model.off(`change:${name}`, renderAnswers);
  };
}
export default { render };
