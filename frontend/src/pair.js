// @ts-check
/** Changes a code, from the address or from the field, for this browser's cookies. */

import { byId } from "./elements.js";

const CODE = /^[0-9A-Z]{4}(-[0-9A-Z]{4}){6}$/i; // other fragments belong to chapters

const root = document.documentElement;
const field = /** @type {HTMLInputElement} */ (byId("code"));
const said = byId("said");
const shown = byId("shown");

/* As the book's own page does; storage may be off. */
try {
  const chosen = localStorage.getItem("at-theme");
  if (chosen === "light" || chosen === "dusk") root.dataset.theme = chosen;
} catch {
  /* the device's own choice holds */
}

/**
 * @param {string} address
 * @param {URLSearchParams} [body]
 */
const post = (address, body) => fetch(address, { method: "POST", body, redirect: "error" });

/** Only one at a time: a second press would spend the code that the first one brought. */
let busy = false;

/** @param {string} code */
async function sendCode(code) {
  if (busy) return;
  busy = true;
  showMessage("");
  try {
    const answer = await post("pair", new URLSearchParams({ code }));
    if (answer.ok) {
      location.replace("./");
      return;
    }
    showMessage(await answer.text());
  } catch {
    showMessage(said.dataset.away ?? "");
  }
  busy = false;
  field.focus();
}

/** @param {string} text */
function showMessage(text) {
  said.textContent = text;
  if (text) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

function takeCodeFromAddress() {
  const code = location.hash.slice(1);
  if (!code) return;
  // Out of the address bar and the history before anything else happens.
  history.replaceState(null, "", location.pathname);
  if (CODE.test(code)) sendCode(code);
}

byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (field.value.trim()) {
    sendCode(field.value);
    return;
  }
  showMessage(field.dataset.empty ?? "");
  field.focus();
});

byId("new").addEventListener("click", async () => {
  shown.textContent = "";
  try {
    shown.textContent = await (await post("pair/new")).text();
  } catch {
    shown.textContent = said.dataset.away ?? "";
  }
});

// A code that is not needed any more stays unspent, and out of the address all the same.
if (root.hasAttribute("data-paired")) location.replace("./");
else {
  addEventListener("hashchange", takeCodeFromAddress); // an address pasted over this page
  takeCodeFromAddress();
}
