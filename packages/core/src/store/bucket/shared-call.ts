/** One call that several callers wait for. Each may leave without ending it for the others; when all have left, it is aborted. */

export interface SharedCall<T> {
  /** False once it has settled or been aborted: a new one has to be begun. */
  readonly underway: boolean;
  /** Rejects with the signal's reason when this caller leaves first. */
  join(signal: AbortSignal): Promise<T>;
}

/** @param start called at once; its signal is aborted when nobody waits any more */
export function shareCall<T>(start: (signal: AbortSignal) => Promise<T>): SharedCall<T> {
  const controller = new AbortController();
  let underway = true;
  let waiting = 0;
  const call = start(controller.signal).finally(() => {
    underway = false;
  });
  // Those who wait see the failure; when all have left, there is nobody to tell.
  call.catch(() => undefined);

  const leave = (reason: unknown) => {
    waiting -= 1;
    if (waiting > 0 || !underway) return;
    underway = false;
    controller.abort(reason);
  };

  return {
    get underway() {
      return underway;
    },
    async join(signal) {
      signal.throwIfAborted();
      waiting += 1;
      const { promise: left, stop } = whenAborted(signal);
      try {
        return await Promise.race([call, left]);
      } finally {
        stop();
        leave(signal.reason);
      }
    },
  };
}

function whenAborted(signal: AbortSignal): { promise: Promise<never>; stop: () => void } {
  let stop = () => {};
  const promise = new Promise<never>((_, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    stop = () => signal.removeEventListener("abort", onAbort);
  });
  return { promise, stop };
}
