import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ETag, ListedPart, ObjectInfo, StoredPart } from "../../store/object-store.js";
import { rangeOf } from "./positions.js";
import { type Listing, type Remaining, reconcile } from "./reconcile.js";
import type { Span } from "./spans.js";

const unit = 10;
/** Three parts, if each is one unit. */
const ruler = { fileSize: 25, unit };
const part = (number: number, etag: string, size = number === 3 ? 5 : 10): StoredPart & ListedPart => ({
  number,
  etag: etag as ETag,
  size,
  crc64: undefined,
});
const parts = (...list: ListedPart[]): Listing => ({ kind: "parts", parts: list });
const object = { key: "k", size: 25 } as ObjectInfo;

/** What becomes of the first bytes: "done", "send", or "adopt E" when E is listed and to be compared with the slice. */
function fate(recorded: readonly StoredPart[], listing: Listing): string {
  const verdict = reconcile(ruler, recorded, listing);
  if (verdict.kind !== "continue") return verdict.kind;
  if (verdict.done.some((done) => done.number === 1)) return "done";
  const first = verdict.todo.find(({ start }) => start === 0);
  return first?.listed === undefined ? "send" : `adopt ${first.listed.etag}`;
}

/** The file from its beginning: what is done, listed or missing, and where it begins. */
function layout(fileSize: number, recorded: readonly StoredPart[], listing: Listing): string {
  const verdict = reconcile({ fileSize, unit }, recorded, listing) as Remaining;
  const all = [
    ...verdict.done.map((done) => ({ start: (done.number - 1) * unit, what: "done" })),
    ...verdict.todo.map(({ start, listed }) => ({ start, what: listed === undefined ? "gap" : "listed" })),
  ];
  return all
    .sort((a, b) => a.start - b.start)
    .map(({ start, what }) => `${what} ${start}`)
    .join(", ");
}

describe("reconcile", () => {
  test.each([
    ["both agree", [part(1, "E")], parts(part(1, "E")), "done"],
    ["both agree on a part of two units", [part(1, "E", 20)], parts(part(1, "E", 20)), "done"],
    ["the server lost it", [part(1, "E")], parts(), "send"],
    ["the server alone has it", [], parts(part(1, "F")), "adopt F"],
    ["the server has another", [part(1, "E")], parts(part(1, "F")), "adopt F"],
    ["the server has another of another size", [part(1, "E")], parts(part(1, "F", 20)), "adopt F"],
    ["nobody has it", [], parts(), "send"],
    ["listing is forbidden, recorded", [part(1, "E")], { kind: "forbidden" }, "done"],
    ["listing is forbidden, not recorded", [], { kind: "forbidden" }, "send"],
    ["the record is of no whole number of units", [part(1, "E", 9)], { kind: "forbidden" }, "send"],
    ["the record goes beyond the file", [part(1, "E", 30)], { kind: "forbidden" }, "send"],
    ["the listed part is of no whole number of units", [part(1, "E")], parts(part(1, "E", 9)), "send"],
    ["gone, and nothing proved", [part(1, "E")], { kind: "gone", proved: undefined }, "begin-anew"],
    ["gone, and the object is ours", [], { kind: "gone", proved: { object, proof: "crc64" } }, "finished"],
  ] as const)("%s", (_situation, recorded, listing, expected) => {
    expect(fate(recorded, listing as Listing)).toBe(expected);
  });

  test.each([
    [
      "a late part across two that both sides agree on",
      [part(2, "E")],
      [part(1, "L", 30), part(2, "E")],
      "gap 0, done 10, gap 20",
    ],
    [
      "a late part instead of a smaller one",
      [part(1, "E"), part(4, "G")],
      [part(1, "L", 30), part(4, "G")],
      "listed 0, done 30",
    ],
    ["two listed ones that overlap", [], [part(1, "L", 30), part(2, "M")], "listed 0, gap 30"],
    [
      "a listed one in a gap between two",
      [part(1, "E"), part(4, "G")],
      [part(1, "E"), part(3, "M", 10), part(4, "G")],
      "done 0, gap 10, listed 20, done 30",
    ],
  ])("chooses, of parts that overlap, what keeps most: %s", (_story, recorded, listed, expected) => {
    expect(layout(40, recorded, parts(...listed))).toBe(expected);
  });

  const someParts = fc.uniqueArray(
    fc.record({
      number: fc.integer({ min: 1, max: 40 }),
      etag: fc.constantFrom("A", "B"),
      size: fc.constantFrom(5, 10, 20, 30, 70),
    }),
    { selector: (entry) => entry.number },
  );
  const toPart = (entry: { number: number; etag: string; size: number }) => part(entry.number, entry.etag, entry.size);
  const situation = [fc.integer({ min: 1, max: 300 }), someParts, fc.option(someParts)] as const;
  const verdictOn = (
    fileSize: number,
    recorded: ReturnType<typeof toPart>[],
    listed: ReturnType<typeof toPart>[] | null,
  ) => {
    const listing: Listing = listed === null ? { kind: "forbidden" } : parts(...listed);
    return reconcile({ fileSize, unit }, recorded, listing) as Remaining;
  };

  test("no part is done unless record and listing, if there is one, name the same bytes", () => {
    fc.assert(
      fc.property(...situation, (fileSize, recorded, listed) => {
        const { done } = verdictOn(fileSize, recorded.map(toPart), listed?.map(toPart) ?? null);

        for (const { number, size, etag } of done) {
          const same = (entry: { number: number; size: number; etag: string }) =>
            entry.number === number && entry.size === size && entry.etag === etag;
          expect(recorded.some(same), `record of ${number}`).toBe(true);
          expect(listed?.some(same) ?? true, `listing of ${number}`).toBe(true);
        }
      }),
    );
  });

  test("every byte of the file is done, listed or missing, and none twice", () => {
    fc.assert(
      fc.property(...situation, (fileSize, recorded, listed) => {
        const { done, todo } = verdictOn(fileSize, recorded.map(toPart), listed?.map(toPart) ?? null);

        const spans: Span[] = [...done.flatMap((each) => rangeOf({ fileSize, unit }, each) ?? []), ...todo];
        spans.sort((a, b) => a.start - b.start);
        const edges = [0, ...spans.map(({ end }) => end)];
        expect(done.length + todo.length).toBe(spans.length);
        expect(spans.map(({ start }) => start)).toEqual(edges.slice(0, -1));
        expect(edges.at(-1)).toBe(fileSize);
        for (const { start, listed: theirs } of todo) if (theirs) expect((theirs.number - 1) * unit).toBe(start);
      }),
    );
  });

  test("what both sides agree on, and nothing else stands in its way, is done", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), someParts, (units, listed) => {
        const fileSize = units * unit;
        const whole = Array.from({ length: units }, (_, i) => part(i + 1, "A", unit));
        const others = listed.map(toPart).filter(({ number }) => number > units);

        expect(verdictOn(fileSize, whole, [...whole, ...others]).done).toEqual(whole);
      }),
    );
  });
});
