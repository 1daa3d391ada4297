import { expect, test } from "vitest";
import { createFinishedFiles, type Finished } from "./finished.js";

function storageOf(items: Record<string, string> = {}): Storage {
  const map = new Map(Object.entries(items));
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  } as unknown as Storage;
}

function file(key: string, begunAt: number): Finished {
  return {
    name: key,
    key,
    url: "",
    size: 1,
    etag: "E",
    crc64: "1",
    verified: "crc64",
    begunAt,
    finishedAt: begunAt + 1,
  };
}

test("the next page lists what was finished in the order in which it was begun, two hundred at most", () => {
  const storage = storageOf();
  const files = createFinishedFiles(
    storage,
    () => "bucket",
    () => 200,
  );

  for (let begun = 250; begun > 0; begun -= 1) files.add(file(`${begun}`, begun));

  const kept = createFinishedFiles(
    storage,
    () => "bucket",
    () => 200,
  ).all();
  expect(kept.map(({ begunAt }) => begunAt)).toEqual(Array.from({ length: 200 }, (_, place) => 51 + place));
});

test("a file that was replaced is listed once", () => {
  const files = createFinishedFiles(
    storageOf(),
    () => "bucket",
    () => 200,
  );
  files.add(file("a", 1));
  files.add(file("a", 2));

  expect(files.all().map(({ begunAt }) => begunAt)).toEqual([2]);
});

test("one user's files are not listed for another, and none after they are cleared", () => {
  const storage = storageOf();
  const mine = createFinishedFiles(
    storage,
    () => "bucket me",
    () => 200,
  );
  mine.add(file("a", 1));

  expect(
    createFinishedFiles(
      storage,
      () => "bucket you",
      () => 200,
    ).all(),
  ).toEqual([]);
  mine.removeAll();
  expect(mine.all()).toEqual([]);
});

test("an app that keeps nothing lists nothing of what it once kept", () => {
  const storage = storageOf();
  createFinishedFiles(
    storage,
    () => "bucket",
    () => 200,
  ).add(file("a", 1));

  expect(
    createFinishedFiles(
      storage,
      () => "bucket",
      () => 0,
    ).all(),
  ).toEqual([]);
});

test.each(["", "{", "null", '{"a":1}', '[null,1,{"key":"a"}]'])(
  "what cannot be read is no reason to stop: %j",
  (text) => {
    const files = createFinishedFiles(
      storageOf({ "ossicle-finished bucket": text }),
      () => "bucket",
      () => 200,
    );

    expect(files.all()).toEqual([]);
  },
);

test("a browser that keeps nothing lists nothing, and nothing breaks", () => {
  const broken = {
    getItem: () => {
      throw new DOMException("switched off", "SecurityError");
    },
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
    removeItem: () => {
      throw new DOMException("switched off", "SecurityError");
    },
  } as unknown as Storage;
  const files = createFinishedFiles(
    broken,
    () => "bucket",
    () => 200,
  );

  files.add(file("a", 1));
  files.removeAll();

  expect(files.all()).toEqual([]);
});
