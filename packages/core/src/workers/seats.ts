/** The seats for workers: which worker gets the next call, and when it is started. Law: the worker only hashes and sends. */
import type { RunningWorker } from "./running-worker.js";

export type Work = "digest" | "send" | "parse";

/** A seat for one worker, and the number of its running calls by kind. */
export interface Seat {
  worker: Promise<RunningWorker> | undefined;
  readonly underWay: Record<Work, number>;
}

export function emptySeats(count: number): readonly Seat[] {
  return Array.from({ length: count }, () => ({ worker: undefined, underWay: { digest: 0, send: 0, parse: 0 } }));
}

/** The seat with the fewest calls of this kind, then the fewest of all kinds, then one whose worker has started. */
export function leastBusy(seats: readonly Seat[], work: Work): Seat {
  const all = ({ digest, send, parse }: Seat["underWay"]) => digest + send + parse;
  const compare = (a: Seat, b: Seat) =>
    a.underWay[work] - b.underWay[work] ||
    all(a.underWay) - all(b.underWay) ||
    Number(a.worker === undefined) - Number(b.worker === undefined);
  return seats.reduce((best, seat) => (compare(seat, best) < 0 ? seat : best));
}

/**
 * The worker of a seat; the first call starts it. If it does not start, all calls that wait for it fail, and the next call tries again.
 *
 * @param start its argument empties the seat, when the worker dies
 */
export function workerOf(seat: Seat, start: (vacate: () => void) => Promise<RunningWorker>): Promise<RunningWorker> {
  const vacate = () => {
    if (seat.worker === starting) seat.worker = undefined;
  };
  const starting = seat.worker ?? start(vacate);
  seat.worker = starting;
  starting.catch(vacate);
  return starting;
}
