/** Answers that are not the service's, or that no page can read. */
import { describe, expect, test } from "vitest";
import { defaultCorsRules, type Fault } from "../src/index.js";
import { bytes, md5, type PartWorld, partWorld } from "./part-world.js";
import { post } from "./posting.js";
import { type Reply, send } from "./signed-client.js";

const origin = "http://page.test";
const exposed = defaultCorsRules[0]?.exposeHeaders?.join(", ");
const elsewhere = "/_emulator/elsewhere";

type Requests = Readonly<Record<string, (world: PartWorld) => Promise<Reply>>>;

/** Each request of an upload by a page, as it would succeed. */
const requests = {
  PutObject: ({ client }) => client.put("p", "x", { origin }),
  PostObject: ({ emulator }) => post(emulator, { key: "p", headers: { origin } }),
  InitiateMultipartUpload: ({ client }) =>
    client.call({ method: "POST", key: "p", query: { uploads: "" }, headers: { origin } }),
  UploadPart: ({ part }) => part(2, { origin }),
  ListParts: ({ client, uploadId }) =>
    client.call({ method: "GET", key: "k", query: { uploadId }, headers: { origin } }),
  CompleteMultipartUpload: ({ client, uploadId }) =>
    client.complete("k", uploadId, [[1, md5(bytes)]], { headers: { origin } }),
  AbortMultipartUpload: ({ client, uploadId }) =>
    client.call({ method: "DELETE", key: "k", query: { uploadId }, headers: { origin } }),
  HeadObject: ({ client }) => client.head("there", { origin }),
  GetObject: ({ client }) => client.get("there", { origin }),
} as const satisfies Requests;
const names = Object.keys(requests) as (keyof typeof requests)[];

/** An upload with one part and an object: every request of the table would succeed. */
async function readyWorld(): Promise<PartWorld> {
  const world = await partWorld();
  await world.part(1);
  await world.client.put("there", "y");
  return world;
}

function stateOf({ emulator }: PartWorld): unknown {
  const uploads = emulator.uploads("demo").map(({ key, partCount }) => [key, partCount]);
  return { objects: emulator.objects("demo").map(({ key }) => key), uploads };
}

const ofTheService = /^(etag|server|date|x-oss-.*|content-md5|last-modified)$/;

describe.each(names)("%s", (name) => {
  const ask = (world: PartWorld) => requests[name](world);
  const armed = async (fault: Fault, times: number | "always" = 1) => {
    const world = await readyWorld();
    const handle = world.emulator.faults.add({ on: name, times, fault });
    return { world, handle };
  };

  test("is answered by a stranger without the service's headers, and the operation does not run", async () => {
    const headers = { "content-type": "text/html", "x-gateway": "1" };
    const { world, handle } = await armed({ kind: "stranger", body: "<p>Sign in</p>", headers });
    const before = stateOf(world);

    const reply = await ask(world);

    expect(reply.status).toBe(200);
    expect(reply.text).toBe(name === "HeadObject" ? "" : "<p>Sign in</p>");
    expect(reply.headers).toMatchObject({
      ...headers,
      "access-control-allow-origin": "*",
      "access-control-expose-headers": exposed,
    });
    expect(Object.keys(reply.headers).filter((header) => ofTheService.test(header))).toEqual([]);
    expect(stateOf(world)).toEqual(before);
    expect([handle.hits, world.emulator.requests.at(-1)?.status]).toEqual([1, 200]);
  });

  test("is answered by a stranger with an empty 200 that no page can read", async () => {
    const { world } = await armed({ kind: "stranger", cors: false });

    const { status, text, headers } = await ask(world);

    expect([status, text]).toEqual([200, ""]);
    expect(Object.keys(headers).filter((header) => header.startsWith("access-control"))).toEqual([]);
  });

  test("runs before the stranger's answer with effect: true, every time", async () => {
    const right = await readyWorld();
    await ask(right);
    const { world, handle } = await armed({ kind: "stranger", effect: true, body: "not xml <" }, "always");

    const first = await ask(world);
    const state = stateOf(world);
    const second = await ask(world);

    expect([first, second].map(({ status }) => status)).toEqual([200, 200]);
    expect(second.text).toBe(first.text);
    expect([state, handle.hits]).toEqual([stateOf(right), 2]);
  });

  test("runs before an error with effect: true, also when its upload is gone", async () => {
    const error = { kind: "error", status: 500, code: "InternalError", effect: true } as const;
    const { world, handle } = await armed(error, "always");

    const statuses = [(await ask(world)).status, (await ask(world)).status, (await ask(world)).status];

    expect([statuses, handle.hits]).toEqual([[500, 500, 500], 3]);
  });

  test("is redirected to the harmless target, which answers", async () => {
    const location = `${elsewhere}?body=hello`;
    const { world } = await armed({ kind: "stranger", status: 307, location });

    const reply = await ask(world);

    expect([reply.status, reply.headers.location]).toEqual([307, location]);
    expect(reply.headers["access-control-allow-origin"]).toBe("*");
  });

  test("is served without CORS headers", async () => {
    const right = await readyWorld();
    const { status } = await ask(right);
    const { world, handle } = await armed({ kind: "without-cors" });

    const hidden = await ask(world);

    expect([hidden.status, stateOf(world), handle.hits]).toEqual([status, stateOf(right), 1]);
    expect(Object.keys(hidden.headers).filter((header) => header.startsWith("access-control"))).toEqual([]);
  });

  test("is answered without CORS headers only if it is refused, as by Ceph", async () => {
    const { world, handle } = await armed({ kind: "without-cors", refusals: true }, "always");

    const served = await ask(world);
    world.emulator.skewClock(3_600_000);
    const refused = await ask(world);

    expect(served.headers["access-control-allow-origin"]).toBe("*");
    expect([refused.status, handle.hits]).toEqual([403, 1]);
    expect(refused.headers).not.toHaveProperty("access-control-allow-origin");
    expect(served.headers["access-control-expose-headers"]?.split(", ")).toContain("Date");
    for (const { headers } of [served, refused]) expect(Date.parse(headers.date ?? "")).toBeGreaterThan(0);
  });

  test("is refused by an error that no page can read", async () => {
    const { world } = await armed({ kind: "error", status: 403, code: "AccessDenied", cors: false });

    const { status, headers } = await ask(world);

    expect(status).toBe(403);
    expect(headers).not.toHaveProperty("access-control-allow-origin");
    expect(headers["x-oss-request-id"]).toBeDefined();
  });
});

describe("the redirect target", () => {
  test.each(["GET", "PUT", "POST", "DELETE", "HEAD"])("takes %s from a page of any origin", async (method) => {
    const { emulator } = await partWorld();
    const headers = { origin: "null", authorization: "OSS4-HMAC-SHA256 x", "content-length": "3" };

    const reply = await send(emulator.port, { method, path: `${elsewhere}?body=a%20b`, headers }, "abc");

    expect([reply.status, reply.text]).toEqual([200, method === "HEAD" ? "" : "a b"]);
    expect(reply.headers["access-control-allow-origin"]).toBe("null");
    expect(Object.keys(reply.headers).filter((header) => /^(etag|server|x-oss-.*)$/.test(header))).toEqual([]);
    expect(emulator.requests.at(-1)).toMatchObject({
      method,
      key: elsewhere,
      isSigned: true,
      bodyBytes: 3,
      status: 200,
    });
  });

  test("answers preflights", async () => {
    const { emulator } = await partWorld();
    const asked = { "access-control-request-method": "PUT", "access-control-request-headers": "authorization,x-a" };

    const { status, headers } = await send(emulator.port, {
      method: "OPTIONS",
      path: elsewhere,
      headers: { origin, ...asked },
    });

    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-methods": "PUT",
      "access-control-allow-headers": "authorization,x-a",
    });
  });
});

test("a fault for signed requests lets unsigned ones pass, and the other way round", async () => {
  const { emulator, client } = await partWorld();
  await client.put("open", "x", { "x-oss-object-acl": "public-read" });
  const signed = emulator.faults.add({ on: "any", signed: true, times: "always", fault: "without-cors" });
  const readable = async (sign: "none" | "v1" | "v4" | "v1-url" | "v4-url") => {
    const { headers } = await client.call({ method: "GET", key: "open", sign, headers: { origin } });
    return "access-control-allow-origin" in headers;
  };
  const all = async () => [
    await readable("none"),
    await readable("v1"),
    await readable("v4"),
    await readable("v1-url"),
    await readable("v4-url"),
  ];

  const ofSigned = await all();
  signed.remove();
  emulator.faults.add({ on: "any", signed: false, times: "always", fault: "without-cors" });
  const ofUnsigned = await all();

  expect(ofSigned).toEqual([true, false, false, false, false]);
  expect(ofUnsigned).toEqual([false, true, true, true, true]);
});

test.each([
  [{ kind: "stranger", status: 99 }, '"status" must be an HTTP status from 200 to 599, not 99'],
  [{ kind: "stranger", status: 200.5 }, '"status" must be an HTTP status'],
  [{ kind: "error", code: "X", status: 1000 }, '"status" must be an HTTP status'],
  [{ kind: "error", code: "X" }, '"status" is missing (an HTTP status from 200 to 599)'],
  [{ kind: "stranger", headers: { a: 1 } }, '"headers" must be an object of header names and values'],
  [{ kind: "stranger", headers: ["a"] }, '"headers" must be an object'],
  [{ kind: "stranger", headers: { "a b": "1" } }, '"headers" must be an object'],
  [{ kind: "error", status: 500, code: "X", headers: { a: "1\r\nb: 2" } }, '"headers" must be an object'],
  [{ kind: "stranger", location: "/\n" }, '"location" must be'],
])("a fault whose answer could not be sent is refused when it is armed: %j", async (fault, message) => {
  const { emulator } = await partWorld();

  expect(() => emulator.faults.add({ on: "any", fault: fault as Fault })).toThrow(message);
});
