// @ts-check
/** Elements that the page always has. */

/** Returns the element of this id. @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
