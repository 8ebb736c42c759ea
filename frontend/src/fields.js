// @ts-check
/** No field is remembered: browsers keep what is typed or ticked, to offer or restore it. */

const FIELDS = "input, textarea, select";

/** @param {Element} element with all that is in it */
function disableAutocomplete(element) {
  const inside = /** @type {NodeListOf<HTMLInputElement>} */ (element.querySelectorAll(FIELDS));
  for (const field of [element, ...inside]) {
    if (field.matches(FIELDS) && !field.hasAttribute("autocomplete")) {
      field.setAttribute("autocomplete", "off");
    }
  }
}

new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) if (node instanceof Element) disableAutocomplete(node);
  }
}).observe(document, { childList: true, subtree: true });
disableAutocomplete(document.documentElement);
