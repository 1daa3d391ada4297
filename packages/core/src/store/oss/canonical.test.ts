import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalHeaders } from "./canonical.js";

const shuffled = <T>(list: readonly T[], order: readonly number[]) =>
  list
    .map((item, index) => ({ item, rank: order[index % order.length] ?? 0 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
const order = fc.array(fc.integer(), { minLength: 1, maxLength: 12 });

describe("headers", () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/);
  const given = fc.uniqueArray(fc.tuple(name, fc.stringMatching(/^[ -~]{0,20}$/)), {
    selector: ([one]) => one.toLowerCase(),
  });

  test("are in small letters, without space around their values, and in the order of their bytes", () => {
    fc.assert(
      fc.property(given, order, (headers, ranks) => {
        const canonical = [...canonicalHeaders(Object.fromEntries(headers))];
        const inOrder = canonical.map(([one]) => Buffer.from(one));

        expect([...canonicalHeaders(Object.fromEntries(shuffled(headers, ranks)))]).toEqual(canonical);
        expect(new Map(canonical)).toEqual(new Map(headers.map(([one, value]) => [one.toLowerCase(), value.trim()])));
        expect(inOrder).toEqual([...inOrder].sort(Buffer.compare));
      }),
    );
  });
});
