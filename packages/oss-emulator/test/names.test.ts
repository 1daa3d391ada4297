/** Names of keys, buckets and hosts: which are valid, and the errors for those that are not. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { defaultAccount } from "../src/index.js";
import { withHello } from "./hello-world.js";
import { createClient, send, signed } from "./signed-client.js";
import { emulatorWith } from "./world.js";

describe("a refusal", () => {
  test("is a document, with the same request id and EC in its headers", async () => {
    const { get } = await withHello();

    const { headers, xml } = await get("missing");

    expect(headers["content-type"]).toBe("application/xml");
    expect(headers["x-oss-request-id"]).toMatch(/^[0-9A-F]{24}$/);
    expect(xml).toMatchObject({
      Code: "NoSuchKey",
      Message: "The specified key does not exist.",
      RequestId: headers["x-oss-request-id"],
      EC: headers["x-oss-ec"],
      RecommendDoc: "https://api.aliyun.com/troubleshoot?q=0026-00000001",
    });
    expect(xml?.HostId).toMatch(/^demo\.127\.0\.0\.1:\d+$/);
  });

  test("of a HEAD is in a header, in Base64", async () => {
    const { head } = await withHello();

    const { status, headers, body } = await head("missing");

    expect([status, body.length, headers["x-oss-ec"]]).toEqual([404, 0, "0026-00000001"]);
    expect(Buffer.from(String(headers["x-oss-err"]), "base64").toString()).toContain("<Code>NoSuchKey</Code>");
  });

  test("names the bucket that does not exist", async () => {
    const { call } = await withHello();

    const { status, xml } = await call({ method: "GET", bucket: "nowhere", key: "k" });

    expect([status, xml?.Code, xml?.BucketName]).toEqual([404, "NoSuchBucket", "nowhere"]);
  });

  test.each(["a", "Upper", "under_score", "-dash", "x".repeat(64)])("a bucket cannot be called %s", async (bucket) => {
    const { call } = await withHello();

    const { status, xml } = await call({ method: "GET", bucket, key: "k" });

    expect([status, xml?.Code]).toEqual([400, "InvalidBucketName"]);
  });

  test.each([["x".repeat(1024)], ["ü".repeat(512)], ["/slash"], ["\\backslash"]])(
    "a key cannot be %.12s…",
    async (key) => {
      const { call } = await withHello();

      const { status, xml } = await call({ method: "PUT", key, body: "x" });

      expect([status, xml?.Code]).toEqual([400, "InvalidObjectName"]);
    },
  );

  test.each(["/demo/%zz", "/demo/%ff", "/demo/k?a=%c3"])("a URL cannot be %s", async (path) => {
    const { emulator } = await withHello();

    const { status, xml } = await send(emulator.port, { method: "GET", path });

    expect([status, xml?.Code]).toEqual([400, "InvalidURI"]);
  });

  test.each([
    ["PUT", "acl", 400, "NotImplemented"],
    ["POST", "append", 400, "NotImplemented"],
    ["POST", "", 405, "MethodNotAllowed"],
    ["PATCH", "", 405, "MethodNotAllowed"],
  ])("%s with the query name %s is refused and changes nothing", async (method, name, status, code) => {
    const { call, get } = await withHello();

    const reply = await call({ method, key: "k", query: name === "" ? {} : { [name]: "" }, body: "other" });

    expect([reply.status, reply.xml?.Code]).toEqual([status, code]);
    expect((await get("k")).text).toBe("hello world");
  });
});

describe("a key", () => {
  const keys = [
    "a b+c%20d",
    "目录/文件.bin",
    "emoji 😀/👩‍👩‍👧",
    "'()*!~-._",
    "a//b/../c/./d",
    "?q=1&r#hash",
    "line\nbreak\ttab",
    "x".repeat(1023),
    "CON",
    "trailing/",
    "..",
  ];

  test.each(keys)("may be %j, in path style and in virtual-hosted style", async (key) => {
    const emulator = await emulatorWith();
    const client = createClient(emulator);
    const hosts = [
      `demo.localhost:${emulator.port}`,
      "demo.oss-cn-hangzhou.aliyuncs.com",
      `demo.oss.test:${emulator.port}`,
    ];
    const { path, headers } = signed({ method: "GET", bucket: "demo", key }, defaultAccount);

    const put = await client.put(key, key);
    const replies = await Promise.all(
      hosts.map((host) =>
        send(emulator.port, { method: "GET", path: path.slice("/demo".length), headers: { ...headers, host } }),
      ),
    );

    expect(put.status).toBe(200);
    expect(replies.map(({ text }) => text)).toEqual(hosts.map(() => key));
    expect(await emulator.sha256("demo", key)).toBe(createHash("sha256").update(key).digest("hex"));
  });

  test("is found under the bucket's own domain", async () => {
    const emulator = await emulatorWith({ buckets: [{ name: "demo", domains: ["cdn.example.test"] }] });
    const { headers } = signed({ method: "PUT", bucket: "demo", key: "k" }, defaultAccount);

    const reply = await send(
      emulator.port,
      { method: "PUT", path: "/k", headers: { ...headers, host: "CDN.example.test", "content-length": 1 } },
      "x",
    );

    expect(reply.status).toBe(200);
    expect(emulator.object("demo", "k")?.size).toBe(1);
  });

  test.each([
    ["files.example.test", 200, undefined],
    ["demo.oss-cn-hangzhou.aliyuncs.com", 403, "EmulatorOwnDomainOnly"],
    ["demo.localhost", 403, "EmulatorOwnDomainOnly"],
  ])("that wants its own domain is asked for an object at %s: %i", async (host, status, code) => {
    const bucket = { name: "demo", domains: ["files.example.test"], ownDomainOnly: true };
    const emulator = await emulatorWith({ buckets: [bucket] });
    const { headers } = signed({ method: "PUT", bucket: "demo", key: "k" }, defaultAccount);

    const reply = await send(
      emulator.port,
      { method: "PUT", path: "/k", headers: { ...headers, host, "content-length": 1 } },
      "x",
    );

    expect([reply.status, reply.xml?.Code]).toEqual([status, code]);
    if (code !== undefined) expect(reply.xml?.Message).toContain("the emulator's own invention");
  });

  test("that wants its own domain tells a wrong signature first, and what it is itself anywhere", async () => {
    const bucket = { name: "demo", domains: ["files.example.test"], ownDomainOnly: true };
    const emulator = await emulatorWith({ buckets: [bucket] });
    const client = createClient(emulator, defaultAccount);
    const stranger = createClient(emulator, { ...defaultAccount, accessKeySecret: "another" });

    const wrong = await stranger.put("k", "x");
    const info = await client.call({ method: "GET", query: { bucketInfo: "" } });

    expect([wrong.xml?.Code, info.status]).toEqual(["SignatureDoesNotMatch", 200]);
  });

  test("under the host of an unknown bucket gives NoSuchBucket", async () => {
    const emulator = await emulatorWith();

    const { xml } = await send(emulator.port, {
      method: "GET",
      path: "/k",
      headers: { host: `nowhere.localhost:${emulator.port}` },
    });

    expect([xml?.Code, xml?.BucketName]).toEqual(["NoSuchBucket", "nowhere"]);
  });
});
