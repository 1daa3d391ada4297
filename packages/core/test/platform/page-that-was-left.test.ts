/** No timer of a page that was left runs: Chromium drops a page from its back/forward cache that does anything there. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Clock } from "../../src/platform/clock.js";

const never = new AbortController().signal;
let page: EventTarget;
let clock: Clock;

beforeEach(async () => {
  vi.useFakeTimers();
  page = new EventTarget();
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.resetModules();
  clock = (await import("../../src/platform/clock.js")).systemClock();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const leave = () => page.dispatchEvent(new Event("pagehide"));
const comeBack = () => page.dispatchEvent(new Event("pageshow"));

/** Milliseconds after which each sleep ended, in order. */
function sleeps(...each: number[]): number[] {
  const ended: number[] = [];
  for (const ms of each) clock.sleep(ms, never).then(() => ended.push(ms));
  return ended;
}

test("what slept when the user left wakes when the page comes back, if its time is over, and else later", async () => {
  const ended = sleeps(100, 5_000);

  leave();
  const timers = vi.getTimerCount();
  await vi.advanceTimersByTimeAsync(2_000);
  const whileAway = [...ended];
  comeBack();
  await vi.advanceTimersByTimeAsync(0);
  const atOnce = [...ended];
  await vi.advanceTimersByTimeAsync(2_999);
  const early = [...ended];
  await vi.advanceTimersByTimeAsync(1);

  expect(timers).toBe(0);
  expect(whileAway).toEqual([]);
  expect(atOnce).toEqual([100]);
  expect(early).toEqual([100]);
  expect(ended).toEqual([100, 5_000]);
});

test("what begins to sleep after the user has left sets no timer until the page comes back", async () => {
  leave();
  const ended = sleeps(100);
  const timers = vi.getTimerCount();

  comeBack();
  await vi.advanceTimersByTimeAsync(100);

  expect(timers).toBe(0);
  expect(ended).toEqual([100]);
});

test("a sleep that was aborted while the page was away does not begin again", async () => {
  const stop = new AbortController();
  const sleeping = expect(clock.sleep(100, stop.signal)).rejects.toThrow("enough");

  leave();
  stop.abort(new Error("enough"));
  await sleeping;
  comeBack();

  expect(vi.getTimerCount()).toBe(0);
});

test("the first pageshow of a page sets no timer twice", async () => {
  const ended = sleeps(100);

  comeBack();
  const timers = vi.getTimerCount();
  await vi.advanceTimersByTimeAsync(1_000);

  expect(timers).toBe(1);
  expect(ended).toEqual([100]);
});
