/** Waiting that a signal can end. What is waited for goes on: it is for others, too, or ends by itself. Pure. */

/** @throws the signal's reason as soon as it is aborted */
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
