/** @import { RenderProps } from "@anywidget/types" */
/**
 * @typedef {{
 *   seat: {name: string, colour: string, shape: string} | null,
 *   chapters: Record<string, string>,
 * }} Model
 */

const EVERY = 2000; // ms; the page takes 4.5 s without an answer as lost

/** @param {string} name @param {any} [detail] */
function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

/** @param {RenderProps<Model>} props */
function render({ model, el }) {
  let n = 0;
  const line = document.createElement("p");
  line.className = "at-page-line";
  line.setAttribute("role", "status");
  el.classList.add("at-page");
  el.replaceChildren(line);

  function ping() {
    if (document.hidden) return;
    try {
      model.send({ kind: "ping", n: (n += 1) });
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
    else if (kind === "leave") {
      line.textContent = [title, text].filter(Boolean).join(" ");
      tell("at-leave", { title, text });
    }
  }
  const seat = () => tell("at-seat", model.get("seat"));
  const chapters = () => tell("at-chapters", model.get("chapters"));
  const handOver = () => model.send({ kind: "hand_over" });

  model.on("msg:custom", heard);
  model.on("change:seat", seat);
  model.on("change:chapters", chapters);
  document.addEventListener("at-hand-over", handOver);
  document.addEventListener("visibilitychange", ping);
  const timer = setInterval(ping, EVERY);
  seat();
  chapters();
  ping();
  return () => {
    clearInterval(timer);
    document.removeEventListener("at-hand-over", handOver);
    document.removeEventListener("visibilitychange", ping);
    model.off("msg:custom", heard);
    model.off("change:seat", seat);
    model.off("change:chapters", chapters);
  };
}
export default { render };
