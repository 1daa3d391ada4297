/** The store says something else than the page expects. */
import { describe, expect, test } from "vitest";
import type { ObjectStore } from "../../src/store/object-store.js";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { Universe } from "../world/page.js";
import { bytes, half, key, open, stored, tenParts } from "../world/scene.js";

describe("the store contradicts", () => {
  test("an upload id that vanished once is begun anew; one that vanishes twice is given up", async () => {
    const universe = new Universe();
    const { page, upload, release } = await half(universe);
    universe.server.uploads.clear();
    release();
    const once = await page.live(upload.finished);
    const vanishing = (store: ObjectStore): ObjectStore => ({
      ...store,
      complete: async (...call) => {
        universe.server.uploads.clear();
        return await store.complete(...call);
      },
    });
    const other = open(universe, { store: vanishing });

    const twice = other.uploader.upload(tenParts(), { key: "other" });

    expect(once).toMatchObject({ verified: "crc64" });
    await expect(other.live(twice.finished)).rejects.toMatchObject({ code: "upload-gone" });
  });

  test.each([
    ["is sent again, alone, where listing is allowed", true, 11],
    ["means that all are sent again where nobody may say which", false, 20],
  ])("a part that Complete rejects %s", async (_what, mayList, puts) => {
    const universe = new Universe();
    universe.server.permissions.list = mayList;
    const losing = (store: ObjectStore): ObjectStore => {
      let lost = false;
      return {
        ...store,
        complete: async (upload, ...call) => {
          if (!lost) universe.server.uploads.get(upload.id)?.parts.delete(5);
          lost = true;
          return await store.complete(upload, ...call);
        },
      };
    };
    const page = open(universe, { store: losing });

    await page.live(page.uploader.upload(tenParts(), { key }).finished);

    expect(universe.server.count("UploadPart")).toBe(puts);
    expect(stored(universe)).toEqual(bytes);
  });

  test("an object that is not made of our parts is never called complete, and resume puts it right", async () => {
    const universe = new Universe();
    let damaged = false;
    const damaging = (store: ObjectStore): ObjectStore => ({
      ...store,
      complete: async (...call) => {
        const object = await store.complete(...call);
        if (damaged) return object;
        damaged = true;
        return { ...object, crc64: (object.crc64 ?? 0n) ^ 1n };
      },
    });
    universe.server.permissions.head = false;
    const page = open(universe, { store: damaging });
    const upload = page.uploader.upload(tenParts(), { key });

    await expect(page.live(upload.finished)).rejects.toMatchObject({ code: "corrupted", resumable: true });
    upload.resume();
    await page.live(upload.finished);

    expect(stored(universe)).toEqual(bytes);
    expect(universe.server.count("UploadPart")).toBe(20);
  });
});

describe("an object is already there", () => {
  test("forbid recognises the object of a request that a pause has cut off after it took effect", async () => {
    const universe = new Universe();
    let sent = 0;
    const cut = (store: ObjectStore): ObjectStore => ({
      ...store,
      putObject: async (...call) => {
        const object = await store.putObject(...call);
        sent += 1;
        if (sent > 1) return object;
        return await new Promise((_resolve, reject) => {
          const { signal } = call[3];
          signal.addEventListener("abort", () => reject(signal.reason));
        });
      },
    });
    const page = open(universe, { store: cut, settings: { singlePutBelow: 100 } });
    const upload = page.uploader.upload(tenParts(), { key, ifExists: "forbid" });
    while (sent === 0) await page.live(Promise.resolve());

    await page.live(upload.pause());
    upload.resume();
    const result = await page.live(upload.finished);

    expect(result).toMatchObject({ alreadyStored: true, verified: "crc64" });
    expect(universe.server.count("PutObject")).toBe(2);
  });

  test("forbid fails with already-exists and leaves it alone", async () => {
    const universe = new Universe();
    universe.server.putObject({ key }, seededBytes(5, 1));
    const page = open(universe);

    const upload = page.uploader.upload(tenParts(), { key, ifExists: "forbid" });

    await expect(page.live(upload.finished)).rejects.toMatchObject({ code: "already-exists" });
    expect(stored(universe)).toEqual(seededBytes(5, 1));
    expect(universe.server.uploads.size).toBe(0);
  });

  test("skip-identical sends nothing if the same bytes are there, and everything if not", async () => {
    const universe = new Universe();
    universe.server.putObject({ key }, bytes);
    const page = open(universe);

    const same = await page.live(page.uploader.upload(tenParts(), { key, ifExists: "skip-identical" }).finished);
    const callsForSame = universe.server.count("InitiateMultipartUpload");
    const other = new MemoryFile(seededBytes(95, 4));
    const different = await page.live(page.uploader.upload(other, { key, ifExists: "skip-identical" }).finished);

    expect(same).toMatchObject({ alreadyStored: true, sentBytes: 0, verified: "crc64" });
    expect(callsForSame).toBe(0);
    expect(different).toMatchObject({ alreadyStored: false });
    expect(stored(universe)).toEqual(seededBytes(95, 4));
  });
});

test("a callback that fails is told apart: the object is stored and the checkpoint gone", async () => {
  const universe = new Universe();
  universe.server.callbackAnswer = "fails";
  const page = open(universe);

  const upload = page.uploader.upload(tenParts(), { key, callback: { url: "https://app.example/cb", body: "b" } });

  await expect(page.live(upload.finished)).rejects.toMatchObject({ code: "callback-failed", resumable: false });
  expect(stored(universe)).toEqual(bytes);
  expect(await universe.disk.checkpoints.list()).toEqual([]);
});
