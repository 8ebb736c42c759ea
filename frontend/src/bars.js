// @ts-check
/**
 * Says how much of the window the bars cover, as `--at-above` and `--at-below` on the root: what
 * fills the rest, or is scrolled to, goes by them.
 */

const root = document.documentElement;

/** @param {Element | null} bar @param {string} name of the custom property */
function watchBar(bar, name) {
  const measure = () => {
    const stays = bar && ["sticky", "fixed"].includes(getComputedStyle(bar).position);
    root.style.setProperty(name, `${stays ? bar.getBoundingClientRect().height : 0}px`);
  };
  measure();
  if (bar) new ResizeObserver(measure).observe(bar, { box: "border-box" });
  addEventListener("resize", measure);
  document.addEventListener("at-turned", measure);
}

export function watchBars() {
  watchBar(document.querySelector(".at-top"), "--at-above");
  watchBar(document.querySelector(".at-bar"), "--at-below");
}
