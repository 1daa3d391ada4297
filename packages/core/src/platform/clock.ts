/** Tells the time and waits. No other file sets timers. Seam: tests replace it by a clock that they set. */

/** Browsers fire longer timers at once. */
const longestTimerMs = 2 ** 31 - 1;

export interface Clock {
  /** Milliseconds since the epoch by the clock of this machine, which may be wrong. */
  now(): number;
  /** Milliseconds since some fixed moment. Never goes back. */
  elapsed(): number;
  /** Resolves after `ms`. @throws the signal's reason once it is aborted */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const stop = () => {
          clearTimeout(timer);
          reject(signal.reason);
        };
        const timer = setTimeout(
          () => {
            signal.removeEventListener("abort", stop);
            resolve();
          },
          Math.min(ms, longestTimerMs),
        );
        signal.addEventListener("abort", stop, { once: true });
      }),
  };
}
