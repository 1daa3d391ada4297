import { expect, test } from "vitest";
import { rowWindow } from "./row-window.js";

test("of ten thousand rows only those around the sight exist", () => {
  const { first, end } = rowWindow(10_000, 100, 500_000, 600);

  expect(first).toBe(4996);
  expect(end).toBe(5010);
});

test("those in sight can be had without the ones around them", () => {
  expect(rowWindow(10_000, 100, 500_050, 600, 0)).toEqual({ first: 5000, end: 5007 });
});

test("a short list exists as a whole", () => {
  expect(rowWindow(3, 100, 0, 600)).toEqual({ first: 0, end: 3 });
});

test("a list that shrank below where it was scrolled to has its last rows", () => {
  const { first, end } = rowWindow(5, 100, 4000, 600);

  expect(end).toBe(5);
  expect(first).toBeLessThanOrEqual(end);
});

test("a list without a layout begins with a few rows, not with all", () => {
  expect(rowWindow(10_000, 0, 0, 0).end).toBeLessThan(10);
});
