/** What the next page finds, believes and sends. Laws: both must agree; nothing is claimed that the store did not show. */
import { describe, expect, test } from "vitest";
import type { Upload, UploadOptions, UploadState } from "../../src/api/upload.js";
import { orAborted } from "../../src/or-aborted.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { deferred } from "../../src/upload/deferred.js";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { type Page, Universe } from "../world/page.js";
import { bytes, half, key, open, partsStored, stored, tenParts, when } from "../world/scene.js";

/** A universe in which a page died after storing four parts of ten. */
async function deadHalfway(options: Partial<UploadOptions> = {}): Promise<Universe> {
  const universe = new Universe();
  const { page } = await half(universe, options);
  await page.kill();
  return universe;
}

async function resumed(universe: Universe, options: Partial<UploadOptions> = {}, file: Blob = tenParts()) {
  const page = open(universe);
  const result = await page.live(page.uploader.upload(file, { key, ...options }).finished);
  if (result === "dead") throw new Error("The page died");
  return result;
}

async function onlyId(universe: Universe): Promise<string> {
  const [entry] = await universe.disk.checkpoints.list();
  if (entry === undefined) throw new Error("There is no checkpoint");
  return entry.id;
}

describe("a page that comes after", () => {
  test("sends what is missing, and says how much was there", async () => {
    const universe = await deadHalfway();

    const result = await resumed(universe);

    expect(universe.server.count("UploadPart")).toBe(10);
    expect(result).toMatchObject({ resumedBytes: 40, sentBytes: 55, verified: "crc64" });
    expect(stored(universe)).toEqual(bytes);
  });

  test("says how much was there in the very first state in which it is uploading", async () => {
    const universe = await deadHalfway();
    const page = open(universe);
    const upload = page.uploader.upload(tenParts(), { key });
    const states: UploadState[] = [];
    upload.subscribe((state) => states.push(state));

    await page.live(upload.finished);

    const [first] = states.filter(({ phase }) => phase === "uploading");
    expect(first?.progress).toMatchObject({ storedBytes: 40, resumedBytes: 40, parts: { total: 10, stored: 4 } });
  });

  test.each([
    ["renamed", new MemoryFile(bytes, "renamed.bin", { lastModified: 1 })],
    ["touched", new MemoryFile(bytes, "file.bin", { lastModified: 99 })],
    ["given another type", new MemoryFile(bytes, "file.bin", { lastModified: 1, type: "text/plain" })],
  ])("goes on with a file that was %s", async (_what, file) => {
    const universe = await deadHalfway();

    await resumed(universe, {}, file);

    expect(universe.server.count("UploadPart")).toBe(10);
  });

  test("sends everything of a file of another size", async () => {
    const universe = await deadHalfway();
    const longer = seededBytes(96, 3);

    await resumed(universe, {}, new MemoryFile(longer));

    expect(universe.server.count("UploadPart")).toBe(14);
    expect(stored(universe)).toEqual(longer);
  });

  test("keeps the part size that the upload began with", async () => {
    const universe = await deadHalfway();
    const page = open(universe, { partSize: 25 });

    await page.live(page.uploader.upload(tenParts(), { key }).finished);

    expect(universe.server.count("UploadPart")).toBe(10);
  });

  test("starts anew, and aborts what was there, when options that are fixed in the beginning differ", async () => {
    const universe = await deadHalfway({ contentType: "text/plain" });

    await resumed(universe, { contentType: "video/mp4" });

    expect(universe.server.count("UploadPart")).toBe(14);
    expect(universe.server.uploads.size).toBe(0);
    expect(universe.server.objects.get(key)?.target.contentType).toBe("video/mp4");
  });

  test("completes with the access rights it is asked for now", async () => {
    const universe = await deadHalfway({ acl: "private" });

    await resumed(universe, { acl: "public-read" });

    expect(universe.server.count("UploadPart")).toBe(10);
  });

  test("never makes a mixture of a file that changed where nobody looked", async () => {
    const size = 48 * 1024 * 128;
    const partSize = 1024 * 128;
    const before = seededBytes(size, 5);
    const after = before.slice();
    // Between two of the sixteen samples, in the second of the parts that are stored already.
    after[3 * partSize + 1000] = (after[3 * partSize + 1000] ?? 0) ^ 1;
    const universe = new Universe();
    const dying = open(universe, {
      partSize,
      death: { at: 20, when: "before", requests: "lost", loseLastWrite: false },
    });
    await dying.live(dying.uploader.upload(new MemoryFile(before), { key }).finished);
    const storedBefore = universe.server.count("UploadPart");
    const page = open(universe, { partSize });
    const upload = page.uploader.upload(new MemoryFile(after), { key });
    let map = upload.partMap();
    upload.subscribe(({ phase }) => {
      if (phase === "completing" && upload.partMap().length > 0) map = upload.partMap();
    });

    const result = await page.live(upload.finished);

    expect(storedBefore).toBeGreaterThan(4);
    expect(universe.server.count("UploadPart")).toBe(48 + 1);
    expect(Buffer.compare(Buffer.from(stored(universe) ?? []), Buffer.from(after))).toBe(0);
    expect(result).toMatchObject({ verified: "crc64", resumedBytes: (storedBefore - 1) * partSize });
    expect(map[3]).toBe(2);
  });

  test("compares again what another file, which looks the same, has replaced while this one rested", async () => {
    const size = 48 * 1024 * 128;
    const partSize = 1024 * 128;
    const ours = seededBytes(size, 5);
    const theirs = ours.slice();
    theirs[3 * partSize + 1000] = (theirs[3 * partSize + 1000] ?? 0) ^ 1;
    const universe = new Universe();
    const unanswered = () => new Promise<never>(() => undefined);
    let isHeld = true;
    const heldAt31 = (store: ObjectStore): ObjectStore => ({
      ...store,
      putPart: async (...call) => {
        if (isHeld && call[1] === 31) await orAborted(unanswered(), call[4].signal);
        return await store.putPart(...call);
      },
    });
    const page = open(universe, { partSize, store: heldAt31 });
    const upload = page.uploader.upload(new MemoryFile(ours), { key });
    await page.live(when(upload, partsStored(30)));
    await page.live(upload.pause());
    isHeld = false;
    const other = open(universe, { partSize, store: (store) => ({ ...store, complete: unanswered }) });
    const another = other.uploader.upload(new MemoryFile(theirs), { key });
    await other.live(when(another, ({ phase }) => phase === "completing"));
    await other.kill();

    upload.resume();
    const result = await page.live(upload.finished);

    expect(universe.server.count("InitiateMultipartUpload")).toBe(1);
    expect(universe.server.count("UploadPart", 4)).toBe(3);
    expect(Buffer.compare(Buffer.from(stored(universe) ?? []), Buffer.from(ours))).toBe(0);
    expect(result).toMatchObject({ verified: "crc64" });
  });

  test.each<[string, Partial<UploadOptions>, boolean]>([
    ["what was asked for", {}, true],
    ["another ACL", { acl: "public-read" }, false],
    ["a callback", { callback: { url: "https://app.example/done", body: "key=1" } }, false],
  ])("after a Complete that nobody heard of is asked for %s", async (_what, now, alreadyStored) => {
    const universe = new Universe();
    const completed = deferred<void>();
    const page = open(universe, {
      store: (store) => ({
        ...store,
        complete: async (...call) => {
          await store.complete(...call);
          completed.resolve();
          return await new Promise<never>(() => undefined);
        },
      }),
    });
    page.uploader.upload(tenParts(), { key });
    await page.live(completed.promise);
    await page.kill();

    const result = await resumed(universe, now);

    expect(result).toMatchObject({ alreadyStored, verified: "crc64" });
    expect(universe.server.count("CompleteMultipartUpload")).toBe(alreadyStored ? 1 : 2);
  });

  test("adopts a part that the server has and no record claims, without sending it", async () => {
    const universe = new Universe();
    const page = open(universe, { death: { at: 7, when: "before", requests: "lost", loseLastWrite: false } });
    await page.live(page.uploader.upload(tenParts(), { key }).finished);
    const lastAct = universe.log.at(-1);

    const result = await resumed(universe);

    expect(lastAct).toBe("putPart 2");
    expect(universe.server.count("UploadPart", 2)).toBe(1);
    expect(result).toMatchObject({ resumedBytes: 20, sentBytes: 75 });
  });

  test("sends a part again that the server lost", async () => {
    const universe = await deadHalfway();
    for (const upload of universe.server.uploads.values()) upload.parts.delete(2);

    await resumed(universe);

    expect(universe.server.count("UploadPart", 2)).toBe(2);
    expect(stored(universe)).toEqual(bytes);
  });

  test("recognises an upload that was completed although nobody heard of it, and sends nothing", async () => {
    const universe = new Universe();
    const page = open(universe, { death: { at: 25, when: "after", requests: "lost", loseLastWrite: false } });
    await page.live(page.uploader.upload(tenParts(), { key }).finished);
    const lastAct = universe.log.at(-1);

    const result = await resumed(universe);

    expect(lastAct).toBe("complete");
    expect(universe.server.count("UploadPart")).toBe(10);
    expect(result).toMatchObject({ alreadyStored: true, verified: "crc64", sentBytes: 0 });
    expect(await universe.disk.checkpoints.list()).toEqual([]);
  });
});

describe("an upload whose id is gone, and an object of the same bytes at the key", () => {
  async function goneOverTwin(showsDate: boolean, completeSent: boolean) {
    const universe = new Universe();
    universe.server.shows.date = showsDate;
    universe.server.putObject({ key }, bytes);
    const at = completeSent ? 25 : 24;
    const page = open(universe, { death: { at, when: "before", requests: "lost", loseLastWrite: false } });
    await page.live(page.uploader.upload(tenParts(), { key }).finished);
    universe.server.uploads.clear();
    return await resumed(universe);
  }

  test.each([
    ["Complete was never sent", true, false],
    ["the mark was written, and the object is older than it", true, true],
    ["the page may not read the store's time", false, true],
  ])("begins anew where %s", async (_why, showsDate, completeSent) => {
    const result = await goneOverTwin(showsDate, completeSent);

    expect(result).toMatchObject({ alreadyStored: false, verified: "crc64", sentBytes: 95 });
  });

  test("that its own Complete has made is not recognised either where the page may not read the store's time", async () => {
    const universe = new Universe();
    universe.server.shows.date = false;
    const page = open(universe, { death: { at: 25, when: "after", requests: "lost", loseLastWrite: false } });
    await page.live(page.uploader.upload(tenParts(), { key }).finished);
    const lastAct = universe.log.at(-1);

    const result = await resumed(universe);

    expect(lastAct).toBe("complete");
    expect(result).toMatchObject({ alreadyStored: false, verified: "crc64" });
  });
});

describe("a record that is damaged", () => {
  const damages: readonly (readonly [string, (record: Record<string, unknown>) => unknown])[] = [
    ["changed", (record) => ({ ...record, plain: { ...(record.plain as object), partSize: 11, size: 11 } })],
    ["truncated", (record) => ({ plain: record.plain })],
    ["of another kind", () => "rubbish"],
    ["null", () => null],
    ["of a later version", (record) => ({ ...record, plain: { ...(record.plain as object), version: 3 } })],
  ];

  test.each(damages)("when it is the head (%s) means starting over, and the object is right", async (_what, damage) => {
    const universe = await deadHalfway();
    const id = await onlyId(universe);
    const saved = await universe.disk.checkpoints.load(id);
    await universe.disk.checkpoints.updateHead(id, damage(saved?.head as Record<string, unknown>));

    await resumed(universe);

    expect(universe.server.count("UploadPart")).toBe(14);
    expect(stored(universe)).toEqual(bytes);
    expect(await universe.disk.checkpoints.list()).toEqual([]);
  });

  test.each(damages)(
    "when it is that of a part (%s) means that this part is looked at again",
    async (_what, damage) => {
      const universe = await deadHalfway();
      universe.server.permissions.list = false;
      const id = await onlyId(universe);
      const saved = await universe.disk.checkpoints.load(id);
      await universe.disk.checkpoints.addPart(id, 3, damage(saved?.parts[2] as Record<string, unknown>));

      await resumed(universe);

      expect(universe.server.count("UploadPart")).toBe(11);
      expect(universe.server.count("UploadPart", 3)).toBe(2);
      expect(stored(universe)).toEqual(bytes);
    },
  );

  test("is not offered as pending when it is the head", async () => {
    const universe = await deadHalfway();
    await universe.disk.checkpoints.updateHead(await onlyId(universe), { plain: {} });
    const page = open(universe);

    expect(await page.live(page.uploader.pending())).toEqual([]);
  });
});

describe("two pages with the same file", () => {
  test("one sends, the other waits and says so, and goes on when the first dies", async () => {
    const universe = new Universe();
    const { page: first } = await half(universe);
    const second = open(universe);
    const upload = second.uploader.upload(tenParts(), { key });
    const waiting = second.live(
      new Promise((resolve) => {
        upload.subscribe((state) => "waiting" in state && state.waiting?.reason === "other-tab" && resolve(state));
      }),
    );

    const said = await waiting;
    const putsWhileWaiting = universe.server.count("UploadPart");
    await first.kill();
    await second.live(upload.finished);

    expect(said).toMatchObject({ phase: "preparing" });
    expect(putsWhileWaiting).toBe(4);
    expect(universe.server.count("UploadPart")).toBe(10);
    expect(stored(universe)).toEqual(bytes);
  });

  test("the same file to the same key on one page is the same upload; to another key it is not", async () => {
    const universe = new Universe();
    const page = open(universe);
    const file = tenParts();
    const upload = page.uploader.upload(file, { key });

    const again = page.uploader.upload(file, { key });
    const elsewhere = page.uploader.upload(file, { key: "elsewhere" });
    await page.live(Promise.all([upload.finished, elsewhere.finished]));

    expect(again).toBe(upload);
    expect(elsewhere).not.toBe(upload);
    expect(page.uploader.uploads).toEqual([upload, elsewhere]);
  });
});

describe("pending", () => {
  const listed = async (page: Page) => {
    const pending = await page.live(page.uploader.pending());
    if (pending === "dead") throw new Error("The page died");
    return pending;
  };

  test("lists what an earlier page left, with what the app said of it", async () => {
    const universe = await deadHalfway({ appData: { album: 7 } });

    const [entry, ...others] = await listed(open(universe));

    expect(others).toEqual([]);
    expect(entry).toMatchObject({ key, storedBytes: 40, needs: "file", active: false, appData: { album: 7 } });
    expect(entry?.file).toMatchObject({ name: "file.bin", size: 95 });
  });

  test.each<[string, () => Promise<Universe>, number]>([
    ["warms a worker when there is a file to recognise", () => deadHalfway({}), 1],
    ["starts no worker when there is none", async () => new Universe(), 0],
  ])("%s", async (_what, make, expected) => {
    let warmed = 0;
    const page = open(await make(), { workers: (workers) => ({ ...workers, warm: () => (warmed += 1) }) });

    await listed(page);

    expect(warmed).toBe(expected);
  });

  test.each<[string, (upload: Upload) => Promise<unknown>]>([
    ["completed", (upload) => upload.finished],
    ["cancelled", (upload) => upload.cancel()],
  ])("lists what another page left, although this one has %s the same file", async (_what, end) => {
    const universe = new Universe();
    const page = open(universe);
    await page.live(end(page.uploader.upload(tenParts(), { key })));
    const { page: other } = await half(universe);
    await other.kill();

    const [entry, ...others] = await listed(page);

    expect(others).toEqual([]);
    expect(entry).toMatchObject({ key, storedBytes: 40, active: false });
  });

  test("resumes with the file, picked again", async () => {
    const universe = await deadHalfway({ metadata: { owner: "me" } });
    const page = open(universe);
    const [entry] = await listed(page);

    const upload = await page.live((entry as NonNullable<typeof entry>).resume(new MemoryFile(bytes, "other name")));
    if (upload === "dead") throw new Error("The page died");
    await page.live(upload.finished);

    expect(universe.server.count("UploadPart")).toBe(10);
    expect(universe.server.objects.get(key)?.target.metadata).toEqual({ owner: "me" });
    expect(await listed(page)).toEqual([]);
  });

  test.each([
    ["of another size", seededBytes(96, 3)],
    ["of another content", seededBytes(95, 4)],
  ])("refuses a file %s and keeps the checkpoint", async (_what, other) => {
    const universe = await deadHalfway();
    const page = open(universe);
    const [entry] = await listed(page);

    const refusal = page.live((entry as NonNullable<typeof entry>).resume(new MemoryFile(other)));

    await expect(refusal).rejects.toMatchObject({ code: "file-changed" });
    expect(await universe.disk.checkpoints.list()).toHaveLength(1);
  });

  test("is locked while another page sends it, for resume and for discard", async () => {
    const universe = new Universe();
    await half(universe);
    const page = open(universe);
    const [entry] = await listed(page);

    expect(entry?.active).toBe(true);
    await expect(page.live(entry?.resume(tenParts()) ?? Promise.reject())).rejects.toMatchObject({ code: "locked" });
    await expect(page.live(entry?.discard() ?? Promise.reject())).rejects.toMatchObject({ code: "locked" });
    expect(universe.server.uploads.size).toBe(1);
  });

  test("discards in the store first, then here", async () => {
    const universe = await deadHalfway();
    const page = open(universe);
    const [entry] = await listed(page);
    universe.log.length = 0;

    await page.live((entry as NonNullable<typeof entry>).discard());
    const marked = [...universe.log];
    await page.live(page.uploader.close());

    expect(marked.slice(0, 2)).toEqual(["load", "updateHead"]);
    expect(universe.log).toEqual(["load", "updateHead", "abort", "load", "remove"]);
    expect(universe.server.uploads.size).toBe(0);
    expect(await listed(page)).toEqual([]);
  });

  test("offers expired ones no more, and aborts them in the store", async () => {
    const universe = await deadHalfway();
    const page = open(universe, { settings: { expireAfterMs: 1000 } });
    page.clock.advance(60_000);

    const offered = await listed(page);
    await page.live(new Promise((resolve) => setImmediate(resolve)));

    expect(offered).toEqual([]);
    expect(universe.server.uploads.size).toBe(0);
    expect(await universe.disk.checkpoints.list()).toEqual([]);
  });

  test("does not show one user's uploads to another", async () => {
    const universe = await deadHalfway();

    expect(await listed(open(universe, { settings: { scope: "somebody else" } }))).toEqual([]);
  });
});
