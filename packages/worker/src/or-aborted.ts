/** Waiting that a signal can end. */

/**
 * Settles like `promise`, or rejects with the signal's reason once it is aborted. What was waited for goes on by itself;
 * a later failure of it is not reported.
 */
export function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
