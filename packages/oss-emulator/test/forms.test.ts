/** PostObject: a form becomes an object. */
import { createHash } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { defaultCorsRules, type Fault } from "../src/index.js";
import { post } from "./posting.js";
import { createClient, fromToken } from "./signed-client.js";
import { emulatorWith, referenceBytes } from "./world.js";

const bytes = referenceBytes(102_400);
const md5 = "262E402B2319A30BFB4DB50FE0AEF363";
const crc64 = "1967101823507420816";
const origin = "https://page.example";

test("a form stores its file, whose ETag and CRC-64 the answer has", async () => {
  const emulator = await emulatorWith();

  const { status, headers, text } = await post(emulator, {
    key: "目录/文件 a+b.bin",
    file: bytes,
    fields: { success_action_status: "200" },
  });

  expect([status, text]).toEqual([200, ""]);
  expect(headers).toMatchObject({ etag: `"${md5}"`, "x-oss-hash-crc64ecma": crc64 });
  expect(emulator.object("demo", "目录/文件 a+b.bin")).toMatchObject({ size: bytes.length, etag: md5, type: "Normal" });
  expect(await emulator.sha256("demo", "目录/文件 a+b.bin")).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test.each([0, 1, 65_536, 3_000_000])(
  "a file of %i bytes that looks like a boundary is stored as it is",
  async (size) => {
    const emulator = await emulatorWith();
    const file = Buffer.alloc(size, "\r\n------formBoundary7MA4YWxkTrZu0g");

    expect((await post(emulator, { file })).status).toBe(204);

    expect(await emulator.sha256("demo", "k")).toBe(createHash("sha256").update(file).digest("hex"));
  },
);

test.each([
  ["200", 200],
  ["201", 201],
  ["204", 204],
  ["500", 204],
  [undefined, 204],
])("success_action_status %s is answered %i", async (wanted, status) => {
  const emulator = await emulatorWith();
  const fields = wanted === undefined ? {} : { success_action_status: wanted };

  const reply = await post(emulator, { file: "x", fields });

  expect(reply.status).toBe(status);
  expect(reply.xml).toEqual(
    status === 201 ? { Bucket: "demo", ETag: '"9DD4E461268C8034F5C8564E155C67A6"', Key: "k" } : undefined,
  );
});

test("what the form says of the object comes back by HEAD", async () => {
  const emulator = await emulatorWith();
  await post(emulator, {
    file: "x",
    fileType: "image/png",
    fields: {
      "x-oss-content-type": "text/plain",
      "Cache-Control": "no-cache",
      "Content-Disposition": "attachment",
      "Content-Encoding": "gzip",
      Expires: "Thu, 31 Jul 2025 00:00:00 GMT",
      "x-oss-meta-a": "b c",
      "x-oss-object-acl": "public-read",
      "x-oss-server-side-encryption": "AES256",
    },
  });

  const { headers } = await createClient(emulator).head("k");

  expect(headers).toMatchObject({
    "content-type": "text/plain",
    "cache-control": "no-cache",
    "content-disposition": "attachment",
    "content-encoding": "gzip",
    expires: "Thu, 31 Jul 2025 00:00:00 GMT",
    "x-oss-meta-a": "b c",
    "x-oss-server-side-encryption": "AES256",
  });
  expect(emulator.object("demo", "k")?.acl).toBe("public-read");
});

test("without x-oss-content-type the file's own type counts", async () => {
  const emulator = await emulatorWith();

  await post(emulator, { fileType: "image/png" });

  expect(emulator.object("demo", "k")?.headers["content-type"]).toBe("image/png");
});

test("an object that is there stays, if the form forbids to overwrite it", async () => {
  const emulator = await emulatorWith();
  await post(emulator, { file: "old" });

  const { status, xml } = await post(emulator, { file: "new", fields: { "x-oss-forbid-overwrite": "true" } });

  expect([status, xml?.Code]).toEqual([409, "FileAlreadyExists"]);
  expect(emulator.object("demo", "k")?.size).toBe(3);
});

test("the file's name takes the place of the variable in the key", async () => {
  const emulator = await emulatorWith();
  const key = ["up/", "{filename}"].join("$");

  expect((await post(emulator, { key, fileName: "C:\\a/b/c.txt" })).status).toBe(204);

  expect(emulator.objects("demo").map((object) => object.key)).toEqual(["up/c.txt"]);
});

test.each(["/demo/", "/demo", "/demo/?Signature=x&OSSAccessKeyId=y"])(
  "the form may go to %s: a signature in the URL is not looked at",
  async (path) => {
    const emulator = await emulatorWith();

    expect((await post(emulator, { path })).status).toBe(204);
  },
);

test("the bucket may be in the host's name", async () => {
  const emulator = await emulatorWith();

  const { status } = await post(emulator, { path: "/", headers: { host: `demo.localhost:${emulator.port}` } });

  expect(status).toBe(204);
});

test("a temporary key signs with its token, within its rights", async () => {
  const emulator = await emulatorWith();
  const token = emulator.issueToken({ expiresInMs: 60_000, permissions: ["oss:PutObject"], policyPrefix: "mine/" });
  const credentials = fromToken(token);

  expect((await post(emulator, { key: "mine/a", credentials })).status).toBe(204);
  expect((await post(emulator, { key: "yours/a", credentials })).xml?.Code).toBe("AccessDenied");
  emulator.setPermissions(token.AccessKeyId, ["oss:GetObject"]);
  expect((await post(emulator, { key: "mine/b", credentials })).xml?.Code).toBe("AccessDenied");
  emulator.expireTokens();
  expect((await post(emulator, { key: "mine/c", credentials })).xml?.Code).toBe("SecurityTokenExpired");
  expect(emulator.objects("demo").map(({ key }) => key)).toEqual(["mine/a"]);
});

test("a form without a signature is for buckets that everybody may write", async () => {
  const unsigned = { spoil: () => [["key", "k"]] as const };
  const open = await emulatorWith({ buckets: [{ name: "demo", acl: "public-read-write" }] });
  const closed = await emulatorWith();

  expect((await post(open, unsigned)).status).toBe(204);
  expect((await post(closed, unsigned)).xml?.Code).toBe("AccessDenied");
});

test("the answer is for the pages that a rule with POST allows, and a rule without POST hides it", async () => {
  const [rule] = defaultCorsRules;
  const emulator = await emulatorWith({ buckets: [{ name: "demo", cors: rule === undefined ? [] : [rule] }] });
  const seen = (await post(emulator, { headers: { origin } })).headers;
  emulator.setCors("demo", [{ ...rule, allowedOrigins: ["*"], allowedMethods: ["PUT", "GET"] }]);
  const hidden = await post(emulator, { headers: { origin } });

  expect(seen).toMatchObject({ "access-control-allow-origin": "*" });
  expect(seen["access-control-expose-headers"]).toContain("x-oss-hash-crc64ecma");
  expect(hidden.status).toBe(204);
  expect(Object.keys(hidden.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
});

test("the answer has no CRC-64 where the emulator is told so, and the object has it all the same", async () => {
  const emulator = await emulatorWith({ postObjectCrc: false });

  const { headers } = await post(emulator, { file: bytes });

  expect([headers.etag, headers["x-oss-hash-crc64ecma"]]).toEqual([`"${md5}"`, undefined]);
  expect(emulator.object("demo", "k")?.crc64).toBe(crc64);
});

test("the application server is called with the variables of the form, and its answer is the form's", async () => {
  const emulator = await emulatorWith();
  const calls: string[] = [];
  const server = http.createServer(async (request, response) => {
    calls.push((await request.toArray()).join(""));
    response.end('{"id":7}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const callback = {
    callbackUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    callbackBody: ["key=", "{object}&size=", "{size}&my=", "{x:my-var}"].join("$"),
  };

  const { status, text } = await post(emulator, {
    file: "abc",
    fields: { callback: Buffer.from(JSON.stringify(callback)).toString("base64"), "x:my-var": "a b" },
  });

  expect([status, text]).toEqual([200, '{"id":7}']);
  expect(calls).toEqual(["key=k&size=3&my=a%20b"]);
});

test("the log names the key of the form, and counts all of its bytes", async () => {
  const emulator = await emulatorWith();

  await post(emulator, { key: "a/b", file: bytes });

  expect(emulator.requests).toMatchObject([
    { action: "PostObject", bucket: "demo", key: "a/b", isSigned: true, status: 204, phase: "answered" },
  ]);
  expect(emulator.requests[0]?.bodyBytes).toBeGreaterThan(bytes.length);
});

test.each<[Fault, string | number, number]>([
  [{ kind: "reset" }, "hang up", 0],
  [{ kind: "refuse" }, "hang up", 0],
  [{ kind: "lose-answer" }, "hang up", 1],
  [{ kind: "slow-down" }, 503, 0],
  [{ kind: "request-timeout" }, 400, 0],
  [{ kind: "error", status: 500, code: "InternalError", effect: true }, 500, 1],
  [{ kind: "expire-token" }, 403, 0],
  [{ kind: "callback-failed" }, 203, 1],
  [{ kind: "clock-skew", ms: 3_600_000 }, 403, 0],
])("%j strikes a form as it strikes any request", async (fault, outcome, stored) => {
  const emulator = await emulatorWith();
  const handle = emulator.faults.add({ on: "PostObject", fault });

  const got = await post(emulator, { file: bytes }).then(
    ({ status }) => status,
    () => "hang up",
  );

  expect([got, emulator.objects("demo").length, handle.hits]).toEqual([outcome, stored, 1]);
});

test.each<[Fault, string]>([
  [{ kind: "corrupt" }, "stored"],
  [{ kind: "wrong-etag" }, "answered"],
  [{ kind: "opaque-etag" }, "named"],
])("%j is of the file: other bytes are %s", async (fault, what) => {
  const emulator = await emulatorWith();
  const handle = emulator.faults.add({ on: "PostObject", fault });

  const { status, headers } = await post(emulator, { file: "a small file" });

  const right = createHash("md5").update("a small file").digest("hex").toUpperCase();
  const sha256 = createHash("sha256").update("a small file").digest("hex");
  expect([status, handle.hits]).toEqual([204, 1]);
  expect(headers.etag).not.toBe(`"${right}"`);
  expect((await emulator.sha256("demo", "k")) === sha256).toBe(what !== "stored");
});
