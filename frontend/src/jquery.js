// @ts-check
/** Takes the place of jQuery, with which base and controls only ever wrap one element. */

class Wrapped {
  length = 1;

  /** @param {Element} element */
  constructor(element) {
    /** @type {Element} */
    this[0] = element;
  }
}

/** @param {Element | Wrapped} element */
export default function $(element) {
  return element instanceof Wrapped ? element : new Wrapped(element);
}
// So that "instanceof $" holds, which is the other thing they ask.
$.prototype = Wrapped.prototype;
