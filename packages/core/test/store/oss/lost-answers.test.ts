/** A body whose answer never came is asked for before it goes out again: what the store has is not sent twice. */
import type { FaultSpec } from "@ossicle/oss-emulator";
import { describe, expect, test } from "vitest";
import type { CallOptions, MultipartUpload, ObjectStore, ObjectTarget } from "../../../src/store/object-store.js";
import { persisting, retrying } from "../../../src/store/retrying.js";
import type { Digest } from "../../../src/workers/byte-workers.js";
import { digestOf, failure } from "../../contracts/store-bench.js";
import { ManualClock } from "../../doubles/manual-clock.js";
import { MemoryBlob, seededBytes } from "../../doubles/memory-file.js";
import { account, bucket, bucketForEachTest } from "./emulated.js";

const { world, options } = bucketForEachTest();
const key = "videos/a.mp4";
const bytes = seededBytes(200_000, 1);
const all = digestOf(bytes);
const policy = { giveUpAfterMs: 60_000, baseDelayMs: 500, maxDelayMs: 1_000 };

/** The bucket behind the layer that repeats, with pauses that take no time. */
function patient(store: ObjectStore = world.store): ObjectStore {
  const clock = new ManualClock();
  const impatient = {
    now: Date.now,
    elapsed: () => clock.elapsed(),
    sleep: async (ms: number) => clock.advance(ms),
  };
  const network = { online: () => true, whenOnline: async () => undefined };
  return retrying(store, persisting(policy, { clock: impatient, network, random: () => 0.5 }));
}

/** What reached the store, in order, but for the question what time it is there. */
const asked = () => world.emulator.requests.map(({ action }) => action).filter((action) => action !== "ListObjects");
/** May read every header. */
const elsewhere = () => world.connect({ credentials: account }, { origin: undefined });
const digests: readonly (readonly [string, Digest])[] = [
  ["md5+crc64", all],
  ["crc64", { ...all, md5: undefined }],
  ["none", { ...all, md5: undefined, crc64: undefined }],
];

describe("a part", () => {
  const begin = async (): Promise<MultipartUpload> => ({ key, id: await world.store.initiate({ key }, options) });
  const put = (upload: MultipartUpload, digest = all, more: Partial<CallOptions> = {}, store = world.store) =>
    patient(store).putPart(upload, 3, new MemoryBlob(bytes), digest, { ...options, ...more });
  const stored = (upload: MultipartUpload) => world.store.listParts(upload, options);

  test.each(digests)("that is stored is not sent again, with the digests of %s", async (_, digest) => {
    const upload = await begin();
    world.emulator.faults.add({ on: "UploadPart", fault: "lose-answer" });

    const part = await put(upload, digest);

    expect(asked()).toEqual(["InitiateMultipartUpload", "UploadPart", "ListParts"]);
    expect(part).toMatchObject({
      number: 3,
      size: bytes.length,
      etag: Buffer.from(all.md5 ?? [])
        .toString("hex")
        .toUpperCase(),
    });
    expect(part).not.toHaveProperty("namedByUs");
    expect(await world.store.complete(upload, [part], {}, options)).toMatchObject({ key });
    expect(await world.contentOf(key)).toEqual(Uint8Array.from(bytes));
  });

  test.each<[string, FaultSpec["fault"]]>([
    ["whose bytes did not arrive", "reset"],
    ["that was refused before", { kind: "error", status: 503, code: "ServiceUnavailable", cors: false }],
  ])("%s is sent again when the listing does not have it", async (_, fault) => {
    const upload = await begin();
    world.emulator.faults.add({ on: "UploadPart", fault });

    await put(upload);

    expect(asked()).toEqual(["InitiateMultipartUpload", "UploadPart", "ListParts", "UploadPart"]);
    expect(await stored(upload)).toMatchObject([{ number: 3, crc64: all.crc64 }]);
  });

  test("of other bytes under its number, of an earlier page, is replaced", async () => {
    const upload = await begin();
    const others = seededBytes(bytes.length, 2);
    await world.store.putPart(upload, 3, new MemoryBlob(others), digestOf(others), options);
    world.emulator.faults.add({ on: "UploadPart", fault: "reset" });

    await put(upload);

    expect(await stored(upload)).toMatchObject([{ number: 3, crc64: all.crc64 }]);
  });

  test("is sent again where the page may not list", async () => {
    const upload = await begin();
    await world.forbid("list");
    world.emulator.faults.add({ on: "UploadPart", fault: "lose-answer" });

    await put(upload);

    expect(asked().slice(1)).toEqual(["UploadPart", "ListParts", "UploadPart"]);
  });

  test("is sent again where listing never gets an answer that the page may read", async () => {
    const upload = await begin();
    world.emulator.faults.add({ on: "UploadPart", fault: "reset" });
    world.emulator.faults.add({ on: "ListParts", times: "always", fault: "without-cors" });

    await put(upload);

    expect(asked().slice(1)).toEqual(["UploadPart", "ListParts", "UploadPart"]);
  });

  test("that was answered is sent again at once: the store has said what it thinks of it", async () => {
    const upload = await begin();
    world.emulator.faults.add({ on: "UploadPart", fault: { kind: "error", status: 500, code: "InternalError" } });

    await put(upload);

    expect(asked().slice(1)).toEqual(["UploadPart", "UploadPart"]);
  });

  test("fails as what it is when nothing is answered any more, and no byte is sent in vain but every second time", async () => {
    const upload = await begin();
    world.emulator.faults.add({ on: ["UploadPart", "ListParts"], times: "always", fault: "refuse" });

    expect(await failure(put(upload))).toMatchObject({ code: "network", action: "UploadPart", partNumber: 3 });
  });

  const unreadable = { kind: "html", status: 413, cors: false } as const;

  test("that something on the way refuses so that no page can read it is thrown to be cut, where it can be", async () => {
    const upload = await begin();
    world.emulator.faults.add({ on: "UploadPart", times: "always", fault: unreadable });

    const error = await failure(put(upload, all, { divisible: true }));

    expect(error).toMatchObject({ code: "network", temporary: true, tooLarge: "guessed", attempts: 3, partNumber: 3 });
    expect(asked().filter((action) => action === "UploadPart")).toHaveLength(3);
  });

  test("that cannot be cut is repeated until patience ends, and the error says what it may be", async () => {
    const upload = await begin();
    world.emulator.faults.add({ on: "UploadPart", times: "always", fault: unreadable });

    const error = await failure(put(upload));

    expect(error).toMatchObject({ code: "network", tooLarge: "guessed" });
    expect(error.attempts).toBeGreaterThan(10);
  });

  test("that is answered 413 is thrown at once", async () => {
    const upload = await begin();
    world.emulator.faults.add({ on: "UploadPart", times: "always", fault: { ...unreadable, cors: true } });

    const error = await failure(put(upload, all, { divisible: true }));

    expect(error).toMatchObject({ code: "rejected", status: 413, tooLarge: "refused", attempts: 1 });
  });

  test("is not thought too large while nothing else is answered either", async () => {
    const upload = await begin();
    world.emulator.faults.add({ on: ["UploadPart", "ListParts"], times: "always", fault: "refuse" });

    expect((await failure(put(upload, all, { divisible: true }))).tooLarge).toBeUndefined();
  });
});

describe("an object in one request", () => {
  const put = (target: Partial<ObjectTarget> = {}, digest = all, store = world.store) =>
    patient(store).putObject({ key, contentType: "video/mp4", ...target }, new MemoryBlob(bytes), digest, options);

  test.each(digests.slice(0, 2))("that is stored is not sent again, with the digests of %s", async (_, digest) => {
    world.emulator.faults.add({ on: "PutObject", fault: "lose-answer" });

    const object = await put({ metadata: { album: "7" } }, digest, elsewhere());

    expect(asked()).toEqual(["PutObject", "HeadObject"]);
    expect(object).toMatchObject({ key, size: bytes.length, crc64: all.crc64 });
    expect(await world.store.matches(object, [object.body], options)).toBe("crc64");
  });

  test("is sent again where its metadata may not be read: it may be another one's", async () => {
    world.emulator.faults.add({ on: "PutObject", fault: "lose-answer" });

    await put({ metadata: { album: "7" } });

    expect(asked()).toEqual(["PutObject", "HeadObject", "PutObject"]);
  });

  test("that may not be overwritten is recognised, and not refused as somebody else's", async () => {
    world.emulator.faults.add({ on: "PutObject", fault: "lose-answer" });

    await expect(put({ ifExists: "forbid" })).resolves.toMatchObject({ key, crc64: all.crc64 });
  });

  test("is sent again where an older one of the very same bytes is there", async () => {
    await put();
    world.emulator.faults.add({ on: "HeadObject", fault: { kind: "clock-skew", ms: 60_000 } });
    await world.store.head(key, options);
    world.emulator.faults.add({ on: "PutObject", fault: "reset" });

    await put();

    expect(asked()).toEqual(["PutObject", "HeadObject", "PutObject", "HeadObject", "PutObject"]);
  });

  test.each<[string, Partial<ObjectTarget>]>([
    ["of another type", { contentType: "text/plain" }],
    ["with other metadata", { metadata: { album: "8" } }],
  ])("is sent again where one %s is there", async (_, other) => {
    await put(other, all, elsewhere());
    world.emulator.faults.add({ on: "PutObject", fault: "reset" });

    await put({}, all, elsewhere());

    expect(asked()).toEqual(["PutObject", "PutObject", "HeadObject", "PutObject"]);
  });

  test("is sent again where the page may not read the store's time: what is there may be older", async () => {
    world.hide("Date");
    await put();
    world.emulator.faults.add({ on: "PutObject", fault: "reset" });

    await put();

    expect(asked()).toEqual(["PutObject", "PutObject", "HeadObject", "PutObject"]);
  });

  test.each<[string, Partial<ObjectTarget>]>([
    ["an ACL", { acl: "public-read" }],
    ["tags", { tags: { album: "7" } }],
  ])("is sent again if it has to have %s, which HEAD does not show", async (_, wanted) => {
    await put();
    world.emulator.faults.add({ on: "PutObject", fault: "reset" });

    await put(wanted);

    expect(asked()).toEqual(["PutObject", "PutObject", "PutObject"]);
  });

  test("is sent again with its callback: nobody knows what became of the first", async () => {
    const url = `${world.emulator.endpoint}/_emulator/callback`;
    world.emulator.faults.add({ on: "PutObject", fault: "reset" });

    await put({ callback: { url, body: "a=1" } }).catch(() => undefined);

    expect(asked().filter((action) => action === "HeadObject")).toEqual([]);
  });

  test("is sent again where the page may not look", async () => {
    await world.forbid("head");
    world.emulator.faults.add({ on: "PutObject", fault: "lose-answer" });

    await put();

    expect(asked()).toEqual(["PutObject", "HeadObject", "PutObject"]);
  });

  test("is sent again where the rule shows no digest of it", async () => {
    world.hide("ETag", "x-oss-hash-crc64ecma");
    world.emulator.faults.add({ on: "PutObject", fault: "reset" });

    await put();

    expect(asked().filter((action) => action === "PutObject")).toHaveLength(2);
  });

  test("fails as what it is when nothing is answered any more", async () => {
    const store = world.connect({ credentials: account, bucket, endpoint: "http://127.0.0.1:9" });

    expect(await failure(put({}, all, store))).toMatchObject({ code: "network", action: "PutObject" });
  });
});
