/** Lets the wait for a promise end after a time. The work behind the promise goes on. */
import type { Clock } from "./platform/clock.js";

/**
 * @param late makes the error of what took too long
 * @throws what `late` makes; the signal's reason once it is aborted; what `work` rejects with
 */
export async function orLate<T>(
  work: Promise<T>,
  ms: number,
  clock: Pick<Clock, "sleep">,
  late: () => unknown,
  signal?: AbortSignal,
): Promise<T> {
  const answered = new AbortController();
  const waiting = AbortSignal.any([answered.signal, ...(signal ? [signal] : [])]);
  const tooLate = async () => {
    // Two sleeps: when a laptop wakes up one is over at once, and the work still has the other one to end.
    await clock.sleep(ms / 2, waiting);
    await clock.sleep(ms / 2, waiting);
    throw late();
  };
  return await Promise.race([work, tooLate()]).finally(() => answered.abort());
}
