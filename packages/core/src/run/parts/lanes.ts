/** Several loops that pull from one list of tasks. The first failure stops all; returns when all have stopped. Law 7. */
import { orAborted } from "../../or-aborted.js";

/**
 * @param tasks pulled one at a time, when a lane is free: nothing is begun ahead. Lanes wait for a task that is not known yet
 * @param work  must settle soon after its signal is aborted
 * @throws the signal's reason, or else the first failure, once no lane is running any more
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

/** Runs all at the same time, under the same rules. */
export async function together(
  signal: AbortSignal,
  ...jobs: readonly ((signal: AbortSignal) => Promise<void>)[]
): Promise<void> {
  await inLanes(jobs, jobs.length, signal, (job, stop) => job(stop));
}
