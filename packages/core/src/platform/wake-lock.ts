/** Keeps the screen on while it is told to: a phone that dims its screen soon stops the page's network. */

export interface Toggle {
  /** Idempotent: what counts is the last call. */
  set(on: boolean): void;
}

/** Does nothing where the browser has no screen wake lock, or refuses one (low battery): an upload never fails for it. */
export function screenWakeLock(): Toggle {
  let wanted = false;
  let held: WakeLockSentinel | undefined;
  let asking = false;

  const settle = async () => {
    if (asking) return;
    asking = true;
    try {
      while (wanted !== (held !== undefined && !held.released)) {
        if (!wanted) {
          await held?.release();
          held = undefined;
        } else {
          if (document.visibilityState !== "visible") return;
          held = await navigator.wakeLock.request("screen");
        }
      }
    } catch {
      // Refused for now; it is asked for again when the page becomes visible.
    } finally {
      asking = false;
    }
  };

  return {
    set(on) {
      if (on === wanted || !("wakeLock" in navigator)) return;
      wanted = on;
      // The browser takes the lock away when the page is hidden, and does not give it back by itself.
      if (on) document.addEventListener("visibilitychange", settle);
      else document.removeEventListener("visibilitychange", settle);
      settle();
    },
  };
}
