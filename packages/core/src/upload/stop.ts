/** The ways in which an app stops an upload, and which of two wins. Pure. */

/** "paused" by `pause()` or a page that leaves, "stopped" by a signal or `close()`, "cancelled" by `cancel()`. */
export type Stop = "paused" | "stopped" | "cancelled";

const strength: Readonly<Record<Stop, number>> = { paused: 1, stopped: 2, cancelled: 3 };

/** The stronger wish wins: nobody cancels in order to have it paused. */
export function stronger(a: Stop | undefined, b: Stop): Stop {
  return a !== undefined && strength[a] > strength[b] ? a : b;
}

export function abortError(key: string, stop: Stop): DOMException {
  return new DOMException(`The upload of "${key}" was ${stop}`, "AbortError");
}
