import fc from "fast-check";
import { expect, test } from "vitest";
import { cutFrom, inUnits, likelyCut, type PartRange, rangeOf } from "./positions.js";
import { gapsBetween } from "./spans.js";

const ruler = { fileSize: 95, unit: 10 };

/** A file of some units, cut by random sizes. */
const anyCut = fc
  .record({
    fileSize: fc.integer({ min: 1, max: 1_000 }),
    unit: fc.integer({ min: 1, max: 50 }),
    sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
  })
  .map(({ fileSize, unit, sizes }) => {
    const parts: PartRange[] = [];
    for (let start = 0; start < fileSize; start = parts.at(-1)?.end ?? fileSize) {
      const size = (sizes[parts.length % sizes.length] ?? 1) * unit;
      parts.push(cutFrom({ fileSize, unit }, { start, end: fileSize }, size));
    }
    return { ruler: { fileSize, unit }, parts };
  });

const sized = ({ number, start, end }: PartRange) => ({ number, size: end - start });

test("a part that was cut is found again by its number and size alone", () => {
  fc.assert(
    fc.property(anyCut, ({ ruler, parts }) => {
      expect(parts.map((range) => rangeOf(ruler, sized(range)))).toEqual(parts);
      expect(new Set(parts.map(({ number }) => number)).size).toBe(parts.length);
      expect(gapsBetween(ruler, parts)).toEqual([]);
    }),
  );
});

test("parts taken out of a cut leave exactly their bytes as gaps", () => {
  fc.assert(
    fc.property(anyCut, fc.infiniteStream(fc.boolean()), ({ ruler, parts }, coins) => {
      const kept = parts.filter(() => coins.next().value);

      const gaps = gapsBetween(ruler, kept);

      const bytes = [...kept, ...gaps].reduce((sum, { start, end }) => sum + end - start, 0);
      expect(bytes).toBe(ruler.fileSize);
      expect([...kept, ...gaps].sort((a, b) => a.start - b.start).at(-1)?.end).toBe(ruler.fileSize);
    }),
  );
});

test.each([
  ["number 0", { number: 0, size: 10 }],
  ["no bytes", { number: 1, size: 0 }],
  ["half a unit in the middle", { number: 1, size: 5 }],
  ["more than the file", { number: 10, size: 10 }],
  ["a beginning behind the file", { number: 11, size: 5 }],
])("a part with %s is none of the file's", (_, part) => {
  expect(rangeOf(ruler, part)).toBeUndefined();
});

const allUnits = inUnits(ruler).map(({ start }) => start);
const both = [
  { number: 1, size: 60 },
  { number: 7, size: 35 },
];

test.each([
  ["all parts", both, true, [0, 60]],
  ["all parts, of any size,", both, false, [0, 60]],
  ["some of one unit", [{ number: 3, size: 10 }], true, allUnits],
  ["some of one unit, the others of any size,", [{ number: 3, size: 10 }], false, undefined],
  ["none", [], true, allUnits],
  ["none, of any size,", [], false, undefined],
  ["some of several units", [{ number: 3, size: 20 }], true, undefined],
])("of a cut of which %s are known", (_, parts, areUnits, starts) => {
  expect(likelyCut(ruler, parts, areUnits)?.map(({ start }) => start)).toEqual(starts);
});
