import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KiB, type LineSpeed, MiB, nextPartSize } from "./part-size.js";

const unit = 128 * KiB;
const shared: LineSpeed = {
  ...{ bytesPerSecond: MiB, roundTripMs: 10, connections: 3, areShared: true },
  ...{ isBlind: false, largestBody: Number.POSITIVE_INFINITY },
};
const own: LineSpeed = { ...shared, bytesPerSecond: 12 * MiB, connections: 6, areShared: false };
/** In the middle of a file of 10 GiB. */
const middle = { parts: 0, storedBytes: 5 * 1024 * MiB, unsentBytes: 5 * 1024 * MiB };

const size = (line: Partial<LineSpeed>, howFar: Partial<typeof middle> = {}, of = shared) =>
  nextPartSize({ ...of, ...line }, { ...middle, ...howFar }, unit);

describe("the next part", () => {
  test("is the smallest while nothing is known of the line", () => {
    expect(size({ bytesPerSecond: undefined })).toBe(unit);
  });

  test.each([
    ["1 kB/s", 1e3, 128 * KiB, 128 * KiB],
    ["0.5 Mbit/s", 62_500, 128 * KiB, 128 * KiB],
    ["8 Mbit/s", 1e6, 384 * KiB, 896 * KiB],
    ["100 Mbit/s", 12.5e6, 5 * MiB, 11 * MiB],
    ["10 Gbit/s", 1.2e9, 63 * MiB, 64 * MiB],
  ])("lasts about two seconds of a shared line of %s when much is stored", (_, bytesPerSecond, least, most) => {
    for (let parts = 0; parts < 20; parts += 1) {
      expect(size({ bytesPerSecond }, { parts })).toBeGreaterThanOrEqual(least);
      expect(size({ bytesPerSecond }, { parts })).toBeLessThanOrEqual(most);
    }
  });

  test("is so small that no more than a tenth of what is stored is on its way, until a part costs too much", () => {
    expect(size({}, { storedBytes: 8 * MiB })).toBeLessThanOrEqual((1.3 * 8 * MiB) / 30 + unit);
    expect(size({ bytesPerSecond: 100 * MiB }, { storedBytes: 0 })).toBeGreaterThan(5 * MiB);
  });

  test("hides its round trips where its connection has a line of its own", () => {
    const bytes = size({ roundTripMs: 50 }, { storedBytes: 0 }, own);

    expect(bytes / (2 * MiB)).toBeGreaterThan(3.5);
    expect(bytes / (2 * MiB)).toBeLessThan(6);
  });

  test("lasts no longer than some seconds however far the store is", () => {
    expect(size({ roundTripMs: 5_000 }, { storedBytes: 0 }, own)).toBeLessThan(12.5 * MiB);
  });

  test.each([1, 2, 3, 6])(
    "lasts some seconds at most on a line that %i connections share, however far the store is",
    (connections) => {
      for (const areShared of [true, undefined]) {
        for (let parts = 0; parts < 20; parts += 1) {
          const bytes = size({ roundTripMs: 5_000, connections, areShared }, { storedBytes: 0, parts });
          expect(bytes).toBeLessThanOrEqual((1.3 * (connections === 1 ? 6 : 2.5) * MiB) / connections + unit);
        }
      }
    },
  );

  test("differs from the one before it on a shared line, so that not all wait for answers at once", () => {
    const sizes = Array.from({ length: 6 }, (_, parts) => size({ bytesPerSecond: 8 * MiB }, { parts }));

    expect(new Set(sizes).size).toBe(6);
  });

  test("is a share of the rest at the end, so that all connections end together", () => {
    const bytes = size({ roundTripMs: 50 }, { unsentBytes: 42 * MiB }, own);

    expect(bytes).toBe(7 * MiB);
  });

  test("takes what it would leave of a gap, if that is little", () => {
    const cut = (gap: number) =>
      nextPartSize({ ...own, roundTripMs: 50 }, { ...middle, unsentBytes: 42 * MiB }, unit, gap);

    expect(cut(7.5 * MiB)).toBe(7.5 * MiB);
    expect(cut(9 * MiB)).toBe(7 * MiB);
  });

  test("is no larger than something on the way lets through", () => {
    expect(size({ largestBody: 1.3 * MiB, bytesPerSecond: 1e9 })).toBe(1.25 * MiB);
    expect(size({ largestBody: 1 })).toBe(unit);
  });

  test("stays small where no request tells how much of it has left", () => {
    expect(size({ isBlind: true, bytesPerSecond: 1e9 })).toBe(MiB);
    expect(size({ isBlind: true, bytesPerSecond: 40_000 })).toBe(unit);
  });

  test("is always a whole number of units, at least one, and never more than 64 MiB", () => {
    const bytes = fc.integer({ min: 0, max: 1e13 });
    const line = fc.record({
      bytesPerSecond: fc.option(fc.integer({ min: 1, max: 1e10 }), { nil: undefined }),
      roundTripMs: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined }),
      connections: fc.integer({ min: 1, max: 6 }),
      areShared: fc.option(fc.boolean(), { nil: undefined }),
      isBlind: fc.boolean(),
      largestBody: fc.constantFrom(1, MiB, Number.POSITIVE_INFINITY),
    });
    fc.assert(
      fc.property(
        line,
        bytes,
        bytes,
        fc.nat(10_000),
        fc.integer({ min: 1, max: 1e13 }),
        (line, stored, left, parts, gap) => {
          const next = nextPartSize(line, { parts, storedBytes: stored, unsentBytes: left }, unit, gap);

          expect(next % unit).toBe(0);
          expect(next).toBeGreaterThanOrEqual(unit);
          expect(next).toBeLessThanOrEqual(64 * MiB);
        },
      ),
    );
  });
});
