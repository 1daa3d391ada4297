/** What proves a part and an object, by what the bucket's CORS rule lets a page read. Over the emulator. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CallOptions, CallTrace, MultipartUpload, StoredPart } from "../../../src/store/object-store.js";
import type { Digest } from "../../../src/workers/byte-workers.js";
import { digestOf, failure, md5Hex, present } from "../../contracts/store-bench.js";
import { MemoryBlob, seededBytes } from "../../doubles/memory-file.js";
import { bucket, type EmulatedStore, emulatedStore } from "./emulated.js";

const key = "videos/a.mp4";
const crcHeader = "x-oss-hash-crc64ecma";
const integrities = {
  "md5+crc64": (bytes: Uint8Array): Digest => digestOf(bytes),
  crc64: (bytes: Uint8Array): Digest => ({ ...digestOf(bytes), md5: undefined }),
  none: (bytes: Uint8Array): Digest => ({ ...digestOf(bytes), md5: undefined, crc64: undefined }),
};
type Integrity = keyof typeof integrities;

let world: EmulatedStore;
let traces: CallTrace[];
let options: CallOptions;

beforeEach(async () => {
  world = await emulatedStore();
  traces = [];
  options = { signal: new AbortController().signal, onRequest: (trace) => traces.push(trace) };
});
afterEach(async () => await world.close());

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

  test("whose ETag in the answer is not its MD5 is not believed", async () => {
    world.emulator.faults.add({ on: "UploadPart", fault: "wrong-etag" });
    const upload = await begin();

    expect(await failure(put(upload, 1, present(pieces[0]), "md5+crc64"))).toMatchObject({ code: "corrupted" });
  });

  test("costs one request, whatever is hidden, as long as anything was digested", async () => {
    world.hide("ETag", crcHeader);
    const upload = await begin();

    await put(upload, 1, present(pieces[0]), "crc64");

    expect(traces.map((trace) => trace.action)).toEqual(["InitiateMultipartUpload", "UploadPart"]);
  });
});

describe("an object put whole", () => {
  const bytes = seededBytes(2000, 3);
  const putWhole = (integrity: Integrity) =>
    world.store.putObject({ key }, new MemoryBlob(bytes), integrities[integrity](bytes), options);

  test("has its MD5 as ETag where the ETag is hidden, because the service compared it", async () => {
    world.hide("ETag", crcHeader);

    expect(await putWhole("md5+crc64")).toMatchObject({ etag: md5Hex(bytes), crc64: undefined });
  });

  test("has no name where everything is hidden and nothing was digested", async () => {
    world.hide("ETag", crcHeader);

    expect(await putWhole("none")).toMatchObject({ etag: undefined, crc64: undefined });
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
