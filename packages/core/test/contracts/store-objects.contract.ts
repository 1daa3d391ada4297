/** Objects: put whole, looked at, and refused before anything is sent. */

import { describe, expect, test } from "vitest";
import { MemoryBlob, seededBytes } from "../doubles/memory-file.js";
import { digestOf, failure, key, present, type StoreBench } from "./store-bench.js";

export function describeObjects(at: StoreBench): void {
  describe("putting an object whole", () => {
    test.each([
      ["an empty file", 0],
      ["a small file", 1000],
    ])("stores %s and names its bytes", async (_, size) => {
      const bytes = seededBytes(size);

      const object = await at.storeObject(bytes);

      expect(await at.world.contentOf(key)).toEqual(Uint8Array.from(bytes));
      expect(object).toMatchObject({ key, ...at.namesOf(bytes) });
    });

    test("refuses a body that is not what was digested, and says it is corrupted", async () => {
      const refused = at.store.putObject(
        { key },
        new MemoryBlob(seededBytes(9, 1)),
        digestOf(seededBytes(9, 2)),
        at.options,
      );

      expect(await failure(refused)).toMatchObject({ code: "corrupted", action: "PutObject" });
    });

    test("replaces an older object", async () => {
      await at.storeObject(seededBytes(5, 1));
      await at.storeObject(seededBytes(6, 2));

      expect(await at.world.contentOf(key)).toEqual(Uint8Array.from(seededBytes(6, 2)));
    });

    if (at.dialect.forbidsOverwriting) {
      test("leaves an older object as it is where that was forbidden", async () => {
        await at.storeObject(seededBytes(6, 2));

        const refused = at.storeObject(seededBytes(7, 3), { ifExists: "forbid" });

        expect(await failure(refused)).toMatchObject({ code: "already-exists", temporary: false });
        expect(await at.world.contentOf(key)).toEqual(Uint8Array.from(seededBytes(6, 2)));
      });
    }
  });

  describe("looking at an object", () => {
    test("gives its size and what names its bytes", async () => {
      const bytes = seededBytes(321);
      await at.storeObject(bytes);

      const object = await at.store.head(key, at.options);

      expect(object).toMatchObject({ key, size: 321, ...at.namesOf(bytes) });
    });

    test("that is not there gives nothing", async () => {
      expect(await at.store.head("no such key", at.options)).toBeUndefined();
    });

    test("without the right to read is forbidden", async () => {
      await at.storeObject(seededBytes(3));
      await at.world.forbid("head");

      const refused = await failure(at.store.head(key, at.options));

      expect(refused).toMatchObject({ code: "forbidden", action: at.dialect.rights.head });
    });

    test("proves an upload whose answer to completion was lost", async () => {
      const upload = await at.begin();
      const parts = [await at.put(upload, 1, at.fullPart(1)), await at.put(upload, 2, seededBytes(9, 2))];
      await at.store.complete(upload, parts, {}, at.options);

      const found = present(await at.store.head(key, at.options));

      expect(await at.store.matches(found, parts, at.options)).toBe(at.bestProof);
    });
  });

  test("a key that no object can have is refused before anything is sent", () => {
    expect(() => at.store.check({ key: "" })).toThrow(expect.objectContaining({ code: "invalid-option" }));
    expect(() => at.store.check({ key })).not.toThrow();
  });

  test("what is fixed when an upload begins differs by what is stored with the object, and by nothing that Complete says", () => {
    const { fixed } = at.store;
    const target = { key, contentType: "text/plain", metadata: { a: "1", b: "2" } };

    expect(fixed({ ...target, contentType: "text/html" })).not.toBe(fixed(target));
    expect(fixed({ ...target, metadata: { a: "1", b: "3" } })).not.toBe(fixed(target));
    expect(fixed({ ...target, metadata: { b: "2", a: "1" } })).toBe(fixed(target));
    expect(fixed({ ...target, acl: "private", callback: { url: "https://app.example", body: "a=b" } })).toBe(
      fixed(target),
    );
  });

  test("its location names the bucket and holds nothing but where it is", () => {
    expect(at.store.location).toContain(at.store.bucket);
    expect(at.store.location).not.toContain("?");
  });
}
