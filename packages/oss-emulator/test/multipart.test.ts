/** The life of a multipart upload, by the service's rules. */
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { defaultAccount } from "../src/index.js";
import { requestText, sendRaw } from "./raw-client.js";
import { createClient, send, signed } from "./signed-client.js";
import { emulatorWith, referenceBytes, temporaryDirectory } from "./world.js";

const partSize = 102_400;
const bytes = referenceBytes(250_000);
const slices = [0, partSize, 2 * partSize].map((start) => bytes.subarray(start, start + partSize));
const etags = [
  "262E402B2319A30BFB4DB50FE0AEF363",
  "C061F513CC90E0403C55B2B5BE2ABD9D",
  "EBE387C1308EC42A075D36B66FE1C53F",
];
const named = etags.map((etag, i) => [i + 1, `"${etag}"`] as [number, string]);
const small = Buffer.from("small");
const smallEtag = createHash("md5").update(small).digest("hex").toUpperCase();

/** An upload of "k" with the three reference parts. */
async function threeParts(options: Parameters<typeof emulatorWith>[0] = {}) {
  const emulator = await emulatorWith(options);
  const client = createClient(emulator);
  const uploadId = await client.initiate("k", { "x-oss-meta-a": "1", "content-type": "text/plain" });
  const replies = await Promise.all(slices.map((slice, i) => client.part("k", uploadId, i + 1, slice)));
  return { emulator, client, uploadId, replies };
}

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

  test("leaves the object of its key as it was until it is completed, and other uploads of the key alone", async () => {
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

  test("has an id of 32 hex digits, another each time", async () => {
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

  test("belongs to its key", async () => {
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

  test("may have the number 10000, and any size", async () => {
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

  test("without a length is refused with 411, in pieces it is not", async () => {
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

  test("that claims more than 5 GB is refused before it is sent", async () => {
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

describe("Complete", () => {
  const expected = {
    InvalidPartOrder:
      "The list of parts was not in ascending order. Parts list must specified in order by part number.",
    InvalidPart:
      "One or more of the specified parts could not be found or the specified entity tag might not have matched the part's entity tag.",
    EntityTooSmall: "Your proposed upload smaller than the minimum allowed size.",
  };
  const [one = [1, ""], two = [2, ""], three = [3, ""]] = named;

  test.each([
    ["descending", [two, one], "InvalidPartOrder"],
    ["the same twice", [one, one], "InvalidPartOrder"],
    ["one that was never stored", [one, [4, two[1]]], "InvalidPart"],
    ["another's ETag", [one, [2, one[1]]], "InvalidPart"],
    ["a short part that is not the last", [one, three, [4, smallEtag]], "EntityTooSmall"],
  ] as [string, [number, string][], keyof typeof expected][])("refuses %s", async (_, parts, code) => {
    const { emulator, client, uploadId } = await threeParts();
    await client.part("k", uploadId, 4, small);

    const { status, xml } = await client.complete("k", uploadId, parts);

    expect([status, xml?.Code, xml?.Message]).toEqual([400, code, expected[code]]);
    expect(emulator.object("demo", "k")).toBeUndefined();
    expect(emulator.uploads("demo")).toMatchObject([{ uploadId, partCount: 4 }]);
  });

  test("takes 100 KB exactly, gaps in the numbers, ETags bare or in lower case, and drops what it does not list", async () => {
    const { emulator, client, uploadId } = await threeParts();

    const { status } = await client.complete("k", uploadId, [
      [1, etags[0]?.toLowerCase() ?? ""],
      [3, etags[2] ?? ""],
    ]);

    expect(status).toBe(200);
    expect(emulator.object("demo", "k")).toMatchObject({ size: partSize + 45_200, partCount: 2 });
  });

  test("reads its list with the ETag first, entities, spaces and a namespace", async () => {
    const { client, uploadId } = await threeParts();
    const body = `<?xml version="1.0" encoding="UTF-8"?>
<CompleteMultipartUpload xmlns="http://doc.oss-cn-hangzhou.aliyuncs.com">
  <Part>
    <ETag>&quot;${etags[0]}&quot;</ETag>
    <PartNumber>1</PartNumber>
  </Part>
</CompleteMultipartUpload>`;

    const { status } = await client.complete("k", uploadId, [], { body });

    expect(status).toBe(200);
  });

  test.each([
    ["text", "parts, please"],
    ["an unclosed tag", "<CompleteMultipartUpload><Part>"],
    ["another document", "<Other><Part><PartNumber>1</PartNumber><ETag>a</ETag></Part></Other>"],
    ["no part", "<CompleteMultipartUpload></CompleteMultipartUpload>"],
    [
      "a part without an ETag",
      "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>",
    ],
    ["nothing", ""],
  ])("refuses %s as malformed", async (_, body) => {
    const { client, uploadId } = await threeParts();

    const { status, xml } = await client.complete("k", uploadId, [], { body });

    expect([status, xml?.Code, xml?.EC]).toEqual([400, "MalformedXML", "0042-00000205"]);
  });

  test("checks the digest of its own list", async () => {
    const { client, uploadId } = await threeParts();

    const { xml } = await client.complete("k", uploadId, named, {
      headers: { "content-md5": "Ji5AKyMZowv7TbUP4K7zYw==" },
    });

    expect(xml?.Code).toBe("InvalidDigest");
  });

  test("takes all parts there are when asked to, and then no list", async () => {
    const { client, uploadId } = await threeParts();
    const headers = { "x-oss-complete-all": "yes" };

    const both = await client.complete("k", uploadId, named, { headers });
    const all = await client.complete("k", uploadId, [], { headers, body: "" });

    expect(both.xml).toMatchObject({
      Code: "InvalidArgument",
      Message: "Should not speficy both complete all header and http body.",
      ArgumentName: "x-oss-complete-all",
      ArgumentValue: "yes",
      EC: "0042-00000216",
    });
    expect(all.headers.etag).toBe('"CAE301B72871E23F9E94D830E24D8D44-3"');
  });

  test("refuses to overwrite when told so, at initiate or now", async () => {
    const { emulator, client, uploadId } = await threeParts();
    const forbidding = await client.initiate("k", { "x-oss-forbid-overwrite": "true" });
    await client.part("k", forbidding, 1, small);
    await client.put("k", "came first");

    const now = await client.complete("k", uploadId, named, { headers: { "x-oss-forbid-overwrite": "true" } });
    const before = await client.complete("k", forbidding, [[1, smallEtag]]);
    const initiate = await client.call({
      method: "POST",
      key: "k",
      query: { uploads: "" },
      headers: { "x-oss-forbid-overwrite": "true" },
    });

    expect([now, before, initiate].map(({ status, xml }) => [status, xml?.Code])).toEqual(
      Array(3).fill([409, "FileAlreadyExists"]),
    );
    expect(emulator.object("demo", "k")?.size).toBe(10);
  });

  test("encodes the key on demand", async () => {
    const emulator = await emulatorWith();
    const client = createClient(emulator);
    const key = "a/b c&<ü>'.bin";
    const { xml } = await client.call({ method: "POST", key, query: { uploads: "", "encoding-type": "url" } });
    const uploadId = xml?.UploadId ?? "";
    await client.part(key, uploadId, 1, small);

    const encoded = await client.list(key, uploadId, { "encoding-type": "url" });
    const plain = await client.list(key, uploadId);
    const completed = await client.complete(key, uploadId, [[1, smallEtag]], {
      query: { uploadId, "encoding-type": "url" },
    });

    for (const answer of [xml, encoded.xml, completed.xml]) {
      expect(answer).toMatchObject({ EncodingType: "url", Key: "a%2Fb%20c%26%3C%C3%BC%3E%27.bin" });
    }
    expect(plain.xml?.Key).toBe(key);
    expect(plain.xml).not.toHaveProperty("EncodingType");
  });

  test("copies nothing: the parts' files become the object's", async () => {
    const data = await temporaryDirectory();
    const { client, uploadId } = await threeParts({ data });
    const files = () => readdir(join(data, "demo", "bodies"));
    const before = await files();

    await client.complete("k", uploadId, named);

    expect([before.length, await files()]).toEqual([3, before]);
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
