/** What the user of a page would feel while something runs: timers that come late, tasks that take long, a heap that grows. */

export interface Felt {
  readonly longTasks: number;
  /** What is beyond 50 ms, summed up: the "blocking time". */
  readonly blockedMs: number;
  /** Longest time between two calls of a timer of 10 ms. */
  readonly longestGapMs: number;
  /** Of the page's scripts, workers left out. */
  readonly peakHeapBytes: number;
}

const timerMs = 10;
const heapEvery = 10;

/** @returns how to stop, and what was felt until then */
export function startProbe(): () => Felt {
  let longTasks = 0;
  let blockedMs = 0;
  let longestGapMs = 0;
  let peakHeapBytes = 0;
  const take = (entries: PerformanceEntryList) => {
    for (const { duration } of entries) {
      longTasks += 1;
      blockedMs += duration - 50;
    }
  };
  const observer = new PerformanceObserver((list) => take(list.getEntries()));
  observer.observe({ type: "longtask" });
  // Not in the standard; Chromium has it, and other browsers are not measured.
  const { memory } = performance as unknown as { readonly memory: { readonly usedJSHeapSize: number } };
  let called = 0;
  let before = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longestGapMs = Math.max(longestGapMs, now - before);
    before = now;
    called += 1;
    if (called % heapEvery === 0) peakHeapBytes = Math.max(peakHeapBytes, memory.usedJSHeapSize);
  }, timerMs);
  return () => {
    clearInterval(timer);
    take(observer.takeRecords());
    observer.disconnect();
    return { longTasks, blockedMs, longestGapMs, peakHeapBytes };
  };
}
