/** Tells the time and waits. No other file sets timers. Seam: tests replace it by a clock that they set. */

/** Browsers fire longer timers at once: a longer sleep is made of several. */
const longestTimerMs = 2 ** 31 - 1;

export interface Clock {
  /** Milliseconds since the epoch by the clock of this machine, which may be wrong. */
  now(): number;
  /** Milliseconds since some fixed moment. Never goes back. */
  elapsed(): number;
  /** Resolves after `ms`; in a page that was left, when it has come back. @throws the signal's reason once it is aborted */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

interface Sleeper {
  timer?: ReturnType<typeof setTimeout>;
  readonly endsAt: number;
  readonly wake: () => void;
}

/** Of all clocks of this page. */
const sleepers = new Set<Sleeper>();
let isAway: boolean | undefined;

export function systemClock(): Clock {
  if (isAway === undefined) watchPage();
  return {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const end = () => {
          clearTimeout(sleeper.timer);
          sleepers.delete(sleeper);
          signal.removeEventListener("abort", end);
          if (signal.aborted) reject(signal.reason);
          else resolve();
        };
        const sleeper: Sleeper = { endsAt: performance.now() + ms, wake: end };
        sleepers.add(sleeper);
        setTimer(sleeper);
        signal.addEventListener("abort", end);
      }),
  };
}

/** A page that was left runs nothing: Chromium drops one from its back/forward cache that does. Its timers go on when it comes back. */
function watchPage(): void {
  const sees = (away: boolean) => () => {
    isAway = away;
    sleepers.forEach(setTimer);
  };
  isAway = false;
  globalThis.addEventListener?.("pagehide", sees(true));
  globalThis.addEventListener?.("pageshow", sees(false));
}

function setTimer(sleeper: Sleeper): void {
  clearTimeout(sleeper.timer);
  if (isAway) return;
  const leftMs = sleeper.endsAt - performance.now();
  sleeper.timer =
    leftMs > longestTimerMs ? setTimeout(() => setTimer(sleeper), longestTimerMs) : setTimeout(sleeper.wake, leftMs);
}
