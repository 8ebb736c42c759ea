// @ts-check
/** How high the figure can be, so that it fits between the bars of the page. */

const LEAST_PX = 320; // below it the figure is better scrolled to
const SMALLEST_PX = 240;
const LARGEST_PX = 736;
const AIR_PX = 8;

/**
 * Returns the height in px that the figure has on the page, or 0 where the page does not say what
 * its bars cover (`--at-above`, `--at-below`): there the style sheet decides.
 * @param {HTMLElement} stage @param {HTMLElement} tray what stays in sight above it
 */
export function findHeight(stage, tray) {
  const page = getComputedStyle(document.documentElement);
  const above = parseFloat(page.getPropertyValue("--at-above"));
  const below = parseFloat(page.getPropertyValue("--at-below"));
  if (Number.isNaN(above) || Number.isNaN(below) || !stage.offsetParent) return 0;
  const top = stage.getBoundingClientRect().top + scrollY;
  return chooseHeight(innerHeight - below - top - AIR_PX, innerHeight - above - below - tray.offsetHeight - 2 * AIR_PX);
}

/**
 * Returns the height: what is left below everything that stands above the figure, unless it is too
 * little; then all there is between the bars once the figure is scrolled to.
 * @param {number} left @param {number} between
 */
export function chooseHeight(left, between) {
  const height = left >= LEAST_PX ? left : Math.max(between, SMALLEST_PX);
  return Math.round(Math.min(height, LARGEST_PX));
}
