import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { choosePartSize, KiB, type LineSpeed, MiB } from "./plan.js";

const limits = { minPartSize: 102_400, maxPartSize: 5 * 1024 ** 3, maxParts: 10_000, maxPutSize: 5 * 1024 ** 3 };

const unknown: LineSpeed = { bytesPerSecond: undefined, roundTripMs: undefined };
const lanes = 6;

describe("a part size", () => {
  test.each([
    [1, "auto", 8 * MiB],
    [80_000 * MiB, "auto", 8 * MiB],
    [80_000 * MiB + 1, "auto", 9 * MiB],
    [1, 102_400, 102_400],
    [1_024_000_000, 102_400, 102_400],
    [1_024_000_001, 102_400, 102_401],
  ] as const)("a file of %i bytes and partSize %s gives parts of %i bytes", (fileSize, wanted, expected) => {
    expect(choosePartSize(fileSize, wanted, limits, unknown, lanes)).toBe(expected);
  });

  test.each([1, 102_399, Number.NaN, 1.5e5 + 0.5, 6e9, -1, Number.POSITIVE_INFINITY])(
    "a part size of %s is refused at once",
    (wanted) => {
      expect(() => choosePartSize(1e6, wanted, limits, unknown, lanes)).toThrow(
        expect.objectContaining({ code: "invalid-option" }),
      );
    },
  );

  test("a file larger than the store can hold is refused at once", () => {
    expect(() => choosePartSize(10_000 * limits.maxPartSize + 1, "auto", limits, unknown, lanes)).toThrow(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });
});

describe('a part size of "auto"', () => {
  const size = (fileSize: number, line: Partial<LineSpeed>) =>
    choosePartSize(fileSize, "auto", limits, { ...unknown, ...line }, lanes);

  test.each([
    ["a slow phone", { bytesPerSecond: 60_000 }, 0.55 * MiB, 0.65 * MiB],
    ["no line at all, almost", { bytesPerSecond: 1 }, 250 * KiB, 330 * KiB],
    ["a common line", { bytesPerSecond: 2e6, roundTripMs: 50 }, 7.5 * MiB, 8.5 * MiB],
    ["a fast and far one", { bytesPerSecond: 10e6, roundTripMs: 100 }, 30 * MiB, 42 * MiB],
    ["a fast and near one", { bytesPerSecond: 60e6, roundTripMs: 1 }, 7.5 * MiB, 8.5 * MiB],
    ["one beyond measure", { bytesPerSecond: 1e9, roundTripMs: 500 }, 60 * MiB, 70 * MiB],
  ])("lasts on %s neither too short nor too long", (_name, line, least, most) => {
    const partSize = size(2_000 * MiB, line);

    expect(partSize).toBeGreaterThanOrEqual(least);
    expect(partSize).toBeLessThanOrEqual(most);
  });

  test("lets all lanes end together", () => {
    fc.assert(
      fc.property(fc.integer({ min: 30 * MiB, max: 2_000 * MiB }), (fileSize) => {
        const partSize = size(fileSize, {});
        const rounds = Math.ceil(Math.ceil(fileSize / partSize) / lanes);

        expect((rounds * partSize) / (fileSize / lanes)).toBeLessThan(1.05);
        expect(partSize).toBeGreaterThan(2.5 * MiB);
        expect(partSize).toBeLessThan(12.1 * MiB);
      }),
    );
  });

  test.each([
    ["one part up to", 8, 1],
    ["few beyond", 9, 3],
    ["one round for", 20, 6],
    ["three rounds for", 64, 18],
    ["four rounds for", 128, 24],
    ["eleven for", 512, 66],
  ])("makes %s %i MiB", (_words, mebibytes, parts) => {
    expect(Math.ceil((mebibytes * MiB) / size(mebibytes * MiB, {}))).toBe(parts);
  });

  test("is raised for a file that would need too many parts, however slow the line", () => {
    const fileSize = 50 * 1024 * MiB;

    expect(Math.ceil(fileSize / size(fileSize, { bytesPerSecond: 1 }))).toBeLessThanOrEqual(limits.maxParts);
  });
});
