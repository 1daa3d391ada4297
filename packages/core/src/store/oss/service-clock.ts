/** The service's time as far as it has told us. A page's clock may be wrong by years; signatures 15 minutes off are refused. */

export interface ServiceClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that the service is ahead of the page. 0 until it has said otherwise. */
  readonly offsetMs: number;
  /** @param serverTimeMs the service's time as of now, milliseconds since the epoch */
  learn(serverTimeMs: number): void;
}

/** @param pageNow milliseconds since the epoch by the page's clock */
export function serviceClock(pageNow: () => number): ServiceClock {
  let offsetMs = 0;
  return {
    now: () => pageNow() + offsetMs,
    get offsetMs() {
      return offsetMs;
    },
    learn: (serverTimeMs) => {
      offsetMs = serverTimeMs - pageNow();
    },
  };
}
