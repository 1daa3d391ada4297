/** An app adds a whole folder in one loop. Its task must end soon: what an upload costs to begin is spread over later tasks. */
import { expect, test } from "vitest";
import type { Upload } from "../../src/api/upload.js";
import { ManualClock } from "../doubles/manual-clock.js";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { Universe } from "../world/page.js";
import { open } from "../world/scene.js";

const many = 500;
/** So many a task may ask for: in Chromium each is a question to another process, for whose answer the page waits. */
const sizesInOneTask = 50;

/** Files of five bytes, and how often the size of one that nobody knows yet was asked for. */
function folder() {
  let asked = 0;
  const files = Array.from({ length: many }, (_, index) => {
    let isKnown = false;
    return Object.defineProperty(new MemoryFile(seededBytes(5, index + 1)), "size", {
      get() {
        if (!isKnown) asked += 1;
        isKnown = true;
        return 5;
      },
    });
  });
  return { files, asked: () => asked };
}

/** By the clock of the page. */
const slowSizeMs = 2;

/** All that the app's task sets off before the next one: promises that settle at once. */
const endOfTask = () => new Promise((resolve) => setImmediate(resolve));

test("the task that adds 500 files asks for the sizes of 50, and all of them arrive", async () => {
  const universe = new Universe();
  const page = open(universe, { uploadSlots: 8 });
  const { files, asked } = folder();

  const uploads = files.map((file, index) => page.uploader.upload(file, { key: `${index}.bin` }));
  const inTheLoop = asked();
  await endOfTask();
  const inTheTask = asked();
  const results = await page.live(Promise.all(uploads.map(({ finished }) => finished)));

  expect([inTheLoop, inTheTask]).toEqual([sizesInOneTask, sizesInOneTask]);
  expect(results).toHaveLength(many);
  expect(page.uploader.progress).toMatchObject({ totalBytes: 5 * many, storedBytes: 5 * many });
});

test("where a size is long in coming a task asks for no more of them than a page can stand still for", async () => {
  const clock = new ManualClock();
  let asked = 0;
  const files = Array.from({ length: many }, (_, index) =>
    Object.defineProperty(new MemoryFile(seededBytes(5, index + 1)), "size", {
      get: () => {
        asked += 1;
        clock.advance(slowSizeMs);
        return 5;
      },
    }),
  );
  const page = open(new Universe(), { uploadSlots: 1, clock });

  for (const [index, file] of files.entries()) page.uploader.upload(file, { key: `${index}.bin` });
  const inTheLoop = asked;

  expect(inTheLoop).toBeLessThan(5);
  await page.live(page.uploader.close());
});

test("whoever looks at an upload or at the sum sees the sizes of all, at once", async () => {
  const page = open(new Universe());
  const { files } = folder();

  const uploads = files.map((file, index) => page.uploader.upload(file, { key: `${index}.bin` }));

  expect(uploads.at(-1)?.state).toMatchObject({ phase: "queued", progress: { totalBytes: 5 } });
  expect(page.uploader.progress.totalBytes).toBe(5 * many);
  expect(page.uploader.uploads).toEqual(uploads);
  await page.live(page.uploader.close());
});

test("an upload can be paused, resumed, cancelled and joined before it has begun", async () => {
  const universe = new Universe();
  const page = open(universe, { uploadSlots: 8 });
  const { files } = folder();
  const uploads = files.map((file, index) => page.uploader.upload(file, { key: `${index}.bin` }));
  const [paused, resumed, cancelled, joined] = uploads.slice(-4) as [Upload, Upload, Upload, Upload];

  const ended = [paused.pause(), resumed.pause(), cancelled.cancel()];
  resumed.resume();
  const again = page.uploader.upload(files.at(-1) as File, { key: joined.key });
  const others = uploads.filter((upload) => upload !== paused && upload !== cancelled);
  await page.live(Promise.all([...ended, ...others.map(({ finished }) => finished)]));

  expect(again).toBe(joined);
  expect([paused, resumed, cancelled, joined].map(({ state }) => state.phase)).toEqual([
    "paused",
    "completed",
    "cancelled",
    "completed",
  ]);
  expect(universe.server.objects.size).toBe(many - 2);
});

test("what has not begun when the uploader is closed never begins", async () => {
  const universe = new Universe();
  const page = open(universe);
  const { files } = folder();
  const uploads = files.map((file, index) => page.uploader.upload(file, { key: `${index}.bin` }));

  await page.live(page.uploader.close());

  expect(new Set(uploads.map(({ state }) => state.phase))).toEqual(new Set(["stopped"]));
  expect(universe.server.calls).toEqual([]);
  expect(page.clock.sleepers).toBe(0);
});
