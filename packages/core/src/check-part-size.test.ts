import { expect, test } from "vitest";
import { checkPartSize } from "./check-part-size.js";
import { ossLimits as limits } from "./store/oss/oss-limits.js";

test.each([102_400, 8 * 2 ** 20, 5 * 2 ** 30])("a part size of %i is taken", (wanted) => {
  expect(checkPartSize(wanted, limits)).toBe(wanted);
});

test.each([1, 102_399, Number.NaN, 1.5e5 + 0.5, 6e9, -1, Number.POSITIVE_INFINITY])(
  "a part size of %s is refused at once",
  (wanted) => {
    expect(() => checkPartSize(wanted, limits)).toThrow(expect.objectContaining({ code: "invalid-option" }));
  },
);
