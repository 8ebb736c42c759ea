// @ts-check
/** Loads the scripts that most pages do without; each address stands in the page. */

/**
 * @param {"hands" | "output"} name
 * @returns {Promise<any>} what the script exports; it runs once, however often it is asked for
 */
export function importScript(name) {
  const address = document.querySelector(`script[data-${name}]`)?.getAttribute(`data-${name}`);
  // The page's address is meant; by itself it would be relative to this script.
  return import(new URL(address ?? "", document.baseURI).href);
}
