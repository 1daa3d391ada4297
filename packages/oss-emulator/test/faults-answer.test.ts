/** Faults that change bytes, answers, or the service's tokens, uploads and clock. */
import { describe, expect, test } from "vitest";
import { bytes, md5, partWorld } from "./part-world.js";
import { createClient, fromToken } from "./signed-client.js";

describe("corruption", () => {
  test("of the stored bytes passes the Content-MD5 check, and the answer has their digests", async () => {
    const { emulator, uploadId, part } = await partWorld();
    emulator.faults.add({ on: "UploadPart", fault: "corrupt" });
    const digest = Buffer.from(md5(bytes), "hex").toString("base64");

    const corrupt = await part(1, { "content-md5": digest });
    const [stored] = emulator.parts("demo", uploadId);
    const right = await part(1, { "content-md5": digest });

    expect(corrupt.status).toBe(200);
    expect(corrupt.headers.etag).not.toBe(right.headers.etag);
    expect(corrupt.headers["x-oss-hash-crc64ecma"]).not.toBe(right.headers["x-oss-hash-crc64ecma"]);
    expect(corrupt.headers.etag).toBe(`"${stored?.etag}"`);
    expect(right.headers.etag).toBe(`"${md5(bytes)}"`);
  });

  test("of the received bytes is refused if the client sent a Content-MD5", async () => {
    const { emulator, uploadId, part } = await partWorld();
    emulator.faults.add({ on: "UploadPart", fault: { kind: "corrupt", what: "received" } });

    const { status, xml } = await part(1, { "content-md5": Buffer.from(md5(bytes), "hex").toString("base64") });

    expect([status, xml?.Code]).toEqual([400, "InvalidDigest"]);
    expect(emulator.parts("demo", uploadId)).toEqual([]);
  });

  test("of the ETag changes the answer and not the stored part", async () => {
    const { emulator, uploadId, part } = await partWorld();
    emulator.faults.add({ on: "UploadPart", fault: "wrong-etag" });

    const { headers } = await part(1);

    expect(headers.etag).toMatch(/^"[0-9A-F]{32}"$/);
    expect(headers.etag).not.toBe(`"${md5(bytes)}"`);
    expect(emulator.parts("demo", uploadId)).toMatchObject([{ etag: md5(bytes) }]);
  });

  test("of Complete's ETag is the same in the header and in the document", async () => {
    const { emulator, client, uploadId, part } = await partWorld();
    const { headers } = await part(1);
    emulator.faults.add({ on: "CompleteMultipartUpload", fault: "wrong-etag" });

    const answer = await client.complete("k", uploadId, [[1, headers.etag ?? ""]]);

    expect(answer.headers.etag).not.toBe(`"${emulator.object("demo", "k")?.etag}"`);
    expect(answer.xml?.ETag).toBe(answer.headers.etag);
  });
});

describe("a fault answers with", () => {
  test("503 with a quota code and how long to wait", async () => {
    const { emulator, uploadId, part } = await partWorld();
    emulator.faults.add({
      on: "UploadPart",
      fault: { kind: "slow-down", code: "TotalQpsLimitExceeded", delayMs: 250, retryAfterSeconds: 2 },
    });
    emulator.faults.add({ on: "UploadPart", fault: "slow-down" });

    const [told, plain] = [await part(1), await part(1)];

    expect([told.status, told.xml?.Code]).toEqual([503, "TotalQpsLimitExceeded"]);
    expect(told.headers).toMatchObject({ "x-oss-qos-delay-time": "250", "retry-after": "2" });
    expect([plain.status, plain.xml?.Code]).toEqual([503, "UploadTrafficRateLimitExceeded"]);
    expect(plain.headers).not.toHaveProperty("retry-after");
    expect(emulator.parts("demo", uploadId)).toEqual([]);
  });

  test("any error, before or after the operation", async () => {
    const { emulator, uploadId, part } = await partWorld();
    const error = { kind: "error", status: 500, code: "InternalError" } as const;
    emulator.faults.add({ on: "UploadPart", fault: { ...error, headers: { "x-mine": "1" }, message: "So sorry." } });
    emulator.faults.add({ on: "UploadPart", fault: { ...error, effect: true } });

    const before = await part(1);
    const storedBefore = emulator.parts("demo", uploadId).length;
    const after = await part(1);

    expect([before.status, before.xml?.Message, before.headers["x-mine"]]).toEqual([500, "So sorry.", "1"]);
    expect([after.status, after.xml?.Code]).toEqual([500, "InternalError"]);
    expect([storedBefore, emulator.parts("demo", uploadId).length]).toEqual([0, 1]);
  });

  test("a proxy's page without the service's headers", async () => {
    const { emulator, part } = await partWorld();
    emulator.faults.add({ on: "UploadPart", fault: "html" });
    emulator.faults.add({ on: "UploadPart", fault: { kind: "html", status: 504, cors: false } });

    const readable = await part(1, { origin: "http://a.test" });
    const hidden = await part(1, { origin: "http://a.test" });

    expect([readable.status, readable.headers["content-type"], readable.xml]).toEqual([502, "text/html", undefined]);
    expect(Object.keys(readable.headers).filter((name) => name.startsWith("x-oss"))).toEqual([]);
    expect(readable.headers["access-control-allow-origin"]).toBe("*");
    expect(hidden.status).toBe(504);
    expect(hidden.headers).not.toHaveProperty("access-control-allow-origin");
  });

  test("a document that ends in the middle", async () => {
    const { emulator, client } = await partWorld();
    emulator.faults.add({ on: "InitiateMultipartUpload", fault: "truncate-answer" });

    const { status, text } = await client.call({ method: "POST", key: "k", query: { uploads: "" } });

    expect(status).toBe(200);
    expect(text).toMatch(/^<\?xml/);
    expect(text).not.toContain("</InitiateMultipartUploadResult>");
    expect(emulator.uploads("demo")).toHaveLength(2);
  });

  test.each<[string, "wrong-etag" | "truncate-answer", "InitiateMultipartUpload" | "UploadPart"]>([
    ["the digests of other bytes, where it has none", "wrong-etag", "InitiateMultipartUpload"],
    ["half a document, where it has none", "truncate-answer", "UploadPart"],
  ])("as it is, and no hit, instead of %s", async (_what, fault, on) => {
    const { emulator, client, part } = await partWorld();
    const added = emulator.faults.add({ on, fault });

    const { status } = await (on === "UploadPart"
      ? part(1)
      : client.call({ method: "POST", key: "k", query: { uploads: "" } }));

    expect([status, added.hits]).toEqual([200, 0]);
  });

  test("400 RequestTimeout, with the body half read", async () => {
    const { emulator, uploadId, part } = await partWorld();
    emulator.faults.add({ on: "UploadPart", fault: "request-timeout" });

    const { status, xml } = await part(1);

    expect([status, xml?.Code]).toEqual([400, "RequestTimeout"]);
    expect(emulator.parts("demo", uploadId)).toEqual([]);
  });

  test("203 CallbackFailed after the object was stored", async () => {
    const { emulator, client } = await partWorld();
    emulator.faults.add({ on: "PutObject", fault: "callback-failed" });

    const { status, xml, headers } = await client.put("p", "x");

    expect([status, xml?.Code, headers.etag]).toEqual([203, "CallbackFailed", `"${md5(Buffer.from("x"))}"`]);
    expect(emulator.object("demo", "p")?.size).toBe(1);
  });

  test("the refusal, and not 203, if the request was refused", async () => {
    const { emulator, client } = await partWorld();
    const fault = emulator.faults.add({ on: "UploadPart", fault: "callback-failed" });

    const { status, xml } = await client.part("k", "no-such-upload", 1, bytes);

    expect([status, xml?.Code, fault.hits]).toEqual([404, "NoSuchUpload", 0]);
  });
});

describe("a fault of the service", () => {
  test.each(["SecurityTokenExpired", "InvalidAccessKeyId"] as const)(
    "a token that ends is refused as %s from then on, another is not",
    async (as) => {
      const { emulator, uploadId } = await partWorld();
      const client = createClient(emulator, fromToken(emulator.issueToken({ expiresInMs: 60_000 })));
      const other = createClient(emulator, fromToken(emulator.issueToken({ expiresInMs: 60_000 })));
      emulator.faults.add({ on: "UploadPart", partNumber: 2, fault: { kind: "expire-token", as } });

      const replies = [
        await client.part("k", uploadId, 1, bytes),
        await client.part("k", uploadId, 2, bytes),
        await client.part("k", uploadId, 3, bytes),
        await other.part("k", uploadId, 3, bytes),
      ];

      expect(replies.map(({ status, xml }) => xml?.Code ?? status)).toEqual([200, as, as, 200]);
    },
  );

  test("refuses one request of a permanent key, which cannot expire", async () => {
    const { emulator, part } = await partWorld();
    emulator.faults.add({ on: "UploadPart", fault: "expire-token" });

    const replies = [await part(1), await part(1)];

    expect(replies.map(({ status, xml }) => xml?.Code ?? status)).toEqual(["SecurityTokenExpired", 200]);
  });

  test("removes the upload for this request and all later ones", async () => {
    const { emulator, client, uploadId, part } = await partWorld();
    await part(1);
    emulator.faults.add({ on: "UploadPart", partNumber: 2, fault: "gone" });

    const replies = [await part(2), await client.list("k", uploadId)];

    expect(replies.map(({ status, xml }) => [status, xml?.Code])).toEqual(Array(2).fill([404, "NoSuchUpload"]));
    expect(emulator.uploads("demo")).toEqual([]);
  });

  test("skews the clock until it is set again", async () => {
    const { emulator, part } = await partWorld();
    emulator.faults.add({ on: "UploadPart", fault: { kind: "clock-skew", ms: 3_600_000 } });

    const [first, second] = [await part(1), await part(1)];
    emulator.skewClock(0);
    const third = await part(1);

    expect([first, second, third].map(({ status, xml }) => xml?.Code ?? status)).toEqual([
      "RequestTimeTooSkewed",
      "RequestTimeTooSkewed",
      200,
    ]);
  });

  test("throttles a body, which arrives whole", async () => {
    const { emulator, part } = await partWorld();
    const handle = emulator.faults.add({ on: "UploadPart", fault: { kind: "throttle", bytesPerSecond: 20_000_000 } });

    const { headers } = await part(1);

    expect([headers.etag, handle.hits]).toEqual([`"${md5(bytes)}"`, 1]);
  });
});
