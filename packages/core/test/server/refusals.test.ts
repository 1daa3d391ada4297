/** A request that a page may not make is refused before `authorize` is asked, and the answer names what is wrong. */

import { expect, test } from "vitest";
import { createSignHandler } from "../../src/server/index.js";
import type { SignableRequest } from "../../src/store/bucket/signable-request.js";
import { ask, bucket, complete, everything, initiate, keys, list, part, put, region } from "./asking.js";

test.each<[string, unknown, RegExp]>([
  ["a key with a folder ..", { ...put, key: "videos/1/../2/a.mp4" }, /key/],
  ["a key with a folder .", { ...put, key: "videos/./1" }, /key/],
  ["a key that leaves by backslashes", { ...put, key: "videos\\..\\2" }, /key/],
  ["a key that begins with a slash", { ...put, key: "/videos/1" }, /key/],
  ["a key that begins with a backslash", { ...put, key: "\\videos" }, /key/],
  ["a key with a line break", { ...put, key: "videos/1/a\nb" }, /key/],
  ["a key with a byte of nothing", { ...put, key: "videos/1/\0" }, /key/],
  ["a key with DEL", { ...put, key: "videos/1/\u007f" }, /key/],
  ["a key with C1", { ...put, key: "videos/1/\u0085" }, /key/],
  ["a key of 1,024 bytes", { ...put, key: "a".repeat(1024) }, /key/],
  ["a key of 1,026 bytes in 342 letters", { ...put, key: "目".repeat(342) }, /key/],
  ["a key of a megabyte less", { ...put, key: "a".repeat(1_000_000) }, /key/],
  ["an empty key", { ...put, key: "" }, /key/],
  [
    "a key with half of a character",
    '[{"action":"PutObject","method":"PUT","bucket":"user-files","key":"a\\ud800","query":{},"headers":{}}]',
    /key/,
  ],
  ["a key that is a number", { ...put, key: 7 }, /key/],
  ["a key that is null", { ...put, key: null }, /key/],
  ["a key that is a list", { ...put, key: ["videos/1/a.mp4"] }, /key/],
  ["no key", { ...put, key: undefined }, /key/],
  ["an empty upload id", { ...part, query: { partNumber: "1", uploadId: "" } }, /uploadId/],
  [
    "an upload id with half of a character",
    '[{"action":"ListParts","method":"GET","bucket":"user-files","key":"a","query":{"uploadId":"\\udc00"},"headers":{}}]',
    /uploadId/,
  ],
  ["an upload id with a line break", { ...list, query: { uploadId: "U\nx" } }, /uploadId/],
  ["an upload id with a parameter", { ...list, query: { uploadId: "U&acl" } }, /uploadId/],
  ["an upload id without end", { ...list, query: { uploadId: "U".repeat(256) } }, /uploadId/],
  ["an upload id that is a list", { ...list, query: { uploadId: ["U"] } }, /uploadId/],
  ["part 0", { ...part, query: { partNumber: "0", uploadId: "U" } }, /partNumber/],
  ["part 10,001", { ...part, query: { partNumber: "10001", uploadId: "U" } }, /partNumber/],
  ["part 01", { ...part, query: { partNumber: "01", uploadId: "U" } }, /partNumber/],
  ["part +1", { ...part, query: { partNumber: "+1", uploadId: "U" } }, /partNumber/],
  ["part -1", { ...part, query: { partNumber: "-1", uploadId: "U" } }, /partNumber/],
  ["part 1e3", { ...part, query: { partNumber: "1e3", uploadId: "U" } }, /partNumber/],
  ["part 1 and a line", { ...part, query: { partNumber: "1\n", uploadId: "U" } }, /partNumber/],
  ["part 1 as a number", { ...part, query: { partNumber: 1, uploadId: "U" } }, /partNumber/],
  ["no part number", { ...part, query: { uploadId: "U" } }, /partNumber/],
  ["max-parts 0", { ...list, query: { uploadId: "U", "max-parts": "0" } }, /max-parts/],
  ["max-parts 1001", { ...list, query: { uploadId: "U", "max-parts": "1001" } }, /max-parts/],
  [
    "a marker that is no number",
    { ...list, query: { uploadId: "U", "part-number-marker": "a" } },
    /part-number-marker/,
  ],
  [
    "a marker after the last",
    { ...list, query: { uploadId: "U", "part-number-marker": "10001" } },
    /part-number-marker/,
  ],
  ["an unknown encoding", { ...list, query: { uploadId: "U", "encoding-type": "xml" } }, /encoding-type/],
  ["uploads with a value", { ...initiate, query: { uploads: "1" } }, /uploads/],
  ["a parameter of another name", { ...initiate, query: { uploads: "", sequential: "" } }, /sequential/],
  ["a parameter in another case", { ...list, query: { uploadid: "U" } }, /uploadid/],
  [
    "a parameter __proto__",
    '[{"action":"PutObject","method":"PUT","bucket":"user-files","key":"a","query":{"__proto__":"x"},"headers":{}}]',
    /__proto__/,
  ],
  [
    "a header __proto__",
    '[{"action":"PutObject","method":"PUT","bucket":"user-files","key":"a","query":{},"headers":{"__proto__":"x"}}]',
    /__proto__/,
  ],
  [
    "an inherited query",
    '[{"action":"PutObject","method":"PUT","bucket":"user-files","key":"a","__proto__":{"query":{},"headers":{}}}]',
    /query/,
  ],
  ["a header constructor", { ...put, headers: { constructor: "x" } }, /constructor/],
  ["two spellings of a header", { ...put, headers: { "content-type": "a/b", "Content-Type": "c/d" } }, /two spellings/],
  ["a header name with a blank", { ...put, headers: { "x-oss-meta-a ": "b" } }, /name/],
  ["a header name beyond ASCII", { ...put, headers: { "x-oss-meta-ä": "b" } }, /name/],
  ["a header name whose small letter is one of ASCII", { ...put, headers: { "x-oss-meta-\u212a": "b" } }, /name/],
  ["an empty header name", { ...put, headers: { "": "b" } }, /name/],
  ["metadata without a name", { ...put, headers: { "x-oss-meta-": "b" } }, /x-oss-meta-/],
  ["a value with a blank at an end", { ...put, headers: { "content-type": "text/plain " } }, /content-type/],
  ["a value with a tab", { ...put, headers: { "x-oss-meta-a": "a\tb" } }, /x-oss-meta-a/],
  ["a value beyond ASCII", { ...put, headers: { "x-oss-meta-a": "ä" } }, /x-oss-meta-a/],
  ["a value with a line of Unicode", { ...put, headers: { "x-oss-meta-a": "a\u2028b" } }, /x-oss-meta-a/],
  ["a value without end", { ...put, headers: { "x-oss-meta-a": "a".repeat(9000) } }, /x-oss-meta-a/],
  ["a value that is a list", { ...put, headers: { "content-type": ["a/b", "c/d"] } }, /content-type/],
  ["a value that is null", { ...put, headers: { "content-type": null } }, /content-type/],
  ["a source to copy", { ...put, headers: { "X-Oss-Copy-Source": "/b/secret" } }, /X-Oss-Copy-Source/],
  ["a range of it", { ...part, headers: { "x-oss-copy-source-range": "bytes=0-9" } }, /x-oss-copy-source-range/],
  ["a date of its own", { ...put, headers: { "x-oss-date": "20260101T000000Z" } }, /x-oss-date/],
  ["a hash of its own", { ...put, headers: { "x-oss-content-sha256": "0" } }, /x-oss-content-sha256/],
  [
    "a completion of whatever is there",
    { ...complete, headers: { "x-oss-complete-all": "yes" } },
    /x-oss-complete-all/,
  ],
  ["a link", { ...put, headers: { "x-oss-symlink-target": "a" } }, /x-oss-symlink-target/],
  ["another payer", { ...put, headers: { "x-oss-request-payer": "requester" } }, /x-oss-request-payer/],
  ["an authorization", { ...put, headers: { authorization: "OSS id:x" } }, /authorization/],
  ["a host", { ...put, headers: { host: "other.example" } }, /host/],
  ["a cookie", { ...put, headers: { cookie: "a=b" } }, /cookie/],
  ["an MD5 that is none", { ...part, headers: { "content-md5": "abc" } }, /content-md5/],
  ["a length that is none", { ...part, headers: { "content-length": "-1" } }, /content-length/],
  ["a length with a leading 0", { ...part, headers: { "content-length": "01" } }, /content-length/],
  ["a length of what has no bytes of the file", { ...complete, headers: { "content-length": "1" } }, /content-length/],
  ["a forbid that is neither", { ...put, headers: { "x-oss-forbid-overwrite": "maybe" } }, /forbid-overwrite/],
  ["an unknown encryption", { ...put, headers: { "x-oss-server-side-encryption": "ROT13" } }, /server-side-encryption/],
  ["an unknown ACL", { ...put, headers: { "x-oss-object-acl": "everybody" } }, /x-oss-object-acl/],
  ["an unknown storage class", { ...put, headers: { "x-oss-storage-class": "Attic" } }, /x-oss-storage-class/],
  ["a callback that is no base64", { ...put, headers: { "x-oss-callback": "{}" } }, /x-oss-callback/],
  ["a traffic limit that is no number", { ...put, headers: { "x-oss-traffic-limit": "1e9" } }, /x-oss-traffic-limit/],
  ["headers that are a list", { ...put, headers: ["content-type"] }, /headers/],
  ["no headers", { ...put, headers: null }, /headers/],
  ["a query that is text", { ...put, query: "acl" }, /query/],
  ["a method in small letters", { ...put, method: "put" }, /"put"/],
  [
    "a method that is a list in a list",
    `[{"action":"PutObject","method":${"[".repeat(200_000)}${"]".repeat(200_000)}}]`,
    /list/,
  ],
  ["a request that is null", null, /object/],
  ["a request that is a list", [], /object/],
  ["a request that is text", "PutObject", /object|list|JSON/],
  ["lists in lists without end", "[".repeat(1_000_000), /JSON/],
])("%s is refused, in few words", async (_what, request, says) => {
  const { status, error, seen, urls } = await ask(typeof request === "string" ? request : [request], {
    allow: everything,
  });

  expect({ status, seen, urls }).toEqual({ status: 400, seen: [], urls: [] });
  expect(error).toMatch(says);
  expect(error).toMatch(/^[ -~–…]{1,200}$/);
});

test.each<[string, SignableRequest]>([
  ["acl", { ...put, headers: { "x-oss-object-acl": "public-read-write" } }],
  ["callback", { ...put, headers: { "x-oss-callback": "e30=" } }],
  ["callback", { ...put, headers: { "x-oss-callback-var": "e30=" } }],
  ["kms-key", { ...initiate, headers: { "x-oss-server-side-encryption-key-id": "9468da86-3509" } }],
  ["storage-class", { ...initiate, headers: { "x-oss-storage-class": "DeepColdArchive" } }],
])("what needs %s is signed where the app allows it, and nowhere else", async (needed, request) => {
  const others = everything.filter((name) => name !== needed);

  expect(await ask([request])).toMatchObject({ status: 400, error: expect.stringContaining(`"${needed}"`) });
  expect(await ask([request], { allow: others })).toMatchObject({ status: 400, urls: [] });
  expect(await ask([request], { allow: everything })).toMatchObject({ status: 200, urls: [expect.any(String)] });
});

test("header names reach the app in lower case, as they are signed, and no other headers do", async () => {
  const request = { ...put, headers: { "X-Oss-Meta-A": "b" }, note: "more", constructor: "x" };

  const { status, seen } = await ask([request]);

  expect(status).toBe(200);
  expect(seen).toEqual([{ ...put, headers: { "x-oss-meta-a": "b" } }]);
});

test("an invalid option fails when the handler is made", () => {
  const handler = (options: object) => () =>
    createSignHandler({ region, bucket, credentials: keys, authorize: () => true, ...options });

  expect(handler({ allow: ["everything"] })).toThrow(/everything/);
  for (const maxBytes of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "1"]) {
    expect(handler({ maxBytes })).toThrow(/maxBytes/);
  }
});
