/** Answers that the service never gives, but that proxies, appliances or other services may give in its place. */

import { describe, expect, test } from "vitest";
import type { CallTrace } from "../../../src/api/trace.js";
import { UploadError } from "../../../src/errors.js";
import type { CallOptions, MultipartUpload, UploadId } from "../../../src/store/object-store.js";
import { digestOf, failure } from "../../contracts/store-bench.js";
import { md5Hex } from "../../contracts/store-dialect.js";
import { MemoryBlob, seededBytes } from "../../doubles/memory-file.js";
import { type ScriptedAnswer, scriptedWorkers } from "../../doubles/scripted-workers.js";
import { ossConnection } from "./connected.js";
import { account } from "./emulated.js";

const options: CallOptions = { signal: new AbortController().signal };
const upload: MultipartUpload = { key: "a b", id: "U" as UploadId };
const bytes = seededBytes(10);
const part = { number: 1, size: 10, etag: md5Hex(bytes), crc64: undefined };

function storeFor(...answers: readonly ScriptedAnswer[]) {
  const workers = scriptedWorkers(...answers);
  const adapter = ossConnection({ region: "cn-hangzhou", bucket: "demo", credentials: account });
  // Each reading of the clock is 25 ms later than the one before.
  let time = Date.UTC(2026, 0, 1) - 25;
  const now = () => {
    time += 25;
    return time;
  };
  return { workers, store: adapter.connect({ workers, now, stallTimeoutMs: 1000 }) };
}

const page = (next: number, ...numbers: readonly number[]) =>
  `<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>${next}</NextPartNumberMarker>${numbers
    .map((number) => `<Part><PartNumber>${number}</PartNumber><ETag>A</ETag><Size>1</Size></Part>`)
    .join("")}</ListPartsResult>`;

describe("a listing", () => {
  test("whose pages go in a circle is not followed for ever", async () => {
    const { store, workers } = storeFor({ body: page(5, 5) });

    expect(await failure(store.listParts(upload, options))).toMatchObject({ code: "server", temporary: true });
    expect(workers.requests).toHaveLength(2);
  });

  test("that is another document is not taken for an empty one", async () => {
    const { store } = storeFor({ body: "<html><body>Welcome to this hotel</body></html>" });

    expect(await failure(store.listParts(upload, options))).toMatchObject({
      code: "server",
      hint: expect.stringMatching(/proxy/),
    });
  });
});

describe("a multipart upload", () => {
  test("that was begun for another key than was asked for is not used", async () => {
    const { store } = storeFor({
      body: "<InitiateMultipartUploadResult><Key>a+b</Key><UploadId>U</UploadId></InitiateMultipartUploadResult>",
    });

    expect(await failure(store.initiate({ key: "a b" }, options))).toMatchObject({ code: "server" });
  });

  test("that was begun without naming the key is used", async () => {
    const { store } = storeFor({
      body: "<InitiateMultipartUploadResult><UploadId>U</UploadId></InitiateMultipartUploadResult>",
    });

    expect(await store.initiate({ key: "a b" }, options)).toBe("U");
  });
});

describe("a 203", () => {
  test("is a failed callback even where its document cannot be read", async () => {
    const { store } = storeFor({ status: 203, body: "<Error><Code>Callb" });

    const callback = { url: "https://app.example/done", body: "key=1" };

    expect(await failure(store.complete(upload, [part], { callback }, options))).toMatchObject({
      code: "callback-failed",
      status: 203,
      temporary: false,
    });
  });

  test.each([
    ["no callback was asked for", {}, ""],
    [
      "a proxy has written its own page",
      { callback: { url: "https://app.example/done", body: "key=1" } },
      "<html></html>",
    ],
    ["a proxy has emptied it", { callback: { url: "https://app.example/done", body: "key=1" } }, ""],
  ])("is a proxy's where %s: nothing says that the object is stored", async (_, finish, body) => {
    const { store } = storeFor({ status: 203, body });

    expect(await failure(store.complete(upload, [part], finish, options))).toMatchObject({
      code: "server",
      temporary: true,
      hint: expect.stringMatching(/proxy/),
    });
  });
});

describe("a 200 of somebody who has stored nothing", () => {
  const integrities = { "md5+crc64": digestOf(bytes), none: { ...digestOf(bytes), md5: undefined, crc64: undefined } };
  const ofNothing: Readonly<Record<string, Record<string, string>>> = {
    "no name": {},
    "the ETag of nothing": { etag: '"d41d8cd98f00b204e9800998ecf8427e"' },
    "the CRC-64 of nothing": { "x-oss-hash-crc64ecma": "0" },
    "an ETag of another form": { etag: 'W/"5f-abc"' },
  };
  const looks: Readonly<Record<string, ScriptedAnswer>> = {
    "that there is none": { status: 404 },
    "of a page that is younger, and of no size": { headers: { "last-modified": "Fri, 02 Jan 2026 00:00:00 GMT" } },
    "of a page that is younger, and of another size": {
      headers: { "last-modified": "Fri, 02 Jan 2026 00:00:00 GMT", "content-length": "11" },
    },
  };
  const all = Object.keys(integrities).flatMap((integrity) =>
    Object.keys(ofNothing).flatMap((name) => Object.keys(looks).map((seen) => [integrity, name, seen] as const)),
  );

  test.each(all)("is not believed: integrity %s, with %s, and HEAD says %s", async (integrity, name, seen) => {
    const { store } = storeFor({ headers: ofNothing[name] ?? {} }, looks[seen] ?? {});
    const digest = integrities[integrity as keyof typeof integrities];

    expect(await failure(store.putObject({ key: "a" }, new MemoryBlob(bytes), digest, options))).toMatchObject({
      code: "server",
      temporary: true,
      hint: expect.stringMatching(/proxy/),
    });
  });

  test.each(Object.entries(ofNothing))("is not believed of Complete: with %s and no document", async (_, headers) => {
    const { store } = storeFor({ headers });

    expect(await failure(store.complete(upload, [part], {}, options))).toMatchObject({
      code: "server",
      temporary: true,
    });
  });

  test.each(Object.entries(ofNothing))("is not believed of Complete: with %s and a callback", async (_, headers) => {
    const { store } = storeFor({ headers, body: '{"id":1}' }, { status: 404 });
    const callback = { url: "https://app.example/done", body: "key=1" };

    expect(await failure(store.complete(upload, [part], { callback }, options))).toMatchObject({
      code: "server",
      temporary: true,
    });
  });
});

describe("the application server's answer to a callback", () => {
  const callback = { url: "https://app.example/done", body: "key=1" };
  const etag = `${"AB".repeat(16)}-1`;
  const answer = { headers: { etag: `"${etag}"`, "x-oss-hash-crc64ecma": "7" }, body: '{"id":1}' };

  test("comes with the object that was made of parts", async () => {
    const { store } = storeFor(answer);

    expect(await store.complete(upload, [part], { callback }, options)).toMatchObject({
      etag,
      crc64: 7n,
      callback: { status: 200, body: '{"id":1}' },
    });
  });

  test("comes with the object that was put whole", async () => {
    const { store } = storeFor({ ...answer, headers: { etag: md5Hex(bytes) } });

    expect(
      await store.putObject({ key: "a", callback }, new MemoryBlob(bytes), digestOf(bytes), options),
    ).toMatchObject({
      etag: md5Hex(bytes),
      callback: { status: 200, body: '{"id":1}' },
    });
  });

  test("is not looked for where no callback was asked for", async () => {
    const { store } = storeFor({ headers: { etag: `"${etag}"` } });

    expect(await store.complete(upload, [part], {}, options)).toMatchObject({ etag, callback: undefined });
  });
});

test("a failure inside the hands is told as such, with its cause", async () => {
  const cause = new TypeError("a bug");
  const workers = { ...scriptedWorkers(), send: () => Promise.reject(cause) };
  const adapter = ossConnection({ region: "cn-hangzhou", bucket: "demo", credentials: account });
  const store = adapter.connect({ workers, now: Date.now, stallTimeoutMs: 1000 });

  expect(await failure(store.head("a", options))).toMatchObject({ code: "worker", action: "HeadObject", cause });
});

test("a failure to read the bytes again, for what proves them, says which part they are of", async () => {
  const workers = {
    ...scriptedWorkers({ headers: { etag: md5Hex(seededBytes(10, 2)) } }),
    digest: () => Promise.reject(new UploadError("file-unreadable", "gone")),
  };
  const adapter = ossConnection({ region: "cn-hangzhou", bucket: "demo", credentials: account });
  const store = adapter.connect({ workers, now: Date.now, stallTimeoutMs: 1000 });
  const withoutMd5 = { ...digestOf(bytes), md5: undefined };

  const error = await failure(store.putPart(upload, 7, new MemoryBlob(bytes), withoutMd5, options));

  expect(error).toMatchObject({ code: "file-unreadable", action: "UploadPart", partNumber: 7 });
});

test.each([
  [400, "rejected"],
  [404, null],
])(
  "a request leaves a trace of which attempt it was, when it began, and what became of it: %i",
  async (status, error) => {
    const { store } = storeFor({ status, headers: { "x-oss-request-id": "5F" } });
    const traces: CallTrace[] = [];

    const asked = store.head("a", { ...options, attempt: 3, onRequest: (trace) => traces.push(trace) });
    await asked.catch(() => undefined);

    expect(traces).toEqual([
      {
        action: "HeadObject",
        partNumber: null,
        attempt: 3,
        bodyBytes: 0,
        startedAt: expect.any(Number),
        durationMs: 25,
        status,
        requestId: "5F",
        error,
      },
    ]);
  },
);

test("the headers say how big an object is, in bytes", async () => {
  const { store } = storeFor({
    headers: {
      "content-length": "5497558138880",
      "last-modified": "Wed, 28 Dec 2022 10:27:41 GMT",
      etag: `"${"AB".repeat(16)}-3"`,
      "x-oss-version-id": "v1",
    },
  });

  expect(await store.head("a", options)).toMatchObject({
    size: 5_497_558_138_880,
    etag: `${"AB".repeat(16)}-3`,
    versionId: "v1",
    storedAtMs: Date.UTC(2022, 11, 28, 10, 27, 41),
  });
});

describe("options that can never work", () => {
  test.each([
    ["neither credentials nor a signer", {}],
    ["both of them", { credentials: account, signer: async () => [] }],
    ["an unknown signature version", { credentials: account, signature: "v5" }],
    ["credentials without a secret", { credentials: { accessKeyId: "a" } }],
  ])("are refused at once: %s", (_, given) => {
    const all = { region: "cn-hangzhou", bucket: "demo", ...given };

    expect(() => ossConnection(all as unknown as Parameters<typeof ossConnection>[0])).toThrow(
      expect.objectContaining({ code: "invalid-option", hint: expect.any(String) }),
    );
  });
});

test.each([
  ["files.example.com", undefined, true],
  ["files.example.com", "cname", false],
  ["oss-cn-hangzhou.aliyuncs.com", undefined, false],
  ["oss-accelerate.aliyuncs.com", undefined, false],
  ["http://127.0.0.1:9000", undefined, false],
  ["http://localhost:9000", "virtual-hosted", false],
] as const)(
  "no answer at first contact with %s, addressing %s: is it a bound domain? %s",
  async (endpoint, addressing, asked) => {
    const place = { region: "cn-hangzhou", bucket: "demo", endpoint, ...(addressing && { addressing }) };
    const workers = {
      ...scriptedWorkers(),
      send: () => Promise.reject(new UploadError("network", "no answer")),
    };
    const store = ossConnection({ ...place, credentials: account }).connect({
      workers,
      now: () => Date.UTC(2026, 0, 1),
      stallTimeoutMs: 1000,
    });

    const error = await failure(store.initiate({ key: "a" }, options));

    expect((error as UploadError).hint).toContain("CORS rule");
    expect((error as UploadError).hint?.includes("is put in front of `endpoint`")).toBe(asked);
    const isDefault = endpoint === "oss-cn-hangzhou.aliyuncs.com";
    expect((error as UploadError).hint?.includes("accounts opened after 2025-03-20")).toBe(isDefault);
  },
);
