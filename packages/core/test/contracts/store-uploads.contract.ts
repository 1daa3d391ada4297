/** Multipart uploads from beginning to end: begun, listed, completed, aborted. */

import { describe, expect, test } from "vitest";
import { seededBytes } from "../doubles/memory-file.js";
import { digestOf, failure, key, present, type StoreBench } from "./store-bench.js";

export function describeUploads(at: StoreBench): void {
  describe("a multipart upload", () => {
    test("joins its parts by number, whatever the order in which they were stored", async () => {
      const upload = await at.begin();
      const last = await at.put(upload, 3, seededBytes(5, 3));
      const first = await at.put(upload, 1, at.fullPart(1));
      const second = await at.put(upload, 2, at.fullPart(2));

      const object = await at.store.complete(upload, [first, second, last], {}, at.options);

      const whole = joined(at.fullPart(1), at.fullPart(2), seededBytes(5, 3));
      expect(await at.world.contentOf(key)).toEqual(whole);
      expect(object).toMatchObject({ key });
      expect(await at.store.matches(object, [first, second, last], at.options)).toBe(at.bestProof);
    });

    test("leaves an object already at the key as it was until it is complete", async () => {
      const older = seededBytes(20, 9);
      await at.storeObject(older);

      const upload = await at.begin();
      await at.put(upload, 1, at.fullPart());

      expect(await at.world.contentOf(key)).toEqual(Uint8Array.from(older));
    });

    test("has an upload id of its own beside others of the same key", async () => {
      const one = await at.begin();
      const other = await at.begin();
      await at.put(one, 1, seededBytes(3, 1));

      expect(one.id).not.toBe(other.id);
      expect(await at.store.listParts(other, at.options)).toEqual([]);
      expect([...(await at.world.openUploads(key))].sort()).toEqual([one.id, other.id].sort());
    });

    test("keeps the later bytes when a number is put again", async () => {
      const upload = await at.begin();
      await at.put(upload, 1, seededBytes(11, 1));
      const later = await at.put(upload, 1, seededBytes(12, 2));

      await at.store.complete(upload, [later], {}, at.options);

      expect(await at.world.contentOf(key)).toEqual(Uint8Array.from(seededBytes(12, 2)));
    });

    test("drops stored parts that are not named", async () => {
      const upload = await at.begin();
      const wanted = await at.put(upload, 1, seededBytes(11, 1));
      await at.put(upload, 2, seededBytes(12, 2));

      await at.store.complete(upload, [wanted], {}, at.options);

      expect(await at.world.contentOf(key)).toEqual(Uint8Array.from(seededBytes(11, 1)));
    });

    test("may leave gaps in the numbering", async () => {
      const upload = await at.begin();
      const one = await at.put(upload, 1, at.fullPart(1));
      const nine = await at.put(upload, 9, seededBytes(2, 9));

      await at.store.complete(upload, [one, nine], {}, at.options);

      expect(await at.world.contentOf(key)).toEqual(joined(at.fullPart(1), seededBytes(2, 9)));
    });

    test("is gone once it is complete, for every verb", async () => {
      const upload = await at.begin();
      const part = await at.put(upload, 1, seededBytes(8));
      await at.store.complete(upload, [part], {}, at.options);

      expect(await failure(at.store.complete(upload, [part], {}, at.options))).toMatchObject({ code: "upload-gone" });
      expect(await failure(at.put(upload, 2, seededBytes(8)))).toMatchObject({ code: "upload-gone", partNumber: 2 });
      expect(await failure(at.store.listParts(upload, at.options))).toMatchObject({ code: "upload-gone" });
    });

    if (at.dialect.forbidsOverwriting) {
      test("whose key is taken meanwhile is refused at completion when that was forbidden", async () => {
        const upload = await at.begin({ ifExists: "forbid" });
        const part = await at.put(upload, 1, seededBytes(8));
        await at.storeObject(seededBytes(5, 5));

        const refused = at.store.complete(upload, [part], { ifExists: "forbid" }, at.options);

        expect(await failure(refused)).toMatchObject({ code: "already-exists" });
        expect(await at.world.contentOf(key)).toEqual(Uint8Array.from(seededBytes(5, 5)));
      });
    }
  });

  describe("listing parts", () => {
    test("gives them ascending with the names of their bytes", async () => {
      const upload = await at.begin();
      await at.put(upload, 10, seededBytes(10, 10));
      await at.put(upload, 2, seededBytes(2, 2));

      const parts = await at.store.listParts(upload, at.options);

      expect(parts.map((part) => part.number)).toEqual([2, 10]);
      expect(parts[0]).toMatchObject({ size: 2, etag: at.dialect.etagOf(seededBytes(2, 2)) });
      expect(at.store.holds(present(parts[0]), digestOf(seededBytes(2, 2)))).toBe(true);
      expect(at.store.holds(present(parts[0]), digestOf(seededBytes(2, 3)))).toBe(false);
    });

    test("gives a single part as a list of one, and none as none", async () => {
      const upload = await at.begin();
      const before = await at.store.listParts(upload, at.options);
      await at.put(upload, 1, seededBytes(3));
      const after = await at.store.listParts(upload, at.options);

      expect(before).toEqual([]);
      expect(after.map((part) => part.number)).toEqual([1]);
    });

    test("without the right to list is forbidden, and names that right", async () => {
      const upload = await at.begin();
      await at.world.forbid("list");

      const refused = await failure(at.store.listParts(upload, at.options));

      expect(refused).toMatchObject({
        code: "forbidden",
        action: at.dialect.rights.list,
        temporary: false,
        resumable: true,
      });
    });
  });

  describe("completing", () => {
    test("refuses a part that was never stored, as an answer about the parts", async () => {
      const upload = await at.begin();
      const part = await at.put(upload, 1, at.fullPart());

      const refused = await failure(at.store.complete(upload, [part, { ...part, number: 2 }], {}, at.options));

      expect(refused).toMatchObject({ code: "rejected" });
      expect(at.store.rejectsParts(refused)).toBe(true);
    });

    test("refuses a part that was replaced by other bytes meanwhile", async () => {
      const upload = await at.begin();
      const part = await at.put(upload, 1, seededBytes(5, 1));
      await at.put(upload, 1, seededBytes(5, 2));

      const refused = await failure(at.store.complete(upload, [part], {}, at.options));

      expect(at.store.rejectsParts(refused)).toBe(true);
      expect(await at.world.contentOf(key)).toBeUndefined();
    });

    test("refuses parts out of order and keeps the upload", async () => {
      const upload = await at.begin();
      const one = await at.put(upload, 1, at.fullPart(1));
      const two = await at.put(upload, 2, at.fullPart(2));

      const refused = await failure(at.store.complete(upload, [two, one], {}, at.options));

      expect(at.store.rejectsParts(refused)).toBe(true);
      expect(await at.store.listParts(upload, at.options)).toHaveLength(2);
    });

    test("refuses a part below the minimum anywhere but at the end", async () => {
      const upload = await at.begin();
      const short = await at.put(upload, 1, seededBytes(at.store.limits.minPartSize - 1));
      const last = await at.put(upload, 2, seededBytes(3));

      const refused = await failure(at.store.complete(upload, [short, last], {}, at.options));

      expect(at.store.rejectsParts(refused)).toBe(true);
    });

    test("that finds the upload gone is not about the parts", async () => {
      const upload = await at.begin();
      const part = await at.put(upload, 1, seededBytes(5));
      await at.store.abort(upload, at.options);

      expect(at.store.rejectsParts(await failure(at.store.complete(upload, [part], {}, at.options)))).toBe(false);
    });
  });

  describe("aborting", () => {
    test("forgets the upload and its parts", async () => {
      const upload = await at.begin();
      await at.put(upload, 1, seededBytes(5));

      await at.store.abort(upload, at.options);

      expect(await at.world.openUploads(key)).toEqual([]);
      expect(await failure(at.store.listParts(upload, at.options))).toMatchObject({ code: "upload-gone" });
    });

    test("what does not exist is success", async () => {
      const upload = await at.begin();
      await at.store.abort(upload, at.options);

      await expect(at.store.abort(upload, at.options)).resolves.toBeUndefined();
    });

    test("without the right to abort is forbidden", async () => {
      const upload = await at.begin();
      await at.world.forbid("abort");

      expect(await failure(at.store.abort(upload, at.options))).toMatchObject({
        code: "forbidden",
        action: at.dialect.rights.abort,
      });
    });
  });
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(pieces));
}
