/** The service's time, as its answers tell it. A page's clock may be wrong by years, but a signature that is 15 minutes off is refused. */

export interface ServiceClock {
  /** The time to sign with, milliseconds since the epoch. */
  now(): number;
  /** Milliseconds by which the service is ahead of the page; 0 until `learn` is called. */
  readonly offsetMs: number;
  /** Corrects `now()`. @param serverTimeMs the service's time at this moment, milliseconds since the epoch */
  learn(serverTimeMs: number): void;
  /**
   * Notes the Date of an answer, for `exactly`. Does not change `now()`: appliances on the way write dates of their own, and a signature may
   * be 15 minutes off.
   */
  saw(dateMs: number): void;
  /**
   * @param pageMs a time by the page's clock, milliseconds since the epoch
   * @returns that time by the service's clock, to be compared with a Last-Modified; undefined if no Date has been noted
   */
  exactly(pageMs: number): number | undefined;
  /** As `exactly`; without a Date the earliest time that it can be, 0 at least. */
  notLaterThan(pageMs: number): number;
}

/** Dates of HTTP are in whole seconds, and an answer takes a moment to arrive. */
const datesAreExactToMs = 2_000;

/**
 * @param pageNow milliseconds since the epoch by the page's clock
 * @param toleratedMs milliseconds that `now()` may be off before the service refuses a signature
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
