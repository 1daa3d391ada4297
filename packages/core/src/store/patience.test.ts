import { describe, expect, test } from "vitest";
import { patienceWith } from "./patience.js";

const MiB = 2 ** 20;
const stallTimeoutMs = 1_500;

function scene({
  bytesPerSecond,
  controlled = false,
}: {
  bytesPerSecond?: number | undefined;
  controlled?: boolean;
} = {}) {
  const line = {
    isBlind: false,
    sawNoProgress() {
      line.isBlind = true;
    },
  };
  const tools = { line: () => line, speedOfOne: () => bytesPerSecond, stallTimeoutMs, controlled: () => controlled };
  return { line, patience: patienceWith(tools) };
}

describe("a body that is out has", () => {
  test.each([
    ["a small one, on a line that nobody has measured", 128 * 1024, undefined],
    ["a small one, at 20 kB/s", 128 * 1024, 20_000],
    ["a large one, at 40 kB/s", 5 * MiB, 40_000],
    ["a large one, at 1 MB/s", 64 * MiB, 1_000_000],
  ])("time for what may still lie in buffers to leave: %s", (_, bytes, bytesPerSecond) => {
    const { answerTimeoutMs } = scene({ bytesPerSecond }).patience.limits(bytes, false);

    const leavesMs = (Math.min(bytes, 4 * MiB) / (bytesPerSecond ?? 20_000)) * 1000;
    expect(answerTimeoutMs).toBeGreaterThanOrEqual(leavesMs + stallTimeoutMs);
  });

  test("no more than some seconds where the line is fast, however long a minute is", () => {
    const { patience } = scene({ bytesPerSecond: 2_000_000 });

    expect(patience.limits(MiB, false).answerTimeoutMs).toBeLessThan(2 * stallTimeoutMs + 1000);
  });

  test("some minutes at most, however slow the line seems to be", () => {
    for (const bytesPerSecond of [1, 167, 1_000, 10_000]) {
      const { answerTimeoutMs } = scene({ bytesPerSecond }).patience.limits(64 * MiB, false);
      expect(answerTimeoutMs).toBeLessThanOrEqual(stallTimeoutMs + 5 * 60_000);
    }
  });

  test("time for the application server, where the store calls it back before it answers", () => {
    const { patience } = scene({ bytesPerSecond: 2_000_000 });

    expect(patience.limits(1000, true).answerTimeoutMs).toBeGreaterThan(stallTimeoutMs + 5_000);
  });
});

describe("a body of which nothing is heard has", () => {
  const limit = ({ patience }: ReturnType<typeof scene>) => patience.limits(5 * MiB, false).unseenTimeoutMs;
  const wholeMs = (5 * MiB) / 40;

  test("four times the stall timeout on a page without a service worker: it may wait for a connection", () => {
    expect(limit(scene({ bytesPerSecond: 40_000 }))).toBe(4 * stallTimeoutMs);
  });

  test("time for the whole of it in a form, of which nothing is ever heard", () => {
    const { patience } = scene({ bytesPerSecond: 40_000 });

    expect(patience.limits(5 * MiB, false, true).unseenTimeoutMs).toBeGreaterThanOrEqual(wholeMs + stallTimeoutMs);
  });

  test("no more than some minutes more than the line should need for it", () => {
    const { patience } = scene({ bytesPerSecond: 40_000 });

    const { unseenTimeoutMs } = patience.limits(50 * MiB, false, true);

    expect(unseenTimeoutMs).toBeLessThanOrEqual(10 * wholeMs + 5 * 60_000 + stallTimeoutMs);
  });

  test("time for the whole of it on a page with a service worker, until progress has been seen", () => {
    const there = scene({ bytesPerSecond: 40_000, controlled: true });
    const before = limit(there);

    there.patience.stored(false);

    expect(before).toBeGreaterThan(wholeMs);
    expect(limit(there)).toBe(4 * stallTimeoutMs);
  });

  test("time for the whole of it once one was stored unseen", () => {
    const there = scene({ bytesPerSecond: 40_000 });

    there.patience.stored(false);
    there.patience.stored(true);

    expect(there.line.isBlind).toBe(true);
    expect(limit(there)).toBeGreaterThan(wholeMs);
  });
});
