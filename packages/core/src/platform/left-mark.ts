/**
 * Notes that a page of this origin has just left queued files with a keeper. Without it every page that begins would have to start a worker in
 * order to ask. Written while the page unloads, which leaves time for nothing else. Seam.
 */

/** As long as keepers keep. */
const freshMs = 300_000;
const name = "ossicle-left";

export interface LeftMark {
  /** @param now milliseconds since the epoch, as in `isFresh` */
  set(now: number): void;
  isFresh(now: number): boolean;
}

/** Where the browser keeps nothing, nothing is fresh: queued files have to be chosen again. */
export const storedMark: LeftMark = {
  set(now) {
    try {
      globalThis.localStorage?.setItem(name, String(now));
    } catch {
      // Full or forbidden.
    }
  },
  isFresh(now) {
    try {
      const age = now - Number(globalThis.localStorage?.getItem(name) ?? Number.NaN);
      return age >= 0 && age <= freshMs;
    } catch {
      return false; // Forbidden.
    }
  },
};
