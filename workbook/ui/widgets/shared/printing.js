// @ts-check
/** When what was made for paper alone may go again. */

/** How long it is kept, in ms, if nobody touches the page. */
const KEPT_MS = 60_000;

/**
 * Calls back once after printing: at the next tap or key, or after a minute. Not at "afterprint"
 * itself: iPhones draw the page anew after they have said that it is printed.
 * @param {() => void} done
 */
export function whenPrinted(done) {
  addEventListener(
    "afterprint",
    () => {
      const end = () => {
        clearTimeout(timer);
        for (const name of ["pointerdown", "keydown"]) removeEventListener(name, end, { capture: true });
        done();
      };
      const timer = setTimeout(end, KEPT_MS);
      for (const name of ["pointerdown", "keydown"]) addEventListener(name, end, { capture: true });
    },
    { once: true },
  );
}
