/** The log of requests, and how a test waits for one. */
import { describe, expect, test } from "vitest";
import { createClient, fromToken, send } from "./signed-client.js";
import { emulatorWith } from "./world.js";

describe("an entry", () => {
  test("has the fields of the request and of its answer", async () => {
    const emulator = await emulatorWith();
    const client = createClient(emulator);
    const uploadId = await client.initiate("k");

    const reply = await client.part("k", uploadId, 3, Buffer.from("hello"), { origin: "http://a.test" });
    const refused = await client.get("missing");

    expect(emulator.requests.slice(1)).toMatchObject([
      {
        id: 2,
        method: "PUT",
        action: "UploadPart",
        bucket: "demo",
        key: "k",
        partNumber: 3,
        uploadId,
        origin: "http://a.test",
        requestId: reply.headers["x-oss-request-id"],
        bodyBytes: 5,
        phase: "answered",
        status: 200,
      },
      { id: 3, action: "GetObject", phase: "answered", status: refused.status, code: "NoSuchKey" },
    ]);
  });

  test("is made also for preflights and unknown operations", async () => {
    const emulator = await emulatorWith();
    const headers = { origin: "http://a.test", "access-control-request-method": "PUT" };

    await send(emulator.port, { method: "OPTIONS", path: "/demo/k", headers });
    await send(emulator.port, { method: "PATCH", path: "/demo/k" });
    await send(emulator.port, { method: "GET", path: "/demo/%ff" });

    expect(emulator.requests.map(({ action, status }) => [action, status])).toEqual([
      ["Preflight", 200],
      ["Unknown", 405],
      ["Unknown", 400],
    ]);
  });

  test("holds no secret, signature or token", async () => {
    const emulator = await emulatorWith();
    const token = emulator.issueToken({ expiresInMs: 60_000 });
    const client = createClient(emulator, fromToken(token));

    for (const sign of ["v4", "v1", "v4-url", "v1-url"] as const) {
      await client.call({ method: "PUT", key: "k", body: "x", sign });
    }

    const text = JSON.stringify(emulator.requests);
    expect(emulator.requests.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    for (const secret of [token.AccessKeySecret, token.SecurityToken, token.AccessKeyId, "Signature"]) {
      expect(text).not.toContain(secret);
    }
  });
});

describe("waiting for a request", () => {
  test("resolves with an earlier request", async () => {
    const emulator = await emulatorWith();
    await createClient(emulator).put("k", "x");

    const entry = await emulator.waitForRequest(({ action }) => action === "PutObject");

    expect(entry).toBe(emulator.requests[0]);
  });

  test("resolves with a later request as soon as it comes, before its answer", async () => {
    const emulator = await emulatorWith();
    const handle = emulator.faults.add({ on: "PutObject", fault: { kind: "stall", when: "before-body" } });

    const waiting = emulator.waitForRequest(({ action, phase }) => action === "PutObject" && phase === "received");
    const put = createClient(emulator).put("k", "x");
    const { phase, bodyBytes } = await waiting;
    handle.release();

    expect([phase, bodyBytes]).toEqual(["received", 0]);
    expect((await put).status).toBe(200);
  });

  test("rejects when its signal is aborted", async () => {
    const emulator = await emulatorWith();
    const aborter = new AbortController();
    const waiting = emulator.waitForRequest(() => false, aborter.signal);

    aborter.abort(new Error("enough"));

    await expect(waiting).rejects.toThrow("enough");
    await expect(emulator.waitForRequest(() => false, aborter.signal)).rejects.toThrow("enough");
  });

  test("can be done by a listener, until it is removed", async () => {
    const emulator = await emulatorWith();
    const heard: string[] = [];
    const stop = emulator.onRequest(({ key, phase }) => heard.push(`${key} ${phase}`));

    await createClient(emulator).put("a", "");
    stop();
    await createClient(emulator).put("b", "");

    expect(heard).toEqual(["a received", "a answered"]);
  });
});

test("ids go on counting after the log was emptied", async () => {
  const emulator = await emulatorWith();
  await createClient(emulator).put("k", "x");

  emulator.clearRequests();
  await createClient(emulator).put("k", "x");

  expect(emulator.requests.map(({ id }) => id)).toEqual([2]);
});
