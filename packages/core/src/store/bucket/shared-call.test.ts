import { describe, expect, test } from "vitest";
import { shareCall } from "./shared-call.js";

const signal = new AbortController().signal;

describe("a shared call", () => {
  test("gives everybody the same answer, and is over then", async () => {
    let starts = 0;
    const call = shareCall(async () => ++starts);

    expect(await Promise.all([call.join(signal), call.join(signal)])).toEqual([1, 1]);
    expect(call.underway).toBe(false);
  });

  test("gives everybody the same failure", async () => {
    const failure = new Error("no");
    const call = shareCall(() => Promise.reject(failure));

    const both = await Promise.allSettled([call.join(signal), call.join(signal)]);

    expect(both.map((outcome) => outcome.status === "rejected" && outcome.reason)).toEqual([failure, failure]);
  });

  test("is aborted only when the last one leaves", async () => {
    let told: AbortSignal | undefined;
    const call = shareCall((shared) => {
      told = shared;
      return new Promise(() => {});
    });
    const [first, last] = [new AbortController(), new AbortController()];
    const waiting = [call.join(first.signal), call.join(last.signal)];

    first.abort(new Error("first"));
    await expect(waiting[0]).rejects.toThrow("first");
    const before = [told?.aborted, call.underway];
    last.abort(new Error("last"));
    await expect(waiting[1]).rejects.toThrow("last");

    expect(before).toEqual([false, true]);
    expect([told?.aborted, call.underway]).toEqual([true, false]);
  });

  test("is not joined by somebody who has left already", async () => {
    const call = shareCall(async () => 1);
    const reason = new DOMException("paused", "AbortError");

    await expect(call.join(AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
