// @ts-check
/**
 * Notes in each page when a person could first see a thing, and presses its button as
 * soon as there is one. Runs before the page's own scripts; bench/page.py puts what to
 * look for in front, as `benchLooksFor` (bench/stacks.py, Looks). Times are milliseconds
 * since navigation, taken after the frame that shows the thing.
 */
(() => {
  if (window !== window.top) return;

  /** @type {{text: string, widgets: string, count: number, button: string, label: string,
   *   answer: string, again: number, alive: string}} */
  const wanted = /** @type {any} */ (window).benchLooksFor;
  const label = new RegExp(wanted.label);

  /** The document and every shadow root in it. @type {(Document | ShadowRoot)[]} */
  const roots = [document];
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (how) {
    const root = attach.call(this, how);
    roots.push(root);
    observer?.observe(root, CHANGES);
    return root;
  };

  const CHANGES = { subtree: true, childList: true, characterData: true, attributes: true };
  /** @type {MutationObserver | undefined} */
  let observer;

  /** @param {Element | null} element */
  const visible = (element) =>
    element?.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    element.getBoundingClientRect().height > 0;

  /** @param {string} selector */
  const seen = (selector) =>
    roots.flatMap((root) => [...root.querySelectorAll(selector)]).filter(visible);

  /** The first visible text with a match. @param {RegExp} pattern */
  function read(pattern) {
    for (const root of roots) {
      const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        const match = pattern.exec(node.nodeValue ?? "");
        if (match && visible(node.parentElement ?? /** @type {ShadowRoot} */ (root).host)) {
          return match;
        }
      }
    }
    return null;
  }

  const text = new RegExp(wanted.text);
  const button = () =>
    /** @type {HTMLElement | undefined} */ (
      seen(wanted.button).find((each) => label.test(each.textContent ?? ""))
    );

  /** The number of the last press the server answered; 0: none yet. */
  const answered = () =>
    wanted.answer ? Number(seen(wanted.answer).length > 0) : Number(read(/Saved, press (\d+)/)?.[1] ?? 0);

  const times = /** @type {Record<string, number>} */ ({});
  let presses = 0;
  let pressing = 0;

  /** @param {string} what */
  function note(what) {
    if (what in times) return;
    times[what] = 0; // until the frame is on screen
    setTimeout(() => (times[what] = performance.now()));
  }

  function press() {
    const found = button();
    if (!found) return;
    presses += 1;
    found.click();
  }

  if (wanted.alive) document.addEventListener(wanted.alive, () => note("alive"), { once: true });

  function frame() {
    if (!("text" in times) && read(text)) note("text");
    if (!("widgets" in times) && seen(wanted.widgets).length >= wanted.count) note("widgets");
    if (!pressing && button()) {
      pressing = setInterval(press, wanted.again);
      press();
    }
    if (answered()) {
      clearInterval(pressing);
      note("answered");
    }
    if (["text", "widgets", "answered"].every((what) => what in times)) setTimeout(report);
    else requestAnimationFrame(frame);
  }
  requestAnimationFrame(frame);

  /** @returns {unknown} */
  function report() {
    const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (
      performance.getEntriesByType("navigation")
    );
    const first = performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    if (first === undefined) return setTimeout(report, 20); // it is noted a little later
    /** @type {any} */ (window).benchAnswered({
      byte: navigation.responseStart,
      paint: first,
      presses,
      // The browser says when a frame reached the screen for the first one only.
      ...Object.fromEntries(Object.entries(times).map(([what, at]) => [what, Math.max(at, first)])),
    });
  }

  /**
   * Milliseconds from something done to its result: in the document, and on screen.
   * @param {() => void} act
   * @param {() => boolean} done
   * @returns {Promise<{answer: number, shown: number}>}
   */
  function timed(act, done) {
    return new Promise((resolve) => {
      let begun = 0;
      const look = () => {
        if (!done()) return;
        observer?.disconnect();
        observer = undefined;
        const answer = performance.now() - begun;
        requestAnimationFrame(() =>
          setTimeout(() => resolve({ answer, shown: performance.now() - begun })),
        );
      };
      observer = new MutationObserver(look);
      for (const root of roots) observer.observe(root, CHANGES);
      begun = performance.now();
      act();
    });
  }

  Object.assign(window, {
    /** One press of the button on a page that has settled. */
    benchPress() {
      const before = answered();
      return timed(press, () => answered() > before);
    },
    /** Another chapter, by the link with this number; null: it is the one already shown. */
    benchTurn(/** @type {string} */ links, /** @type {string} */ chapter, /** @type {number} */ at) {
      const link = /** @type {HTMLElement} */ (seen(links)[at]);
      const before = seen(chapter)[0];
      if (link.hasAttribute("aria-current")) return null;
      return timed(
        () => link.click(),
        () => seen(chapter).some((each) => each !== before),
      );
    },
  });
})();
