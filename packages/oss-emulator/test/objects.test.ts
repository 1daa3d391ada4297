import { describe, expect, test } from "vitest";
import { withHello } from "./hello-world.js";
import { createClient } from "./signed-client.js";
import { emulatorWith } from "./world.js";

describe("an object", () => {
  test("has its digests in the answers to PUT, HEAD and GET", async () => {
    const { put, head } = await withHello();

    const digests = {
      etag: '"5EB63BBBE01EEED093CB22BB8F5ACDC3"',
      "content-md5": "XrY7u+Ae7tCTyyK7j1rNww==",
      "x-oss-hash-crc64ecma": "5981764153023615706",
    };
    expect(put.headers).toMatchObject(digests);
    expect((await head("k")).headers).toMatchObject({
      ...digests,
      "content-length": "11",
      "last-modified": "Tue, 05 May 2026 12:00:00 GMT",
      "x-oss-object-type": "Normal",
      "x-oss-storage-class": "Standard",
    });
  });

  test("may be empty", async () => {
    const { call } = await withHello();

    const { headers } = await call({ method: "PUT", key: "empty", body: "" });

    expect(headers).toMatchObject({
      etag: '"D41D8CD98F00B204E9800998ECF8427E"',
      "x-oss-hash-crc64ecma": "0",
      "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==",
    });
    expect((await call({ method: "GET", key: "empty" })).body.length).toBe(0);
  });

  test("keeps the headers, metadata, tags, storage class, ACL and encryption of its PUT", async () => {
    const { emulator, put, head } = await withHello({
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-cache",
      "content-disposition": "attachment; filename=a.txt",
      "content-encoding": "identity",
      expires: "Fri, 28 Feb 2031 05:38:42 GMT",
      "x-oss-meta-author": "alice",
      "x-oss-storage-class": "IA",
      "x-oss-object-acl": "public-read",
      "x-oss-tagging": "a=1&b%20c=d%2Be",
      "x-oss-server-side-encryption": "KMS",
      "x-oss-server-side-encryption-key-id": "key-1",
    });

    const { headers } = await head("k");

    expect(put.headers["x-oss-server-side-encryption"]).toBe("KMS");
    expect(headers).toMatchObject({
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-cache",
      "content-disposition": "attachment; filename=a.txt",
      "content-encoding": "identity",
      expires: "Fri, 28 Feb 2031 05:38:42 GMT",
      "x-oss-meta-author": "alice",
      "x-oss-storage-class": "IA",
      "x-oss-tagging-count": "2",
      "x-oss-server-side-encryption": "KMS",
      "x-oss-server-side-encryption-key-id": "key-1",
    });
    expect(emulator.object("demo", "k")).toMatchObject({ acl: "public-read", tagging: "a=1&b%20c=d%2Be" });
  });

  test("has the type application/octet-stream if the client sent none", async () => {
    const { head } = await withHello();

    expect((await head("k")).headers["content-type"]).toBe("application/octet-stream");
  });

  test.each([
    ["x-oss-storage-class", "Cheap", "InvalidArgument"],
    ["x-oss-object-acl", "everybody", "InvalidArgument"],
    ["x-oss-server-side-encryption", "ROT13", "InvalidEncryptionAlgorithmError"],
    ["x-oss-server-side-encryption-key-id", "k", "InvalidArgument"],
    ["x-oss-tagging", Array.from({ length: 11 }, (_, i) => `t${i}=`).join("&"), "InvalidArgument"],
    ["x-oss-tagging", `${"k".repeat(129)}=v`, "InvalidArgument"],
    ["x-oss-tagging", `k=${"v".repeat(257)}`, "InvalidArgument"],
    ["x-oss-tagging", "k=1&k=2", "InvalidArgument"],
    ["x-oss-tagging", "k=%zz", "InvalidArgument"],
    ["x-oss-meta-big", "x".repeat(8192), "InvalidArgument"],
    ["x-oss-forbid-overwrite", "perhaps", "InvalidArgument"],
    ["x-oss-callback", "bm8=", "InvalidArgument"],
    ["x-oss-copy-source", "/demo/k", "NotImplemented"],
    ["content-md5", "XrY7u+Ae7tCTyyK7j1rNwA==", "InvalidDigest"],
  ])("is refused with the header %s: %.20s", async (name, value, code) => {
    const { emulator, put } = await withHello({ [name]: value });

    expect([put.status, put.xml?.Code]).toEqual([400, code]);
    expect(emulator.object("demo", "k")).toBeUndefined();
  });

  test("is replaced as a whole by the next one of its key", async () => {
    const { call, get } = await withHello({ "x-oss-meta-a": "1" });

    await call({ method: "PUT", key: "k", body: "other" });
    const { text, headers } = await get("k");

    expect([text, headers["x-oss-meta-a"]]).toEqual(["other", undefined]);
  });

  test("is not overwritten if the client forbids it", async () => {
    const { call, get } = await withHello();

    const { status, xml } = await call({
      method: "PUT",
      key: "k",
      body: "other",
      headers: { "x-oss-forbid-overwrite": "true" },
    });

    expect([status, xml?.Code]).toEqual([409, "FileAlreadyExists"]);
    expect((await get("k")).text).toBe("hello world");
  });

  test("of two simultaneous PUTs that forbid overwriting is that of one", async () => {
    const { emulator, call } = await withHello();
    const headers = { "x-oss-forbid-overwrite": "true" };

    const replies = await Promise.all(
      ["a", "b", "c"].map((body) => call({ method: "PUT", key: "new", body, headers })),
    );

    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(emulator.object("demo", "new")?.size).toBe(1);
  });

  test("is deleted, and a second DELETE is not an error", async () => {
    const { call, get } = await withHello();

    const deletions = [await call({ method: "DELETE", key: "k" }), await call({ method: "DELETE", key: "k" })];
    const { status, xml } = await get("k");

    expect(deletions.map((reply) => reply.status)).toEqual([204, 204]);
    expect([status, xml?.Code, xml?.EC, xml?.Key]).toEqual([404, "NoSuchKey", "0026-00000001", "k"]);
  });

  test("can be read to its end although it is deleted meanwhile", async () => {
    const { emulator, call } = await withHello();
    const bytes = Buffer.alloc(4 << 20, 7);
    await call({ method: "PUT", key: "big", body: bytes });
    const reading = emulator.readObject("demo", "big");

    await call({ method: "DELETE", key: "big" });
    const read: Buffer[] = [];
    for await (const piece of reading) read.push(piece as Buffer);

    expect(Buffer.concat(read).equals(bytes)).toBe(true);
  });

  test("in an archive cannot be read before it is restored", async () => {
    const { get, head } = await withHello({ "x-oss-storage-class": "Archive" });

    expect([(await head("k")).status, (await get("k")).xml?.Code]).toEqual([200, "InvalidObjectState"]);
  });
});

describe("a range", () => {
  test.each([
    ["bytes=0-4", 206, "hello", "bytes 0-4/11"],
    ["bytes=6-", 206, "world", "bytes 6-10/11"],
    ["bytes=-5", 206, "world", "bytes 6-10/11"],
    ["bytes=6-10", 206, "world", "bytes 6-10/11"],
    ["bytes=6-11", 200, "hello world", undefined],
    ["bytes=11-", 200, "hello world", undefined],
    ["bytes=4-2", 200, "hello world", undefined],
    ["bytes=0-1,3-4", 200, "hello world", undefined],
    ["lines=1-2", 200, "hello world", undefined],
    ["bytes=-", 200, "hello world", undefined],
  ])("%s gives %i", async (range, status, text, contentRange) => {
    const { get } = await withHello();

    const reply = await get("k", { range });

    expect([reply.status, reply.text, reply.headers["content-range"]]).toEqual([status, text, contentRange]);
  });

  test.each([
    ["bytes=6-11", 206, "world"],
    ["bytes=6-99", 206, "world"],
    ["bytes=-99", 206, "hello world"],
  ])("%s is cut to the object's size under the standard behaviour", async (range, status, text) => {
    const { get } = await withHello();

    const reply = await get("k", { range, "x-oss-range-behavior": "standard" });

    expect([reply.status, reply.text]).toEqual([status, text]);
  });

  test("beyond the object is refused only under the standard behaviour", async () => {
    const { get } = await withHello();

    const { status, xml } = await get("k", { range: "bytes=11-20", "x-oss-range-behavior": "standard" });

    expect([status, xml?.Code]).toEqual([416, "InvalidRange"]);
  });

  test("may lie across the parts of an object", async () => {
    const emulator = await emulatorWith();
    const client = createClient(emulator);
    const uploadId = await client.initiate("k");
    const bytes = Buffer.from(Uint8Array.from({ length: 250_000 }, (_, i) => i % 251));
    const parts = await Promise.all(
      [0, 1, 2].map((i) => client.part("k", uploadId, i + 1, bytes.subarray(i * 102_400, (i + 1) * 102_400))),
    );
    await client.complete(
      "k",
      uploadId,
      parts.map(({ headers }, i) => [i + 1, headers.etag ?? ""]),
    );

    const reply = await client.get("k", { range: "bytes=102000-210000" });

    expect(reply.body.equals(bytes.subarray(102_000, 210_001))).toBe(true);
  });
});

describe("a condition", () => {
  const etag = '"5EB63BBBE01EEED093CB22BB8F5ACDC3"';

  test.each([
    ["if-match", etag, 200],
    ["if-match", '"other"', 412],
    ["if-none-match", etag, 304],
    ["if-none-match", '"other"', 200],
    ["if-modified-since", "Tue, 05 May 2026 12:00:00 GMT", 304],
    ["if-modified-since", "Tue, 05 May 2026 11:59:59 GMT", 200],
    ["if-unmodified-since", "Tue, 05 May 2026 12:00:00 GMT", 200],
    ["if-unmodified-since", "Tue, 05 May 2026 11:59:59 GMT", 412],
  ])("%s: %s gives %i", async (name, value, status) => {
    const { get, head } = await withHello();

    const replies = [await get("k", { [name]: value }), await head("k", { [name]: value })];

    expect(replies.map((reply) => reply.status)).toEqual([status, status]);
  });
});
