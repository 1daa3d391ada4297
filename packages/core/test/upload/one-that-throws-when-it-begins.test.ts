import { afterEach, expect, test, vi } from "vitest";
import { Starts } from "../../src/upload/starts.js";
import { ManualClock } from "../doubles/manual-clock.js";

afterEach(() => vi.unstubAllGlobals());

test.each([0, 49, 50, 120])("what upload %i throws when it begins keeps none of the others from it", async (bad) => {
  const thrown: unknown[] = [];
  const error = new Error("no");
  vi.stubGlobal("queueMicrotask", (task: () => void) => {
    try {
      task();
    } catch (cause) {
      thrown.push(cause);
    }
  });
  const clock = new ManualClock();
  const starts = new Starts(clock, new AbortController().signal);
  const begun: number[] = [];

  for (let n = 0; n < 200; n += 1) {
    starts.add(() => {
      if (n === bad) throw error;
      begun.push(n);
    });
  }
  const ended = starts.ended();
  while (clock.advanceToNext()) await new Promise((resolve) => setImmediate(resolve));
  await ended;

  expect(begun).toHaveLength(199);
  expect(thrown).toEqual([error]);
});
