import { expect, test } from "vitest";
import { partGrid } from "./part-grid.js";

test("a file of one part is one cell", () => {
  expect(partGrid(1, 800, 20)).toEqual({ rows: 1, columns: 1 });
});

test("a few parts stand in one row", () => {
  expect(partGrid(38, 800, 20)).toEqual({ rows: 1, columns: 38 });
});

test("the same parts take more rows on a phone", () => {
  expect(partGrid(38, 300, 20).rows).toBeGreaterThan(1);
});

test("every number of parts up to the protocol's 10,000 finds room, and no row stays empty", () => {
  for (const width of [280, 800]) {
    for (let parts = 1; parts <= 10_000; parts += 1) {
      const { rows, columns } = partGrid(parts, width, 20);

      expect(rows * columns, `${parts} parts`).toBeGreaterThanOrEqual(parts);
      expect((rows - 1) * columns, `${parts} parts`).toBeLessThan(parts);
      expect(rows).toBeLessThanOrEqual(20);
    }
  }
});
