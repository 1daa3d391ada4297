/** What the user of a page would feel while something runs: timers that come late, tasks that take long, a heap that grows. */

export interface Felt {
  readonly longTasks: number;
  /** What is beyond 50 ms, summed up: the "blocking time". */
  readonly blockedMs: number;
  /** Longest time between two calls of a timer of 10 ms. */
  readonly longestGapMs: number;
  /** Of the page's scripts, workers left out. */
  readonly peakHeapBytes: number;
  /** Pictures that the page could draw, a second; those that came so late that one was left out; the longest time between two. */
  readonly framesPerSecond: number;
  readonly lateFrames: number;
  readonly longestFrameMs: number;
}

/** At 60 a second one is due every 16.7 ms. */
const lateMs = 25;

const timerMs = 10;
const heapEvery = 10;

/**
 * @param frames are they counted? Asking for each makes the browser draw them
 * @returns how to stop, and what was felt until then
 */
export function startProbe(frames: boolean): () => Felt {
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
  const drawn = frames ? countFrames() : () => ({ framesPerSecond: 0, lateFrames: 0, longestFrameMs: 0 });
  return () => {
    clearInterval(timer);
    take(observer.takeRecords());
    observer.disconnect();
    return { longTasks, blockedMs, longestGapMs, peakHeapBytes, ...drawn() };
  };
}

function countFrames(): () => Pick<Felt, "framesPerSecond" | "lateFrames" | "longestFrameMs"> {
  let count = 0;
  let lateFrames = 0;
  let longestFrameMs = 0;
  let stopped = false;
  let began = 0;
  let before = 0;
  const frame = (now: number) => {
    if (stopped) return;
    requestAnimationFrame(frame);
    if (began === 0) began = now;
    else {
      count += 1;
      if (now - before > lateMs) lateFrames += 1;
      longestFrameMs = Math.max(longestFrameMs, now - before);
    }
    before = now;
  };
  requestAnimationFrame(frame);
  return () => {
    stopped = true;
    return { framesPerSecond: (count / (before - began)) * 1000, lateFrames, longestFrameMs };
  };
}
