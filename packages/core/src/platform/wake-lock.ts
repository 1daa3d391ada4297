/** Keeps the screen on while bytes move: a phone that turns its screen off soon stops the network of the page. */

export interface Toggle {
  /** Setting the same value again does nothing. */
  set(on: boolean): void;
}

/** If the browser has no screen wake lock, or refuses it (low battery), nothing happens: an upload never fails because of it. */
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
      // Refused for now. It is requested again when the page becomes visible.
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
