// @ts-check
/** The one quiet button of every screen: Help, cover, pass the screen, and the book or the evening. */

import { byId } from "./elements.js";

export function createMenu() {
  const opener = byId("at-menu-open");
  const list = byId("at-menu-list");

  /** @param {boolean} isOpen */
  function toggle(isOpen) {
    list.hidden = !isOpen;
    opener.setAttribute("aria-expanded", String(isOpen));
  }

  opener.addEventListener("click", () => {
    toggle(Boolean(list.hidden));
    if (!list.hidden) /** @type {HTMLElement | null} */ (list.querySelector("a, button"))?.focus();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    toggle(false);
    opener.focus();
  });
  document.addEventListener("click", (event) => {
    const at = event.target instanceof Element ? event.target : null;
    if (!at?.closest("#at-menu")) toggle(false);
  });
  return { close: () => toggle(false) };
}
