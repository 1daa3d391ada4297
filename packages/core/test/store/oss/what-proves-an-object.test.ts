/** What proves a part or an object depends on what the CORS rule lets the page read. Over the emulator. */

import { describe, expect, test } from "vitest";
import type { MultipartUpload, StoredPart } from "../../../src/store/object-store.js";
import type { Digest } from "../../../src/workers/byte-workers.js";
import { digestOf, failure, present } from "../../contracts/store-bench.js";
import { md5Hex } from "../../contracts/store-dialect.js";
import { MemoryBlob, seededBytes } from "../../doubles/memory-file.js";
import { bucket, bucketForEachTest } from "./emulated.js";

const key = "videos/a.mp4";
const crcHeader = "x-oss-hash-crc64ecma";
const integrities = {
  "md5+crc64": (bytes: Uint8Array): Digest => digestOf(bytes),
  crc64: (bytes: Uint8Array): Digest => ({ ...digestOf(bytes), md5: undefined }),
  none: (bytes: Uint8Array): Digest => ({ ...digestOf(bytes), md5: undefined, crc64: undefined }),
};
type Integrity = keyof typeof integrities;

const { world, traces, options } = bucketForEachTest();

const pieces = [seededBytes(102_400, 1), seededBytes(500, 2)];

const begin = async (): Promise<MultipartUpload> => ({ key, id: await world.store.initiate({ key }, options) });
const put = (upload: MultipartUpload, number: number, bytes: Uint8Array<ArrayBuffer>, integrity: Integrity) =>
  world.store.putPart(upload, number, new MemoryBlob(bytes), integrities[integrity](bytes), options);

async function uploaded(integrity: Integrity) {
  const upload = await begin();
  const parts: StoredPart[] = [];
  for (const [index, bytes] of pieces.entries()) parts.push(await put(upload, index + 1, bytes, integrity));
  const object = await world.store.complete(upload, parts, {}, options);
  return { parts, object, proof: await world.store.matches(object, parts, options) };
}

describe("an object made of parts", () => {
  test.each<[string, readonly string[], Integrity, string]>([
    ["everything", [], "md5+crc64", "crc64"],
    ["everything", [], "crc64", "crc64"],
    ["all but the CRC", [crcHeader], "md5+crc64", "etag"],
    ["all but the CRC", [crcHeader], "crc64", "etag"],
    ["all but the ETag", ["ETag"], "md5+crc64", "crc64"],
    ["all but the ETag", ["ETag"], "crc64", "crc64"],
    ["neither of them", ["ETag", crcHeader], "md5+crc64", "etag"],
    ["neither of them", ["ETag", crcHeader], "crc64", "etag"],
  ])("is proved where the page may read %s (hidden: %j) under %s: by %s", async (_, hidden, integrity, expected) => {
    world.hide(...hidden);

    const { proof, parts } = await uploaded(integrity);

    expect(proof).toBe(expected);
    expect(parts.map((part) => part.etag)).toEqual(pieces.map(md5Hex));
    expect(world.emulator.object(bucket, key)?.partCount).toBe(2);
  });

  test("whose parts were not digested has names for Complete even where ETags are hidden, from the listing", async () => {
    world.hide("ETag", crcHeader);

    const { parts } = await uploaded("none");

    expect(parts.map((part) => part.etag)).toEqual(pieces.map(md5Hex));
    expect(traces.map((trace) => trace.action)).toContain("ListParts");
  });

  test("cannot be made of undigested parts where ETags are hidden and listing is forbidden; the rule to add is told", async () => {
    world.hide("ETag", crcHeader);
    await world.forbid("list");
    const upload = await begin();

    const error = await failure(put(upload, 1, present(pieces[0]), "none"));

    expect(error).toMatchObject({ code: "misconfigured", temporary: false, partNumber: 1, action: "UploadPart" });
    expect(error.hint).toMatch(/ExposeHeader: ETag, .*x-oss-hash-crc64ecma/);
  });
});

describe("a part", () => {
  test.each<[string, readonly string[], Integrity]>([
    ["its ETag and CRC", [], "md5+crc64"],
    ["its CRC", [], "crc64"],
    ["its CRC alone", ["ETag"], "md5+crc64"],
    ["its ETag alone", [crcHeader], "md5+crc64"],
    ["the ETag, read again for its MD5", [crcHeader], "crc64"],
  ])("that was stored wrongly is noticed by %s (hidden: %j) under %s", async (_, hidden, integrity) => {
    world.hide(...hidden);
    world.emulator.faults.add({ on: "UploadPart", fault: { kind: "corrupt", what: "stored" } });
    const upload = await begin();

    const error = await failure(put(upload, 1, present(pieces[0]), integrity));

    expect(error).toMatchObject({ code: "corrupted", temporary: true, partNumber: 1, status: 200 });
    expect(traces.at(-1)).toMatchObject({ action: "UploadPart", status: 200, error: "corrupted" });
  });

  test("that arrives damaged is refused by the service, which compares Content-MD5", async () => {
    world.emulator.faults.add({ on: "UploadPart", fault: { kind: "corrupt", what: "received" } });
    const upload = await begin();

    const error = await failure(put(upload, 1, present(pieces[0]), "md5+crc64"));

    expect(error).toMatchObject({ code: "corrupted", serverCode: "InvalidDigest", status: 400 });
  });

  test("whose names in the answer are those of other bytes is not believed", async () => {
    world.emulator.faults.add({ on: "UploadPart", fault: "wrong-etag" });
    const upload = await begin();

    expect(await failure(put(upload, 1, present(pieces[0]), "md5+crc64"))).toMatchObject({ code: "corrupted" });
  });

  test.each<[Integrity]>([["md5+crc64"], ["crc64"]])(
    "whose ETag is no MD5, where the CRC-64 is hidden, is refused with the rule that would show it, under %s",
    async (integrity) => {
      world.hide(crcHeader);
      world.emulator.faults.add({ on: "UploadPart", fault: "opaque-etag" });
      const upload = await begin();

      expect(await failure(put(upload, 1, present(pieces[0]), integrity))).toMatchObject({
        code: "corrupted",
        message: expect.not.stringContaining("other bytes"),
        hint: expect.stringMatching(/KMS[\s\S]*x-oss-hash-crc64ecma/),
      });
    },
  );

  test.each<[readonly string[]]>([[[]], [["ETag"]], [[crcHeader]]])(
    "costs one request as long as the answer shows anything of it (hidden: %j)",
    async (hidden) => {
      world.hide(...hidden);
      const upload = await begin();

      await put(upload, 1, present(pieces[0]), "crc64");

      expect(traces.map((trace) => trace.action)).toEqual(["InitiateMultipartUpload", "UploadPart"]);
    },
  );

  test("is looked for in the listing where the answer shows nothing of it", async () => {
    world.hide("ETag", crcHeader);
    const upload = await begin();

    const part = await put(upload, 1, present(pieces[0]), "crc64");

    expect(traces.map((trace) => trace.action)).toEqual(["InitiateMultipartUpload", "ListParts", "UploadPart"]);
    expect(part).toMatchObject({ etag: md5Hex(present(pieces[0])) });
    expect(part).not.toHaveProperty("namedByUs");
  });

  test("is named by us where nothing shows it, and says so", async () => {
    world.hide("ETag", crcHeader);
    await world.forbid("list");
    const upload = await begin();

    const part = await put(upload, 1, present(pieces[0]), "crc64");

    expect(part).toMatchObject({ etag: md5Hex(present(pieces[0])), namedByUs: true });
  });

  test("whose ETag is no MD5 is right where its CRC-64 is, and completes under that name", async () => {
    for (const partNumber of [1, 2]) world.emulator.faults.add({ on: "UploadPart", partNumber, fault: "opaque-etag" });

    const { parts, proof } = await uploaded("md5+crc64");

    expect(parts.map((part) => part.etag)).not.toEqual(pieces.map(md5Hex));
    expect(proof).toBe("crc64");
  });
});

describe("an object put whole", () => {
  const bytes = seededBytes(2000, 3);
  const putWhole = (integrity: Integrity) =>
    world.store.putObject({ key }, new MemoryBlob(bytes), integrities[integrity](bytes), options);

  test.each<[Integrity]>([["md5+crc64"], ["crc64"], ["none"]])(
    "has no name where everything is hidden, whatever was digested, and is looked for (%s)",
    async (integrity) => {
      world.hide("ETag", crcHeader);

      const object = await putWhole(integrity);

      expect(object).toMatchObject({ etag: undefined, crc64: undefined, size: bytes.length });
      expect(traces.map((trace) => trace.action)).toEqual(["HeadObject", "PutObject"]);
      expect(await world.store.matches(object, [object.body], options)).toBe("unproved");
    },
  );

  test("may stand without a name where it may not be looked at either", async () => {
    world.hide("ETag", crcHeader);
    await world.forbid("head");

    expect(await putWhole("md5+crc64")).toMatchObject({ etag: undefined, crc64: undefined });
  });

  test("whose ETag is no MD5 is proved by its CRC-64", async () => {
    world.emulator.faults.add({ on: "PutObject", fault: "opaque-etag" });

    const object = await putWhole("md5+crc64");

    expect(object.etag).not.toBe(md5Hex(bytes));
    expect(await world.store.matches(object, [object.body], options)).toBe("crc64");
  });

  test.each<[readonly string[], Integrity]>([
    [[], "crc64"],
    [[crcHeader], "crc64"],
    [["ETag"], "md5+crc64"],
  ])("that was stored wrongly is noticed (hidden: %j) under %s", async (hidden, integrity) => {
    world.hide(...hidden);
    world.emulator.faults.add({ on: "PutObject", fault: { kind: "corrupt", what: "stored" } });

    expect(await failure(putWhole(integrity))).toMatchObject({ code: "corrupted", action: "PutObject" });
  });
});

test("a listing without CRCs tells by MD5 what a part holds", async () => {
  const upload = await begin();
  await put(upload, 1, present(pieces[0]), "none");

  const [listed] = await world.store.listParts(upload, options);

  const withoutCrc = { ...present(listed), crc64: undefined };
  expect(world.store.holds(withoutCrc, digestOf(present(pieces[0])))).toBe(true);
  expect(world.store.holds(withoutCrc, digestOf(present(pieces[1])))).toBe(false);
});

test("a listing longer than a page is read to its end", async () => {
  const upload = await begin();
  const numbers = Array.from({ length: 1001 }, (_, index) => index + 1);
  for (const number of numbers) await put(upload, number, seededBytes(1, number), "none");
  traces.length = 0;

  const parts = await world.store.listParts(upload, options);

  expect(parts.map((part) => part.number)).toEqual(numbers);
  expect(traces.map((trace) => trace.action)).toEqual(["ListParts", "ListParts"]);
});
