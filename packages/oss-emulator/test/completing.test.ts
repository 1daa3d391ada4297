/** The part lists that CompleteMultipartUpload accepts and refuses. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { etags, named, partSize, small, smallEtag, threeParts } from "./reference-upload.js";
import { createClient } from "./signed-client.js";
import { emulatorWith, temporaryDirectory } from "./world.js";

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

  test("accepts parts of exactly 100 KB, gaps in the numbers, ETags without quotes or in lower case, and drops unlisted parts", async () => {
    const { emulator, client, uploadId } = await threeParts();

    const { status } = await client.complete("k", uploadId, [
      [1, etags[0]?.toLowerCase() ?? ""],
      [3, etags[2] ?? ""],
    ]);

    expect(status).toBe(200);
    expect(emulator.object("demo", "k")).toMatchObject({ size: partSize + 45_200, partCount: 2 });
  });

  test("accepts a list with the ETag first, entities, spaces and a namespace", async () => {
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

  test("takes all stored parts with x-oss-complete-all, and then refuses a list", async () => {
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

  test("does not overwrite an object if Initiate or Complete forbids it", async () => {
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

  test("encodes the key in its answer with encoding-type=url", async () => {
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
