// @ts-check
/** Draws what moves in step with the browser, and only while it can be seen. */

const STILL = matchMedia("(prefers-reduced-motion: reduce)");

/** Whether this person wants nothing to move. */
export function isMotionReduced() {
  return STILL.matches;
}

/** Calls back when that changes; returns what ends it. @param {() => void} callback */
export function onMotionChange(callback) {
  STILL.addEventListener("change", callback);
  return () => STILL.removeEventListener("change", callback);
}

/**
 * Calls back once, when an element comes near the window: what nobody sees is not drawn.
 * Returns what ends the wait.
 * @param {Element} element @param {() => void} callback
 */
export function onceNear(element, callback) {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      callback();
    },
    { rootMargin: "200px" },
  );
  observer.observe(element);
  return () => observer.disconnect();
}

/**
 * Returns a loop of drawings. Each has its own clock, which stands while nobody can see it.
 */
export function createLoop() {
  /** @typedef {{draw: (seconds: number) => void, seconds: number, isSeen: boolean}} Moving */
  /** @type {Map<Element, Moving>} */
  const all = new Map();
  let frame = 0;
  let before = 0; // ms of the frame before; 0: there was none
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const found = all.get(entry.target);
      if (found) found.isSeen = entry.isIntersecting;
    }
    run();
  });

  /** @param {number} now in ms */
  function tick(now) {
    const passed = before ? Math.min(now - before, 100) / 1000 : 0; // a page that slept goes on where it was
    before = now;
    frame = 0;
    for (const each of all.values()) {
      if (!each.isSeen) continue;
      each.seconds += passed;
      each.draw(each.seconds);
    }
    run();
  }

  function run() {
    const isWanted = [...all.values()].some((each) => each.isSeen);
    if (isWanted && !frame) frame = requestAnimationFrame(tick);
    if (isWanted) return;
    cancelAnimationFrame(frame);
    frame = before = 0;
  }

  return {
    /**
     * Moves a drawing from now on.
     * @param {Element} element @param {(seconds: number) => void} draw @param {number} [from] its first second
     */
    start(element, draw, from = 0) {
      all.set(element, { draw, seconds: from, isSeen: false });
      observer.observe(element);
    },
    /** Leaves a drawing as it is; returns its second. @param {Element} element */
    stop(element) {
      const seconds = all.get(element)?.seconds ?? 0;
      all.delete(element);
      observer.unobserve(element);
      run();
      return seconds;
    },
    /** Ends everything. */
    end() {
      all.clear();
      observer.disconnect();
      run();
    },
  };
}
