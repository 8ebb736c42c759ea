// @ts-check
/**
 * Whether a massage is under way: reports it to the server, and says it on a page that
 * nobody has unlocked, with a Stop. Events on the document:
 *
 *   at-guide      "begun", "on", "over" or "away"  from the guide on this page
 *   at-under-way  true, false or null               from the kernel; null: it is locked
 *   at-massage    "none", "guided", "unguided" or "stopped"  from here: what the server knows
 *
 * On an unlocked page the root's data-massage is the last answer since it was unlocked.
 */

const CHECK_INTERVAL_MS = 2000; // ms; the server takes a guide as gone after 4.5 s

/** Returns the token that a page must say with a request. */
export function readXsrfToken() {
  const mine = `attune-xsrf-${location.port}=`;
  const cookie = document.cookie.split("; ").find((each) => each.startsWith(mine)) ?? mine;
  return cookie.slice(mine.length);
}

/** @param {string} kernelId */
export function followMassage(kernelId) {
  const place = /** @type {HTMLElement} */ (document.getElementById("at-massage"));
  let isSeated = false;
  /** Whether the guide on this page leads a massage. */
  let isGuide = false;
  /** Whether one is under way, as far as this page knows. */
  let isUnderWay = false;
  /** Whether it was stopped here, and the server may not know yet. */
  let isStopping = false;
  let state = "";
  let shown = "";
  let isChecking = false;
  /** Requests go out one after the other: what was reported last is what holds. */
  let lastRequest = Promise.resolve("");

  /** @param {string} [report] what happened here; without it the server is only asked */
  function send(report) {
    lastRequest = lastRequest.then(() => request(report));
    return lastRequest;
  }

  /** @param {string} [report] @returns {Promise<string>} the state, or "" if nobody answered */
  async function request(report) {
    try {
      const body = report && new URLSearchParams({ _xsrf: readXsrfToken(), is: report });
      const answer = await fetch(`massage/${kernelId}`, {
        ...(body ? { method: "POST", body } : {}), cache: "no-store", keepalive: true,
      });
      if (!answer.ok) return "";
      state = await answer.text();
    } catch {
      return "";
    }
    if (report === "stopped") isStopping = false;
    render();
    if (isSeated) document.documentElement.dataset.massage = state;
    document.dispatchEvent(new CustomEvent("at-massage", { detail: state }));
    return state;
  }

  async function check() {
    if (isChecking) return; // a request that hangs is not joined by more
    isChecking = true;
    if (isStopping) await send("stopped");
    else if (isGuide) await send("on");
    else if (!document.hidden && (!isSeated || isUnderWay)) await send();
    isChecking = false;
  }

  async function stop() {
    isStopping = true;
    render(); // first of all: it is over on this screen
    if (!(await send("stopped"))) render("at-massage-unheard");
  }

  /** @param {string} [template] */
  function render(template) {
    const isOver = isStopping || state === "stopped";
    const id = isSeated ? "" : (template ?? (isOver ? "at-massage-over" : state === "unguided" ? "at-massage-still" : ""));
    if (id === shown || (shown === "at-massage-unheard" && isStopping && !isSeated)) return;
    shown = id;
    const words = /** @type {HTMLTemplateElement | null} */ (document.getElementById(id));
    place.replaceChildren(...(words ? [words.content.cloneNode(true)] : []));
    place.hidden = !words;
    if (words) scrollTo({ top: 0, behavior: "instant" });
  }

  place.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("button")) void stop();
  });
  document.addEventListener("at-guide", (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    isGuide = detail === "begun" || detail === "on";
    if (isGuide) {
      isUnderWay = true;
      void send(detail);
    } else if (detail === "over" && isUnderWay) {
      // If the kernel cannot hear it, the next page that is unlocked carries it out.
      void send("stopped");
    }
  });
  document.addEventListener("at-under-way", (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    const wasUnderWay = isUnderWay;
    isUnderWay = detail === true;
    if (detail === false && (wasUnderWay || state !== "none")) void send("over");
  });
  document.addEventListener("at-seat", (event) => {
    const seated = Boolean(/** @type {CustomEvent} */ (event).detail);
    if (seated === isSeated) return;
    isSeated = seated;
    delete document.documentElement.dataset.massage;
    render();
    void send(); // a stop on another cover has to be known here at once
  });
  document.addEventListener("visibilitychange", () => void check());
  setInterval(check, CHECK_INTERVAL_MS);
  void check();
}
