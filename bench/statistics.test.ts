import { describe, expect, test } from "vitest";
import { interleaved, median, medians } from "./statistics.js";

describe("the median", () => {
  test.each([
    [[3], 3],
    [[3, 1, 2], 2],
    [[10, 9, 1, 2], 5.5],
    [[100, 20, 3], 20],
  ])("of %j is %d", (values, middle) => {
    expect(median(values)).toBe(middle);
  });

  test("of nothing is no number", () => {
    expect(median([])).toBeNaN();
  });

  test("leaves what it was given in its order", () => {
    const values = [3, 1, 2];

    median(values);

    expect(values).toEqual([3, 1, 2]);
  });

  test("is taken of every field on its own", () => {
    const runs = [
      { ms: 1, bytes: 30 },
      { ms: 3, bytes: 10 },
      { ms: 2, bytes: 20 },
    ];

    expect(medians(runs)).toEqual({ ms: 2, bytes: 20 });
    expect(() => medians([])).toThrow("no run");
  });
});

describe("interleaved rounds", () => {
  test("have everybody in each round, and let another one begin each time", () => {
    expect(interleaved(["a", "b", "c"], 4).join("")).toBe("abcbcacababc");
  });

  test("of nobody are empty", () => {
    expect(interleaved([], 3)).toEqual([]);
  });
});
