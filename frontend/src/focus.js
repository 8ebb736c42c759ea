// @ts-check
/**
 * Keeps the focus near, and in sight. Where a question has gone with its answer, or a button when
 * it was pressed, its form gets the focus, so that the tab key and a screen reader go on from
 * there. What a form above shows late moves nothing that just got the focus under the bar.
 */

const LATE_MS = 2000; // ms after a key has moved the focus; later somebody may have scrolled away
let movedAt = -Infinity;

document.addEventListener("focusin", () => (movedAt = performance.now()));
new ResizeObserver(() => {
  const control = document.activeElement;
  // Not a heading, which the page focuses itself and which may be scrolled away from.
  if (!control?.matches(":focus-visible:not([tabindex='-1'])")) return;
  if (performance.now() - movedAt < LATE_MS) control.scrollIntoView({ block: "nearest", behavior: "instant" });
}).observe(document.body);

document.addEventListener("focusout", (event) => {
  const control = /** @type {HTMLElement} */ (event.target);
  /** @type {HTMLElement[]} */
  const forms = [];
  for (let around = control.parentElement; around; around = around.parentElement) {
    if (around.matches(".at-form")) forms.push(around);
  }
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    if (control.isConnected && control.checkVisibility()) return;
    const form = forms.find((each) => each.checkVisibility());
    if (!form) return;
    form.tabIndex = -1;
    form.focus({ preventScroll: true });
  });
});
