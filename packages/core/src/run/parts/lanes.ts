/** Several loops, the lanes, take tasks from one list. The first failure stops all of them. Law: nothing outlives its run. */
import { orAborted } from "../../or-aborted.js";

/**
 * @param tasks a free lane takes one at a time; an async list may let it wait for the next
 * @param work  does one task; must settle soon after its signal is aborted
 * @throws the signal's reason, or else the first failure; by then no lane is running
 */
export async function inLanes<T>(
  tasks: Iterable<T> | AsyncIterable<T>,
  count: number,
  signal: AbortSignal,
  work: (task: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  signal.throwIfAborted();
  const failing = new AbortController();
  const stop = AbortSignal.any([signal, failing.signal]);
  const failures: unknown[] = [];
  const queue = Symbol.asyncIterator in tasks ? tasks[Symbol.asyncIterator]() : tasks[Symbol.iterator]();

  const lane = async () => {
    try {
      for (;;) {
        const next = await orAborted(queue.next(), stop);
        if (next.done) return;
        await work(next.value, stop);
        if (stop.aborted) return;
      }
    } catch (error) {
      failures.push(error);
      failing.abort(error);
    }
  };
  await Promise.all(Array.from({ length: count }, lane));

  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}

/** Runs all jobs at the same time, each in a lane of its own. */
export async function together(
  signal: AbortSignal,
  ...jobs: readonly ((signal: AbortSignal) => Promise<void>)[]
): Promise<void> {
  await inLanes(jobs, jobs.length, signal, (job, stop) => job(stop));
}
