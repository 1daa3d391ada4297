/** Lets a signal end the waiting for a promise. The work behind the promise goes on: others may wait for it too. Pure. */

/** @throws the signal's reason as soon as it is aborted; what `awaited` rejects with */
export function orAborted<T>(awaited: T | PromiseLike<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal?.reason);
    if (signal?.aborted) leave();
    signal?.addEventListener("abort", leave);
    Promise.resolve(awaited)
      .then(resolve, reject)
      .finally(() => signal?.removeEventListener("abort", leave));
  });
}
