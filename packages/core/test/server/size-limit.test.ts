/** With `maxBytes` no signature lets an object grow beyond it. */

import { expect, test, vi } from "vitest";
import { createSignHandler, presign, type SignHandlerOptions } from "../../src/server/index.js";
import type { SignableRequest } from "../../src/store/bucket/signable-request.js";
import type { CallOptions, MultipartUpload, StoredPart } from "../../src/store/object-store.js";
import { signAt } from "../../src/store/oss/sign-at.js";
import { digestOf, failure } from "../contracts/object-store.contract.js";
import { MemoryBlob, seededBytes } from "../doubles/memory-file.js";
import { account, bucket, bucketForEachTest } from "../store/oss/emulated.js";

const key = "videos/1/a.mp4";
const partSize = 102_400;
const call: CallOptions = { signal: new AbortController().signal };
const put: SignableRequest = { action: "PutObject", method: "PUT", bucket, key, query: {}, headers: {} };

const { world } = bucketForEachTest();

const optionsOf = (given: Partial<SignHandlerOptions> = {}): SignHandlerOptions => ({
  region: "cn-hangzhou",
  bucket,
  endpoint: world.emulator.endpoint,
  credentials: account,
  maxBytes: 3 * partSize,
  authorize: () => true,
  ...given,
});

async function ask(requests: readonly SignableRequest[], given: Partial<SignHandlerOptions> = {}) {
  const body = JSON.stringify(requests);
  const handler = createSignHandler(optionsOf(given));
  const response = await handler(new Request("https://app.example/sign", { method: "POST", body }));
  const answer = (await response.json()) as { error?: string } & { url: string }[];
  return { status: response.status, error: answer.error, url: answer[0]?.url };
}

const completing = (id: string): SignableRequest => ({
  ...{ action: "CompleteMultipartUpload", method: "POST", bucket, key, headers: {} },
  query: { uploadId: id },
});

/** An upload with so many parts, put by a page without a limit. */
async function uploadOf(sizes: readonly number[]): Promise<{ upload: MultipartUpload; parts: StoredPart[] }> {
  const upload = { key, id: await world.store.initiate({ key }, call) };
  const parts: StoredPart[] = [];
  for (const [index, size] of sizes.entries()) {
    const bytes = seededBytes(size, index);
    parts.push(await world.store.putPart(upload, index + 1, new MemoryBlob(bytes), digestOf(bytes), call));
  }
  return { upload, parts };
}

test.each(["PutObject", "UploadPart"] as const)(
  "%s is signed up to the limit, and only with its length",
  async (action) => {
    const query = action === "PutObject" ? {} : { partNumber: "1", uploadId: "U" };
    const of = (headers: Record<string, string>): SignableRequest => ({ ...put, action, query, headers });

    expect(await ask([of({ "content-length": String(3 * partSize) })])).toMatchObject({ status: 200 });
    expect(await ask([of({ "content-length": String(3 * partSize + 1) })])).toMatchObject({
      status: 413,
      url: undefined,
    });
    expect(await ask([of({})])).toMatchObject({ status: 413, error: expect.stringContaining("content-length") });
    expect(await ask([of({ "content-length": "" })])).toMatchObject({ status: 400, url: undefined });
  },
);

test.each([
  ["as long as it was signed for", 9, 200],
  ["one byte longer", 10, 403],
  ["empty", 0, 403],
])("the store takes a body that is %s: %i bytes are answered %i", async (_what, size, status) => {
  const { url = "" } = await ask([{ ...put, headers: { "content-length": "9" } }]);

  const answer = await fetch(url, { method: "PUT", body: new Uint8Array(size) });

  expect(answer.status).toBe(status);
  expect(world.emulator.object(bucket, key)?.size).toBe(status === 200 ? size : undefined);
});

test("a body that does not say how long it is cannot use a signature of its length", async () => {
  const { url = "" } = await ask([{ ...put, headers: { "content-length": "9" } }]);
  const body = new Blob([new Uint8Array(9)]).stream();

  const answer = await fetch(url, { method: "PUT", body, ...{ duplex: "half" } });

  expect(answer.status).toBe(403);
});

test.each(["content-disposition", "cache-control", "content-encoding", "expires"])(
  "the app's word about %s is kept: it can be neither changed nor left out",
  async (name) => {
    const { url = "" } = await ask([{ ...put, headers: { [name]: "attachment", "content-length": "0" } }]);
    const answerTo = async (headers: Record<string, string>) => (await fetch(url, { method: "PUT", headers })).status;

    expect(await answerTo({})).toBe(403);
    expect(await answerTo({ [name]: "inline" })).toBe(403);
    expect(await answerTo({ [name]: "attachment" })).toBe(200);
  },
);

test("parts that are within the limit together may be completed", async () => {
  const { upload } = await uploadOf([partSize, partSize, partSize]);

  expect(await ask([completing(upload.id)])).toMatchObject({ status: 200 });
});

test("parts that are beyond the limit together are not completed, however small each is", async () => {
  const { upload } = await uploadOf([partSize, partSize, partSize, 1]);

  const { status, error, url } = await ask([completing(upload.id)]);

  expect({ status, url }).toEqual({ status: 413, url: undefined });
  expect(error).toContain(String(3 * partSize));
});

test("parts are summed over all pages of their list", async () => {
  const { upload } = await uploadOf(Array.from({ length: 1001 }, () => 1));

  expect(await ask([completing(upload.id)], { maxBytes: 1001 })).toMatchObject({ status: 200 });
  expect(await ask([completing(upload.id)], { maxBytes: 1000 })).toMatchObject({ status: 413 });
});

test("one upload beyond the limit is found among others of a batch", async () => {
  const [small, large] = [await uploadOf([1]), await uploadOf([partSize, partSize, partSize, 1])];

  expect(await ask([completing(small.upload.id), completing(large.upload.id)])).toMatchObject({ status: 413 });
});

test("an upload that is gone may be completed: the store says that it is gone", async () => {
  const { upload, parts } = await uploadOf([1]);
  await world.store.complete(upload, parts, {}, call);

  expect(await ask([completing(upload.id)])).toMatchObject({ status: 200 });
});

test("without a right to list nothing is completed, and the answer says which right", async () => {
  const { upload } = await uploadOf([1]);
  await world.forbid("list");

  const { status, error, url } = await ask([completing(upload.id)]);

  expect({ status, url }).toEqual({ status: 502, url: undefined });
  expect(error).toContain("oss:ListParts");
});

test("no parts are listed for a Complete that `authorize` refuses", async () => {
  let asked = 0;
  const count: typeof fetch = async (...given) => {
    asked += 1;
    return await fetch(...given);
  };

  expect(await ask([completing("U")], { authorize: () => false, fetch: count })).toMatchObject({ status: 403 });
  expect(asked).toBe(0);
});

const page = (content: string, root = "ListPartsResult") => `<?xml version="1.0"?><${root}>${content}</${root}>`;
const onePart = "<Part><PartNumber>1</PartNumber><Size>5</Size></Part>";
const last = "<IsTruncated>false</IsTruncated>";
const more = "<IsTruncated>true</IsTruncated>";

test.each<[string, () => Response]>([
  ["an error", () => new Response("<Error><Code>InternalError</Code></Error>", { status: 500 })],
  ["a bucket that is not there", () => new Response("<Error><Code>NoSuchBucket</Code></Error>", { status: 404 })],
  ["a stranger's 404", () => new Response("<html>Not found</html>", { status: 404 })],
  ["a stranger's page", () => new Response("<html>Please log in</html>")],
  ["nothing", () => new Response("")],
  [
    "a way to somewhere else",
    () => new Response(null, { status: 302, headers: { location: "https://other.example" } }),
  ],
  ["another document", () => new Response(page(onePart + last, "ListBucketResult"))],
  ["a list that breaks off", () => new Response(page(onePart + last).slice(0, -20))],
  ["a part without a size", () => new Response(page(`<Part><PartNumber>1</PartNumber></Part>${last}`))],
  [
    "a part of a negative size",
    () => new Response(page(`<Part><PartNumber>1</PartNumber><Size>-5</Size></Part>${last}`)),
  ],
  ["a part that does not end", () => new Response(page(`<Part><PartNumber>1</PartNumber><Size>5</Size>${last}`))],
  ["no word about its end", () => new Response(page(onePart))],
  [
    "a next page that is the same",
    () => new Response(page(`${onePart}${more}<NextPartNumberMarker>0</NextPartNumberMarker>`)),
  ],
  ["a next page that is none", () => new Response(page(more))],
])("a list that is %s is not believed: nothing is signed", async (_what, answer) => {
  expect(await ask([completing("U")], { fetch: async () => answer() })).toMatchObject({ status: 502, url: undefined });
});

test.each<[string, typeof fetch]>([
  ["a store that cannot be reached", async () => await Promise.reject(new TypeError("fetch failed"))],
  [
    "a body that breaks off",
    async () => new Response(new ReadableStream({ pull: (body) => body.error(new Error("reset")) })),
  ],
])("%s lets nothing be signed", async (_what, broken) => {
  expect(await ask([completing("U")], { fetch: broken })).toMatchObject({ status: 502, url: undefined });
});

test("a store that never answers is not waited for without end", async () => {
  const patience = new AbortController();
  const limits: number[] = [];
  const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
    limits.push(ms);
    return patience.signal;
  });
  const silent: typeof fetch = async (_url, init) => {
    patience.abort(new DOMException("over", "TimeoutError"));
    init?.signal?.throwIfAborted();
    return await new Promise<never>(() => undefined);
  };

  const answer = await ask([completing("U")], { fetch: silent });
  timeout.mockRestore();

  expect(answer).toMatchObject({ status: 502, error: expect.stringContaining("in time") });
  expect(limits).toEqual([20_000]);
});

const forever = () => new Promise<never>(() => undefined);
test.each<[string, typeof fetch]>([
  ["answers", forever],
  ["comes to its end", async () => new Response(new ReadableStream({ pull: forever }))],
])(
  "a fetch of the app's own that never %s, and ignores the signal, does not block the handler",
  async (_what, deaf) => {
    const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation(() => {
      const patience = new AbortController();
      setImmediate(() => patience.abort(new DOMException("over", "TimeoutError")));
      return patience.signal;
    });

    const answer = await ask([completing("U")], { fetch: deaf });
    timeout.mockRestore();

    expect(answer).toMatchObject({ status: 502, error: expect.stringContaining("in time") });
  },
);

test("an error of fetch that repeats what was asked for holds neither signature nor token", async () => {
  const credentials = { ...account, accessKeyId: "STS.x", securityToken: "CAIS-token" };
  // As Deno words it.
  const failing: typeof fetch = async (url) => {
    throw new TypeError(`error sending request for url (${url}): connection refused`);
  };

  const error = await failure(presign([completing("U")], optionsOf({ credentials, fetch: failing })));

  const told = `${error.message} ${error.cause}`;
  expect(told).toContain(`/${bucket}/${key}?`);
  expect(told).not.toMatch(/CAIS-token|STS\.x|signature/i);
});

test("presign() holds the same limit, for apps with a route of their own", async () => {
  const { upload } = await uploadOf([partSize, partSize, partSize, 1]);

  expect(await failure(presign([put], optionsOf()))).toMatchObject({ code: "rejected", status: 413 });
  expect(await failure(presign([completing(upload.id)], optionsOf()))).toMatchObject({ code: "rejected", status: 413 });
});

test("a page without keys uploads within the limit, and fails at once and for good beyond it", async () => {
  const handler = createSignHandler(optionsOf());
  const { fetch: real } = globalThis;
  const signer: ReturnType<typeof signAt> = async (requests, context) => {
    globalThis.fetch = async (input, init) =>
      String(input) === "https://app.example/sign" ? await handler(new Request(input, init)) : await real(input, init);
    try {
      return await signAt("https://app.example/sign")(requests, context);
    } finally {
      globalThis.fetch = real;
    }
  };
  const store = world.connect({ signer, credentials: undefined } as never);
  const [fits, beyond] = [seededBytes(3 * partSize), seededBytes(3 * partSize + 1)];

  await store.putObject({ key }, new MemoryBlob(fits), digestOf(fits), call);

  expect(world.emulator.object(bucket, key)?.size).toBe(fits.length);
  expect(await failure(store.putObject({ key }, new MemoryBlob(beyond), digestOf(beyond), call))).toMatchObject({
    code: "rejected",
    temporary: false,
    message: expect.stringContaining(String(beyond.length)),
    hint: expect.stringContaining("maxBytes"),
  });
});
