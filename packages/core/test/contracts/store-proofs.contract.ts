/** What proves that an object or a part holds certain bytes. */
import { describe, expect, test } from "vitest";
import { combineAll, crc64 } from "../../src/crc64.js";
import type { ETag, StoredPart } from "../../src/store/object-store.js";
import type { Digest } from "../../src/workers/byte-workers.js";
import { seededBytes } from "../doubles/memory-file.js";
import { digestOf, key, md5Hex, type StoreBench, undigested } from "./store-bench.js";

export function describeProofs(at: StoreBench): void {
  describe("what an object consists of", () => {
    test("is proved by its CRC-64 where every part names its own", async () => {
      const { object, parts } = described([seededBytes(50, 1), seededBytes(60, 2)]);

      expect(await at.store.matches(object, parts, at.options)).toBe("crc64");
      expect(await at.store.matches({ ...object, crc64: 1n }, parts, at.options)).toBe("different");
    });

    test("is proved by the ETag of its part ETags where the CRC-64 is hidden", async () => {
      const { object, parts } = described([seededBytes(50, 1), seededBytes(60, 2)]);
      const hidden = { ...object, crc64: undefined };

      expect(await at.store.matches(hidden, parts, at.options)).toBe("etag");
      expect(await at.store.matches(hidden, [...parts].reverse(), at.options)).toBe("different");
    });

    test("is not these parts when the sizes differ, whatever else agrees", async () => {
      const { object, parts } = described([seededBytes(50, 1), seededBytes(60, 2)]);

      expect(await at.store.matches({ ...object, size: 111 }, parts, at.options)).toBe("different");
    });

    test("stays unproved when nothing names the object's bytes", async () => {
      const { object, parts } = described([seededBytes(50, 1), seededBytes(60, 2)]);

      expect(await at.store.matches({ ...object, crc64: undefined, etag: undefined }, parts, at.options)).toBe(
        "unproved",
      );
    });

    test("stays unproved when its ETag is of another kind than the parts'", async () => {
      const { object, parts } = described([seededBytes(50, 1), seededBytes(60, 2)]);
      const etag = md5Hex(seededBytes(110, 3));

      expect(await at.store.matches({ ...object, crc64: undefined, etag }, parts, at.options)).toBe("unproved");
    });
  });

  describe("what an object that was put whole consists of", () => {
    test.each([
      ["an empty file", 0],
      ["a small file", 100],
    ])("is proved by its ETag for %s", async (_, size) => {
      const bytes = seededBytes(size);
      const object = { ...(await at.storeObject(bytes)), crc64: undefined };
      const part = { size, md5: digestOf(bytes).md5, etag: undefined, crc64: undefined };

      expect(await at.store.matches(object, size === 0 ? [] : [part], at.options)).toBe("etag");
      expect(await at.store.matches({ ...object, etag: md5Hex("other") }, size === 0 ? [] : [part], at.options)).toBe(
        "different",
      );
    });
  });

  describe("what a part holds", () => {
    const bytes = seededBytes(40);
    const names = { size: 40, etag: md5Hex(bytes), crc64: crc64(bytes) };

    test("is decided by the CRC-64 where both name it", () => {
      expect(at.store.holds({ ...names, etag: undefined }, digestOf(bytes))).toBe(true);
      expect(at.store.holds({ ...names, crc64: 5n }, digestOf(bytes))).toBe(false);
    });

    test("is decided by the MD5 that is its ETag where one names no CRC-64", () => {
      const withoutCrc: Digest = { ...digestOf(bytes), crc64: undefined };

      expect(at.store.holds({ ...names, crc64: undefined }, digestOf(bytes))).toBe(true);
      expect(at.store.holds(names, withoutCrc)).toBe(true);
      expect(at.store.holds({ ...names, etag: md5Hex(seededBytes(40, 2)) }, withoutCrc)).toBe(false);
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
