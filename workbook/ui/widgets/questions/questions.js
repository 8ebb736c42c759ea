/** @import { RenderProps } from "@anywidget/types" */
/** @typedef {{key: string, label: string, help?: string, detail?: string}} Option */
/** @typedef {{key: string, label: string, group?: string, note?: string, locked?: boolean}} Row */
/**
 * @typedef {{
 *   key: string, kind: string, label: string, help?: string, group?: string,
 *   options?: Option[], none_label?: string, shown_if?: {question: string, option: string} | null,
 *   rows?: Row[], folded?: boolean, count?: {option: string, text: string}, min?: number | string,
 *   max?: number | string, step?: number, unit?: string, low?: string, high?: string,
 *   follow?: Record<string, Question[]>,
 * }} Question
 */
/** @typedef {Record<string, any>} Answers */
/**
 * @typedef {{
 *   questions: Question[], answers: Answers, words: Record<string, string>,
 *   disabled: boolean, errors: Record<string, string>,
 * }} Model
 */

const NONE = "none";
const DRAWN = /** @type {const} */ (["questions", "words"]);
const SHOWN = /** @type {const} */ (["answers", "errors", "disabled"]);
const FIRST_DAY = "1900-01-01"; // while a year is typed, 0002 and 0020 are dates too

/* ---- What follows from answers; pure ---- */

/**
 * @param {any} answer
 * @param {string} option
 */
export function holds(answer, option) {
  if (Array.isArray(answer)) return answer.includes(option);
  return answer !== null && answer !== undefined && String(answer) === option;
}

/**
 * @param {Question} question
 * @param {Answers} answers
 */
export function shows(question, answers) {
  const wanted = question.shown_if;
  return !wanted || holds(answers[wanted.question], wanted.option);
}

/** @param {Question} question */
export function options(question) {
  const given = question.options ?? [];
  return question.none_label ? [...given, { key: NONE, label: question.none_label }] : given;
}

/**
 * The list after `option` was pressed: in the order of the options, "none" alone.
 * @param {Question} question
 * @param {any} answer
 * @param {string} option
 */
export function toggled(question, answer, option) {
  const before = Array.isArray(answer) ? answer : [];
  if (before.includes(option)) return before.filter((each) => each !== option);
  if (question.none_label && option === NONE) return [NONE];
  return options(question)
    .map((each) => each.key)
    .filter((key) => key === option || (before.includes(key) && !(question.none_label && key === NONE)));
}

/**
 * Answers without those to questions that are not asked: nobody could take them back.
 * @param {Question[]} questions
 * @param {Answers} answers
 */
export function pruned(questions, answers) {
  const kept = { ...answers };
  /** @param {Question} question @param {string} path @param {boolean} asked */
  function visit(question, path, asked) {
    if (!asked) delete kept[path];
    for (const [option, details] of Object.entries(question.follow ?? {}))
      for (const detail of details)
        visit(detail, `${path}.${option}.${detail.key}`, asked && holds(kept[path], option));
  }
  let before;
  do {
    before = Object.keys(kept).length; // a question that closes may close another
    for (const question of questions) visit(question, question.key, shows(question, kept));
  } while (Object.keys(kept).length < before);
  return kept;
}

/**
 * @param {string | undefined} sentence
 * @param {Record<string, any>} facts
 */
function say(sentence, facts) {
  return (sentence ?? "").replace(/\{(\w+)\}/g, (_all, name) => String(facts[name] ?? ""));
}

/* ---- The page ---- */

/**
 * @param {string} tag
 * @param {string} [name]
 * @param {string} [text]
 * @returns {any}
 */
function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text) node.textContent = text; // never innerHTML
  return node;
}


/** @param {RenderProps<Model>} props */
function render({ model, el }) {
  // Each widget runs its own copy of this module: a count would give two of them the same ids.
  const view = `at-q${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  let ids = 0;
  const next = () => `${view}-${(ids += 1)}`;
  /** What brings the page in line with the answers, one for each field. @type {(() => void)[]} */
  let fields = [];

  const answers = () => /** @type {Answers} */ (model.get("answers") ?? {});
  const words = () => /** @type {Record<string, string>} */ (model.get("words") ?? {});

  /** @param {string} path @param {any} value */
  function answer(path, value) {
    model.set("answers", pruned(model.get("questions"), { ...answers(), [path]: value }));
    model.save_changes();
  }

  /** @param {() => void} field */
  function keep(field) {
    fields.push(field);
    field();
  }

  /**
   * The place of an error sentence; said when it appears.
   * @param {string} path
   * @param {() => HTMLElement[]} targets
   * @param {string[]} described
   */
  function wrong(path, targets, described) {
    const line = make("p", "at-q-wrong");
    line.id = next();
    line.setAttribute("role", "status");
    /** What the browser itself found, such as a number out of range. */
    let own = "";
    const show = () => {
      const text = own || (model.get("errors") ?? {})[path] || "";
      if (line.textContent !== text) line.textContent = text;
      for (const target of targets()) {
        const by = text ? [...described, line.id] : described;
        if (by.length) target.setAttribute("aria-describedby", by.join(" "));
        else target.removeAttribute("aria-describedby");
        if (target.matches("input")) target.setAttribute("aria-invalid", String(Boolean(text)));
      }
    };
    keep(show);
    return {
      line,
      /** @param {string} text */
      say(text) {
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
  function frame(question, path) {
    const node = make("fieldset", "at-q");
    const body = make("div", "at-q-body");
    const described = [];
    node.append(make("legend", "at-q-label", question.label));
    if (question.help) {
      const help = make("p", "at-q-help", question.help);
      help.id = next();
      described.push(help.id);
      node.append(help);
    }
    const error = wrong(path, () => [node], described);
    node.append(body, error.line);
    keep(() => (node.disabled = Boolean(model.get("disabled"))));
    return { node, body };
  }

  /**
   * A radio button that can be taken back: pressed again it clears the answer.
   * @param {string} name
   * @param {string} at
   * @param {string} option
   * @param {() => any} read
   * @param {(value: string | null) => void} write
   */
  function radio(name, at, option, read, write) {
    const input = make("input", "at-q-input");
    input.type = "radio";
    input.name = name;
    input.value = option;
    input.dataset.at = at;
    // An arrow key clicks too; then the answer is still another one.
    input.addEventListener("click", () => write(holds(read(), option) ? null : option));
    // The space bar does not click a chosen one, but would choose it again on its way up.
    let back = false;
    input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== " " || !holds(read(), option)) return;
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
    return { input, show: () => (input.checked = holds(read(), option)) };
  }

  /** @param {Question} question @param {string} path */
  function choices(question, path) {
    const { node, body } = frame(question, path);
    const given = options(question);
    const many = question.kind === "many";
    const name = next();
    const plain = given.every((each) => !each.help && !each.detail) && !question.follow;
    body.classList.add("at-q-options");
    if (plain && !many && given.length <= 4) body.classList.add("at-q-across");
    else if (plain) body.classList.add("at-q-columns");
    for (const each of given) {
      const at = `${path}|${each.key}`;
      const holder = make("div", "at-q-option");
      const card = make("label", "at-q-card");
      const text = make("span", "at-q-text");
      const label = make("span", "at-q-name", each.label);
      label.id = next();
      /** @type {any} */
      let input;
      /** @type {() => void} */
      let show;
      if (many) {
        input = make("input", "at-q-input");
        input.type = "checkbox";
        input.value = each.key;
        input.dataset.at = at;
        input.addEventListener("change", () => {
          answer(path, toggled(question, answers()[path], each.key));
        });
        show = () => (input.checked = holds(answers()[path], each.key));
      } else {
        ({ input, show } = radio(name, at, each.key, () => answers()[path], (v) => answer(path, v)));
      }
      input.setAttribute("aria-labelledby", label.id);
      text.append(label);
      if (each.help) {
        const help = make("span", "at-q-hint", each.help);
        help.id = next();
        input.setAttribute("aria-describedby", help.id);
        text.append(help);
      }
      card.append(input, text);
      holder.append(card);
      if (each.detail) {
        const more = make("details", "at-q-more");
        more.dataset.at = `${at}|more`;
        more.append(make("summary", "", words().more), make("p", "", each.detail));
        holder.append(more);
      }
      keep(show);
      const details = question.follow?.[each.key];
      if (details?.length) {
        const follow = make("div", "at-q-follow");
        holder.append(follow);
        keep(() => {
          follow.hidden = !holds(answers()[path], each.key);
          if (follow.hidden || follow.firstChild) return; // built when it is first needed
          follow.append(...details.map((detail) => ask(detail, `${path}.${each.key}.${detail.key}`)));
        });
      }
      body.append(holder);
    }
    return node;
  }

  /**
   * A set of segments beside each other.
   * @param {{key: string, label: string}[]} given
   * @param {string} at
   * @param {() => any} read
   * @param {(value: string | null) => void} write
   */
  function segments(given, at, read, write) {
    const name = next();
    const line = make("div", "at-q-segments");
    for (const each of given) {
      const segment = make("label", "at-q-segment");
      const { input, show } = radio(name, `${at}|${each.key}`, each.key, read, write);
      segment.append(input, make("span", "at-q-name", each.label));
      line.append(segment);
      keep(show);
    }
    return line;
  }

  /** @param {Question} question @param {string} path */
  function rows(question, path) {
    const { node, body } = frame(question, path);
    const given = question.options ?? [];
    body.classList.add("at-q-rows");
    if (words().again) body.append(make("p", "at-q-help", words().again));
    const said = () => answers()[path] ?? {};
    /** @param {Row} row */
    const line = (row) => {
      if (row.locked) {
        const shut = make("div", "at-q-row at-q-row-locked");
        shut.append(make("span", "at-q-row-label", row.label));
        if (row.note) shut.append(make("span", "at-q-note", row.note));
        return shut;
      }
      const set = make("fieldset", "at-q-row");
      const legend = make("legend", "at-q-row-label", row.label);
      set.append(legend);
      if (row.note) {
        const note = make("span", "at-q-note", row.note);
        note.id = next();
        set.setAttribute("aria-describedby", note.id);
        set.append(note);
      }
      set.append(
        segments(given, `${path}|${row.key}`, () => said()[row.key], (option) => {
          const now = { ...said() };
          if (option === null) delete now[row.key];
          else now[row.key] = option;
          answer(path, now);
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
      const fold = make("details", "at-q-group");
      const summary = make("summary", "at-q-summary");
      const count = make("span", "at-q-count");
      fold.dataset.at = `${path}|${group}`;
      fold.open = first && !question.folded;
      first = false;
      summary.append(make("span", "at-q-group-name", group), count);
      fold.append(summary, ...members.map(line));
      const asked = members.filter((row) => !row.locked);
      keep(() => {
        const now = said();
        const counted = question.count;
        const n = asked.filter((row) =>
          counted ? holds(now[row.key], counted.option) : now[row.key],
        ).length;
        const text = asked.length ? say(counted?.text ?? words().counted, { n, all: asked.length }) : "";
        if (count.textContent !== text) count.textContent = text;
      });
      body.append(fold);
    }
    return node;
  }

  /** @param {Question} question @param {string} path */
  function scale(question, path) {
    const { node, body } = frame(question, path);
    const numbers = !question.options?.length;
    const given = numbers
      ? Array.from({ length: Number(question.max ?? 10) - Number(question.min ?? 0) + 1 }, (_each, i) => {
          const n = String(Number(question.min ?? 0) + i);
          return { key: n, label: n };
        })
      : (question.options ?? []);
    body.classList.add("at-q-scale");
    body.append(
      segments(given, path, () => answers()[path], (option) =>
        answer(path, numbers && option !== null ? Number(option) : option),
      ),
    );
    if (question.low || question.high) {
      const ends = make("p", "at-q-ends");
      ends.append(make("span", "", question.low), make("span", "", question.high));
      body.append(ends);
    }
    return node;
  }

  /** @param {Question} question @param {string} path */
  function typed(question, path) {
    const day = question.kind === "date";
    const plain = question.kind === "number";
    const node = make("div", "at-q");
    const label = make("label", "at-q-label", question.label);
    const input = make("input", "at-q-typed");
    const described = [];
    input.type = question.kind; // date, number and time are native kinds
    input.id = label.htmlFor = next();
    input.dataset.at = path;
    if (plain) input.inputMode = question.step ? "decimal" : "numeric";
    if (question.step) input.step = "any"; // a finer number than asked for is fine
    const min = question.min ?? (day ? FIRST_DAY : undefined);
    if (min !== undefined) input.min = String(min);
    if (question.max !== undefined) input.max = String(question.max);
    node.append(label);
    if (question.help) {
      const help = make("p", "at-q-help", question.help);
      help.id = next();
      described.push(help.id);
      node.append(help);
    }
    const line = make("div", "at-q-line");
    line.append(input);
    if (question.unit) {
      const unit = make("span", "at-q-unit", question.unit);
      unit.id = next();
      described.push(unit.id);
      line.append(unit);
    }
    const error = wrong(path, () => [input], described);
    node.append(line, error.line);
    const read = () => {
      if (!input.validity.valid || input.value === "") return null;
      return plain ? Number(input.value) : input.value;
    };
    const write = () => {
      const value = read();
      if (value !== null) error.say("");
      if (value !== (answers()[path] ?? null)) answer(path, value);
    };
    input.addEventListener("change", write);
    input.addEventListener("blur", () => {
      write();
      const { valid, badInput } = input.validity;
      const range = say(words().out_of_range, { min: input.min, max: input.max });
      const whole = words()[question.kind === "time" ? "not_a_time" : "not_a_date"] ?? "";
      error.say(valid ? "" : !plain && (badInput || !question.max) ? whole : range);
    });
    keep(() => {
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
  function ask(question, path) {
    if (question.kind === "rows") return rows(question, path);
    if (question.kind === "scale") return scale(question, path);
    if (["date", "number", "time"].includes(question.kind)) return typed(question, path);
    return choices(question, path);
  }

  function build() {
    const focused = /** @type {HTMLElement | null} */ (
      el.contains(document.activeElement) ? document.activeElement : null
    );
    const was = focused?.dataset.at ?? focused?.parentElement?.dataset.at;
    /** @type {Map<string | undefined, boolean>} */
    const open = new Map();
    for (const fold of el.querySelectorAll("details")) open.set(fold.dataset.at, fold.open);
    fields = [];
    ids = 0;
    const nodes = [];
    let group = "";
    for (const question of /** @type {Question[]} */ (model.get("questions") ?? [])) {
      if (question.group && question.group !== group) {
        nodes.push(make("h3", "at-q-heading", question.group));
      }
      group = question.group ?? "";
      const node = ask(question, question.key);
      keep(() => (node.hidden = !shows(question, answers())));
      nodes.push(node);
    }
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

  const refresh = () => [...fields].forEach((field) => field());

  el.classList.add("at-questions");
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's keys are not ours
  for (const name of DRAWN) model.on(`change:${name}`, build);
  for (const name of SHOWN) model.on(`change:${name}`, refresh);
  build();
  return () => {
    for (const name of DRAWN) model.off(`change:${name}`, build);
    for (const name of SHOWN) model.off(`change:${name}`, refresh);
  };
}
export default { render };
