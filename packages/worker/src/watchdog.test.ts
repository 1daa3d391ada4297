import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createWatchdog } from "./watchdog.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("tells of silence once, when it has lasted", () => {
  const onSilence = vi.fn();
  createWatchdog().expect(1000, onSilence);

  vi.advanceTimersByTime(999);
  expect(onSilence).not.toHaveBeenCalled();

  vi.advanceTimersByTime(100_000);
  expect(onSilence).toHaveBeenCalledTimes(1);
});

it("waits anew from every sign of life", () => {
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

it("knows only what is expected last, be it sooner or later than before", () => {
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

it("waits longer than the longest timer that browsers have", () => {
  const onSilence = vi.fn();
  const month = 30 * 24 * 3600 * 1000;

  createWatchdog().expect(month, onSilence);

  vi.advanceTimersByTime(month - 1);
  expect(onSilence).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onSilence).toHaveBeenCalledTimes(1);
});

it("takes an hour of sleep for silence, unless a sign of life comes before the late timer", () => {
  const hour = 3_600_000;
  const late = vi.fn();
  const alive = vi.fn();
  const sleeper = createWatchdog();
  const wakeful = createWatchdog();
  sleeper.expect(1000, late);
  wakeful.expect(1000, alive);

  const woken = performance.now() + hour;
  const clock = vi.spyOn(performance, "now").mockReturnValue(woken);
  wakeful.expect(1000, alive);
  vi.advanceTimersByTime(1000);
  clock.mockRestore();

  expect(late).toHaveBeenCalledTimes(1);
  expect(alive).not.toHaveBeenCalled();
});

it("leaves no timer behind when it is stopped", () => {
  const watchdog = createWatchdog();
  watchdog.expect(1000, () => {});

  watchdog.stop();

  expect(vi.getTimerCount()).toBe(0);
});
