// @ts-check
/**
 * Keeps the focus where a question was that has gone with its answer, or a button that went when
 * it was pressed: its form gets it, so that the tab key and a screen reader go on from there.
 */

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
