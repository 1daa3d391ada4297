import fc from "fast-check";
import { expect, test } from "vitest";
import { freeKey } from "./same-name.js";

test.each([
  ["a/photo.jpg", "a/photo (2).jpg"],
  ["photo", "photo (2)"],
  ["v1.2/photo", "v1.2/photo (2)"],
  ["a/.profile", "a/.profile (2)"],
  ["backup.tar.gz", "backup.tar (2).gz"],
])("beside %s there is room for %s", (key, free) => {
  expect(freeKey(key, () => false)).toBe(free);
});

test("files of one name that are all kept all have names of their own", () => {
  const names = fc.array(fc.constantFrom("a.jpg", "a (2).jpg", "b", "b.jpg", "x/a.jpg"), { maxLength: 30 });
  fc.assert(
    fc.property(names, (keys) => {
      const taken = new Set<string>();
      for (const key of keys) taken.add(taken.has(key) ? freeKey(key, (one) => taken.has(one)) : key);
      expect(taken.size).toBe(keys.length);
    }),
  );
});
