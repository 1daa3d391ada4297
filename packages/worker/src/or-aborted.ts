/** Lets a signal end the wait for a promise. */

/**
 * Settles like `promise`, or rejects with the signal's reason once the signal is aborted. The work behind `promise` goes on
 * then; if it fails later, nothing reports that.
 */
export function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
