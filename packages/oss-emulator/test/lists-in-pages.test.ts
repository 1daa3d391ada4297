/** Listings of parts, uploads and objects, page by page. */
import { describe, expect, test } from "vitest";
import { byUtf8, pageOf } from "../src/operations/listing.js";
import { createClient } from "./signed-client.js";
import { emulatorWith } from "./world.js";

const one = Buffer.from("x");

function all(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map((match) => match[1] ?? "");
}

describe("ListParts", () => {
  async function withParts(numbers: readonly number[], options: Parameters<typeof emulatorWith>[0] = {}) {
    const emulator = await emulatorWith(options);
    const client = createClient(emulator);
    const uploadId = await client.initiate("k");
    for (const number of numbers) await client.part("k", uploadId, number, one);
    return { client, uploadId };
  }

  test("gives number, size, ETag, CRC-64 and time of each part, in the order of their numbers", async () => {
    const { client, uploadId } = await withParts([7, 2]);

    const { text } = await client.list("k", uploadId);

    expect(all(text, "PartNumber")).toEqual(["2", "7"]);
    expect(all(text, "ETag")).toEqual(Array(2).fill("&quot;9DD4E461268C8034F5C8564E155C67A6&quot;"));
    expect(all(text, "HashCrc64ecma")).toHaveLength(2);
    expect(all(text, "Size")).toEqual(["1", "1"]);
    expect(all(text, "LastModified")[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(all(text, "IsTruncated")).toEqual(["false"]);
  });

  test("goes from page to page by its markers, also with one part a page", async () => {
    const { client, uploadId } = await withParts([1, 5, 8]);
    const pages: string[][] = [];
    let marker = "0";
    for (let isTruncated = "true"; isTruncated === "true"; ) {
      const { text, xml } = await client.list("k", uploadId, { "max-parts": "1", "part-number-marker": marker });
      pages.push(all(text, "PartNumber"));
      marker = xml?.NextPartNumberMarker ?? "";
      isTruncated = xml?.IsTruncated ?? "";
    }

    expect(pages).toEqual([["1"], ["5"], ["8"]]);
  });

  test("of an upload without parts is an empty list", async () => {
    const { client, uploadId } = await withParts([]);

    const { text, xml } = await client.list("k", uploadId);

    expect(text).not.toContain("<Part>");
    expect(xml).toMatchObject({ MaxParts: "1000", PartNumberMarker: "0", IsTruncated: "false" });
  });

  test("has no CRC-64 with listPartsCrc: false", async () => {
    const { client, uploadId } = await withParts([1], { listPartsCrc: false });

    const { text } = await client.list("k", uploadId);

    expect(text).not.toContain("HashCrc64ecma");
  });

  test.each([
    ["max-parts", "0"],
    ["max-parts", "1001"],
    ["max-parts", "many"],
    ["part-number-marker", "-1"],
    ["encoding-type", "base64"],
  ])("refuses %s=%s", async (name, value) => {
    const { client, uploadId } = await withParts([1]);

    const { status, xml } = await client.list("k", uploadId, { [name]: value });

    expect([status, xml?.Code, xml?.ArgumentName]).toEqual([400, "InvalidArgument", name]);
  });
});

describe("ListMultipartUploads", () => {
  test("goes through keys and ids in order, however small the pages", async () => {
    const emulator = await emulatorWith();
    const client = createClient(emulator);
    for (const key of ["b", "a", "a", "目录/x"]) await client.initiate(key);
    const expected = emulator.uploads("demo").map(({ key, uploadId }) => `${encodeURIComponent(key)} ${uploadId}`);
    const seen: string[] = [];
    let markers: Record<string, string> = {};
    for (let isTruncated = "true"; isTruncated === "true"; ) {
      const query = { uploads: "", "max-uploads": "1", "encoding-type": "url", ...markers };
      const { text, xml } = await client.call({ method: "GET", query });
      seen.push(`${all(text, "Key")[0]} ${all(text, "UploadId")[0]}`);
      const { NextKeyMarker = "", NextUploadIdMarker = "" } = xml ?? {};
      markers = { "key-marker": decodeURIComponent(NextKeyMarker), "upload-id-marker": NextUploadIdMarker };
      isTruncated = xml?.IsTruncated ?? "";
    }

    expect(seen.sort()).toEqual(expected.sort());
  });

  test("narrows to a prefix and folds at a delimiter", async () => {
    const emulator = await emulatorWith();
    const client = createClient(emulator);
    for (const key of ["p/a/1", "p/a/2", "p/b", "q"]) await client.initiate(key);

    const { text, xml } = await client.call({ method: "GET", query: { uploads: "", prefix: "p/", delimiter: "/" } });

    expect(all(text, "Key")).toEqual(["p/b"]);
    expect(text).toContain("<CommonPrefixes><Prefix>p/a/</Prefix></CommonPrefixes>");
    expect(xml).toMatchObject({ Delimiter: "/", MaxUploads: "1000", IsTruncated: "false" });
  });

  test("ignores an id marker without a key marker", async () => {
    const emulator = await emulatorWith();
    const client = createClient(emulator);
    await client.initiate("a");

    const { text } = await client.call({ method: "GET", query: { uploads: "", "upload-id-marker": "Z" } });

    expect(all(text, "Key")).toEqual(["a"]);
  });
});

describe("a page", () => {
  const items = ["a", "b/1", "b/2", "c", "d/1"].map((key) => ({ key }));
  const page = (limit: number, marker: string) =>
    pageOf(items, { prefix: "", delimiter: "/", limit }, (name) => byUtf8(name, marker) > 0);

  test("counts a common prefix as one name, and the next page begins after it", () => {
    const first = page(2, "");
    const second = page(2, first.last?.name ?? "");
    const third = page(2, second.last?.name ?? "");

    expect(
      [first, second, third].map(({ items: found, prefixes, isTruncated }) => [found, prefixes, isTruncated]),
    ).toEqual([
      [[{ key: "a" }], ["b/"], true],
      [[{ key: "c" }], ["d/"], false],
      [[], [], false],
    ]);
  });

  test("is in the order of UTF-8, not of UTF-16", () => {
    const keys = ["\u{1F600}", "\uFF5E"].sort(byUtf8);

    expect(keys).toEqual(["\uFF5E", "\u{1F600}"]);
  });
});
