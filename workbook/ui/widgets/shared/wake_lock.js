// @ts-check

/** Returns a lock that keeps the screen from going dark, where the browser offers one. */
export function createWakeLock() {
  /** @type {WakeLockSentinel | null} */
  let sentinel = null;
  return {
    /** Asks for the lock; a second call while it is held does nothing. */
    async request() {
      try {
        if (sentinel || document.hidden) return;
        sentinel = await navigator.wakeLock.request("screen");
        sentinel.addEventListener("release", () => (sentinel = null));
      } catch {
        sentinel = null; // not offered here, or the battery is low
      }
    },
    /** Returns whether the browser refuses the lock now; asks for one and gives it back. */
    async isRefused() {
      if (sentinel || document.hidden) return false; // a hidden page is always refused
      try {
        await (await navigator.wakeLock.request("screen")).release();
        return false;
      } catch {
        return !document.hidden;
      }
    },
    release() {
      void sentinel?.release().catch(() => undefined);
      sentinel = null;
    },
  };
}
