/** Every fault of the vocabulary, seen from the other end of the socket. */
import { createHash } from "node:crypto";
import http from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Emulator, FaultSpec } from "../src/index.js";
import { defaultAccount } from "../src/index.js";
import { connect, requestText } from "./raw-client.js";
import { createClient, fromToken, type SignedClient, signed } from "./signed-client.js";
import { emulatorWith } from "./world.js";

const bytes = Buffer.alloc(200_000, 1);

function md5(body: Buffer): string {
  return createHash("md5").update(body).digest("hex").toUpperCase();
}

interface World {
  readonly emulator: Emulator;
  readonly client: SignedClient;
  readonly uploadId: string;
  part(number: number, headers?: Record<string, string>): ReturnType<SignedClient["part"]>;
}

/** An upload of "k" with nothing stored. */
async function world(): Promise<World> {
  const emulator = await emulatorWith();
  const client = createClient(emulator);
  const uploadId = await client.initiate("k");
  return { emulator, client, uploadId, part: (number, headers) => client.part("k", uploadId, number, bytes, headers) };
}

/** Sends the head of a part on a bare socket, and as much of its body as is said. */
function startPart({ emulator, uploadId }: World, number: number, bodyBytes: number) {
  const call = { method: "PUT", bucket: "demo", key: "k", query: { partNumber: String(number), uploadId } };
  const { path, headers } = signed(call, defaultAccount);
  const connection = connect(emulator.port);
  connection.socket.write(requestText("PUT", path, { ...headers, "content-length": bytes.length }), "latin1");
  connection.socket.write(bytes.subarray(0, bodyBytes));
  return connection;
}

describe("the connection", () => {
  test.each([
    ["refuse", { kind: "refuse" }],
    ["reset before the body", { kind: "reset", when: "before-body" }],
    ["reset in the body", { kind: "reset", when: "in-body" }],
    ["reset after so many bytes", { kind: "reset", afterBytes: 1 }],
    ["reset after the body", { kind: "reset", when: "after-body" }],
  ] as const)("dies by %s, and nothing happened", async (_, fault) => {
    const { emulator, uploadId, part } = await world();
    const handle = emulator.faults.add({ on: "UploadPart", fault });

    const died = part(1);

    await expect(died).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) });
    const entry = await handle.waitForHit();
    expect([handle.hits, entry.phase, entry.status, entry.fault]).toEqual([1, "dropped", 0, fault.kind]);
    expect(emulator.parts("demo", uploadId)).toEqual([]);
    expect((await part(1)).status).toBe(200);
  });

  test("that is reset in the body had half of it read by default, and all of it after the body", async () => {
    const { emulator, part } = await world();
    emulator.faults.add({ on: "UploadPart", partNumber: 1, fault: { kind: "reset", when: "in-body" } });
    emulator.faults.add({ on: "UploadPart", partNumber: 2, fault: { kind: "reset", when: "after-body" } });
    emulator.faults.add({ on: "UploadPart", partNumber: 3, fault: { kind: "reset", when: "before-body" } });

    await Promise.allSettled([part(1), part(2), part(3)]);

    const read = (number: number) => emulator.requests.find((entry) => entry.partNumber === number)?.bodyBytes ?? -1;
    expect(read(1)).toBeGreaterThanOrEqual(100_000);
    expect([read(2), read(3)]).toEqual([200_000, 0]);
  });

  test("of a request without a body dies before anything is done", async () => {
    const { emulator, client, uploadId } = await world();
    emulator.faults.add({ on: "AbortMultipartUpload", fault: "reset" });

    await expect(client.abort("k", uploadId)).rejects.toMatchObject({ code: "ECONNRESET" });

    expect(emulator.uploads("demo")).toHaveLength(1);
  });

  test.each([
    "UploadPart",
    "CompleteMultipartUpload",
    "AbortMultipartUpload",
    "InitiateMultipartUpload",
    "PutObject",
  ] as const)("of %s dies when its answer is lost, although it happened", async (action) => {
    const { emulator, client, uploadId, part } = await world();
    const stored = await part(1);
    emulator.faults.add({ on: action, fault: "lose-answer" });
    const calls = {
      UploadPart: () => part(2),
      CompleteMultipartUpload: () => client.complete("k", uploadId, [[1, stored.headers.etag ?? ""]]),
      AbortMultipartUpload: () => client.abort("k", uploadId),
      InitiateMultipartUpload: () => client.initiate("k"),
      PutObject: () => client.put("p", "x"),
    };

    await expect(calls[action]()).rejects.toMatchObject({ code: "ECONNRESET" });

    const happened = {
      UploadPart: () => emulator.parts("demo", uploadId).length === 2,
      CompleteMultipartUpload: () => emulator.object("demo", "k")?.size === bytes.length,
      AbortMultipartUpload: () => emulator.uploads("demo").length === 0,
      InitiateMultipartUpload: () => emulator.uploads("demo").length === 2,
      PutObject: () => emulator.object("demo", "p")?.size === 1,
    };
    expect(happened[action]()).toBe(true);
  });

  test("is reset, not closed, as the other end sees it", async () => {
    const here = await world();
    here.emulator.faults.add({ on: "UploadPart", fault: { kind: "reset", when: "before-body" } });

    const { how, text } = await startPart(here, 1, 0).ended;

    expect([how, text]).toEqual(["reset", ""]);
  });
});

describe("a stall", () => {
  test("in the body reads no more and says nothing, until it is released", async () => {
    const { emulator, uploadId, part } = await world();
    const handle = emulator.faults.add({ on: "UploadPart", fault: "stall" });

    const stalled = part(1);
    const entry = await handle.waitForHit();
    const readWhenStalled = entry.bodyBytes;
    await part(2);
    const readLater = entry.bodyBytes;
    handle.release();

    expect((await stalled).status).toBe(200);
    expect(readWhenStalled).toBeLessThan(bytes.length);
    expect(readLater).toBe(readWhenStalled);
    expect(emulator.parts("demo", uploadId)).toHaveLength(2);
  });

  test("that the client did not wait out stores nothing", async () => {
    const here = await world();
    const { emulator, uploadId } = here;
    const handle = emulator.faults.add({ on: "UploadPart", fault: { kind: "stall", when: "in-body" } });
    const connection = startPart(here, 1, 150_000);
    const entry = await handle.waitForHit();

    connection.socket.destroy();
    // A server that does not read does not see the client leave.
    handle.release();
    await emulator.waitForRequest(({ id, phase }) => id === entry.id && phase === "dropped");

    expect(emulator.parts("demo", uploadId)).toEqual([]);
  });

  test("behind the body sees the client leave by itself", async () => {
    const here = await world();
    const { emulator, uploadId } = here;
    const handle = emulator.faults.add({ on: "UploadPart", fault: { kind: "hold", when: "before-effect" } });
    const connection = startPart(here, 1, bytes.length);
    const entry = await handle.waitForHit();

    connection.socket.destroy();
    await emulator.waitForRequest(({ id, phase }) => id === entry.id && phase === "dropped");

    expect(emulator.parts("demo", uploadId)).toEqual([]);
  });

  test("before the answer comes when it has happened", async () => {
    const { emulator, uploadId, part } = await world();
    const handle = emulator.faults.add({ on: "UploadPart", fault: { kind: "stall", when: "before-answer" } });

    const stalled = part(1);
    await handle.waitForHit();
    const stored = emulator.parts("demo", uploadId).length;
    handle.remove();

    expect(stored).toBe(1);
    expect((await stalled).status).toBe(200);
  });
});

describe("holding and delaying", () => {
  test("before the effect lets another request come first", async () => {
    const { emulator, client, uploadId, part } = await world();
    const handle = emulator.faults.add({ on: "UploadPart", fault: { kind: "hold", when: "before-effect" } });

    const held = part(1);
    const entry = await handle.waitForHit();
    await client.abort("k", uploadId);
    handle.release();

    expect([entry.bodyBytes, (await held).xml?.Code]).toEqual([bytes.length, "NoSuchUpload"]);
  });

  test("before the answer keeps every one that comes, until each is released", async () => {
    const { emulator, client } = await world();
    const handle = emulator.faults.add({ on: "Preflight", times: "always", fault: "hold" });
    const preflight = () =>
      client.call({
        method: "OPTIONS",
        key: "k",
        sign: "none",
        headers: { origin: "http://a.test", "access-control-request-method": "PUT" },
      });

    const first = preflight();
    await handle.waitForHit(1);
    const second = preflight();
    await handle.waitForHit(2);
    handle.release();

    expect([(await first).status, (await second).status, handle.hits]).toEqual([200, 200, 2]);
  });

  test.each(["before-body", "before-effect", "before-answer"] as const)("%s takes a while, no more", async (when) => {
    const { emulator, part } = await world();
    const handle = emulator.faults.add({ on: "UploadPart", fault: { kind: "delay", ms: 1, when } });

    const { status } = await part(1);

    expect([status, handle.hits]).toEqual([200, 1]);
  });
});

describe("corruption", () => {
  test("of the stored bytes shows in what the answer names, behind a right Content-MD5", async () => {
    const { emulator, uploadId, part } = await world();
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

  test("on the way is refused where a Content-MD5 was sent", async () => {
    const { emulator, uploadId, part } = await world();
    emulator.faults.add({ on: "UploadPart", fault: { kind: "corrupt", what: "received" } });

    const { status, xml } = await part(1, { "content-md5": Buffer.from(md5(bytes), "hex").toString("base64") });

    expect([status, xml?.Code]).toEqual([400, "InvalidDigest"]);
    expect(emulator.parts("demo", uploadId)).toEqual([]);
  });

  test("of the ETag alone is in the answer, not in the store", async () => {
    const { emulator, uploadId, part } = await world();
    emulator.faults.add({ on: "UploadPart", fault: "wrong-etag" });

    const { headers } = await part(1);

    expect(headers.etag).toMatch(/^"[0-9A-F]{32}"$/);
    expect(headers.etag).not.toBe(`"${md5(bytes)}"`);
    expect(emulator.parts("demo", uploadId)).toMatchObject([{ etag: md5(bytes) }]);
  });

  test("of Complete's ETag is the same in header and document", async () => {
    const { emulator, client, uploadId, part } = await world();
    const { headers } = await part(1);
    emulator.faults.add({ on: "CompleteMultipartUpload", fault: "wrong-etag" });

    const answer = await client.complete("k", uploadId, [[1, headers.etag ?? ""]]);

    expect(answer.headers.etag).not.toBe(`"${emulator.object("demo", "k")?.etag}"`);
    expect(answer.xml?.ETag).toBe(answer.headers.etag);
  });
});

describe("answers in place of the right one", () => {
  test("503 with a quota code says how long to wait", async () => {
    const { emulator, uploadId, part } = await world();
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

  test("any error, before or after it happened", async () => {
    const { emulator, uploadId, part } = await world();
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

  test("a proxy's page has nothing of the service", async () => {
    const { emulator, part } = await world();
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
    const { emulator, client } = await world();
    emulator.faults.add({ on: "InitiateMultipartUpload", fault: "truncate-answer" });

    const { status, text } = await client.call({ method: "POST", key: "k", query: { uploads: "" } });

    expect(status).toBe(200);
    expect(text).toMatch(/^<\?xml/);
    expect(text).not.toContain("</InitiateMultipartUploadResult>");
    expect(emulator.uploads("demo")).toHaveLength(2);
  });

  test("400 RequestTimeout, with the body half read", async () => {
    const { emulator, uploadId, part } = await world();
    emulator.faults.add({ on: "UploadPart", fault: "request-timeout" });

    const { status, xml } = await part(1);

    expect([status, xml?.Code]).toEqual([400, "RequestTimeout"]);
    expect(emulator.parts("demo", uploadId)).toEqual([]);
  });

  test("203 CallbackFailed, although the object is stored", async () => {
    const { emulator, client } = await world();
    emulator.faults.add({ on: "PutObject", fault: "callback-failed" });

    const { status, xml, headers } = await client.put("p", "x");

    expect([status, xml?.Code, headers.etag]).toEqual([203, "CallbackFailed", `"${md5(Buffer.from("x"))}"`]);
    expect(emulator.object("demo", "p")?.size).toBe(1);
  });
});

describe("changes of the world", () => {
  test.each(["SecurityTokenExpired", "InvalidAccessKeyId"] as const)(
    "a token that ends is refused as %s from then on, another is not",
    async (as) => {
      const { emulator, uploadId } = await world();
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

  test("a permanent key cannot end, so it is refused once", async () => {
    const { emulator, part } = await world();
    emulator.faults.add({ on: "UploadPart", fault: "expire-token" });

    const replies = [await part(1), await part(1)];

    expect(replies.map(({ status, xml }) => xml?.Code ?? status)).toEqual(["SecurityTokenExpired", 200]);
  });

  test("an upload that goes is really gone", async () => {
    const { emulator, client, uploadId, part } = await world();
    await part(1);
    emulator.faults.add({ on: "UploadPart", partNumber: 2, fault: "gone" });

    const replies = [await part(2), await client.list("k", uploadId)];

    expect(replies.map(({ status, xml }) => [status, xml?.Code])).toEqual(Array(2).fill([404, "NoSuchUpload"]));
    expect(emulator.uploads("demo")).toEqual([]);
  });

  test("a clock that goes wrong stays so until it is set", async () => {
    const { emulator, part } = await world();
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

  test("a throttled body takes its time and arrives", async () => {
    const { emulator, part } = await world();
    const handle = emulator.faults.add({ on: "UploadPart", fault: { kind: "throttle", bytesPerSecond: 20_000_000 } });

    const { headers } = await part(1);

    expect([headers.etag, handle.hits]).toEqual([`"${md5(bytes)}"`, 1]);
  });
});

describe("which request a fault befalls", () => {
  test("the action, key and part number that it names, after so many, so many times", async () => {
    const { emulator, client, part } = await world();
    const error = { kind: "error", status: 500, code: "InternalError" } as const;
    const handle = emulator.faults.add({ on: ["UploadPart", "ListParts"], key: "k", after: 1, times: 2, fault: error });

    const statuses = [];
    for (const number of [1, 2, 3, 4]) statuses.push((await part(number)).status);
    await client.put("k", "x");

    expect([statuses, handle.hits]).toEqual([[200, 500, 500, 200], 2]);
  });

  test("the first armed one, and the others do not count the request", async () => {
    const { emulator, part } = await world();
    const first = emulator.faults.add({ on: "any", fault: { kind: "error", status: 500, code: "First" } });
    const second = emulator.faults.add({ on: "any", fault: { kind: "error", status: 500, code: "Second" } });

    const codes = [await part(1), await part(1), await part(1)].map(({ xml }) => xml?.Code);

    expect(codes).toEqual(["First", "Second", undefined]);
    expect([first.hits, second.hits]).toEqual([1, 1]);
  });

  test("none once it is removed or all are cleared", async () => {
    const { emulator, part } = await world();
    const error = { kind: "error", status: 500, code: "InternalError" } as const;
    const removed = emulator.faults.add({ on: "any", times: "always", fault: error });
    emulator.faults.add({ on: "any", times: "always", fault: error });

    removed.remove();
    const before = [emulator.faults.list().length, (await part(1)).status];
    emulator.faults.clear();
    const after = [emulator.faults.list().length, (await part(1)).status];

    expect([before, after]).toEqual([
      [1, 500],
      [0, 200],
    ]);
  });

  test("waiting for a hit that never comes ends with the signal", async () => {
    const { emulator } = await world();
    const handle = emulator.faults.add({ on: "any", fault: "refuse" });

    const waiting = handle.waitForHit(1, AbortSignal.abort(new Error("enough")));

    await expect(waiting).rejects.toThrow("enough");
  });

  test.each([
    [{ on: "Upload", fault: "refuse" }, /unknown action "Upload"/],
    [{ on: "UploadPart", fault: "explode" }, /unknown kind "explode"/],
    [{ on: "UploadPart", fault: { kind: "delay" } }, /"ms" is missing/],
    [{ on: "UploadPart", fault: { kind: "reset", when: "later" } }, /"when" must be before-body\|in-body\|after-body/],
    [{ on: "UploadPart", fault: { kind: "refuse", ms: 1 } }, /there is no field "ms"/],
    [{ on: "UploadPart", time: 1, fault: "refuse" }, /there is no field "time"/],
    [{ on: "UploadPart", times: 0, fault: "refuse" }, /"times" must be/],
    [{ on: "UploadPart", partNumber: "1", fault: "refuse" }, /"partNumber" must be number/],
  ])("none, but an error, for %j", async (spec, message) => {
    const { emulator } = await world();

    expect(() => emulator.faults.add(spec as FaultSpec)).toThrow(message);
  });
});

describe("a browser", () => {
  const browser = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64)", origin: "http://a.test" };

  test("gets no connection to reuse while a fault is armed that breaks one, so it has nothing to resend", async () => {
    const { emulator, client, uploadId, part } = await world();
    const upload = (agent: http.Agent) => {
      onTestFinished(() => agent.destroy());
      const query = { partNumber: "1", uploadId };
      return client.call({ method: "PUT", key: "k", query, body: bytes, headers: browser, agent });
    };
    const before = await upload(new http.Agent({ keepAlive: true }));
    emulator.faults.add({ on: "UploadPart", after: 1, fault: "lose-answer" });

    const during = await upload(new http.Agent({ keepAlive: true }));
    const program = await part(1).catch((error: NodeJS.ErrnoException) => error.code);
    const after = await upload(new http.Agent({ keepAlive: true }));

    expect([before, during, after].map(({ headers }) => headers.connection)).toEqual([
      "keep-alive",
      "close",
      "keep-alive",
    ]);
    expect(program).toBe("ECONNRESET");
  });

  test("loses its idle connections when such a fault is armed", async () => {
    const here = await world();
    const { emulator } = here;
    const { path, headers } = signed({ method: "HEAD", bucket: "demo", key: "k" }, defaultAccount);
    const connection = connect(emulator.port);
    connection.socket.write(requestText("HEAD", path, { ...headers, ...browser }), "latin1");
    await emulator.waitForRequest(({ action, phase }) => action === "HeadObject" && phase === "answered");

    emulator.faults.add({ on: "UploadPart", fault: "refuse" });
    const { how, text } = await connection.ended;

    expect([how, text.startsWith("HTTP/1.1 404")]).toEqual(["closed", true]);
  });

  test("that resends on its own what a reused connection lost is struck again, for one hit", async () => {
    const here = await world();
    const { emulator, uploadId } = here;
    const hold = emulator.faults.add({ on: "HeadObject", fault: "hold" });
    const head = signed({ method: "HEAD", bucket: "demo", key: "k" }, defaultAccount);
    const put = signed(
      { method: "PUT", bucket: "demo", key: "k", query: { partNumber: "1", uploadId } },
      defaultAccount,
    );
    const putText = requestText("PUT", put.path, { ...put.headers, ...browser, "content-length": 0 });
    const first = connect(emulator.port);
    // The answer to HEAD is on its way without "close" when the fault is armed: the one way left to a reused connection.
    first.socket.write(requestText("HEAD", head.path, { ...head.headers, "user-agent": "curl" }), "latin1");
    await hold.waitForHit();
    hold.release();
    await emulator.waitForRequest(({ action, phase }) => action === "HeadObject" && phase === "answered");
    const handle = emulator.faults.add({ on: "UploadPart", fault: "refuse" });
    first.socket.write(putText, "latin1");
    await first.ended;
    const resend = connect(emulator.port);
    resend.socket.write(putText, "latin1");
    await resend.ended;
    const third = await here.part(1, browser);

    const puts = emulator.requests.filter(({ action }) => action === "UploadPart");
    expect(puts.map(({ isReused, phase, fault }) => [isReused, phase, fault])).toEqual([
      [true, "dropped", "refuse"],
      [false, "dropped", "refuse"],
      [false, "answered", undefined],
    ]);
    expect([handle.hits, third.status]).toEqual([1, 200]);
  });
});
