/** What an app does with uploads at the wrong moment: twice in one task, from a listener, after the end. */
import { expect, test } from "vitest";
import type { Upload, UploadOptions, UploadState } from "../../src/api/upload.js";
import { isAbortError } from "../../src/errors.js";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { Universe } from "../world/page.js";
import { bytes, half, key, open, partsStored, stored, tenParts, when } from "../world/scene.js";

/** How a promise has settled, or will. */
function outcome(upload: Upload): Promise<string> {
  return upload.finished.then(
    () => "resolved",
    (error: unknown) => (isAbortError(error) ? "aborted" : "failed"),
  );
}

const isResumable = (state: UploadState) => "resumable" in state && state.resumable;

function started(page: ReturnType<typeof open>, options: Partial<UploadOptions> = {}) {
  const file = tenParts();
  return { file, upload: page.uploader.upload(file, { key, ...options }) };
}

test("a start, an abort and another start of the same file in one task complete: only the first was stopped", async () => {
  const universe = new Universe();
  const page = open(universe);
  const first = new AbortController();
  const effect = started(page, { signal: first.signal });
  const stopped = outcome(effect.upload);

  first.abort();
  const again = page.uploader.upload(effect.file, { key, signal: new AbortController().signal });
  await page.live(again.finished);

  expect(await page.live(stopped)).toBe("aborted");
  expect(stored(universe)).toEqual(bytes);
  expect(universe.server.count("UploadPart")).toBe(10);
});

test("a second signal for an upload under way stops it as well", async () => {
  const universe = new Universe();
  const page = open(universe);
  const second = new AbortController();
  const { file, upload } = started(page, { signal: new AbortController().signal });

  const same = page.uploader.upload(file, { key, signal: second.signal });
  const settled = outcome(upload);
  second.abort();

  expect(same).toBe(upload);
  expect(await page.live(settled)).toBe("aborted");
  expect(upload.state.phase).toBe("stopped");
});

test("what a second call says of an upload under way counts, and what it does not say stays", async () => {
  const universe = new Universe();
  const page = open(universe);
  const { file, upload } = started(page, { acl: "private", priority: "low", appData: "first" });

  const same = page.uploader.upload(file, { key, acl: "public-read", appData: "second" });

  expect(same).toBe(upload);
  expect(upload.options).toEqual({ key, acl: "public-read", priority: "low", appData: "second" });
  expect(upload.appData).toBe("second");
  expect(Object.isFrozen(upload.options)).toBe(true);
  await page.live(upload.finished);
});

test("close() waits for the cancel of an upload that its listener takes from the list", async () => {
  const universe = new Universe();
  const { page, upload } = await half(universe);
  await page.live(upload.pause());
  upload.subscribe(({ phase }) => {
    if (phase === "cancelled") page.uploader.remove(upload);
  });

  upload.cancel().catch(() => undefined);
  await page.live(page.uploader.close());

  expect(page.uploader.uploads).toEqual([]);
  expect(await universe.disk.checkpoints.list()).toEqual([]);
  expect(universe.server.uploads.size).toBe(0);
});

test("what the database failed to keep of a file is not resumable in a later upload of it either", async () => {
  const universe = new Universe();
  const { page, upload, release } = await half(universe);
  const [kept] = await universe.disk.checkpoints.list();
  page.uploader.becameUnresumable(kept?.id ?? "");
  const first = isResumable(upload.state);
  release();
  await page.live(upload.finished);
  const again = page.uploader.upload(tenParts(), { key });
  const seen: boolean[] = [];
  again.subscribe((state) => seen.push(isResumable(state)));

  await page.live(again.finished);

  expect(first).toBe(false);
  expect(seen.length).toBeGreaterThan(5);
  expect(seen).not.toContain(true);
});

test("a cancel and an upload of the same file at once are two uploads: the second waits, and completes", async () => {
  const universe = new Universe();
  const { page, upload } = await half(universe);
  const file = tenParts();
  const cancelled = outcome(upload);

  const ended = upload.cancel();
  const again = page.uploader.upload(file, { key });
  await page.live(Promise.all([ended, again.finished]));

  expect(again).not.toBe(upload);
  expect(await page.live(cancelled)).toBe("aborted");
  expect(stored(universe)).toEqual(bytes);
  expect(universe.server.uploads.size).toBe(0);
});

test("another object of the same content shows the progress of the first, and sends nothing when that has completed", async () => {
  const universe = new Universe();
  const { page, upload, release } = await half(universe);
  const copy = page.uploader.upload(tenParts(), { key, appData: "copy" });
  const waiting = await page.live(when(copy, (state) => state.waiting?.reason === "same-file"));
  const shown = await page.live(when(copy, partsStored(4)));

  release();
  const results = await page.live(Promise.all([upload.finished, copy.finished]));

  expect(waiting).toMatchObject({ phase: "preparing" });
  expect(shown).toMatchObject({ phase: "preparing", progress: { storedBytes: 40 } });
  expect(results).toMatchObject([{ alreadyStored: false }, { alreadyStored: true, sentBytes: 0 }]);
  expect(universe.server.count("UploadPart")).toBe(10);
});

test("another object of the same content takes over when the first is stopped", async () => {
  const universe = new Universe();
  const { page, upload } = await half(universe);
  const copy = page.uploader.upload(tenParts(), { key });
  await page.live(when(copy, (state) => state.waiting?.reason === "same-file"));

  await page.live(upload.pause());
  await page.live(copy.finished);

  expect(stored(universe)).toEqual(bytes);
  expect(upload.state.phase).toBe("paused");
});

test("resume() in the listener of a failure replaces the promise that has rejected, and no other", async () => {
  const universe = new Universe();
  let failures = 1;
  const page = open(universe, {
    store: (store) => ({
      ...store,
      complete: (...call) => (failures-- > 0 ? Promise.reject(new TypeError("broken")) : store.complete(...call)),
    }),
  });
  const { upload } = started(page);
  const first = outcome(upload);
  upload.subscribe(({ phase }) => {
    if (phase === "failed") upload.resume();
  });

  expect(await page.live(first)).toBe("failed");
  await page.live(upload.finished);

  expect(upload.state.phase).toBe("completed");
});

test("pause() in the listener of the end changes nothing", async () => {
  const universe = new Universe();
  const page = open(universe);
  const { upload } = started(page);
  upload.subscribe((state) => {
    if (state.phase === "completed") upload.pause();
  });

  await page.live(upload.finished);

  expect(upload.state.phase).toBe("completed");
});

test.each([
  ["paused", (upload: Upload) => upload.pause()],
  ["under way", async () => undefined],
])("cancel() in the listener of the cancel of an upload that is %s is that same cancel", async (_phase, before) => {
  const universe = new Universe();
  const { page, upload } = await half(universe);
  await page.live(before(upload));
  const again: Promise<void>[] = [];
  upload.subscribe(({ phase }) => {
    if (phase === "cancelled") again.push(upload.cancel());
  });

  const first = upload.cancel();
  await page.live(first);

  expect(again).toHaveLength(1);
  expect(again[0]).toBe(first);
  await page.live(page.uploader.close());
  expect(universe.server.uploads.size).toBe(0);
});

test.each([
  ["pause, stop, cancel", (upload: Upload, stop: AbortController) => [upload.pause(), stop.abort(), upload.cancel()]],
  ["cancel, stop, pause", (upload: Upload, stop: AbortController) => [upload.cancel(), stop.abort(), upload.pause()]],
])("of several wishes (%s) the strongest wins", async (_order, wish) => {
  const universe = new Universe();
  const stop = new AbortController();
  const { page, upload } = await half(universe, { signal: stop.signal });
  const settled = outcome(upload);

  await page.live(Promise.all(wish(upload, stop)));

  expect(upload.state.phase).toBe("cancelled");
  expect(await page.live(settled)).toBe("aborted");
});

test("resume() after close() does nothing", async () => {
  const universe = new Universe();
  const { page, upload } = await half(universe);
  upload.finished.catch(() => undefined);
  await page.live(page.uploader.close());

  upload.resume();

  expect(upload.state.phase).toBe("stopped");
});

test("every state that a listener is told is the one that `state` shows, and a completed upload has no map of parts", async () => {
  const page = open(new Universe());
  const { upload } = started(page);
  const isShown: boolean[] = [];
  upload.subscribe((state) => isShown.push(state === upload.state));

  await page.live(upload.finished);

  expect(new Set(isShown)).toEqual(new Set([true]));
  expect(upload.partMap()).toHaveLength(0);
  expect(upload.file).toMatchObject({ size: bytes.length });
});

test("a batch ends with all its bytes, and the next one begins with its own", async () => {
  const page = open(new Universe());
  const other = (seed: number) => new MemoryFile(seededBytes(30, seed));
  const uploads = [1, 2].map((seed) => page.uploader.upload(other(seed), { key: `${seed}` }));
  await page.live(Promise.all(uploads.map(({ finished }) => finished)));
  const ended = page.uploader.progress;

  const next = page.uploader.upload(other(3), { key: "3" });

  expect(ended).toMatchObject({ totalBytes: 60, storedBytes: 60 });
  expect(page.uploader.progress.totalBytes).toBe(30);
  await page.live(next.finished);
});

test("of more settled uploads than are kept, the oldest completed ones leave the list, and what was cancelled stays", async () => {
  const page = open(new Universe(), { keepSettled: 2 });
  const names = ["cancelled", "a", "b", "c"];
  for (const name of names) {
    const upload = page.uploader.upload(new MemoryFile(seededBytes(30, name.length)), { key: name });
    const settled = outcome(upload);
    if (name === "cancelled") await page.live(upload.cancel());
    await page.live(settled);
  }

  expect(page.uploader.uploads.map((upload) => upload.key)).toEqual(["cancelled", "c"]);
});

test("the list of uploads is one array until an upload is added or taken out, which one under way cannot be", async () => {
  const { page, upload, release } = await half(new Universe());
  const before = page.uploader.uploads;

  expect(() => page.uploader.remove(upload)).toThrow(expect.objectContaining({ code: "invalid-option" }));
  release();
  await page.live(upload.finished);
  expect(page.uploader.uploads).toBe(before);
  page.uploader.remove(upload);

  expect(before).toEqual([upload]);
  expect(page.uploader.uploads).toEqual([]);
});
