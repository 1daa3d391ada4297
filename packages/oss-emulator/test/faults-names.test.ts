/** Answers whose ETag is not the MD5 of the bytes, or whose digests are those of other bytes. */
import { describe, expect, test } from "vitest";
import { bytes, md5, partWorld } from "./part-world.js";

describe("an ETag that is not an MD5", () => {
  test("is in every answer about the part, and Complete makes the object's ETag of it", async () => {
    const { emulator, client, uploadId, part } = await partWorld();
    const fault = emulator.faults.add({ on: "UploadPart", partNumber: 1, fault: "opaque-etag" });
    const [opaque, plain] = [await part(1), await part(2)];
    const etags = [opaque, plain].map(({ headers }) => headers.etag ?? "") as [string, string];

    const listed = await client.list("k", uploadId);
    const byMd5 = await client.complete("k", uploadId, [[1, md5(bytes)]]);
    const completed = await client.complete("k", uploadId, [
      [1, etags[0]],
      [2, etags[1]],
    ]);

    expect(etags[0]).toMatch(/^"[0-9A-F]{32}"$/);
    expect(etags[0]).not.toBe(etags[1]);
    expect(etags[1]).toBe(`"${md5(bytes)}"`);
    expect(opaque.headers["x-oss-hash-crc64ecma"]).toBe(plain.headers["x-oss-hash-crc64ecma"]);
    expect(listed.text).toContain(etags[0].replaceAll('"', ""));
    expect([byMd5.xml?.Code, completed.status, fault.hits]).toEqual(["InvalidPart", 200, 1]);
    const joined = Buffer.from(etags.join("").replaceAll('"', ""));
    expect(emulator.object("demo", "k")?.etag).toBe(`${md5(joined)}-2`);
  });

  test("is the ETag of a PutObject, also in HEAD", async () => {
    const { emulator, client } = await partWorld();
    emulator.faults.add({ on: "PutObject", fault: "opaque-etag" });

    const put = await client.put("p", bytes, { "content-md5": Buffer.from(md5(bytes), "hex").toString("base64") });
    const head = await client.head("p");
    const again = await client.put("q", bytes);

    expect(put.headers.etag).toMatch(/^"[0-9A-F]{32}"$/);
    expect(put.headers.etag).not.toBe(again.headers.etag);
    expect(head.headers.etag).toBe(put.headers.etag);
    expect(put.headers["x-oss-hash-crc64ecma"]).toBe(again.headers["x-oss-hash-crc64ecma"]);
  });

  test("is no hit if nothing was stored", async () => {
    const { emulator, client } = await partWorld();
    const fault = emulator.faults.add({ on: "any", times: "always", fault: "opaque-etag" });

    await client.part("k", "no-such-upload", 1, bytes);
    await client.head("missing");

    expect(fault.hits).toBe(0);
  });
});

test("a wrong ETag comes with a wrong CRC-64, for a part and for an object", async () => {
  const { emulator, client, uploadId, part } = await partWorld();
  const right = [await part(1), await client.put("p", "x")];
  emulator.faults.add({ on: "any", times: "always", fault: "wrong-etag" });

  const wrong = [await part(1), await client.put("p", "x"), await client.head("p")];

  for (const [i, { headers }] of wrong.entries()) {
    const of = right[Math.min(i, 1)]?.headers;
    expect(headers.etag).not.toBe(of?.etag);
    expect(headers["x-oss-hash-crc64ecma"]).not.toBe(of?.["x-oss-hash-crc64ecma"]);
    expect(headers["x-oss-hash-crc64ecma"]).toMatch(/^\d+$/);
  }
  expect(emulator.parts("demo", uploadId)).toMatchObject([{ etag: md5(bytes) }]);
});
