/** One call that several callers wait for. One that leaves does not end it for the others; when all have left, it is aborted. */
import { orAborted } from "../../or-aborted.js";

export interface SharedCall<T> {
  /** False once it has settled or been aborted: the next caller has to start a new one. */
  readonly underway: boolean;
  /** Waits for the result. @throws the signal's reason if it is aborted first: this caller leaves */
  join(signal: AbortSignal): Promise<T>;
}

/** @param start called at once; its signal is aborted when all callers have left */
export function shareCall<T>(start: (signal: AbortSignal) => Promise<T>): SharedCall<T> {
  const controller = new AbortController();
  let underway = true;
  let waiting = 0;
  const call = start(controller.signal).finally(() => {
    underway = false;
  });
  // Callers that wait see the failure. When all have left it must not be reported as unhandled.
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
      try {
        return await orAborted(call, signal);
      } finally {
        leave(signal.reason);
      }
    },
  };
}
