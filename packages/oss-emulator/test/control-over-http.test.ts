/** The control API: a test or page can do over HTTP what a test can do in the emulator's process. */
import { describe, expect, test } from "vitest";
import { connect, requestText } from "./raw-client.js";
import { createClient, fromToken, send } from "./signed-client.js";
import { emulatorWith, referenceBytes } from "./world.js";

async function controlled() {
  const emulator = await emulatorWith({ control: true });
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const reply = await send(emulator.port, { method, path: `/_emulator/${path}`, headers }, text);
    return { ...reply, json: reply.text === "" ? undefined : JSON.parse(reply.text) };
  };
  return { emulator, client: createClient(emulator), call };
}

describe("the control API", () => {
  test("is off by default", async () => {
    const emulator = await emulatorWith();

    const { status, xml } = await send(emulator.port, { method: "GET", path: "/_emulator/faults" });

    expect([status, xml?.Code]).toEqual([400, "InvalidBucketName"]);
  });

  test("gives the endpoint, the region, the network and the faults", async () => {
    const { emulator, call } = await controlled();

    const { json } = await call("GET", "");

    expect(json).toEqual({
      endpoint: emulator.endpoint,
      region: "cn-hangzhou",
      network: { cut: false, bytesPerSecond: null },
      faults: [],
    });
  });

  test("arms and lists faults, waits for their hits and disarms them", async () => {
    const { emulator, client, call } = await controlled();
    const spec = { on: "PutObject", times: 2, fault: { kind: "slow-down", delayMs: 5 } };

    const { json: armed } = await call("POST", "faults", spec);
    const waiting = call("GET", `faults/${armed.id}/hit`);
    const struck = await client.put("k", "x");
    const { json: hit } = await waiting;
    const { json: listed } = await call("GET", "faults");
    const removed = await call("DELETE", `faults/${armed.id}`);
    const after = await client.put("k", "x");

    expect([struck.status, after.status, removed.status]).toEqual([503, 200, 204]);
    expect(listed).toEqual([{ id: armed.id, ...spec, hits: 1 }]);
    expect(hit).toMatchObject({ action: "PutObject", key: "k" });
    expect(emulator.faults.list()).toEqual([]);
  });

  test("releases a request that a fault holds", async () => {
    const { client, call } = await controlled();
    const { json } = await call("POST", "faults", { on: "PutObject", fault: "hold" });
    const held = client.put("k", "x");
    await call("GET", `faults/${json.id}/hit`);

    await call("POST", `faults/${json.id}/release`);

    expect((await held).status).toBe(200);
  });

  test("gives the log, filtered by fields, and empties it", async () => {
    const { client, call } = await controlled();
    await client.put("a", "x");
    await client.put("b", "x");

    const { json: picked } = await call("GET", "requests?action=PutObject&key=b&status=200");
    const { json: later } = await call("GET", "requests?after=1");
    await call("DELETE", "requests");
    const { json: none } = await call("GET", "requests");

    expect(picked).toMatchObject([{ id: 2, key: "b", phase: "answered" }]);
    expect([later.length, none]).toEqual([1, []]);
  });

  test("waits for a request until the timeout", async () => {
    const { client, call } = await controlled();

    const waiting = call("GET", "requests/wait?action=PutObject&phase=answered");
    await client.put("k", "x");
    const never = await call("GET", "requests/wait?action=GetObject&timeoutMs=1");

    expect((await waiting).json).toMatchObject({ action: "PutObject", phase: "answered" });
    expect([never.status, never.json]).toEqual([204, undefined]);
  });

  test("sends an event when a request comes or changes", async () => {
    const { emulator, client } = await controlled();
    const { socket, received } = connect(emulator.port);
    socket.write(requestText("GET", "/_emulator/requests/events?action=PutObject", {}));
    const told = (count: number) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (received().split("data: ").length > count) resolve();
        };
        socket.on("data", look);
        look();
      });
    await new Promise((resolve) => socket.once("data", resolve));

    await client.get("other");
    await client.put("k", "");
    await told(2);

    const events = [...received().matchAll(/data: (.*)\n/g)].map((match) => JSON.parse(match[1] ?? "") as object);
    expect(events).toMatchObject([
      { key: "k", phase: "received" },
      { key: "k", phase: "answered", status: 200 },
    ]);
    socket.destroy();
  });

  test("issues, expires and revokes tokens, and sets permissions", async () => {
    const { emulator, call } = await controlled();
    const put = async (token: Parameters<typeof fromToken>[0]) => {
      const { status, xml } = await createClient(emulator, fromToken(token)).put("k", "x");
      return xml?.Code ?? status;
    };
    const { json: token } = await call("POST", "tokens", { expiresInMs: 60_000, policyPrefix: "k" });

    const fresh = await put(token);
    await call("PUT", `permissions/${token.AccessKeyId}`, ["oss:GetObject"]);
    const forbidden = await put(token);
    const { json: expired } = await call("POST", "tokens/expire", { as: "InvalidAccessKeyId" });
    const gone = await put(token);
    const { json: revoked } = await call("DELETE", `tokens/${token.AccessKeyId}`);

    expect([fresh, forbidden, gone]).toEqual([200, "AccessDenied", "InvalidAccessKeyId"]);
    expect([expired, revoked]).toEqual([{ count: 1 }, { revoked: true }]);
  });

  test("shows objects, uploads and parts", async () => {
    const { client, call } = await controlled();
    const key = "目录/a b";
    await client.put(key, referenceBytes(10));
    const uploadId = await client.initiate("k");
    await client.part("k", uploadId, 1, Buffer.from("x"));
    const name = encodeURIComponent(key);

    const [objects, object, sha, uploads, parts, missing] = await Promise.all([
      call("GET", "buckets/demo/objects"),
      call("GET", `buckets/demo/objects/${name}`),
      call("GET", `buckets/demo/objects/${name}/sha256`),
      call("GET", "buckets/demo/uploads"),
      call("GET", `buckets/demo/uploads/${uploadId}/parts`),
      call("GET", "buckets/demo/objects/missing"),
    ]);

    expect(object.json).toMatchObject({ key, size: 10 });
    expect(objects.json).toEqual([object.json]);
    expect(sha.json.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(uploads.json).toMatchObject([{ uploadId, partCount: 1, storedBytes: 1 }]);
    expect(parts.json).toMatchObject([{ partNumber: 1, size: 1 }]);
    expect([missing.status, missing.json]).toEqual([404, { error: 'there is no object "missing"' }]);
  });

  test("sets CORS rules, the network and the clock", async () => {
    const { emulator, client, call } = await controlled();

    await call("PUT", "buckets/demo/cors", [{ allowedOrigins: ["http://a.test"], allowedMethods: ["PUT"] }]);
    const { json: network } = await call("PUT", "network", { bytesPerSecond: 1000 });
    const { json: freed } = await call("PUT", "network", { bytesPerSecond: null });
    await call("PUT", "clock", { offsetMs: 3_600_000 });
    const { xml, headers } = await client.put("k", "x", { origin: "http://a.test" });

    expect([network, freed]).toEqual([
      { cut: false, bytesPerSecond: 1000 },
      { cut: false, bytesPerSecond: null },
    ]);
    expect(xml?.Code).toBe("RequestTimeTooSkewed");
    expect(headers["access-control-allow-origin"]).toBe("http://a.test");
    expect(emulator.network.bytesPerSecond).toBeUndefined();
  });

  test.each([
    ["POST", "faults", { on: "Nothing", fault: "refuse" }, 400, /unknown action/],
    ["POST", "faults", undefined, 400, /a JSON object is needed/],
    ["GET", "faults/9", undefined, 404, /there is no fault 9/],
    ["GET", "nonsense", undefined, 404, /there is no GET \/_emulator\/nonsense; there are GET/],
    ["POST", "tokens", {}, 400, /"expiresInMs" must be a number/],
    ["PUT", "permissions/nobody", [], 400, /there is no access key/],
    ["PUT", "permissions/nobody", ["oss:Everything"], 400, /"permissions" must be a list of/],
    ["PUT", "network", { bytesPerSecond: -1 }, 400, /not a number of bytes per second/],
    ["PUT", "buckets/nowhere/cors", [], 400, /there is no bucket "nowhere"/],
    ["GET", "buckets/nowhere/objects", undefined, 400, /there is no bucket "nowhere"/],
    ["GET", "%ff", undefined, 400, /must be percent-encoded/],
  ])("answers %s %s %j with an error that says what is wrong", async (method, path, body, status, message) => {
    const { call } = await controlled();

    const reply = await call(method, path, body);

    expect(reply.status).toBe(status);
    expect(reply.json.error).toMatch(message);
  });

  test("refuses a body that is not JSON, and says why", async () => {
    const { emulator } = await controlled();

    const { status, text } = await send(emulator.port, { method: "POST", path: "/_emulator/faults" }, "{");

    expect([status, text]).toEqual([400, expect.stringContaining("the body is not JSON")]);
  });
});

describe("a page", () => {
  test.each(["http://localhost:5173", "http://127.0.0.1:80", "https://demo.localhost", "http://[::1]:3000"])(
    "of %s may use it",
    async (origin) => {
      const { call } = await controlled();

      const preflight = await call("OPTIONS", "faults", undefined, { origin, "access-control-request-method": "POST" });
      const reply = await call("GET", "faults", undefined, { origin });

      expect([preflight.status, reply.status]).toEqual([204, 200]);
      for (const { headers } of [preflight, reply]) expect(headers["access-control-allow-origin"]).toBe(origin);
    },
  );

  test.each(["https://evil.test", "http://localhost.evil.test", "null"])("of %s may not", async (origin) => {
    const { emulator, call } = await controlled();

    const reply = await call("POST", "tokens", { expiresInMs: 1000 }, { origin });

    expect(reply.status).toBe(403);
    expect(reply.headers).not.toHaveProperty("access-control-allow-origin");
    expect(emulator.expireTokens()).toBe(0);
  });
});
