import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createReadingClock } from "./reading-clock.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("a read that brings no byte in time is silent", () => {
  const { signal } = createReadingClock(5000);

  vi.advanceTimersByTime(4999);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);

  expect(signal.reason).toMatchObject({ message: "no byte came for 5000 ms" });
});

it("a read that brings a byte now and then is not silent, however long it takes", () => {
  const { signal, moved } = createReadingClock(5000);

  for (let times = 0; times < 20; times += 1) {
    vi.advanceTimersByTime(4900);
    moved();
  }

  expect(signal.aborted).toBe(false);
});

it("a page that comes back from an hour of sleep has one late timer, which is no silence", () => {
  const { signal } = createReadingClock(5000);

  vi.advanceTimersToNextTimer();

  expect(signal.aborted).toBe(false);
});

it("a limit that no timer can hold is no limit that is over at once", () => {
  const { signal } = createReadingClock(Number.POSITIVE_INFINITY);

  vi.advanceTimersByTime(86_400_000);

  expect(signal.aborted).toBe(false);
});

it("nothing is left of a read that has ended", () => {
  createReadingClock(5000).stop();

  expect(vi.getTimerCount()).toBe(0);
});
