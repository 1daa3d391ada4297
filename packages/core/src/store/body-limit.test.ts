import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BodyLimit } from "./body-limit.js";

const MiB = 2 ** 20;
const unit = MiB / 8;

/** So many bodies go out, each as large as it may be, at most 8 MiB. @returns their sizes */
function sends(limit: BodyLimit, times: number, isStored: (bytes: number, at: number) => boolean): readonly number[] {
  return Array.from({ length: times }, (_, at) => {
    const bytes = Math.max(unit, Math.min(8 * MiB, limit.bytes));
    if (isStored(bytes, at)) limit.stored(bytes);
    else limit.guessed(bytes);
    return bytes;
  });
}

describe("a body", () => {
  test("may have any size until one was too large", () => {
    expect(new BodyLimit().bytes).toBe(Number.POSITIVE_INFINITY);
  });

  test("is half of what an answer said is too large, for the rest of the page", () => {
    const limit = new BodyLimit();
    limit.refused(8 * MiB);
    limit.guessed(8 * MiB);
    for (let times = 0; times < 1_000; times += 1) limit.stored(limit.bytes);

    expect(limit.bytes).toBe(4 * MiB);
  });

  test("is as large as one that was stored, though an answer said that little more is too large", () => {
    const limit = new BodyLimit();
    limit.stored(6 * MiB);
    limit.refused(8 * MiB);

    expect(limit.bytes).toBe(6 * MiB);
  });

  test("is half of what was stored while an answer says that this is too large by now", () => {
    const limit = new BodyLimit();
    limit.stored(6 * MiB);
    limit.refused(6 * MiB);

    expect(limit.bytes).toBe(3 * MiB);
  });

  test("is smaller for one body only, where the size that got no answer was stored before", () => {
    const limit = new BodyLimit();

    const sizes = sends(limit, 40, (_, at) => ![3, 4, 5, 30].includes(at));

    expect(sizes.slice(3, 12).map((bytes) => bytes / MiB)).toEqual([8, 4, 2, 1, 2, 4, 8, 8, 8]);
    expect(sizes.slice(30, 34).map((bytes) => bytes / MiB)).toEqual([8, 4, 8, 8]);
  });

  test("is tried larger after a while, where larger ones were never stored, and ever more rarely if that fails", () => {
    const sizes = sends(new BodyLimit(), 1_000, (bytes) => bytes <= MiB);

    const failed = sizes.flatMap((bytes, at) => (bytes > MiB ? at : []));
    expect(failed.length).toBeLessThanOrEqual(3 + 4);
    expect(failed.length).toBeGreaterThan(3);
  });

  test("is smaller for long, where what was stored before does not come through any more", () => {
    const limit = new BodyLimit();
    limit.stored(8 * MiB);

    const sizes = sends(limit, 1_000, (bytes) => bytes <= MiB);

    expect(sizes.filter((bytes) => bytes > MiB).length).toBeLessThanOrEqual(3 + 3 + 4);
  });

  test("was lost once with all that were under way: that is one guess", () => {
    const limit = new BodyLimit();
    for (const bytes of [4 * MiB, 4 * MiB, 3 * MiB, 4 * MiB]) limit.guessed(bytes);

    expect(limit.bytes).toBe(1.5 * MiB);
  });

  test("becomes as large again as it was, whatever was guessed, once all are stored", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 20 }), (luck) => {
        const limit = new BodyLimit();
        limit.stored(8 * MiB);
        sends(limit, luck.length, (_, at) => luck[at] === true);

        expect(sends(limit, 7_000, () => true).at(-1)).toBe(8 * MiB);
      }),
      { numRuns: 30 },
    );
  });
});
