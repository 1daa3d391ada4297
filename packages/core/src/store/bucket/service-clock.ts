/** The service's time as far as it has told us. A page's clock may be wrong by years; signatures 15 minutes off are refused. */

export interface ServiceClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that the service is ahead of the page. 0 until it has said otherwise. */
  readonly offsetMs: number;
  /** @param serverTimeMs the service's time as of now, milliseconds since the epoch */
  learn(serverTimeMs: number): void;
  /**
   * What the Date of an answer said. It does not change what is signed with: appliances on the way write dates of their own, and
   * a signature has 15 minutes.
   */
  saw(dateMs: number): void;
  /**
   * @param pageMs a time by the page's clock
   * @returns that time by the service's clock, to be compared with a Last-Modified; undefined when no Date has told it
   */
  exactly(pageMs: number): number | undefined;
  /** The same, or as early as the service would bear; 0 when nothing is known. */
  notLaterThan(pageMs: number): number;
}

/** Dates of HTTP are whole seconds, and one took a moment to arrive. */
const datesAreExactToMs = 2_000;

/**
 * @param pageNow milliseconds since the epoch by the page's clock
 * @param toleratedMs how far off the service lets `now()` be without refusing it
 */
export function serviceClock(pageNow: () => number, toleratedMs: number): ServiceClock {
  let offsetMs = 0;
  let seenOffsetMs: number | undefined;
  const exactly = (pageMs: number) =>
    seenOffsetMs === undefined ? undefined : pageMs + seenOffsetMs - datesAreExactToMs;
  return {
    now: () => pageNow() + offsetMs,
    get offsetMs() {
      return offsetMs;
    },
    learn: (serverTimeMs) => {
      offsetMs = serverTimeMs - pageNow();
    },
    saw: (dateMs) => {
      seenOffsetMs = dateMs - pageNow();
    },
    exactly,
    notLaterThan: (pageMs) => exactly(pageMs) ?? Math.max(0, pageMs + offsetMs - toleratedMs),
  };
}
