/** What the next page finds, believes and sends. Laws: both must agree; nothing is claimed that the store did not show. */
import { describe, expect, test } from "vitest";
import type { UploadState } from "../../src/api/upload.js";
import { sealPart } from "../../src/checkpoint/records.js";
import { orAborted } from "../../src/or-aborted.js";
import type { ETag, ObjectStore, UploadId } from "../../src/store/object-store.js";
import { deferred } from "../../src/upload/deferred.js";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { Universe } from "../world/page.js";
import { bytes, deadHalfway, key, onlyId, open, partsStored, resumed, stored, tenParts, when } from "../world/scene.js";

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

  test("keeps what is stored as it was cut, and cuts the rest as it is told to", async () => {
    const universe = await deadHalfway();
    const page = open(universe, { partSize: 25 });

    await page.live(page.uploader.upload(tenParts(), { key }).finished);

    const sizes = universe.server.calls.flatMap(({ size }) => size ?? []);
    expect(sizes).toEqual([10, 10, 10, 10, 30, 25]);
    expect(stored(universe)).toEqual(bytes);
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
});

test("a large part of other bytes that was cut smaller does not hide the small parts from the page after", async () => {
  const universe = new Universe();
  const pageOf = (size: number, held: number) => ({
    partSize: "auto" as const,
    settings: { unit: 10, nextPartSize: () => size },
    lanes: 2,
    store: (store: ObjectStore): ObjectStore => ({
      ...store,
      putPart: async (...call) => {
        if (call[1] === held) return await new Promise<never>(() => undefined);
        return await store.putPart(...call);
      },
    }),
  });
  const first = open(universe, pageOf(40, 5));
  await first.live(when(first.uploader.upload(tenParts(), { key }), partsStored(1)));
  await first.kill();
  const [id = ""] = universe.server.uploads.keys();
  const other = universe.server.putPart(key, id, 1, seededBytes(40, 9));
  const recorded = { number: 1, size: 40, etag: other.etag as ETag, crc64: other.crc64 };
  await universe.disk.checkpoints.addPart(await onlyId(universe), 1, sealPart(id as UploadId, recorded, 1));

  const others = deferred<void>();
  const second = open(universe, {
    ...pageOf(10, 1),
    checkpoints: (checkpoints) => ({
      ...checkpoints,
      addPart: async (...call) => {
        await checkpoints.addPart(...call);
        if (call[1] === 4) others.resolve();
      },
    }),
  });
  second.uploader.upload(tenParts(), { key });
  await second.live(others.promise);
  await second.kill();

  await resumed(universe);

  expect([1, 2, 3, 4].map((number) => universe.server.count("UploadPart", number))).toEqual([3, 1, 1, 1]);
  expect(stored(universe)).toEqual(bytes);
});
