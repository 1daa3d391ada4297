/** When bytes that are put on a line arrive, and when it will take more. Pure. */

export interface DelayOptions {
  readonly bytesPerMs: number;
  readonly oneWayMs: number;
  /** The line takes nothing for so long from `now` on. */
  readonly idleMs: number;
  readonly now: number;
}

/** So much is read before the line is free: a timer that is late must not leave it empty. */
const aheadMs = 20;

export function createDelay({ bytesPerMs, oneWayMs, idleMs, now: begin }: DelayOptions) {
  let freeAt = begin + idleMs;
  return {
    take(bytes: number, now: number): { readonly arrivesAt: number; readonly readOnAt: number } {
      freeAt = Math.max(freeAt, now) + bytes / bytesPerMs;
      return { arrivesAt: freeAt + oneWayMs, readOnAt: freeAt - aheadMs };
    },
  };
}
