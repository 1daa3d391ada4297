/** Calls back when nothing has happened for too long, while the computer was awake. */

export interface Watchdog {
  /** Calls `onSilence` once, after `ms` milliseconds, unless `expect` or `stop` is called before. */
  expect(ms: number, onSilence: () => void): void;
  stop(): void;
}

/** Browsers fire longer timers at once. */
export const longestTimerMs = 2 ** 31 - 1;

/**
 * A timer that fires so late has slept: with the computer, or in a frozen page. What has come meanwhile is not heard yet, and what is on its
 * way could not come.
 */
const sleptMs = 1_000;

/** Sets one timer and looks at the deadline when it fires, because some browsers call `expect` every 8 KiB. */
export function createWatchdog(): Watchdog {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let firesAt = 0;
  let deadline = 0;
  let patience = 0;
  let callBack: () => void = () => {};

  function arm(): void {
    clearTimeout(timer);
    const wait = Math.min(Math.max(deadline - performance.now(), 0), longestTimerMs);
    firesAt = performance.now() + wait;
    timer = setTimeout(look, wait);
  }

  function look(): void {
    timer = undefined;
    const now = performance.now();
    // Looks a second time, after the whole time.
    if (now - firesAt >= sleptMs) deadline = now + patience;
    if (now < deadline) arm();
    else callBack();
  }

  return {
    expect(ms, onSilence) {
      patience = ms;
      deadline = performance.now() + ms;
      callBack = onSilence;
      if (timer === undefined || deadline < firesAt) arm();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
