import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "./clock.js";

const day = 86_400_000;
/** What a browser holds in a timer: one that is set for longer fires at once. */
const longestTimerMs = 2 ** 31 - 1;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
  const set = globalThis.setTimeout;
  vi.stubGlobal("setTimeout", (callBack: () => void, ms: number) => set(callBack, ms > longestTimerMs ? 0 : ms));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each([
  ["nothing", 0],
  ["a second", 1_000],
  ["a day", day],
  ["the longest that a timer can hold", longestTimerMs],
  ["a millisecond more", longestTimerMs + 1],
  ["30 days", 30 * day],
])("a sleep of %s ends when its time is over, and not before", async (_, ms) => {
  let ended = false;
  systemClock()
    .sleep(ms, new AbortController().signal)
    .then(() => {
      ended = true;
    });

  await vi.advanceTimersByTimeAsync(Math.max(0, ms - 1));
  const early = ended;
  const timers = vi.getTimerCount();
  await vi.advanceTimersByTimeAsync(1);

  expect(early).toBe(ms === 0);
  expect(timers).toBeLessThanOrEqual(1);
  expect(ended).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test("a sleep until the year 9999 has not ended after 100 days", async () => {
  let ended = false;
  systemClock()
    .sleep(Date.UTC(9999, 11, 31) - Date.UTC(2026, 0, 1), new AbortController().signal)
    .then(() => {
      ended = true;
    });

  await vi.advanceTimersByTimeAsync(100 * day);

  expect(ended).toBe(false);
  expect(vi.getTimerCount()).toBe(1);
});

test("a sleep of a month that is aborted on its second day ends then, and leaves no timer", async () => {
  const stop = new AbortController();
  const sleeping = expect(systemClock().sleep(30 * day, stop.signal)).rejects.toBe("enough");
  await vi.advanceTimersByTimeAsync(day);

  stop.abort("enough");

  await sleeping;
  expect(vi.getTimerCount()).toBe(0);
});
