/** The store says something else than the page expects. */
import { describe, expect, test } from "vitest";
import { UploadError } from "../../src/errors.js";
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
  /** The first PutObject takes effect, and its answer never comes. */
  const answerLost = (onStored: () => void) => {
    let isFirst = true;
    return (store: ObjectStore): ObjectStore => ({
      ...store,
      putObject: async (...call) => {
        const object = await store.putObject(...call);
        if (!isFirst) return object;
        isFirst = false;
        onStored();
        return await new Promise((_resolve, reject) => {
          const { signal } = call[3];
          signal.addEventListener("abort", () => reject(signal.reason));
        });
      },
    });
  };

  test.each([
    ["goes in one request again", 100, "etag"],
    ["goes in one request again, where only the CRC-64 shows", 100, "crc64"],
    ["goes in parts now, because the line has become slower", 20, "etag"],
    ["goes in parts now, where only the CRC-64 shows", 20, "crc64"],
  ] as const)(
    "forbid recognises the object of a PUT that a pause has cut off: the file %s",
    async (_, below, shown) => {
      const universe = new Universe();
      universe.server.shows[shown === "etag" ? "crc64" : "etag"] = false;
      let sent = 0;
      const settings = { singlePutBelow: 100 };
      const page = open(universe, { store: answerLost(() => sent++), settings });
      const upload = page.uploader.upload(tenParts(), { key, ifExists: "forbid" });
      while (sent === 0) await page.live(Promise.resolve());

      await page.live(upload.pause());
      page.settings.singlePutBelow = below;
      upload.resume();
      const result = await page.live(upload.finished);

      expect(result).toMatchObject({ alreadyStored: true, verified: shown });
      expect(universe.server.count("PutObject")).toBe(1);
      expect(universe.server.uploads.size).toBe(0);
    },
  );

  test("forbid recognises the object of a PUT whose lost answers looked as if it were too large", async () => {
    const universe = new Universe();
    const page = open(universe, {
      settings: { singlePutBelow: 100 },
      store: (store) => ({
        ...store,
        putObject: async (...call) => {
          await store.putObject(...call);
          throw new UploadError("network", "no answer that may be read", { tooLarge: "guessed" });
        },
      }),
    });

    const result = await page.live(page.uploader.upload(tenParts(), { key, ifExists: "forbid" }).finished);

    expect(result).toMatchObject({ alreadyStored: true, verified: "crc64" });
    expect(universe.server.count("InitiateMultipartUpload")).toBe(0);
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

describe("an object of parts whose size its page has taken from the line", () => {
  async function lookedFor(hidden: "etag" | "crc64") {
    const universe = new Universe();
    const digested: number[] = [];
    const settings = { unit: 10, nextPartSize: () => 20 };
    const page = open(universe, {
      ...{ partSize: "auto", settings },
      workers: (workers) => ({
        ...workers,
        digest: (...call) => {
          digested.push(call[0].size);
          return workers.digest(...call);
        },
        digestFour: (...call) => {
          digested.push(...call[0].map(({ size }) => size));
          return workers.digestFour(...call);
        },
      }),
    });
    await page.live(page.uploader.upload(tenParts(), { key }).finished);
    universe.server.shows[hidden] = false;
    digested.length = 0;
    const finished = page.uploader.upload(tenParts(), { key, ifExists: "skip-identical" }).finished;
    const result = await page.live(finished);
    // The first is the fingerprint's.
    return { result, digested: digested.slice(1) };
  }

  test("is known by its CRC-64: the file is read in large pieces", async () => {
    const { result, digested } = await lookedFor("etag");

    expect(result).toMatchObject({ alreadyStored: true, verified: "crc64" });
    expect(digested).toEqual([95]);
  });

  test("is not known by its ETag: the file is not read to try it", async () => {
    const { result, digested } = await lookedFor("crc64");

    expect(result).toMatchObject({ alreadyStored: false, verified: "etag" });
    expect(digested).toEqual([20, 20, 20, 20, 15]);
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
