/** The life of a multipart upload and of its parts, by the service's rules. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { defaultAccount } from "../src/index.js";
import { requestText, sendRaw } from "./raw-client.js";
import { bytes, etags, named, partSize, small, smallEtag, threeParts } from "./reference-upload.js";
import { createClient, send, signed } from "./signed-client.js";
import { emulatorWith } from "./world.js";

describe("an upload", () => {
  test("makes the reference object of the reference parts, with the published digests", async () => {
    const { emulator, client, uploadId, replies } = await threeParts();

    const { status, headers, xml } = await client.complete("k", uploadId, named);

    expect(
      replies.map((reply) => [reply.headers.etag, reply.headers["content-md5"], reply.headers["x-oss-hash-crc64ecma"]]),
    ).toEqual([
      [`"${etags[0]}"`, "Ji5AKyMZowv7TbUP4K7zYw==", "1967101823507420816"],
      [`"${etags[1]}"`, "wGH1E8yQ4EA8VbK1viq9nQ==", "10436235596245411437"],
      [`"${etags[2]}"`, "6+OHwTCOxCoHXTa2b+HFPw==", "1841273657197227864"],
    ]);
    expect([status, headers.etag, headers["x-oss-hash-crc64ecma"]]).toEqual([
      200,
      '"CAE301B72871E23F9E94D830E24D8D44-3"',
      "10948743653105639670",
    ]);
    expect(xml).toMatchObject({ Bucket: "demo", Key: "k", ETag: '"CAE301B72871E23F9E94D830E24D8D44-3"' });
    expect(emulator.object("demo", "k")).toMatchObject({
      type: "Multipart",
      size: 250_000,
      partCount: 3,
      uploadId,
      metadata: { a: "1" },
      headers: { "content-type": "text/plain" },
    });
    expect(await emulator.sha256("demo", "k")).toBe(createHash("sha256").update(bytes).digest("hex"));
  });

  test("changes neither the object of its key before Complete nor other uploads of the key", async () => {
    const emulator = await emulatorWith();
    const client = createClient(emulator);
    await client.put("k", "before");
    const [mine, other] = [await client.initiate("k"), await client.initiate("k")];
    const reply = await client.part("k", mine, 1, small);

    const during = await client.get("k");
    await client.complete("k", mine, [[1, reply.headers.etag ?? ""]]);
    const after = await client.get("k");

    expect([during.text, after.text]).toEqual(["before", "small"]);
    expect(emulator.uploads("demo").map(({ uploadId }) => uploadId)).toEqual([other]);
  });

  test("has an id of 32 hex digits, a new one each time", async () => {
    const emulator = await emulatorWith();
    const client = createClient(emulator);

    const ids = [await client.initiate("k"), await client.initiate("k")];

    expect(new Set(ids).size).toBe(2);
    expect(ids.join()).toMatch(/^[0-9A-F]{32},[0-9A-F]{32}$/);
  });

  test("is gone once completed, and once aborted", async () => {
    const { client, uploadId } = await threeParts();
    const aborted = await client.initiate("k");
    await client.complete("k", uploadId, named);

    const first = await client.abort("k", aborted);
    const replies = [
      await client.complete("k", uploadId, named),
      await client.part("k", uploadId, 1, small),
      await client.list("k", uploadId),
      await client.abort("k", aborted),
    ];

    expect(first.status).toBe(204);
    expect(replies.map(({ status, xml }) => [status, xml?.Code, xml?.EC])).toEqual([
      [404, "NoSuchUpload", "0042-00000104"],
      [404, "NoSuchUpload", "0042-00000104"],
      [404, "NoSuchUpload", "0042-00000002"],
      [404, "NoSuchUpload", "0042-00000002"],
    ]);
    expect(replies[0]?.xml?.UploadId).toBe(uploadId);
  });

  test("is not found under another key", async () => {
    const { client, uploadId } = await threeParts();

    const reply = await client.part("other", uploadId, 1, small);

    expect([reply.status, reply.xml?.Code]).toEqual([404, "NoSuchUpload"]);
  });
});

describe("a part", () => {
  test("sent again replaces the earlier one", async () => {
    const { emulator, client, uploadId } = await threeParts();

    await client.part("k", uploadId, 2, small);

    expect(emulator.parts("demo", uploadId).map(({ etag, size }) => [etag, size])).toEqual([
      [etags[0], partSize],
      [smallEtag, 5],
      [etags[2], 45_200],
    ]);
  });

  test.each(["0", "10001", "x", "1.5", "-1"])("cannot have the number %s", async (partNumber) => {
    const { client, uploadId } = await threeParts();

    const { status, xml } = await client.call({
      method: "PUT",
      key: "k",
      query: { partNumber, uploadId },
      body: small,
    });

    expect([status, xml?.Code, xml?.Message]).toEqual([
      400,
      "InvalidArgument",
      "Part number must be an integer between 1 and 10000, inclusive.",
    ]);
  });

  test("may have the number 10000 and any size", async () => {
    const { client, uploadId } = await threeParts();

    const replies = [
      await client.part("k", uploadId, 10_000, small),
      await client.part("k", uploadId, 4, Buffer.alloc(0)),
    ];

    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
  });

  test("whose Content-MD5 names other bytes, or is none, is refused and not stored", async () => {
    const { emulator, client, uploadId } = await threeParts();

    const wrong = await client.part("k", uploadId, 4, small, { "content-md5": "Ji5AKyMZowv7TbUP4K7zYw==" });
    const none = await client.part("k", uploadId, 4, small, { "content-md5": "MD5" });
    const right = await client.part("k", uploadId, 5, small, {
      "content-md5": Buffer.from(smallEtag, "hex").toString("base64"),
    });

    expect([wrong, none].map(({ status, xml }) => [status, xml?.Code])).toEqual([
      [400, "InvalidDigest"],
      [400, "InvalidDigest"],
    ]);
    expect(wrong.xml?.Message).toBe("The Content-MD5 you specified was invalid.");
    expect(right.status).toBe(200);
    expect(emulator.parts("demo", uploadId).map(({ partNumber }) => partNumber)).toEqual([1, 2, 3, 5]);
  });

  test("without a length is refused with 411, unless it is sent in chunks", async () => {
    const { emulator, client, uploadId } = await threeParts();
    const { path, headers } = signed(
      { method: "PUT", bucket: "demo", key: "k", query: { partNumber: "4", uploadId } },
      defaultAccount,
    );

    const without = await sendRaw(emulator.port, requestText("PUT", path, headers));
    const inPieces = await client.call({
      method: "PUT",
      key: "k",
      query: { partNumber: "4", uploadId },
      headers: { "transfer-encoding": "chunked" },
      body: small,
    });

    expect(without).toMatch(/^HTTP\/1.1 411 .*<Code>MissingContentLength<\/Code>/s);
    expect(inPieces.headers.etag).toBe(`"${smallEtag}"`);
  });

  test("with a length of more than 5 GB is refused before its body is sent", async () => {
    const { emulator, uploadId } = await threeParts();
    const { path, headers } = signed(
      { method: "PUT", bucket: "demo", key: "k", query: { partNumber: "4", uploadId } },
      defaultAccount,
    );

    const reply = await send(emulator.port, {
      method: "PUT",
      path,
      headers: { ...headers, "content-length": 5 * 1024 ** 3 + 1, expect: "100-continue" },
    });

    expect([reply.status, reply.xml?.Code]).toEqual([400, "EntityTooLarge"]);
  });

  test("must not name its own encryption", async () => {
    const { client, uploadId } = await threeParts();

    const { status, xml } = await client.part("k", uploadId, 4, small, { "x-oss-server-side-encryption": "AES256" });

    expect([status, xml?.Code, xml?.ArgumentName]).toEqual([400, "InvalidArgument", "x-oss-server-side-encryption"]);
  });

  test.each([
    ["819199", 400],
    ["838860801", 400],
    ["fast", 400],
    ["819200", 200],
    ["838860800", 200],
  ])("may have a traffic limit from 819200 to 838860800 bit/s: %s gives %i", async (limit, expected) => {
    const { client, uploadId } = await threeParts();

    const { status } = await client.part("k", uploadId, 4, small, { "x-oss-traffic-limit": limit });

    expect(status).toBe(expected);
  });

  test("must not have a traffic limit in both header and query", async () => {
    const { client, uploadId } = await threeParts();

    const { status, xml } = await client.call({
      method: "PUT",
      key: "k",
      query: { partNumber: "4", uploadId, "x-oss-traffic-limit": "819200" },
      headers: { "x-oss-traffic-limit": "819200" },
      body: small,
    });

    expect([status, xml?.ArgumentName]).toEqual([400, "x-oss-traffic-limit"]);
  });
});

describe("a sequential upload", () => {
  test("takes its parts in order, each once", async () => {
    const emulator = await emulatorWith();
    const client = createClient(emulator);
    const { xml } = await client.call({ method: "POST", key: "k", query: { uploads: "", sequential: "" } });
    const uploadId = xml?.UploadId ?? "";

    const replies = [
      await client.part("k", uploadId, 2, small),
      await client.part("k", uploadId, 1, small),
      await client.part("k", uploadId, 1, small),
      await client.part("k", uploadId, 2, small),
    ];

    expect(replies.map((reply) => reply.xml?.Code ?? reply.status)).toEqual([
      "PartNotSequential",
      200,
      "PartAlreadyExist",
      200,
    ]);
    expect(replies[2]?.xml).toMatchObject({ PartNumber: "1", PartEtag: `"${smallEtag}"` });
  });
});
