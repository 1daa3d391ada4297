/** What one page has learnt of its line, and another begins with. */
import { expect, test } from "vitest";
import { keepLine, readKeptLine } from "./kept-line.js";

const minute = 60_000;
const learnt = { bytesPerSecond: 2e6, roundTripMs: 40, connections: 4 };

function memoryStorage() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  };
}

test("the next page begins with half of the speed", () => {
  const storage = memoryStorage();

  keepLine("oss:a/b", 1_000, learnt, storage);

  expect(readKeptLine("oss:a/b", 1_000 + 9 * minute, storage)).toEqual({ ...learnt, bytesPerSecond: 1e6 });
});

test.each([
  ["ten minutes later", "oss:a/b", 1_000 + 10 * minute],
  ["by a clock that was set back", "oss:a/b", 0],
  ["of another store", "oss:a/c", 1_000],
])("nothing is known %s", (_, location, now) => {
  const storage = memoryStorage();

  keepLine("oss:a/b", 1_000, learnt, storage);

  expect(readKeptLine(location, now, storage)).toBeUndefined();
});

test.each([
  "no JSON",
  "null",
  "7",
  '{"bytesPerSecond":"fast","connections":3,"at":1000}',
  '{"bytesPerSecond":-1,"connections":3,"at":1000}',
  '{"bytesPerSecond":1e6,"connections":0,"at":1000}',
  '{"bytesPerSecond":1e6,"connections":3}',
])("what somebody else has written there is not taken: %s", (text) => {
  const storage = memoryStorage();

  storage.kept.set("ossicle-line:oss:a/b", text);

  expect(readKeptLine("oss:a/b", 1_000, storage)).toBeUndefined();
});

test("a page that may keep nothing goes on without it", () => {
  const refuses = () => {
    throw new DOMException("no", "SecurityError");
  };
  const storage = { getItem: refuses, setItem: refuses };

  expect(() => keepLine("oss:a/b", 1_000, learnt, storage)).not.toThrow();
  expect(readKeptLine("oss:a/b", 1_000, storage)).toBeUndefined();
});
