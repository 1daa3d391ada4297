import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { choosePartSize, MiB, plan } from "./plan.js";

const limits = { minPartSize: 102_400, maxPartSize: 5 * 1024 ** 3, maxParts: 10_000, maxPutSize: 5 * 1024 ** 3 };

describe("plan", () => {
  test("the parts cover the file without gap or overlap, and only the last is short", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 102_400, max: 1e9 }), (fileSize, wanted) => {
        const partSize = choosePartSize(fileSize, wanted, limits);
        const parts = plan(fileSize, partSize);

        expect(parts.length).toBeLessThanOrEqual(limits.maxParts);
        expect(parts[0]?.start).toBe(0);
        expect(parts.at(-1)?.end).toBe(fileSize);
        parts.forEach((part, index) => {
          if (part.number !== index + 1) throw new Error("numbers are not consecutive");
          const next = parts[index + 1];
          if (next !== undefined && (part.end !== next.start || part.end - part.start !== partSize)) {
            throw new Error(`gap, overlap or short part at ${part.number}`);
          }
        });
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    [1, "auto", 8 * MiB],
    [80_000 * MiB, "auto", 8 * MiB],
    [80_000 * MiB + 1, "auto", 9 * MiB],
    [1, 102_400, 102_400],
    [1_024_000_000, 102_400, 102_400],
    [1_024_000_001, 102_400, 102_401],
  ] as const)("a file of %i bytes and partSize %s gives parts of %i bytes", (fileSize, wanted, expected) => {
    expect(choosePartSize(fileSize, wanted, limits)).toBe(expected);
  });

  test.each([1, 102_399, Number.NaN, 1.5e5 + 0.5, 6e9, -1, Number.POSITIVE_INFINITY])(
    "a part size of %s is refused at once",
    (wanted) => {
      expect(() => choosePartSize(1e6, wanted, limits)).toThrow(expect.objectContaining({ code: "invalid-option" }));
    },
  );

  test("a file larger than the store can hold is refused at once", () => {
    expect(() => choosePartSize(10_000 * limits.maxPartSize + 1, "auto", limits)).toThrow(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });
});
