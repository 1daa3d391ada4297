/** What goes on after its page is as another page, which lets every page have what it wants, and leaves word of what it has made. */
import { expect, test } from "vitest";
import type { PendingUpload } from "../../src/api/uploader.js";
import { orAborted } from "../../src/or-aborted.js";
import type { CallOptions } from "../../src/store/object-store.js";
import { picked } from "../doubles/memory-handle.js";
import { type Page, type PageOptions, Universe } from "../world/page.js";
import { deadWhileQueued, file } from "../world/queue.js";
import { bytes, deadHalfway, half, key, open, partsStored, stored, tenParts, when } from "../world/scene.js";

const after = (universe: Universe, options: Partial<PageOptions> = {}) =>
  open(universe, { pageless: true, ...options });
const storedTwice = ({ server }: Universe) => {
  const numbers = server.calls.filter(({ action }) => action === "UploadPart").map(({ partNumber }) => partNumber);
  return numbers.filter((number, index) => numbers.indexOf(number) !== index);
};
const recordsOf = async ({ disk }: Universe) => (await disk.checkpoints.list()).length;

/** A page died at four parts of ten, and what goes on after it has finished the rest. */
async function finishedAfter(options = {}): Promise<Universe> {
  const universe = await deadHalfway(options);
  const worker = after(universe);
  await worker.live(worker.uploader.upload(tenParts(), { key, ...options }).finished);
  await worker.live(worker.uploader.close());
  return universe;
}

async function onlyPending(page: Page): Promise<PendingUpload> {
  const [entry, ...others] = (await page.live(page.uploader.pending())) as PendingUpload[];
  if (entry === undefined || others.length > 0) throw new Error(`${others.length} others are pending`);
  return entry;
}

test("what was completed after its page is told by the next one, with its result, and nothing is sent", async () => {
  const universe = await finishedAfter({ appData: { album: 7 } });
  universe.server.calls.length = 0;
  const page = open(universe);

  const entry = await onlyPending(page);
  const upload = await entry.resume();
  const result = await page.live(upload.finished);

  expect(entry).toMatchObject({ key, needs: "nothing", active: false, fraction: 1, storedBytes: 95 });
  expect(entry.result).toMatchObject({ key, size: 95, verified: "crc64" });
  expect(entry.appData).toEqual({ album: 7 });
  expect(result).toEqual(entry.result);
  expect(upload.state).toMatchObject({
    phase: "completed",
    progress: { fraction: 1, storedBytes: 95, totalBytes: 95 },
  });
  expect(upload.file).toEqual(entry.file);
  expect(page.uploader.uploads).toEqual([upload]);
  expect(universe.server.calls).toEqual([]);
  expect(stored(universe)).toEqual(bytes);
  expect(await page.live(page.uploader.pending())).toEqual([]);
  expect(await recordsOf(universe)).toBe(0);
});

test("what was completed after its page is told once where it is discarded, and the object stays", async () => {
  const universe = await finishedAfter();
  const page = open(universe);

  await (await onlyPending(page)).discard();

  expect(await page.live(page.uploader.pending())).toEqual([]);
  expect(stored(universe)).toEqual(bytes);
  expect(await recordsOf(universe)).toBe(0);
});

test("a page that goes on with what needs nobody shows what was completed after its page as completed", async () => {
  const universe = await finishedAfter();
  const page = open(universe);

  const rest = await page.live(page.uploader.resumeAll());
  const [upload] = page.uploader.uploads;
  await page.live(upload?.finished ?? Promise.reject(new Error("There is no upload")));

  expect(rest).toEqual([]);
  expect(upload?.state.phase).toBe("completed");
});

test("word of what was completed is not kept for ever", async () => {
  const universe = await finishedAfter();
  const page = open(universe, { settings: { expireAfterMs: 1_000 } });
  page.clock.advance(2_000);

  expect(await page.live(page.uploader.pending())).toEqual([]);
  await page.live(page.uploader.close());
  expect(await recordsOf(universe)).toBe(0);
});

test("what a page finds of an upload that died between its word and its checkpoint is told as completed, and cleared away", async () => {
  const universe = await deadHalfway();
  const worker = after(universe, {
    checkpoints: (store) => ({ ...store, remove: () => new Promise(() => undefined) }),
  });
  const upload = worker.uploader.upload(tenParts(), { key });
  await worker.live(when(upload, partsStored(10)));
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
  await worker.kill();
  const left = await recordsOf(universe);
  const page = open(universe);

  const entry = await onlyPending(page);
  await page.live(page.uploader.close());

  expect(left).toBe(2);
  expect(entry.result).toMatchObject({ key });
  expect(await recordsOf(universe)).toBe(1);
});

test("a page that wants what goes on without one takes it over, shows it, and no part is sent twice", async () => {
  const universe = await deadHalfway();
  const { page: worker } = await half2(universe);
  const page = open(universe);

  const entry = await onlyPending(page);
  const upload = await entry.resume(tenParts());
  const [result] = await Promise.all([page.live(upload.finished), worker.live(worker.uploader.close())]);

  expect(entry).toMatchObject({ active: false });
  expect(result).toMatchObject({ verified: "crc64" });
  expect(storedTwice(universe)).toEqual([]);
  expect(stored(universe)).toEqual(bytes);
  expect(universe.locks.heldNames).toEqual([]);
  expect(await recordsOf(universe)).toBe(0);
});

test("a page that is given the file again takes over what goes on without one", async () => {
  const universe = await deadHalfway();
  const { page: worker } = await half2(universe);
  const page = open(universe);

  await Promise.all([
    page.live(page.uploader.upload(tenParts(), { key }).finished),
    worker.live(worker.uploader.close()),
  ]);

  expect(storedTwice(universe)).toEqual([]);
  expect(stored(universe)).toEqual(bytes);
  expect(universe.locks.heldNames).toEqual([]);
});

test("a page that discards what goes on without one ends it, here and in the store", async () => {
  const universe = await deadHalfway();
  const { page: worker } = await half2(universe);
  const page = open(universe);

  await page.live((await onlyPending(page)).discard());
  await Promise.all([page.live(page.uploader.close()), worker.live(worker.uploader.close())]);

  expect(universe.server.uploads.size).toBe(0);
  expect(stored(universe)).toBeUndefined();
  expect(await recordsOf(universe)).toBe(0);
  expect(universe.locks.heldNames).toEqual([]);
});

test("a page that discards a noted file that goes on without one ends it", async () => {
  const universe = await deadWhileQueued();
  const settings = { singlePutBelow: 1_000 };
  const worker = after(universe, {
    settings,
    store: (store) => ({
      ...store,
      putObject: async (...call) => await orAborted(new Promise(() => undefined), call[3].signal),
    }),
  });
  const upload = worker.uploader.upload(picked(file()), { key });
  await worker.live(when(upload, ({ phase }) => phase === "uploading"));
  await worker.live(worker.clock.sleep(5_000, new AbortController().signal));
  const page = open(universe, { settings });

  await page.live((await onlyPending(page)).discard());
  await worker.live(worker.uploader.close());

  expect(await page.live(page.uploader.pending())).toEqual([]);
  expect(stored(universe)).toBeUndefined();
  expect(await recordsOf(universe)).toBe(0);
  expect(universe.locks.heldNames).toEqual([]);
});

test("what goes on without a page waits for another tab with the same file, and takes nothing from it", async () => {
  const universe = new Universe();
  const { page, upload, release } = await half(universe);
  const worker = after(universe);
  const second = worker.uploader.upload(tenParts(), { key });
  await worker.live(when(second, ({ waiting }) => waiting?.reason === "other-tab"));

  release();
  const [result] = await Promise.all([page.live(upload.finished), worker.live(second.finished)]);

  expect(result).toMatchObject({ verified: "crc64", alreadyStored: false });
  expect(storedTwice(universe)).toEqual([]);
});

test("a page that waited for another tab is not told what was completed long before it asked", async () => {
  const universe = await finishedAfter();
  universe.server.objects.clear();
  const settings = { singlePutBelow: 1_000 };
  const never = ({ signal }: CallOptions) =>
    new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
  const tab = open(universe, { settings, store: (store) => ({ ...store, putObject: (...call) => never(call[3]) }) });
  const paused = tab.uploader.upload(tenParts(), { key });
  await tab.live(when(paused, ({ phase }) => phase === "uploading"));
  const page = open(universe, { settings });
  page.clock.advance(3_600_000);
  const upload = page.uploader.upload(tenParts(), { key });
  await page.live(when(upload, ({ waiting }) => waiting?.reason === "other-tab"));

  await tab.live(paused.pause());
  await page.live(upload.finished);

  expect(stored(universe)).toEqual(bytes);
});

test.each<[string, (story: Awaited<ReturnType<typeof half>>) => Promise<unknown>, readonly boolean[]]>([
  ["pauses", ({ upload }) => upload.pause(), [true]],
  ["cancels", ({ upload }) => upload.cancel(), []],
  ["closes", ({ page }) => page.uploader.close(), [false]],
])("what goes on without a page, and waits for one that %s the upload, does not go on", async (_how, ends, paused) => {
  const universe = new Universe();
  const story = await half(universe);
  story.upload.finished.catch(() => undefined);
  const worker = after(universe);
  const second = worker.uploader.upload(tenParts(), { key });
  await worker.live(when(second, ({ waiting }) => waiting?.reason === "other-tab"));

  await story.page.live(ends(story));
  await worker.live(worker.clock.sleep(10_000, new AbortController().signal));
  await story.page.live(story.page.uploader.close());
  const pending = (await worker.live(open(universe).uploader.pending())) as PendingUpload[];

  expect(stored(universe)).toBeUndefined();
  expect(pending.map((entry) => entry.paused)).toEqual(paused);
});

test("what goes on without a page writes down nothing that the callback has answered", async () => {
  const callback = { url: "https://app.example/done", body: "done" };
  const universe = await finishedAfter({ callback });

  const entry = await onlyPending(open(universe));

  expect(entry.result?.callback?.body ?? "").toBe("");
});

test("a page that is left loses nothing while what was begun goes on, until a file waits in its queue", async () => {
  const universe = new Universe();
  const { page } = await half(universe, {}, { uploadSlots: 1, goesOn: true });
  const before = page.goesOn();

  const queued = page.uploader.upload(tenParts(), { key: "queued" });
  await page.live(when(queued, ({ waiting }) => waiting?.reason === "slot"));
  const waiting = page.goesOn();
  await page.live(queued.cancel());

  expect([before, waiting, page.goesOn()]).toEqual([true, false, true]);
});

test("what goes on when a page is left is what was under way, and not what is queued or paused", async () => {
  const universe = new Universe();
  const { page, upload } = await half(universe, {}, { uploadSlots: 1 });
  const queued = page.uploader.upload(tenParts(), { key: "queued" });
  const paused = page.uploader.upload(tenParts(), { key: "paused" });
  await page.live(paused.pause());

  page.life.leave();

  const opened = page.left.filter(({ memory }) => memory.opened !== undefined);
  expect(opened.map(({ target }) => target.key)).toEqual([upload.key]);
  expect([queued.state.phase, paused.state.phase]).toEqual(["queued", "paused"]);
});

/** What goes on after a page has stored two more parts, and its next request does not move. */
async function half2(universe: Universe) {
  const held = (number: number, signal: AbortSignal) =>
    new Promise<void>((_, reject) => {
      if (number === 7) signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  const page = after(universe, {
    store: (store) => ({
      ...store,
      putPart: async (...call) => {
        if (call[1] === 7) await held(call[1], call[4].signal);
        return await store.putPart(...call);
      },
    }),
  });
  const upload = page.uploader.upload(tenParts(), { key });
  await page.live(when(upload, partsStored(6)));
  return { page, upload };
}
