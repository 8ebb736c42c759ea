// @ts-check

/**
 * Returns a guard that keeps Back from turning the page while a dialog is open: it pushes a
 * copy of the present history entry, and pushes it again whenever the browser has gone
 * elsewhere in this document. The entry stays after `release`; one press of Back uses it up.
 */
export function createHistoryGuard() {
  /** The entry that is held. @type {{state: any, address: string} | null} */
  let held = null;
  const push = () => {
    if (held) history.pushState({ ...held.state, atDialog: true }, "", held.address);
  };
  /** Before the page follows the entry. @param {Event} event */
  const onPopState = (event) => {
    event.stopImmediatePropagation();
    push();
  };
  return {
    hold() {
      if (held) return;
      held = { state: history.state, address: location.href };
      if (!history.state?.atDialog) push(); // an entry left from the last dialog serves again
      addEventListener("popstate", onPopState, { capture: true });
    },
    release() {
      held = null;
      removeEventListener("popstate", onPopState, { capture: true });
    },
  };
}
