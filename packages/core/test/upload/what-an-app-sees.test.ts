/** Result, progress and the list of uploads, as an app sees them. */
import { expect, test } from "vitest";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { Universe } from "../world/page.js";
import { key, open, stored, tenParts } from "../world/scene.js";

test.each([0, 1, 10])("a file of %i bytes goes up in one request and leaves no checkpoint", async (size) => {
  const universe = new Universe();
  const page = open(universe, { settings: { singlePutBelow: undefined } });

  const result = await page.live(page.uploader.upload(new MemoryFile(seededBytes(size)), { key }).finished);

  expect(universe.server.calls.map((call) => call.action)).toEqual(["PutObject"]);
  expect(result).toMatchObject({ size, verified: "crc64", sentBytes: size });
  expect(stored(universe)).toEqual(seededBytes(size));
});

test.each([5, 95])("without a digest of ours nothing is called verified (%i bytes)", async (size) => {
  const universe = new Universe();
  const page = open(universe, { settings: { digests: { md5: false, crc64: false }, singlePutBelow: 10 } });

  const result = await page.live(page.uploader.upload(new MemoryFile(seededBytes(size)), { key }).finished);

  expect(result).toMatchObject({ verified: "none" });
  expect(stored(universe)).toEqual(seededBytes(size));
});

test("progress only grows, ends at the size, and the map shows every part stored", async () => {
  const universe = new Universe();
  const page = open(universe, { lanes: 3 });
  const upload = page.uploader.upload(tenParts(), { key });
  const seen: number[] = [];
  let map = upload.partMap();
  upload.subscribe(({ phase, progress }) => {
    seen.push(progress.storedBytes);
    if (phase === "completing" && upload.partMap().length > 0) map = upload.partMap();
  });

  await page.live(upload.finished);

  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(upload.state.progress).toMatchObject({ totalBytes: 95, storedBytes: 95, sentBytes: 95 });
  expect([...map]).toEqual(Array(10).fill(2));
  expect(upload.partMap()).toHaveLength(0);
});

test("a listener that throws is the app's problem, not the upload's", async () => {
  const universe = new Universe();
  const page = open(universe);
  const uncaught: unknown[] = [];
  const catcher = (error: unknown) => uncaught.push(error);
  process.on("uncaughtException", catcher);
  const upload = page.uploader.upload(new MemoryFile(seededBytes(5)), { key });
  upload.subscribe(() => {
    throw new Error("from the app");
  });

  await page.live(upload.finished);
  await new Promise(setImmediate);
  process.off("uncaughtException", catcher);

  expect(upload.state.phase).toBe("completed");
  expect(String(uncaught[0])).toContain("from the app");
});

test("the list of a page's uploads is another one when one was added, and stays what it was", async () => {
  const page = open(new Universe());
  const before = page.uploader.uploads;
  const first = page.uploader.upload(tenParts(), { key: "first" });
  const between = page.uploader.uploads;

  await page.live(first.finished);

  expect(before).toEqual([]);
  expect(between).toEqual([first]);
  expect(page.uploader.uploads).toBe(between);
});

test("a listener is not called at once, of an upload or of all: it begins with what is there", async () => {
  const page = open(new Universe());
  const told: string[] = [];
  const toldOfAll = new Promise<void>((resolve) => {
    page.uploader.subscribe(() => {
      told.push("all");
      resolve();
    });
  });
  const upload = page.uploader.upload(tenParts(), { key });
  upload.subscribe(() => told.push("one"));

  const atOnce = [...told];
  await page.live(Promise.all([upload.finished, toldOfAll]));

  expect(atOnce).toEqual([]);
  expect(new Set(told)).toEqual(new Set(["one", "all"]));
});
