/** Malformed requests: each is answered or its connection ends, and the emulator neither fails nor stops. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Emulator } from "../src/index.js";
import { openEmulator } from "./open-emulator.js";
import { requestText, sendRaw } from "./raw-client.js";
import { completeXml, createClient, type Reply, send } from "./signed-client.js";

async function isAlive(emulator: Emulator): Promise<boolean> {
  return (await createClient(emulator).put("alive", "x")).status === 200;
}

describe("a request line", () => {
  const targets = [
    "http://[",
    "http://[/demo/k",
    "http://",
    "//[",
    "//evil.test/demo/k",
    "*",
    "/%",
    "/%ff",
    "/demo/%c0%af",
    "/demo/%00",
    "/demo/%ed%a0%80",
    "/demo?%",
    "/demo/k?a=%ff",
    "/demo/k?uploadId=%",
    "/demo/k?partNumber=__proto__&uploadId=constructor",
    "/__proto__/constructor",
    "/_emulator/%",
    "/_emulator/%00",
    "/_emulator/faults/__proto__",
    "/_emulator/buckets/__proto__/objects",
    "/_emulator/buckets/demo/objects/%2e%2e",
    "/_emulator/requests/wait?timeoutMs=-1",
    "/_emulator/requests/wait?timeoutMs=1e99",
    "/_emulator/elsewhere?body=%ff%",
    `/demo/${"a".repeat(5000)}`,
    `/demo/k?${"a&".repeat(10_000)}`,
  ];

  test.each(targets)("with the URL %.80s is answered, and not with 500", async (target) => {
    const emulator = await openEmulator();

    for (const method of ["GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS"]) {
      const text = await sendRaw(emulator.port, requestText(method, target, { "content-length": 0 }));
      expect(text, method).toMatch(/^HTTP\/1.1 [2345]\d\d /);
      expect(text, method).not.toMatch(/^HTTP\/1.1 500 /);
    }

    expect(await isAlive(emulator)).toBe(true);
  });

  test.each([
    "[",
    "[::1",
    "::::",
    "demo.localhost:port",
    "%",
    "a b",
    "__proto__.localhost",
    "\u00ff",
    "",
    `${"a".repeat(300)}.localhost`,
  ])("with the Host %j is answered, and not with 500", async (host) => {
    const emulator = await openEmulator();

    for (const path of ["/demo/k", "/_emulator/faults"]) {
      const text = await sendRaw(emulator.port, requestText("GET", path, { host }));
      expect(text, path).toMatch(/^HTTP\/1.1 [234]\d\d /);
    }

    expect(await isAlive(emulator)).toBe(true);
  });

  test.each([
    ["an upgrade", requestText("GET", "/demo/k", { connection: "Upgrade", upgrade: "websocket" })],
    ["a tunnel", "CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test\r\n\r\n"],
    ["two lengths", "PUT /demo/k HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
    [
      "a length and chunks",
      "PUT /demo/k HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nab",
    ],
    ["a length below nothing", "PUT /demo/k HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"],
    [
      "a chunk without end",
      "PUT /demo/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
    ],
    ["headers without end", `GET /demo/k HTTP/1.1\r\nHost: a\r\nX-A: ${"a".repeat(100_000)}\r\n\r\n`],
    ["no host", "GET /_emulator/faults HTTP/1.0\r\n\r\n"],
  ])("with %s is refused or ends its connection, and the emulator goes on", async (_, text) => {
    const emulator = await openEmulator();

    const answer = await sendRaw(emulator.port, text);

    expect(answer).not.toMatch(/^HTTP\/1.1 (200|5)/);
    expect(await isAlive(emulator)).toBe(true);
  });
});

describe("a request to a bucket that is open to all", () => {
  const nasty = fc.constantFrom(
    "",
    "-1",
    "0",
    "1",
    "99999999999999999999",
    "1e9",
    "NaN",
    "__proto__",
    "constructor",
    "yes",
    "true",
    "*",
    "\n",
    "\r\nX-A: b",
    "\u0000",
    "中文",
    "\u00ff",
    "=",
    "&",
    "e30=",
    "bytes=0-",
    "bytes=9-1",
    "Thu, 99 Foo 0000",
    Buffer.from('{"callbackUrl":"http://[","callbackBody":"$' + '{__proto__}"}').toString("base64"),
    Buffer.from('{"__proto__":{"callbackUrl":"x"}}').toString("base64"),
    "a".repeat(3000),
  );
  const queryNames = fc.constantFrom(
    "uploads",
    "uploadId",
    "partNumber",
    "sequential",
    "encoding-type",
    "max-parts",
    "part-number-marker",
    "x-oss-traffic-limit",
    "callback",
    "callback-var",
    "response-content-type",
    "response-content-disposition",
    "response-expires",
    "acl",
    "__proto__",
  );
  const headerNames = fc.constantFrom(
    "range",
    "x-oss-range-behavior",
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
    "content-md5",
    "content-type",
    "x-oss-meta-a",
    "x-oss-tagging",
    "x-oss-object-acl",
    "x-oss-storage-class",
    "x-oss-forbid-overwrite",
    "x-oss-server-side-encryption",
    "x-oss-complete-all",
    "x-oss-callback",
    "x-oss-callback-var",
    "x-oss-traffic-limit",
    "x-oss-copy-source",
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
  );
  const sendable = nasty.filter((value) => /^[\x20-\x7e\x80-\xff]*$/.test(value));

  test("is answered whatever its query, headers and body are, and not with 500", async () => {
    const emulator = await openEmulator();
    await createClient(emulator).put("k", "hello");
    const uploadId = await createClient(emulator).initiate("k");

    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"),
        fc.constantFrom("/demo/k", "/demo/k", "/demo", "/", "/demo/other"),
        fc.array(fc.tuple(queryNames, fc.oneof(nasty, fc.constant(uploadId))), { maxLength: 4 }),
        fc.dictionary(headerNames, sendable, { maxKeys: 4 }),
        fc.constantFrom("", "x", completeXml([[1, "x"]])),
        async (method, path, query, headers, body) => {
          const search = query.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
          const length = method === "GET" || method === "HEAD" ? {} : { "content-length": String(body.length) };
          const text = length["content-length"] === undefined ? undefined : body;
          const options = { method, path: `${path}?${search}`, headers: { ...headers, ...length } };
          const reply: Reply = await send(emulator.port, options, text);
          expect(reply.status).toBeLessThan(500 + Number(reply.status === 501));
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe("a command to the control API", () => {
  const bodies: readonly unknown[] = [
    null,
    0,
    "x",
    [],
    {},
    [null],
    [[]],
    [{}],
    { __proto__: null },
    { on: {}, fault: {} },
    { on: "any", fault: { kind: "toString" } },
    { on: "any", fault: { kind: "refuse", toString: 1 } },
    { on: "any", constructor: 1, fault: "refuse" },
    { on: "any", fault: { kind: "clock-skew", ms: 1e300 } },
    { expiresInMs: 1e300 },
    { expiresInMs: {} },
    { offsetMs: 1e300 },
    { offsetMs: "x" },
    { bytesPerSecond: {} },
    { bytesPerSecond: "1" },
    { as: {} },
    [{ allowedOrigins: [1], allowedMethods: [1] }],
    [{ allowedOrigins: ["*"], allowedMethods: [1] }],
    [{ allowedOrigins: "*", allowedMethods: "PUT" }],
    [{ allowedOrigins: ["*"], allowedMethods: ["GET"], exposeHeaders: ["a\r\nb: c"] }],
    [{ allowedOrigins: ["*"], allowedMethods: ["中"], exposeHeaders: [null] }],
    [{ allowedOrigins: ["*"], allowedMethods: ["GET"], maxAgeSeconds: {} }],
  ];
  const raw = ["{", '{"__proto__":{"on":"any"}}', "[".repeat(100_000), "\u0000", "1e999", '{"bytesPerSecond":1e999}'];
  const commands = [
    ["POST", "faults"],
    ["POST", "tokens"],
    ["POST", "tokens/expire"],
    ["PUT", "permissions/x"],
    ["PUT", "buckets/demo/cors"],
    ["PUT", "network"],
    ["PUT", "clock"],
  ] as const;

  test.each(commands)("%s %s with a body that makes no sense changes nothing", async (method, path) => {
    const emulator = await openEmulator();
    const before = await createClient(emulator).put("k", "x", { origin: "http://page.test" });

    for (const body of [...bodies.map((one) => JSON.stringify(one)), ...raw]) {
      const reply = await send(emulator.port, { method, path: `/_emulator/${path}` }, body);
      const put = await createClient(emulator).put("k", "x", { origin: "http://page.test" });
      expect([200, 204, 400], body.slice(0, 100)).toContain(reply.status);
      expect(put.status, body.slice(0, 100)).toBe(200);
    }

    const after = await createClient(emulator).put("k", "x", { origin: "http://page.test" });
    expect([after.status, emulator.faults.list()]).toEqual([200, []]);
    // For CORS rules the empty list among the bodies makes sense: it removes all rules.
    if (path !== "buckets/demo/cors") {
      expect(after.headers["access-control-allow-origin"]).toBe(before.headers["access-control-allow-origin"]);
    }
  });

  test("with a body of more than 1 MiB is refused", async () => {
    const emulator = await openEmulator();
    const body = Buffer.alloc((1 << 20) + 1, "x");

    const { status, text } = await send(emulator.port, { method: "POST", path: "/_emulator/faults" }, body);

    expect([status, text]).toEqual([413, '{"error":"the body is larger than 1 MiB"}']);
  });
});

test("an object is stored although its callback holds characters that cannot be encoded", async () => {
  const emulator = await openEmulator();
  const asBase64 = (value: string) => Buffer.from(value).toString("base64");
  const callback = asBase64(
    '{"callbackUrl":"http://127.0.0.1:1","callbackBody":"a=$' + "{x:a}&b=$" + "{__proto__}&c=$" + '{constructor}"}',
  );

  const { status, xml } = await createClient(emulator).put("k", "x", {
    "x-oss-callback": callback,
    "x-oss-callback-var": asBase64('{"x:a":"\\ud800"}'),
  });

  expect([status, xml?.Code, emulator.object("demo", "k")?.size]).toEqual([203, "CallbackFailed", 1]);
});
