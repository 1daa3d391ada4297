import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createWatchdog } from "./watchdog.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("calls back once, after the whole time without a sign of life", () => {
  const onSilence = vi.fn();
  createWatchdog().expect(1000, onSilence);

  vi.advanceTimersByTime(999);
  expect(onSilence).not.toHaveBeenCalled();

  vi.advanceTimersByTime(100_000);
  expect(onSilence).toHaveBeenCalledTimes(1);
});

it("starts the time again at every sign of life", () => {
  const onSilence = vi.fn();
  const watchdog = createWatchdog();

  for (let sign = 0; sign < 10; sign++) {
    watchdog.expect(1000, onSilence);
    vi.advanceTimersByTime(900);
  }

  expect(onSilence).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100);
  expect(onSilence).toHaveBeenCalledTimes(1);
});

it("forgets the earlier expectation when a new one is set, also an earlier one", () => {
  const early = vi.fn();
  const late = vi.fn();
  const watchdog = createWatchdog();

  watchdog.expect(60_000, late);
  watchdog.expect(1000, early);
  vi.advanceTimersByTime(1000);

  expect(early).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(100_000);
  expect(late).not.toHaveBeenCalled();
});

it("can wait for a month, longer than any timer of a browser", () => {
  const onSilence = vi.fn();
  const month = 30 * 24 * 3600 * 1000;

  createWatchdog().expect(month, onSilence);

  vi.advanceTimersByTime(month - 1);
  expect(onSilence).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onSilence).toHaveBeenCalledTimes(1);
});

/** Lets the computer sleep: no timer fires, and then all do at once. */
function sleep(ms: number): void {
  const woken = performance.now() + ms;
  const clock = vi.spyOn(performance, "now").mockReturnValue(woken);
  vi.advanceTimersToNextTimer();
  clock.mockRestore();
}

it.each([2_000, 3_600_000])(
  "does not call back because the computer has slept for %i ms: it looks a second time",
  (slept) => {
    const onSilence = vi.fn();
    const watchdog = createWatchdog();
    watchdog.expect(1000, onSilence);
    sleep(1000 + slept);
    const onWaking = onSilence.mock.calls.length;

    watchdog.expect(1000, onSilence);
    vi.advanceTimersByTime(900);
    const alive = onSilence.mock.calls.length;
    vi.advanceTimersByTime(slept + 1000);

    expect([onWaking, alive]).toEqual([0, 0]);
    expect(onSilence).toHaveBeenCalledTimes(1);
  },
);

it("calls back after the computer has slept, when nothing has come for the whole time since", () => {
  const onSilence = vi.fn();
  createWatchdog().expect(1000, onSilence);
  sleep(5000);

  vi.advanceTimersByTime(6000);

  expect(onSilence).toHaveBeenCalledTimes(1);
});

it("leaves no timer behind when it is stopped", () => {
  const watchdog = createWatchdog();
  watchdog.expect(1000, () => {});

  watchdog.stop();

  expect(vi.getTimerCount()).toBe(0);
});
