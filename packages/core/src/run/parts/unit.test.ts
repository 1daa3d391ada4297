import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KiB, type LineSpeed, MiB } from "./part-size.js";
import { chooseUnit, smallestUnit } from "./unit.js";

const limits = { minPartSize: 102_400, maxPartSize: 5 * 1024 ** 3, maxParts: 10_000, maxPutSize: 5 * 1024 ** 3 };
const equal = { ...limits, minPartSize: 5 * MiB, equalParts: true };

const unknown: LineSpeed = {
  ...{ bytesPerSecond: undefined, roundTripMs: undefined, connections: 3, areShared: undefined },
  ...{ isBlind: false, largestBody: Number.POSITIVE_INFINITY },
};
const unitFor = (fileSize: number, partSize: number | "auto", of = limits, line = unknown) =>
  chooseUnit(fileSize, { partSize, unit: smallestUnit }, of, line);

describe("the unit of part numbers", () => {
  test.each([
    [1, "auto", 128 * KiB],
    [10_000 * 128 * KiB, "auto", 128 * KiB],
    [10_000 * 128 * KiB + 1, "auto", 256 * KiB],
    [1024 ** 4, "auto", 839 * 128 * KiB],
    [1, 102_400, 102_400],
    [1_024_000_000, 102_400, 102_400],
    [1_024_000_001, 102_400, 102_401],
  ] as const)("of a file of %i bytes with partSize %s is %i bytes", (fileSize, wanted, expected) => {
    expect(unitFor(fileSize, wanted)).toBe(expected);
  });

  test("lets every file be cut into parts that the store takes", () => {
    const wanted = fc.oneof(fc.constant("auto" as const), fc.integer({ min: 102_400, max: 1e9 }));
    const anyLimits = fc.constantFrom(limits, equal);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e13 }), wanted, anyLimits, (fileSize, partSize, of) => {
        const unit = unitFor(fileSize, partSize, of);

        expect(Math.ceil(fileSize / unit)).toBeLessThanOrEqual(of.maxParts);
        if (partSize === "auto") expect(unit).toBeGreaterThanOrEqual(of.minPartSize);
        expect(unit).toBeLessThanOrEqual(of.maxPartSize);
      }),
    );
  });

  test("is a usual part where the store wants parts of one size, and one that fits the line once it is known", () => {
    const fast = { ...unknown, bytesPerSecond: 60e6, roundTripMs: 20, areShared: false, connections: 6 };

    expect(unitFor(100 * MiB, "auto", equal)).toBe(8 * MiB);
    expect(unitFor(1000 * MiB, "auto", equal, { ...unknown, bytesPerSecond: 1e6 })).toBe(5 * MiB);
    expect(unitFor(1000 * MiB, "auto", equal, fast)).toBeGreaterThan(12 * MiB);
  });

  test("does not exist for a file larger than the store can hold", () => {
    expect(() => unitFor(10_000 * limits.maxPartSize + 1, "auto")).toThrow(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });
});
