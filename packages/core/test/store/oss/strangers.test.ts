/** A stranger answers in the store's place: nothing counts as done that the store does not show. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StoreAction } from "../../../src/api/trace.js";
import type { UploadCallback } from "../../../src/api/upload.js";
import type { CallOptions, MultipartUpload, ObjectStore, UploadId } from "../../../src/store/object-store.js";
import type { HttpRequest } from "../../../src/workers/byte-workers.js";
import { digestOf, failure, undigested } from "../../contracts/store-bench.js";
import { md5Hex } from "../../contracts/store-dialect.js";
import { MemoryBlob, seededBytes } from "../../doubles/memory-file.js";
import { type ScriptedAnswer, scriptedWorkers } from "../../doubles/scripted-workers.js";
import { ossConnection } from "./connected.js";
import { account } from "./emulated.js";

const options: CallOptions = { signal: new AbortController().signal };
const upload: MultipartUpload = { key: "a", id: "U" as UploadId };
const bytes = seededBytes(10);
const body = () => new MemoryBlob(bytes);
const part = { number: 1, size: 10, etag: md5Hex(bytes), crc64: undefined };
const callback: UploadCallback = { url: "https://app.example/done", body: "key=1" };

/** The store's own answers: there is neither an object nor a part. */
const emptyStore = ({ method, url }: HttpRequest): ScriptedAnswer => {
  if (method === "HEAD") return { status: 404 };
  const isListing = method === "GET" && url.includes("uploadId=");
  return isListing ? { body: "<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>" } : { status: 500 };
};

/** Connects to a store whose first answer is a stranger's. */
function behind(stranger: ScriptedAnswer, truth = emptyStore): ObjectStore {
  const hands = scriptedWorkers();
  let asked = 0;
  const workers: typeof hands = {
    ...hands,
    send: async (request, how) => {
      const answer = asked++ === 0 ? stranger : truth(request);
      return await scriptedWorkers(answer).send(request, how);
    },
  };
  const adapter = ossConnection({ region: "cn-hangzhou", bucket: "demo", credentials: account });
  return adapter.connect({ workers, now: () => Date.UTC(2026, 0, 1), stallTimeoutMs: 1000 });
}

type Ask = (store: ObjectStore) => Promise<unknown>;
const requests: Readonly<Record<string, readonly [StoreAction, Ask]>> = {
  "an object": ["PutObject", (store) => store.putObject({ key: "a" }, body(), digestOf(bytes), options)],
  "an object that nobody digested": [
    "PutObject",
    (store) => store.putObject({ key: "a" }, body(), undigested(10), options),
  ],
  "an object with a callback": [
    "PutObject",
    (store) => store.putObject({ key: "a", callback }, body(), digestOf(bytes), options),
  ],
  "an empty object": [
    "PutObject",
    (store) => store.putObject({ key: "a" }, new MemoryBlob(new Uint8Array()), digestOf(new Uint8Array()), options),
  ],
  "a part": ["UploadPart", (store) => store.putPart(upload, 1, body(), digestOf(bytes), options)],
  "a part that nobody digested": ["UploadPart", (store) => store.putPart(upload, 1, body(), undigested(10), options)],
  "a new upload": ["InitiateMultipartUpload", (store) => store.initiate({ key: "a" }, options)],
  "a listing": ["ListParts", (store) => store.listParts(upload, options)],
  "a Complete": ["CompleteMultipartUpload", (store) => store.complete(upload, [part], {}, options)],
  "a Complete with a callback": [
    "CompleteMultipartUpload",
    (store) => store.complete(upload, [part], { callback }, options),
  ],
  "an abort": ["AbortMultipartUpload", (store) => store.abort(upload, options)],
  "a look at an object": ["HeadObject", (store) => store.head("a", options)],
};

const html = "<!DOCTYPE html><html><body>Offline</body></html>";
const page = { "content-type": "text/html; charset=utf-8" };
const strangers: Readonly<Record<string, ScriptedAnswer>> = {
  "an empty 200": {},
  "a page": { headers: page, body: html },
  "a page with an ETag of its own": { headers: { ...page, etag: 'W/"5f-18c2"' }, body: html },
  "an empty 200 with an ETag of its own": { headers: { etag: '"5f-18c2"' } },
  JSON: { headers: { "content-type": "application/json" }, body: '{"ok":true}' },
  "another document": { body: "<ListBucketResult><Name>demo</Name></ListBucketResult>" },
  "an empty 201": { status: 201 },
  "an empty 204": { status: 204 },
  "an empty 206": { status: 206 },
  "a page as 203": { status: 203, headers: page, body: html },
  "an empty 302": { status: 302 },
  "an empty 200 after a redirect": { elsewhere: true },
  "a whole answer of an object after a redirect": {
    elsewhere: true,
    headers: { etag: md5Hex(bytes), "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT" },
  },
  "a page as 404": { status: 404, headers: page, body: html },
  "a page as 404, without its body": { status: 404, headers: page },
  "an empty 404": { status: 404 },
  "a page as 403": { status: 403, headers: page, body: html },
  "a page as 409": { status: 409, headers: page, body: html },
};

/** Answers of a stranger that look exactly like the store's own, and how they are taken. */
const gone = { "an empty 404": "gone" };
const indistinguishable: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "an abort": { ...gone, "an empty 204": "done" },
  "a part": gone,
  "a part that nobody digested": gone,
  "a listing": gone,
  "a Complete": gone,
  "a Complete with a callback": gone,
  "a look at an object": { "an empty 404": "there is none" },
};
const hasBody = (action: StoreAction) => action !== "HeadObject";

const pairs = Object.entries(requests).flatMap(([asked, [action, ask]]) =>
  Object.entries(strangers)
    .filter(([stranger]) => indistinguishable[asked]?.[stranger] === undefined)
    // HEAD has no body: there these answers look like those without a body.
    .filter(([, { body = "", headers }]) => hasBody(action) || body === "" || headers === page)
    .map(([stranger, answer]) => [asked, stranger, action, answer, ask] as const),
);

test.each(pairs)(
  "%s that is answered by %s did not happen, and may be repeated",
  async (_, __, action, answer, ask) => {
    const given = hasBody(action) ? answer : { ...answer, body: "" };

    const error = await failure(ask(behind(given)));

    expect(error).toMatchObject({ code: "server", temporary: true, hint: expect.stringMatching(/service worker/) });
    expect(error.action).toBe(action);
  },
);

test("an empty 204 to an abort is all that the store itself says", async () => {
  await expect(behind({ status: 204 }).abort(upload, options)).resolves.toBeUndefined();
});

test.each(Object.entries(strangers))(
  "an object in a form that is answered by %s did not happen, and may be repeated",
  async (_, stranger) => {
    const form = { headers: { etag: md5Hex(bytes) } };
    const adapter = ossConnection({ region: "cn-hangzhou", bucket: "demo", credentials: account });
    const workers = scriptedWorkers(form, stranger, { status: 404 });
    const store = adapter.connect({ workers, now: Date.now, stallTimeoutMs: 1000, smallFiles: "post" });
    const put = () => store.putObject({ key: "a" }, body(), digestOf(bytes), options);
    await put();

    const error = await failure(put());

    expect(error).toMatchObject({ code: "server", temporary: true, action: "PostObject" });
  },
);

describe("whatever else somebody says", () => {
  const header = fc.record(
    {
      "content-type": fc.constantFrom("text/html", "text/plain", "application/xml", "application/octet-stream"),
      etag: fc.constantFrom('"5f-18c2"', 'W/"1"', '""', "0".repeat(31), `${"AB".repeat(16)}-x`),
      "content-length": fc.constantFrom("0", "10", "11"),
      server: fc.constantFrom("nginx", "AliyunOSS"),
      date: fc.constant("Thu, 01 Jan 1970 00:00:00 GMT"),
    },
    { requiredKeys: [] },
  );
  const stranger = fc.record({
    status: fc.constantFrom(200, 201, 202, 204, 206, 226),
    headers: header,
    elsewhere: fc.boolean(),
    body: fc.constantFrom("", " ", "ok", html, "{}", "<A/>", "<Error/>"),
  });
  const bodies = Object.entries(requests).filter(([, [action]]) => /^(PutObject|UploadPart|Complete)/.test(action));

  test.each(bodies)("%s is not stored while the store does not have it", async (_, [, ask]) => {
    await fc.assert(
      fc.asyncProperty(stranger, async (answer) => {
        const { code, temporary } = await failure(ask(behind(answer)));
        expect([code, temporary]).toEqual(["server", true]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("a 404 to a request that names an upload", () => {
  const document = (code: string) => `<Error><Code>${code}</Code><Message>No.</Message></Error>`;
  const ofUpload = Object.entries(requests).filter(([, [action]]) => /^(UploadPart|ListParts|Complete)/.test(action));

  test.each(
    ofUpload.flatMap(([asked, [, ask]]) => [
      [asked, "NoSuchUpload", { body: document("NoSuchUpload") }, "upload-gone", ask] as const,
      [asked, "NoSuchKey", { body: document("NoSuchKey") }, "upload-gone", ask] as const,
      [asked, "a code of tomorrow", { body: document("UploadHasVanished") }, "upload-gone", ask] as const,
      [asked, "nothing but its request id", { headers: { "x-oss-request-id": "5F" } }, "upload-gone", ask] as const,
      [asked, "nothing at all", {}, "upload-gone", ask] as const,
      [asked, "half a document", { body: '<?xml version="1.0"?><Error><Code>NoSuch' }, "upload-gone", ask] as const,
      [asked, "NoSuchBucket", { body: document("NoSuchBucket") }, "not-found", ask] as const,
    ]),
  )("(%s) and says %s", async (_, __, answer, code, ask) => {
    expect(await failure(ask(behind({ status: 404, ...answer })))).toMatchObject({ code });
  });

  test("is success for an abort", async () => {
    await expect(behind({ status: 404 }).abort(upload, options)).resolves.toBeUndefined();
  });
});

describe("an object that an answer says nothing of", () => {
  const seen = (more: Record<string, string> = {}): ScriptedAnswer => ({
    headers: {
      "content-length": "10",
      "content-type": "application/octet-stream",
      "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT",
      ...more,
    },
  });
  const put = (truth: ScriptedAnswer, target = {}) =>
    behind({}, () => truth).putObject({ key: "a", ...target }, body(), digestOf(bytes), options);

  test.each<[string, ScriptedAnswer]>([
    ["shows its bytes", seen({ etag: md5Hex(bytes) })],
    ["shows no more than size and date", seen()],
    ["may not be looked at", { status: 403, body: "" }],
  ])("is stored where HEAD %s", async (_, truth) => {
    expect(await put(truth)).toMatchObject({ key: "a", size: 10 });
  });

  test("is stored with its callback's answer only if that is JSON, as the service demands of it", async () => {
    const asked = (given: string) =>
      behind({ body: given }, () => seen({ etag: md5Hex(bytes) })).putObject(
        { key: "a", callback },
        body(),
        digestOf(bytes),
        options,
      );

    expect(await asked('{"ok":true}')).toMatchObject({ callback: { status: 200, body: '{"ok":true}' } });
    for (const other of [html, "", "ok"]) expect(await failure(asked(other))).toMatchObject({ code: "server" });
  });

  test.each<[string, ScriptedAnswer]>([
    ["is not there", { status: 404 }],
    ["has other bytes", seen({ etag: md5Hex(seededBytes(10, 2)) })],
    ["has another size", seen({ "content-length": "11" })],
    ["has another type", seen({ "content-type": "text/html" })],
    ["has metadata that nobody asked for", seen({ "x-oss-meta-by": "somebody" })],
    ["is an hour old", seen({ "last-modified": "Wed, 31 Dec 2025 23:00:00 GMT" })],
    ["is old by the service's own clock", seen({ date: "Thu, 01 Jan 2026 00:00:10 GMT" })],
    ["has no date, as every object has", { headers: { "content-length": "10", etag: md5Hex(bytes) } }],
  ])("is not, where the one at its key %s", async (_, truth) => {
    expect(await failure(put(truth))).toMatchObject({ code: "server", temporary: true });
  });
});
