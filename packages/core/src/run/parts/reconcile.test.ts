import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ETag, ListedPart, ObjectInfo, StoredPart } from "../../store/object-store.js";
import { plan } from "../../upload/plan.js";
import { type Listing, reconcile } from "./reconcile.js";

const partSize = 10;
const threeParts = plan(25, partSize);
const part = (number: number, etag: string, size = number === 3 ? 5 : 10): StoredPart & ListedPart => ({
  number,
  etag: etag as ETag,
  size,
  crc64: undefined,
});
const parts = (...list: ListedPart[]): Listing => ({ kind: "parts", parts: list });
const object = { key: "k", size: 25 } as ObjectInfo;

/** What becomes of part 1: "done", "send", or "adopt E" when E is listed and to be compared with the slice. */
function fate(recorded: readonly StoredPart[], listing: Listing): string {
  const verdict = reconcile(threeParts, recorded, listing);
  if (verdict.kind !== "continue") return verdict.kind;
  if (verdict.done.some((done) => done.number === 1)) return "done";
  const task = verdict.todo.find((todo) => todo.range.number === 1);
  return task?.listed === undefined ? "send" : `adopt ${task.listed.etag}`;
}

describe("reconcile", () => {
  test.each([
    ["both agree", [part(1, "E")], parts(part(1, "E")), "done"],
    ["the server lost it", [part(1, "E")], parts(), "send"],
    ["the server alone has it", [], parts(part(1, "F")), "adopt F"],
    ["the server has another", [part(1, "E")], parts(part(1, "F")), "adopt F"],
    ["nobody has it", [], parts(), "send"],
    ["listing is forbidden, recorded", [part(1, "E")], { kind: "forbidden" }, "done"],
    ["listing is forbidden, not recorded", [], { kind: "forbidden" }, "send"],
    ["the record has another size", [part(1, "E", 9)], { kind: "forbidden" }, "send"],
    ["the listed part has another size", [part(1, "E")], parts(part(1, "E", 9)), "send"],
    ["gone, and nothing proved", [part(1, "E")], { kind: "gone", proved: undefined }, "begin-anew"],
    ["gone, and the object is ours", [], { kind: "gone", proved: { object, proof: "crc64" } }, "finished"],
  ] as const)("%s", (_situation, recorded, listing, expected) => {
    expect(fate(recorded, listing as Listing)).toBe(expected);
  });

  const someParts = fc.uniqueArray(
    fc.record({
      number: fc.integer({ min: 1, max: 40 }),
      etag: fc.constantFrom("A", "B"),
      size: fc.constantFrom(5, 10),
    }),
    { selector: (entry) => entry.number },
  );
  const toPart = (entry: { number: number; etag: string; size: number }) => part(entry.number, entry.etag, entry.size);

  test("no part is done unless record and listing, if there is one, name the same bytes of its length", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), someParts, fc.option(someParts), (size, recorded, listed) => {
        const ranges = plan(size, partSize);
        const listing: Listing = listed === null ? { kind: "forbidden" } : parts(...listed.map(toPart));

        const verdict = reconcile(ranges, recorded.map(toPart), listing);

        if (verdict.kind !== "continue") throw new Error(`unexpected verdict ${verdict.kind}`);
        const done = new Map(verdict.done.map(({ number, etag }) => [number, etag]));
        for (const { number, start, end } of ranges) {
          const named = (list: typeof recorded) =>
            list.find((entry) => entry.number === number && entry.size === end - start)?.etag;
          const ours = named(recorded);
          const agreed = listed === null || named(listed) === ours;
          expect(done.get(number), `part ${number}`).toBe(agreed ? ours : undefined);
        }
      }),
    );
  });

  test("every part of the plan is either done or to do, once, in order, and nothing else is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), someParts, fc.option(someParts), (size, recorded, listed) => {
        const ranges = plan(size, partSize);

        const verdict = reconcile(
          ranges,
          recorded.map(toPart),
          listed === null ? { kind: "forbidden" } : { kind: "parts", parts: listed.map(toPart) },
        );

        if (verdict.kind !== "continue") throw new Error(`unexpected verdict ${verdict.kind}`);
        const numbers = [...verdict.done.map((done) => done.number), ...verdict.todo.map((todo) => todo.range.number)];
        expect(numbers.sort((a, b) => a - b)).toEqual(ranges.map((range) => range.number));
      }),
    );
  });
});
