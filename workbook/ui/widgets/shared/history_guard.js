// @ts-check

/**
 * Returns a guard that keeps Back from turning the page while a dialog is open: it pushes a
 * history entry with the same address, and pushes it again whenever the browser has gone
 * elsewhere in this document. The entry stays after `release`; one press of Back uses it up.
 */
export function createHistoryGuard() {
  let address = "";
  const push = () => history.pushState({ ...history.state, atDialog: true }, "", address);
  return {
    hold() {
      if (address) return;
      address = location.href;
      if (!history.state?.atDialog) push(); // an entry left from the last dialog serves again
      addEventListener("popstate", push);
    },
    release() {
      address = "";
      removeEventListener("popstate", push);
    },
  };
}
