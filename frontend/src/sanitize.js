// @ts-check
/** Takes the place of sanitize-html: smaller, and a browser's own parser decides. */

import purify from "dompurify";

/** @param {string} html @param {{allowedTags: string[]}} allowed */
export default function sanitize(html, { allowedTags }) {
  return purify.sanitize(html, {
    ALLOWED_TAGS: allowedTags,
    ALLOWED_ATTR: ["class", "style", "title", "href", "src"],
  });
}
