/** Failures between page and service, and what the page is told of them. Over the emulator. */
import { beforeEach, describe, expect, test } from "vitest";
import type { MultipartUpload } from "../../../src/store/object-store.js";
import { digestOf, failure } from "../../contracts/store-bench.js";
import { MemoryBlob, seededBytes } from "../../doubles/memory-file.js";
import { account, bucket, bucketForEachTest } from "./emulated.js";

const key = "videos/a.mp4";
const bytes = seededBytes(200_000);

const { world, traces, options } = bucketForEachTest();

const begin = async (): Promise<MultipartUpload> => ({ key, id: await world.store.initiate({ key }, options) });
const put = (upload: MultipartUpload, call = options) =>
  world.store.putPart(upload, 1, new MemoryBlob(bytes), digestOf(bytes), call);

describe("a part", () => {
  test("whose connection dies is a network failure, and its bytes are no longer counted as sent", async () => {
    const upload = await begin();
    world.emulator.faults.add({ on: "UploadPart", fault: { kind: "reset", when: "in-body" } });
    const sent: number[] = [];

    const error = await failure(put(upload, { ...options, onSent: (count) => sent.push(count) }));

    expect(error).toMatchObject({ code: "network", temporary: true, action: "UploadPart", partNumber: 1 });
    for (const said of ["status", "serverCode", "requestId", "hostId", "ec"]) expect(error).not.toHaveProperty(said);
    expect(sent.at(-1)).toBe(0);
    expect(traces.at(-1)).toMatchObject({ status: 0, requestId: null, error: "network", bodyBytes: bytes.length });
  });

  test("that was stored although the answer was lost can be put again", async () => {
    const upload = await begin();
    world.emulator.faults.add({ on: "UploadPart", fault: "lose-answer" });

    expect(await failure(put(upload))).toMatchObject({ code: "network" });
    expect(await put(upload)).toMatchObject({ number: 1 });
  });

  test("that is throttled says when to come back", async () => {
    const upload = await begin();
    world.emulator.faults.add({ on: "UploadPart", fault: { kind: "slow-down", delayMs: 1234 } });

    expect(await failure(put(upload))).toMatchObject({ code: "throttled", status: 503, retryAfterMs: 1234 });
  });

  test("that was too slow for the service may be repeated", async () => {
    const upload = await begin();
    world.emulator.faults.add({ on: "UploadPart", fault: "request-timeout" });

    const error = await failure(put(upload));

    expect(["server", "network"]).toContain(error.code);
    expect(error.temporary).toBe(true);
  });

  test("that a proxy answers with a page may be repeated", async () => {
    const upload = await begin();
    world.emulator.faults.add({ on: "UploadPart", fault: { kind: "html", status: 502 } });

    expect(await failure(put(upload))).toMatchObject({ code: "server", status: 502, temporary: true });
  });

  test("whose upload a lifecycle rule has taken away finds it gone", async () => {
    const upload = await begin();
    world.emulator.faults.add({ on: "UploadPart", fault: "gone" });

    expect(await failure(put(upload))).toMatchObject({ code: "upload-gone", serverCode: "NoSuchUpload" });
  });

  test("that is stopped while the service holds its answer ends at once, and nothing stays open", async () => {
    const upload = await begin();
    const fault = world.emulator.faults.add({ on: "UploadPart", fault: "hold" });
    const controller = new AbortController();
    const reason = new DOMException("paused", "AbortError");

    const stopped = put(upload, { ...options, signal: controller.signal });
    await world.emulator.waitForRequest(
      ({ action, bodyBytes }) => action === "UploadPart" && bodyBytes === bytes.length,
    );
    controller.abort(reason);

    await expect(stopped).rejects.toBe(reason);
    expect(traces.at(-1)).toMatchObject({ action: "UploadPart", status: 0, error: null });
    fault.release();
  });
});

describe("a page that the CORS rule does not allow", () => {
  test("or whose bucket is not there, which has no rule, is told what may be wrong", async () => {
    const store = world.connect({ bucket: "no-such-bucket", credentials: account });

    const error = await failure(store.initiate({ key }, options));

    expect(error).toMatchObject({ code: "network", hint: expect.stringContaining('bucket "no-such-bucket"') });
  });

  test("is told what may be wrong, as long as nothing ever came back", async () => {
    world.emulator.setCors(bucket, []);

    const error = await failure(world.store.initiate({ key }, options));

    expect(error).toMatchObject({ code: "network", hint: expect.stringContaining("ExposeHeader: ETag, ") });
  });

  test("is told so of each method, because a rule may allow POST and not PUT", async () => {
    const upload = await begin();
    world.emulator.setCors(bucket, [{ allowedOrigins: ["*"], allowedMethods: ["POST"], allowedHeaders: ["*"] }]);

    const error = await failure(put(upload));

    expect(error).toMatchObject({ code: "network", hint: expect.stringContaining("AllowedMethod: PUT, ") });
  });

  test("is not told so when only the network broke", async () => {
    await begin();
    world.emulator.faults.add({ on: "InitiateMultipartUpload", fault: "refuse" });

    const error = await failure(world.store.initiate({ key }, options));

    expect(error.code).toBe("network");
    expect(error.hint).toBeUndefined();
  });
});

describe("refusals that no page can read", () => {
  const initiate = (store = world.store) => store.initiate({ key }, options);

  beforeEach(() => {
    const fault = { kind: "without-cors", refusals: true } as const;
    world.emulator.faults.add({ on: "any", signed: true, times: "always", fault });
  });

  test("for a wrong clock are cured after the second, by an unsigned request that asks the time", async () => {
    const store = world.connect({ credentials: account }, { now: () => Date.now() - 3_600_000 });

    expect(await failure(initiate(store))).toMatchObject({ code: "network" });
    expect(await failure(initiate(store))).toMatchObject({ code: "network" });
    expect(await initiate(store)).toEqual(expect.any(String));
    expect(world.emulator.requests.filter(({ isSigned }) => !isSigned)).toHaveLength(1);
  });

  test("for a key that the service does not know are cured by another one", async () => {
    const keys = [{ ...account, accessKeyId: "unknown" }, account];
    const reasons: string[] = [];
    const store = world.connect({
      credentials: async ({ reason }) => {
        reasons.push(reason);
        return keys.shift() ?? account;
      },
    });

    expect(await failure(initiate(store))).toMatchObject({ code: "network" });
    expect(await failure(initiate(store))).toMatchObject({ code: "network" });
    expect(await initiate(store)).toEqual(expect.any(String));
    expect(reasons).toEqual(["first", "rejected"]);
  });

  test("for a wrong key have it renewed once, until something can be read again", async () => {
    let asked = 0;
    const store = world.connect({
      credentials: async () => {
        asked += 1;
        return { ...account, accessKeySecret: "wrong" };
      },
    });

    for (let attempt = 0; attempt < 6; attempt += 1) await failure(initiate(store));

    expect(asked).toBe(2);
  });

  test("are not suspected where nothing is answered at all, nor where the browser is offline", async () => {
    let asked = 0;
    const credentials = async () => {
      asked += 1;
      return account;
    };
    world.emulator.faults.clear();
    world.emulator.faults.add({ on: "any", times: "always", fault: "refuse" });
    const dead = world.connect({ credentials });
    const offline = world.connect({ credentials }, { online: () => false });

    for (const store of [dead, offline])
      for (let attempt = 0; attempt < 4; attempt += 1) await failure(initiate(store));

    expect(asked).toBe(2);
    // The dead network loses four requests: every second one is followed by an unsigned request.
    expect(world.emulator.requests.filter(({ isSigned }) => !isSigned)).toHaveLength(2);
  });
});

describe("completing", () => {
  const callback = { url: "https://app.example/done", body: "key=1" };

  test("whose answer was lost finds the upload gone, and HEAD proves the object", async () => {
    const upload = await begin();
    const part = await put(upload);
    world.emulator.faults.add({ on: "CompleteMultipartUpload", fault: "lose-answer" });

    expect(await failure(world.store.complete(upload, [part], {}, options))).toMatchObject({ code: "network" });
    expect(await failure(world.store.complete(upload, [part], {}, options))).toMatchObject({ code: "upload-gone" });
    const object = await world.store.head(key, options);
    expect(object && (await world.store.matches(object, [part], options))).toBe("crc64");
  });

  test("whose callback failed says that the object is stored all the same", async () => {
    const upload = await begin();
    const part = await put(upload);
    world.emulator.faults.add({ on: "CompleteMultipartUpload", fault: "callback-failed" });

    const error = await failure(world.store.complete(upload, [part], { callback }, options));

    expect(error).toMatchObject({ code: "callback-failed", status: 203, temporary: false, resumable: false });
    expect(world.emulator.object(bucket, key)?.size).toBe(bytes.length);
  });

  test.each([
    ["a page of a proxy", { kind: "html", status: 200, effect: true }],
    ["a document that ends in the middle", { kind: "truncate-answer" }],
  ] as const)("answered with %s, and no ETag that may be read, is not believed", async (_, fault) => {
    world.hide("ETag", "x-oss-hash-crc64ecma");
    const upload = await begin();
    const part = await put(upload);
    world.emulator.faults.add({ on: "CompleteMultipartUpload", fault });

    const error = await failure(world.store.complete(upload, [part], {}, options));

    expect(error).toMatchObject({ code: "server", status: 200, temporary: true });
  });

  test("answered with an error although the status is good is that error", async () => {
    const upload = await begin();
    const part = await put(upload);
    world.emulator.faults.add({
      on: "CompleteMultipartUpload",
      fault: { kind: "error", status: 200, code: "InternalError" },
    });

    const error = await failure(world.store.complete(upload, [part], {}, options));

    expect(error).toMatchObject({ code: "server", serverCode: "InternalError", status: 200 });
  });
});

describe("beginning", () => {
  test.each([
    ["a page of a proxy", { kind: "html", status: 200 }],
    ["a document that ends in the middle", { kind: "truncate-answer" }],
  ] as const)("answered with %s may be repeated", async (_, fault) => {
    world.emulator.faults.add({ on: "InitiateMultipartUpload", fault });

    expect(await failure(world.store.initiate({ key }, options))).toMatchObject({ code: "server", temporary: true });
  });

  test("in a bucket that is not there says so where it can be read, which takes a CORS rule", async () => {
    const store = world.connect({ bucket: "no-such-bucket", credentials: account }, { origin: undefined });

    expect(await failure(store.initiate({ key }, options))).toMatchObject({
      code: "not-found",
      serverCode: "NoSuchBucket",
      hint: expect.stringContaining("no-such-bucket"),
    });
  });
});

describe("looking at an object", () => {
  test("that is not there gives nothing, also where the CORS rule hides why", async () => {
    world.hide("x-oss-err", "x-oss-ec");

    expect(await world.store.head("nothing", options)).toBeUndefined();
  });

  test("that may not be read is forbidden, also where the CORS rule hides why", async () => {
    world.hide("x-oss-err", "x-oss-ec");
    await world.forbid("head");

    const refused = await failure(world.store.head(key, options));

    expect(refused).toMatchObject({ code: "forbidden", action: "oss:GetObject" });
  });

  test("in a bucket that is not there is not the same as an object that is not there", async () => {
    const store = world.connect({ bucket: "no-such-bucket", credentials: account }, { origin: undefined });

    expect(await failure(store.head(key, options))).toMatchObject({ code: "not-found" });
  });
});
