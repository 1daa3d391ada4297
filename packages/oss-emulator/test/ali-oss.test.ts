/** The vendor's own SDK works with the emulator, under both signature versions. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import OSS from "ali-oss";
import { describe, expect, test } from "vitest";
import { defaultAccount, type Emulator } from "../src/index.js";
import { emulatorWith, referenceBytes, temporaryDirectory } from "./world.js";

const key = "目录/文件 a+b%20(1)!'*😀.bin";
const partSize = 102_400;

type Options = Partial<ConstructorParameters<typeof OSS>[0]>;

function sdk(emulator: Emulator, authorizationV4: boolean, options: Options = {}): OSS {
  return new OSS({
    ...defaultAccount,
    bucket: "demo",
    region: "oss-cn-hangzhou",
    endpoint: emulator.endpoint,
    authorizationV4,
    ...options,
  });
}

/** Path style under a host name, because the SDK signs no URL for an IP address. */
function byName(emulator: Emulator): Options {
  return { endpoint: `http://localhost:${emulator.port}`, sldEnable: true };
}

async function fileOf(bytes: Buffer): Promise<string> {
  const path = join(await temporaryDirectory(), "file.bin");
  await writeFile(path, bytes);
  return path;
}

describe.each([
  ["V1", false],
  ["V4", true],
])("ali-oss with signature %s", (_, v4) => {
  test("puts, heads, reads and deletes an object with special characters in its key", async () => {
    const emulator = await emulatorWith();
    const client = sdk(emulator, v4);

    await client.put(key, Buffer.from("hello world"), { mime: "text/plain", meta: { author: "alice" } });
    const head = await client.head(key);
    const got = await client.get(key);
    const ranged = await client.get(key, { headers: { Range: "bytes=6-10" } });
    await client.delete(key);

    expect(head.meta).toEqual({ author: "alice" });
    expect(head.res.headers).toMatchObject({
      etag: '"5EB63BBBE01EEED093CB22BB8F5ACDC3"',
      "x-oss-hash-crc64ecma": "5981764153023615706",
      "content-type": "text/plain",
    });
    expect(got.content.toString()).toBe("hello world");
    expect([ranged.res.status, ranged.content.toString()]).toEqual([206, "world"]);
    expect(emulator.object("demo", key)).toBeUndefined();
  });

  test("uploads a file in parts by its multipartUpload", async () => {
    const emulator = await emulatorWith();
    const client = sdk(emulator, v4);
    const path = await fileOf(referenceBytes(250_000));

    const result = await client.multipartUpload(key, path, { partSize, parallel: 3 });

    expect(result.etag).toBe('"CAE301B72871E23F9E94D830E24D8D44-3"');
    expect(result.res.headers["x-oss-hash-crc64ecma"]).toBe("10948743653105639670");
    expect((await client.get(key)).content.equals(referenceBytes(250_000))).toBe(true);
  });

  test("goes through every step of a multipart upload, and aborts another", async () => {
    const emulator = await emulatorWith();
    const client = sdk(emulator, v4);
    const path = await fileOf(referenceBytes(250_000));
    const { uploadId } = await client.initMultipartUpload(key, { meta: { a: "1" } });
    const other = await client.initMultipartUpload(key);

    const first = await client.uploadPart(key, uploadId, 1, path, 0, partSize);
    const second = await client.uploadPart(key, uploadId, 2, path, partSize, 2 * partSize);
    const page = await client.listParts(key, uploadId, { "max-parts": 1 });
    const uploads = await client.listUploads({ "max-uploads": 10 });
    const completed = await client.completeMultipartUpload(key, uploadId, [
      { number: 1, etag: first.etag },
      { number: 2, etag: second.etag },
    ]);
    await client.abortMultipartUpload(key, other.uploadId);

    expect(page).toMatchObject({
      isTruncated: "true",
      nextPartNumberMarker: "1",
      parts: { PartNumber: "1", ETag: '"262E402B2319A30BFB4DB50FE0AEF363"', HashCrc64ecma: "1967101823507420816" },
    });
    expect(uploads.uploads.map((upload) => upload.uploadId).sort()).toEqual([uploadId, other.uploadId].sort());
    expect(completed.res.headers["x-oss-hash-crc64ecma"]).toBe("16137314944733743733");
    expect(emulator.object("demo", key)).toMatchObject({ size: 2 * partSize, metadata: { a: "1" } });
    expect(emulator.uploads("demo")).toEqual([]);
    await expect(client.abortMultipartUpload(key, other.uploadId)).rejects.toMatchObject({
      status: 404,
      code: "NoSuchUpload",
    });
  });

  test("lists objects and gets the bucket's information", async () => {
    const emulator = await emulatorWith();
    const client = sdk(emulator, v4);
    for (const name of ["a/1", "a/2", "b"]) await client.put(name, Buffer.from(name));

    const list = await client.list({ delimiter: "/", "max-keys": 10 }, {});
    const v2 = await client.listV2({ prefix: "a/", "max-keys": 1 }, {});
    const rest = await client.listV2({ prefix: "a/", "continuation-token": v2.nextContinuationToken ?? "" }, {});
    const info = await client.getBucketInfo("demo");

    expect([list.objects?.map(({ name }) => name), list.prefixes]).toEqual([["b"], ["a/"]]);
    expect(v2.objects?.map(({ name }) => name)).toEqual(["a/1"]);
    expect(rest.objects?.map(({ name }) => name)).toEqual(["a/2"]);
    expect(info.bucket).toMatchObject({ Name: "demo", Location: "oss-cn-hangzhou" });
  });

  test("works with a temporary token, and is refused once it has expired", async () => {
    const emulator = await emulatorWith();
    const token = emulator.issueToken({ expiresInMs: 60_000 });
    const client = sdk(emulator, v4, {
      accessKeyId: token.AccessKeyId,
      accessKeySecret: token.AccessKeySecret,
      stsToken: token.SecurityToken,
      refreshSTSTokenInterval: 300_000,
    });

    const stored = await client.put(key, Buffer.from("x"));
    emulator.expireTokens();
    const refused = client.put(key, Buffer.from("y"));

    expect(stored.res.status).toBe(200);
    await expect(refused).rejects.toMatchObject({ status: 403, code: "SecurityTokenExpired" });
  });

  test("is refused with a wrong secret, and with an unknown key", async () => {
    const emulator = await emulatorWith();

    const wrong = sdk(emulator, v4, { accessKeySecret: "wrong" }).put(key, Buffer.from("x"));
    const unknown = sdk(emulator, v4, { accessKeyId: "nobody" }).put(key, Buffer.from("x"));

    await expect(wrong).rejects.toMatchObject({ status: 403, code: "SignatureDoesNotMatch", ecCode: "0002-00000040" });
    await expect(unknown).rejects.toMatchObject({ status: 403, code: "InvalidAccessKeyId" });
    expect(emulator.objects("demo")).toEqual([]);
  });

  test("reaches the bucket in path style too", async () => {
    const emulator = await emulatorWith();

    await sdk(emulator, v4, byName(emulator)).put(key, Buffer.from("x"));

    expect(emulator.object("demo", key)?.size).toBe(1);
  });
});

describe("URLs presigned by ali-oss", () => {
  test("V1: put and get, with a token, for a while", async () => {
    const emulator = await emulatorWith();
    const token = emulator.issueToken({ expiresInMs: 60_000 });
    const client = sdk(emulator, false, {
      ...byName(emulator),
      accessKeyId: token.AccessKeyId,
      accessKeySecret: token.AccessKeySecret,
      stsToken: token.SecurityToken,
      refreshSTSTokenInterval: 300_000,
    });
    const putUrl = client.signatureUrl(key, { method: "PUT", expires: 60, "Content-Type": "text/plain" });
    const getUrl = client.signatureUrl(key, { method: "GET", expires: 60, response: { "content-type": "text/x" } });

    const put = await fetch(putUrl, { method: "PUT", body: "hello", headers: { "Content-Type": "text/plain" } });
    const mistyped = await fetch(putUrl, { method: "PUT", body: "hello", headers: { "Content-Type": "text/html" } });
    const got = await fetch(getUrl);

    expect([put.status, mistyped.status, got.status]).toEqual([200, 403, 200]);
    expect([await got.text(), got.headers.get("content-type")]).toEqual(["hello", "text/x"]);
  });

  test("V4: a part and a get, with a token", async () => {
    const emulator = await emulatorWith();
    const token = emulator.issueToken({ expiresInMs: 60_000 });
    const client = sdk(emulator, true, {
      ...byName(emulator),
      accessKeyId: token.AccessKeyId,
      accessKeySecret: token.AccessKeySecret,
      stsToken: token.SecurityToken,
      refreshSTSTokenInterval: 300_000,
    });
    const { uploadId } = await client.initMultipartUpload(key);
    const queries = { partNumber: 1, uploadId };
    const putUrl = await client.signatureUrlV4("PUT", 60, { queries }, key);
    const otherPart = putUrl.replace("partNumber=1", "partNumber=2");

    const put = await fetch(putUrl, { method: "PUT", body: Buffer.from("hello") });
    const tampered = await fetch(otherPart, { method: "PUT", body: Buffer.from("hello") });

    expect([put.status, tampered.status]).toEqual([200, 403]);
    expect(emulator.parts("demo", uploadId)).toMatchObject([{ partNumber: 1, size: 5 }]);
  });

  test("expire with the error of their version", async () => {
    let now = Date.now();
    const emulator = await emulatorWith({ now: () => now });
    const v1 = sdk(emulator, false, byName(emulator)).signatureUrl(key, { expires: 60 });
    const v4 = await sdk(emulator, true, byName(emulator)).signatureUrlV4("GET", 60, {}, key);
    now += 120_000;

    const answers = await Promise.all([v1, v4].map(async (url) => (await fetch(url)).text()));

    for (const answer of answers) {
      expect(answer).toContain("<Code>AccessDenied</Code><Message>Request has expired.</Message>");
      expect(answer).toContain("<ServerTime>");
    }
  });
});
