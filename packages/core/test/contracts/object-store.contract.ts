/** What every `ObjectStore` owes the uploader, as sentences. Run against each implementation and each layer. Law 6. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isUploadError, type UploadError } from "../../src/errors.js";
import type {
  CallOptions,
  CallTrace,
  ETag,
  MultipartUpload,
  ObjectStore,
  ObjectTarget,
  StoredPart,
  UploadId,
} from "../../src/store/object-store.js";
import { combineAll, crc64 } from "../../src/store/oss/crc64.js";
import type { Digest } from "../../src/workers/byte-workers.js";
import { MemoryBlob, seededBytes } from "../doubles/memory-file.js";

/** A server and a page's connection to it. */
export interface StoreUnderTest {
  readonly store: ObjectStore;
  /** The object at the key as the server has it, read behind the page's back. */
  readonly contentOf: (key: string) => Promise<Uint8Array | undefined>;
  /** Upload ids that the server still holds for the key. */
  readonly openUploads: (key: string) => Promise<readonly string[]>;
  /** Takes rights from the page, all but that to put objects. */
  readonly forbid: (...rights: readonly ("list" | "head" | "abort")[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

const key = "目录/a b+c.bin";

export function describeObjectStore(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name} as an object store`, () => {
    let world: StoreUnderTest;
    let store: ObjectStore;
    let traces: CallTrace[];
    let options: CallOptions;

    beforeEach(async () => {
      world = await make();
      store = world.store;
      traces = [];
      options = { signal: new AbortController().signal, onRequest: (trace) => traces.push(trace) };
    });

    afterEach(async () => await world.close());

    /** The smallest part allowed anywhere but at the end, and a few bytes. */
    const fullPart = (seed = 1) => seededBytes(store.limits.minPartSize + 7, seed);
    const begin = async (target: Partial<ObjectTarget> = {}): Promise<MultipartUpload> => ({
      key,
      id: await store.initiate({ key, ...target }, options),
    });
    const put = (upload: MultipartUpload, number: number, bytes: Uint8Array<ArrayBuffer>, call = options) =>
      store.putPart(upload, number, new MemoryBlob(bytes), digestOf(bytes), call);
    const storeObject = (bytes: Uint8Array<ArrayBuffer>, target: Partial<ObjectTarget> = {}) =>
      store.putObject({ key, ...target }, new MemoryBlob(bytes), digestOf(bytes), options);

    describe("putting an object whole", () => {
      test.each([
        ["an empty file", 0],
        ["a small file", 1000],
      ])("stores %s and names its bytes", async (_, size) => {
        const bytes = seededBytes(size);

        const object = await storeObject(bytes);

        expect(await world.contentOf(key)).toEqual(Uint8Array.from(bytes));
        expect(object).toMatchObject({ key, etag: md5Hex(bytes), crc64: crc64(bytes) });
      });

      test("refuses a body that is not what was digested, and says it is corrupted", async () => {
        const refused = store.putObject(
          { key },
          new MemoryBlob(seededBytes(9, 1)),
          digestOf(seededBytes(9, 2)),
          options,
        );

        expect(await failure(refused)).toMatchObject({ code: "corrupted", action: "PutObject" });
      });

      test("replaces an older object unless that was forbidden", async () => {
        await storeObject(seededBytes(5, 1));
        await storeObject(seededBytes(6, 2));

        const refused = storeObject(seededBytes(7, 3), { ifExists: "forbid" });

        expect(await failure(refused)).toMatchObject({ code: "already-exists", temporary: false });
        expect(await world.contentOf(key)).toEqual(Uint8Array.from(seededBytes(6, 2)));
      });
    });

    describe("a multipart upload", () => {
      test("joins its parts by number, whatever the order in which they were stored", async () => {
        const upload = await begin();
        const last = await put(upload, 3, seededBytes(5, 3));
        const first = await put(upload, 1, fullPart(1));
        const second = await put(upload, 2, fullPart(2));

        const object = await store.complete(upload, [first, second, last], {}, options);

        const whole = joined(fullPart(1), fullPart(2), seededBytes(5, 3));
        expect(await world.contentOf(key)).toEqual(whole);
        expect(object).toMatchObject({ key, crc64: crc64(whole) });
        expect(await store.matches(object, [first, second, last], options)).toBe("crc64");
      });

      test("leaves an object already at the key as it was until it is complete", async () => {
        const older = seededBytes(20, 9);
        await storeObject(older);

        const upload = await begin();
        await put(upload, 1, fullPart());

        expect(await world.contentOf(key)).toEqual(Uint8Array.from(older));
      });

      test("has an upload id of its own beside others of the same key", async () => {
        const one = await begin();
        const other = await begin();
        await put(one, 1, seededBytes(3, 1));

        expect(one.id).not.toBe(other.id);
        expect(await store.listParts(other, options)).toEqual([]);
        expect([...(await world.openUploads(key))].sort()).toEqual([one.id, other.id].sort());
      });

      test("keeps the later bytes when a number is put again", async () => {
        const upload = await begin();
        await put(upload, 1, seededBytes(11, 1));
        const later = await put(upload, 1, seededBytes(12, 2));

        await store.complete(upload, [later], {}, options);

        expect(await world.contentOf(key)).toEqual(Uint8Array.from(seededBytes(12, 2)));
      });

      test("drops stored parts that are not named", async () => {
        const upload = await begin();
        const wanted = await put(upload, 1, seededBytes(11, 1));
        await put(upload, 2, seededBytes(12, 2));

        await store.complete(upload, [wanted], {}, options);

        expect(await world.contentOf(key)).toEqual(Uint8Array.from(seededBytes(11, 1)));
      });

      test("may leave gaps in the numbering", async () => {
        const upload = await begin();
        const one = await put(upload, 1, fullPart(1));
        const nine = await put(upload, 9, seededBytes(2, 9));

        await store.complete(upload, [one, nine], {}, options);

        expect(await world.contentOf(key)).toEqual(joined(fullPart(1), seededBytes(2, 9)));
      });

      test("is gone once it is complete, for every verb", async () => {
        const upload = await begin();
        const part = await put(upload, 1, seededBytes(8));
        await store.complete(upload, [part], {}, options);

        expect(await failure(store.complete(upload, [part], {}, options))).toMatchObject({ code: "upload-gone" });
        expect(await failure(put(upload, 2, seededBytes(8)))).toMatchObject({ code: "upload-gone", partNumber: 2 });
        expect(await failure(store.listParts(upload, options))).toMatchObject({ code: "upload-gone" });
      });

      test("whose key is taken meanwhile is refused at completion when that was forbidden", async () => {
        const upload = await begin({ ifExists: "forbid" });
        const part = await put(upload, 1, seededBytes(8));
        await storeObject(seededBytes(5, 5));

        const refused = store.complete(upload, [part], { ifExists: "forbid" }, options);

        expect(await failure(refused)).toMatchObject({ code: "already-exists" });
        expect(await world.contentOf(key)).toEqual(Uint8Array.from(seededBytes(5, 5)));
      });
    });

    describe("putting a part", () => {
      test("names what was stored: size, MD5 as ETag, and CRC-64", async () => {
        const bytes = seededBytes(4321);

        const part = await put(await begin(), 1, bytes);

        expect(part).toMatchObject({ number: 1, size: 4321, etag: md5Hex(bytes), crc64: crc64(bytes) });
      });

      test("refuses bytes that are not what was digested", async () => {
        const upload = await begin();

        const refused = store.putPart(
          upload,
          4,
          new MemoryBlob(seededBytes(9, 1)),
          digestOf(seededBytes(9, 2)),
          options,
        );

        expect(await failure(refused)).toMatchObject({
          code: "corrupted",
          temporary: true,
          action: "UploadPart",
          partNumber: 4,
        });
      });

      test("compares the CRC-64 alone when no MD5 was computed", async () => {
        const upload = await begin();
        const wrong: Digest = { ...digestOf(seededBytes(9, 2)), md5: undefined };

        const refused = store.putPart(upload, 1, new MemoryBlob(seededBytes(9, 1)), wrong, options);

        expect(await failure(refused)).toMatchObject({ code: "corrupted" });
      });

      test("takes bytes that were not digested at all", async () => {
        const upload = await begin();
        const bytes = seededBytes(9);

        const part = await store.putPart(upload, 1, new MemoryBlob(bytes), undigested(9), options);

        expect(part).toMatchObject({ size: 9, etag: md5Hex(bytes) });
      });

      test.each([0, 10_001])("refuses the number %i", async (number) => {
        const upload = await begin();

        expect(await failure(put(upload, number, seededBytes(9)))).toMatchObject({
          code: "rejected",
          temporary: false,
          partNumber: number,
        });
      });

      test("to an upload id that never was finds it gone", async () => {
        const never: MultipartUpload = { key, id: "0123456789ABCDEF0123456789ABCDEF" as UploadId };

        expect(await failure(put(never, 1, seededBytes(9)))).toMatchObject({ code: "upload-gone", temporary: false });
      });

      test("reports the bytes handed to the network, from nothing to all", async () => {
        const sent: number[] = [];
        const bytes = fullPart();

        await put(await begin(), 1, bytes, { ...options, onSent: (count) => sent.push(count) });

        expect(sent.at(0)).toBe(0);
        expect(sent.at(-1)).toBe(bytes.length);
        expect(sent).toEqual([...sent].sort((a, b) => a - b));
      });
    });

    describe("listing parts", () => {
      test("gives them ascending with the names of their bytes", async () => {
        const upload = await begin();
        await put(upload, 10, seededBytes(10, 10));
        await put(upload, 2, seededBytes(2, 2));

        const parts = await store.listParts(upload, options);

        expect(parts.map((part) => part.number)).toEqual([2, 10]);
        expect(parts[0]).toMatchObject({ size: 2, etag: md5Hex(seededBytes(2, 2)) });
        expect(store.holds(present(parts[0]), digestOf(seededBytes(2, 2)))).toBe(true);
        expect(store.holds(present(parts[0]), digestOf(seededBytes(2, 3)))).toBe(false);
      });

      test("gives a single part as a list of one, and none as none", async () => {
        const upload = await begin();
        const before = await store.listParts(upload, options);
        await put(upload, 1, seededBytes(3));
        const after = await store.listParts(upload, options);

        expect(before).toEqual([]);
        expect(after.map((part) => part.number)).toEqual([1]);
      });

      test("without the right to list is forbidden, and names the action", async () => {
        const upload = await begin();
        await world.forbid("list");

        const refused = await failure(store.listParts(upload, options));

        expect(refused).toMatchObject({ code: "forbidden", action: "ListParts", temporary: false, resumable: true });
      });
    });

    describe("completing", () => {
      test("refuses a part that was never stored, as an answer about the parts", async () => {
        const upload = await begin();
        const part = await put(upload, 1, fullPart());

        const refused = await failure(store.complete(upload, [part, { ...part, number: 2 }], {}, options));

        expect(refused).toMatchObject({ code: "rejected", serverCode: "InvalidPart" });
        expect(store.rejectsParts(refused)).toBe(true);
      });

      test("refuses a part that was replaced by other bytes meanwhile", async () => {
        const upload = await begin();
        const part = await put(upload, 1, seededBytes(5, 1));
        await put(upload, 1, seededBytes(5, 2));

        const refused = await failure(store.complete(upload, [part], {}, options));

        expect(store.rejectsParts(refused)).toBe(true);
        expect(await world.contentOf(key)).toBeUndefined();
      });

      test("refuses parts out of order and keeps the upload", async () => {
        const upload = await begin();
        const one = await put(upload, 1, fullPart(1));
        const two = await put(upload, 2, fullPart(2));

        const refused = await failure(store.complete(upload, [two, one], {}, options));

        expect(refused).toMatchObject({ serverCode: "InvalidPartOrder" });
        expect(await store.listParts(upload, options)).toHaveLength(2);
      });

      test("refuses a part below the minimum anywhere but at the end", async () => {
        const upload = await begin();
        const short = await put(upload, 1, seededBytes(store.limits.minPartSize - 1));
        const last = await put(upload, 2, seededBytes(3));

        const refused = await failure(store.complete(upload, [short, last], {}, options));

        expect(refused).toMatchObject({ serverCode: "EntityTooSmall" });
      });

      test("that finds the upload gone is not about the parts", async () => {
        const upload = await begin();
        const part = await put(upload, 1, seededBytes(5));
        await store.abort(upload, options);

        expect(store.rejectsParts(await failure(store.complete(upload, [part], {}, options)))).toBe(false);
      });
    });

    describe("aborting", () => {
      test("forgets the upload and its parts", async () => {
        const upload = await begin();
        await put(upload, 1, seededBytes(5));

        await store.abort(upload, options);

        expect(await world.openUploads(key)).toEqual([]);
        expect(await failure(store.listParts(upload, options))).toMatchObject({ code: "upload-gone" });
      });

      test("what does not exist is success", async () => {
        const upload = await begin();
        await store.abort(upload, options);

        await expect(store.abort(upload, options)).resolves.toBeUndefined();
      });

      test("without the right to abort is forbidden", async () => {
        const upload = await begin();
        await world.forbid("abort");

        expect(await failure(store.abort(upload, options))).toMatchObject({
          code: "forbidden",
          action: "AbortMultipartUpload",
        });
      });
    });

    describe("looking at an object", () => {
      test("gives its size and what names its bytes", async () => {
        const bytes = seededBytes(321);
        await storeObject(bytes);

        const object = await store.head(key, options);

        expect(object).toMatchObject({ key, size: 321, etag: md5Hex(bytes), crc64: crc64(bytes) });
      });

      test("that is not there gives nothing", async () => {
        expect(await store.head("no such key", options)).toBeUndefined();
      });

      test("without the right to read is forbidden", async () => {
        await storeObject(seededBytes(3));
        await world.forbid("head");

        expect(await failure(store.head(key, options))).toMatchObject({ code: "forbidden", action: "HeadObject" });
      });

      test("proves an upload whose answer to completion was lost", async () => {
        const upload = await begin();
        const parts = [await put(upload, 1, fullPart(1)), await put(upload, 2, seededBytes(9, 2))];
        await store.complete(upload, parts, {}, options);

        const found = present(await store.head(key, options));

        expect(await store.matches(found, parts, options)).toBe("crc64");
      });
    });

    describe("what an object consists of", () => {
      test("is proved by its CRC-64 where every part names its own", async () => {
        const { object, parts } = described([seededBytes(50, 1), seededBytes(60, 2)]);

        expect(await store.matches(object, parts, options)).toBe("crc64");
        expect(await store.matches({ ...object, crc64: 1n }, parts, options)).toBe("different");
      });

      test("is proved by the ETag of its part ETags where the CRC-64 is hidden", async () => {
        const { object, parts } = described([seededBytes(50, 1), seededBytes(60, 2)]);
        const hidden = { ...object, crc64: undefined };

        expect(await store.matches(hidden, parts, options)).toBe("etag");
        expect(await store.matches(hidden, [...parts].reverse(), options)).toBe("different");
      });

      test("is not these parts when the sizes differ, whatever else agrees", async () => {
        const { object, parts } = described([seededBytes(50, 1), seededBytes(60, 2)]);

        expect(await store.matches({ ...object, size: 111 }, parts, options)).toBe("different");
      });

      test("stays unproved when nothing names the object's bytes", async () => {
        const { object, parts } = described([seededBytes(50, 1), seededBytes(60, 2)]);

        expect(await store.matches({ ...object, crc64: undefined, etag: undefined }, parts, options)).toBe("unproved");
      });

      test("stays unproved when its ETag is of another kind than the parts'", async () => {
        const { object, parts } = described([seededBytes(50, 1), seededBytes(60, 2)]);
        const etag = md5Hex(seededBytes(110, 3));

        expect(await store.matches({ ...object, crc64: undefined, etag }, parts, options)).toBe("unproved");
      });
    });

    describe("what an object that was put whole consists of", () => {
      test.each([
        ["an empty file", 0],
        ["a small file", 100],
      ])("is proved by its ETag for %s", async (_, size) => {
        const bytes = seededBytes(size);
        const object = { ...(await storeObject(bytes)), crc64: undefined };
        const part = { size, md5: digestOf(bytes).md5, etag: undefined, crc64: undefined };

        expect(await store.matches(object, size === 0 ? [] : [part], options)).toBe("etag");
        expect(await store.matches({ ...object, etag: md5Hex("other") }, size === 0 ? [] : [part], options)).toBe(
          "different",
        );
      });
    });

    describe("what a part holds", () => {
      const bytes = seededBytes(40);
      const names = { size: 40, etag: md5Hex(bytes), crc64: crc64(bytes) };

      test("is decided by the CRC-64 where both name it", () => {
        expect(store.holds({ ...names, etag: undefined }, digestOf(bytes))).toBe(true);
        expect(store.holds({ ...names, crc64: 5n }, digestOf(bytes))).toBe(false);
      });

      test("is decided by the MD5 that is its ETag where one names no CRC-64", () => {
        const withoutCrc: Digest = { ...digestOf(bytes), crc64: undefined };

        expect(store.holds({ ...names, crc64: undefined }, digestOf(bytes))).toBe(true);
        expect(store.holds(names, withoutCrc)).toBe(true);
        expect(store.holds({ ...names, etag: md5Hex(seededBytes(40, 2)) }, withoutCrc)).toBe(false);
      });

      test("is not these bytes when the sizes differ", () => {
        expect(store.holds({ ...names, size: 41 }, digestOf(bytes))).toBe(false);
      });

      test("cannot be told when nothing is named by both", () => {
        expect(store.holds({ ...names, etag: undefined, crc64: undefined }, digestOf(bytes))).toBe(false);
        expect(store.holds(names, undigested(40))).toBe(false);
      });
    });

    describe("stopping", () => {
      test("before a call begins rejects with the signal's reason and asks nothing of the server", async () => {
        const upload = await begin();
        const reason = new DOMException("enough", "AbortError");
        const stopped = { ...options, signal: AbortSignal.abort(reason) };

        await expect(store.initiate({ key }, stopped)).rejects.toBe(reason);
        await expect(put(upload, 1, seededBytes(5), stopped)).rejects.toBe(reason);
        await expect(store.listParts(upload, stopped)).rejects.toBe(reason);
        await expect(store.head(key, stopped)).rejects.toBe(reason);
        expect(await world.openUploads(key)).toEqual([upload.id]);
      });

      test("while a part is under way rejects with the signal's reason, and the part can be put again", async () => {
        const upload = await begin();
        const controller = new AbortController();
        const reason = new DOMException("enough", "AbortError");
        const bytes = fullPart();

        const stopped = put(upload, 1, bytes, {
          ...options,
          signal: controller.signal,
          onSent: () => controller.abort(reason),
        });

        await expect(stopped).rejects.toBe(reason);
        await expect(put(upload, 1, bytes)).resolves.toMatchObject({ etag: md5Hex(bytes) });
      });
    });

    test("every request leaves one trace with the service's name of it", async () => {
      const upload = await begin();
      const part = await put(upload, 1, seededBytes(9), options);
      await store.complete(upload, [part], {}, options);
      await failure(store.listParts(upload, options));

      expect(
        traces.map(({ action, partNumber, attempt, bodyBytes, error }) => [
          action,
          partNumber,
          attempt,
          bodyBytes > 0,
          error,
        ]),
      ).toEqual([
        ["InitiateMultipartUpload", null, 1, false, null],
        ["UploadPart", 1, 1, true, null],
        ["CompleteMultipartUpload", null, 1, expect.any(Boolean), null],
        ["ListParts", null, 1, false, "upload-gone"],
      ]);
      expect(traces.map((trace) => trace.status)).toEqual([200, 200, 200, 404]);
      expect(traces.every((trace) => trace.requestId !== null)).toBe(true);
    });

    test("a key that no object can have is refused before anything is sent", () => {
      expect(() => store.check({ key: "" })).toThrow(expect.objectContaining({ code: "invalid-option" }));
      expect(() => store.check({ key })).not.toThrow();
    });

    test("its location names the bucket and holds nothing but where it is", () => {
      expect(store.location).toContain(store.bucket);
      expect(store.location).not.toContain("?");
    });
  });
}

export function digestOf(bytes: Uint8Array): Digest {
  const md5 = new Uint8Array(createHash("md5").update(bytes).digest());
  return { md5, crc64: crc64(bytes), size: bytes.length };
}

export function undigested(size: number): Digest {
  return { md5: undefined, crc64: undefined, size };
}

export function md5Hex(bytes: Uint8Array | string): ETag {
  return createHash("md5").update(bytes).digest("hex").toUpperCase() as ETag;
}

/** The failure of a call that has to fail with an `UploadError`. */
export async function failure(call: Promise<unknown>): Promise<UploadError> {
  try {
    await call;
  } catch (error) {
    if (isUploadError(error)) return error;
    throw new Error(`failed with something else than an UploadError: ${error}`, { cause: error });
  }
  throw new Error("did not fail");
}

export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("is missing");
  return value;
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(pieces));
}

/** Parts and their object as OSS would describe them. */
function described(pieces: readonly Uint8Array[]) {
  const parts: StoredPart[] = pieces.map((bytes, index) => ({
    number: index + 1,
    size: bytes.length,
    etag: md5Hex(bytes),
    crc64: crc64(bytes),
  }));
  const object = {
    key,
    size: parts.reduce((size, part) => size + part.size, 0),
    etag: `${md5Hex(parts.map((part) => part.etag).join(""))}-${parts.length}` as ETag,
    crc64: combineAll(pieces.map((bytes) => ({ crc64: crc64(bytes), length: bytes.length }))),
    versionId: undefined,
    requestId: undefined,
    callback: undefined,
  };
  return { object, parts };
}
