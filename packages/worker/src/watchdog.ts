/** Tells when nothing has happened for too long. */

export interface Watchdog {
  /** From now on: unless something is expected anew or `stop` is called within `ms`, `onSilence` is called, once. */
  expect(ms: number, onSilence: () => void): void;
  stop(): void;
}

/** Longer timers fire at once in browsers. */
const longestTimerMs = 2 ** 31 - 1;

/** One timer that looks at the deadline when it fires: some engines report progress every 8 KiB. */
export function createWatchdog(): Watchdog {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let firesAt = 0;
  let deadline = 0;
  let bark: () => void = () => {};

  function arm(): void {
    clearTimeout(timer);
    const wait = Math.min(Math.max(deadline - performance.now(), 0), longestTimerMs);
    firesAt = performance.now() + wait;
    timer = setTimeout(look, wait);
  }

  function look(): void {
    timer = undefined;
    if (performance.now() < deadline) arm();
    else bark();
  }

  return {
    expect(ms, onSilence) {
      deadline = performance.now() + ms;
      bark = onSilence;
      if (timer === undefined || deadline < firesAt) arm();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
