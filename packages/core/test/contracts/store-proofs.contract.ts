/** What proves that an object or a part holds certain bytes. */
import { describe, expect, test } from "vitest";
import type { ObjectInfo, StoredPart } from "../../src/store/object-store.js";
import type { Digest } from "../../src/workers/byte-workers.js";
import { seededBytes } from "../doubles/memory-file.js";
import { digestOf, key, type StoreBench, undigested } from "./store-bench.js";

type Bytes = Uint8Array<ArrayBuffer>;

export function describeProofs(at: StoreBench): void {
  const two = () => described(at, [seededBytes(50, 1), seededBytes(60, 2)]);

  describe("what an object consists of", () => {
    if (at.dialect.crc64 !== undefined) {
      test("is proved by its CRC-64 where every part names its own", async () => {
        const { object, parts } = two();

        expect(await at.store.matches(object, parts, at.options)).toBe("crc64");
        expect(await at.store.matches({ ...object, crc64: 1n }, parts, at.options)).toBe("different");
      });
    }

    test("is proved by the ETag of its parts where the CRC-64 is hidden", async () => {
      const { object, parts } = two();
      const hidden = { ...object, crc64: undefined };

      expect(await at.store.matches(hidden, parts, at.options)).toBe("etag");
      expect(await at.store.matches(hidden, [...parts].reverse(), at.options)).toBe("different");
    });

    test("stays unproved where no digest of ours was compared with a part: the store agrees with itself", async () => {
      const { object, parts } = two();
      const [first, last] = parts.map((part) => ({ ...part, md5: undefined, crc64: undefined }));
      const undigestedOnes = [first, last].flatMap((part) => part ?? []);

      expect(await at.store.matches({ ...object, crc64: undefined }, undigestedOnes, at.options)).toBe("unproved");
    });

    test("is not these parts when the sizes differ, whatever else agrees", async () => {
      const { object, parts } = two();

      expect(await at.store.matches({ ...object, size: 111 }, parts, at.options)).toBe("different");
    });

    test("stays unproved when nothing names the object's bytes", async () => {
      const { object, parts } = two();
      const nameless = { ...object, crc64: undefined, etag: undefined };

      expect(await at.store.matches(nameless, parts, at.options)).toBe("unproved");
    });

    test("stays unproved when its ETag is of another kind than the parts'", async () => {
      const { object, parts } = two();
      const whole = { ...object, crc64: undefined, etag: at.dialect.etagOf(seededBytes(110, 3)) };

      expect(await at.store.matches(whole, parts, at.options)).toBe("unproved");
    });
  });

  describe("what an object that was put whole consists of", () => {
    test.each([
      ["an empty file", 0],
      ["a small file", 100],
    ])("is proved by its ETag for %s", async (_, size) => {
      const bytes = seededBytes(size);
      const object = { ...(await at.storeObject(bytes)), crc64: undefined };
      const parts = size === 0 ? [] : [{ size, md5: digestOf(bytes).md5, etag: undefined, crc64: undefined }];
      const other = { ...object, etag: at.dialect.etagOf(seededBytes(7, 7)) };

      expect(await at.store.matches(object, parts, at.options)).toBe("etag");
      expect(await at.store.matches(other, parts, at.options)).toBe("different");
    });
  });

  describe("what a part holds", () => {
    const bytes = seededBytes(40);
    const names = { size: 40, ...at.namesOf(bytes) };
    const withoutCrc: Digest = { ...digestOf(bytes), crc64: undefined };

    if (at.dialect.crc64 !== undefined) {
      test("is decided by the CRC-64 where both name it", () => {
        expect(at.store.holds({ ...names, etag: undefined }, digestOf(bytes))).toBe(true);
        expect(at.store.holds({ ...names, crc64: 5n }, digestOf(bytes))).toBe(false);
      });
    }

    test("is decided by the MD5 that is its ETag where one names no CRC-64", () => {
      expect(at.store.holds({ ...names, crc64: undefined }, digestOf(bytes))).toBe(true);
      expect(at.store.holds(names, withoutCrc)).toBe(true);
      expect(at.store.holds({ ...names, etag: at.dialect.etagOf(seededBytes(40, 2)) }, withoutCrc)).toBe(false);
    });

    test("is not these bytes when the sizes differ", () => {
      expect(at.store.holds({ ...names, size: 41 }, digestOf(bytes))).toBe(false);
    });

    test("cannot be told when nothing is named by both", () => {
      expect(at.store.holds({ ...names, etag: undefined, crc64: undefined }, digestOf(bytes))).toBe(false);
      expect(at.store.holds(names, undigested(40))).toBe(false);
    });
  });
}

/** Parts that were compared with our digests, and their object, as the store would describe them. */
function described(at: StoreBench, pieces: readonly Bytes[]) {
  const parts: StoredPart[] = pieces.map((bytes, index) => ({
    number: index + 1,
    size: bytes.length,
    md5: digestOf(bytes).md5,
    ...at.namesOf(bytes),
  }));
  const object: ObjectInfo = {
    key,
    size: parts.reduce((size, part) => size + part.size, 0),
    etag: at.dialect.etagOfParts(pieces),
    crc64: at.dialect.crc64?.ofParts(pieces),
    versionId: undefined,
    requestId: undefined,
    callback: undefined,
  };
  return { object, parts };
}
