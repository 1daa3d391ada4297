import fc from "fast-check";
import { expect, test } from "vitest";
import { Bar, fractionOf, fullest } from "./bar.js";

test("after a loss the rest of the bar is spread over the rest of the bytes", () => {
  const bar = new Bar();
  bar.show(50, 100);

  const shown = [0, 50, 100].map((done) => bar.show(done, 100));

  expect(shown[0]).toBeCloseTo(fullest / 2);
  expect(shown[1]).toBeCloseTo((fullest * 3) / 4);
  expect(shown[2]).toBeCloseTo(fullest);
});

test("a page that goes on begins where the bar stood, and moves with the first byte", () => {
  const bar = new Bar();
  bar.notBelow(0.5);

  const shown = [10, 10, 55, 100].map((done) => bar.show(done, 100));

  expect(shown.slice(0, 2)).toEqual([0.5, 0.5]);
  expect(shown[2]).toBeCloseTo((0.5 + fullest) / 2);
  expect(shown[3]).toBeCloseTo(fullest);
});

test("what an earlier page has shown counts where it is more than what is stored", () => {
  expect(fractionOf(10, 100, 0.4)).toBe(0.4);
  expect(fractionOf(50, 100, 0.4)).toBeCloseTo(fullest / 2);
  expect(fractionOf(0, 0, 0)).toBe(0);
});

test("it never goes back, moves with every byte, and is never full", () => {
  const total = 1000;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: total }), { maxLength: 20 }), (story) => {
      const bar = new Bar();
      let before = { done: 0, shown: 0 };
      for (const done of story) {
        const shown = bar.show(done, total);
        expect(shown).toBeGreaterThanOrEqual(before.shown);
        expect(shown).toBeLessThanOrEqual(fullest);
        if (done > before.done && before.shown < fullest) expect(shown).toBeGreaterThan(before.shown);
        before = { done, shown };
      }
    }),
  );
});
