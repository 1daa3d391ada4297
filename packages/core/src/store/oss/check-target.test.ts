import { describe, expect, test } from "vitest";
import type { ObjectTarget } from "../object-store.js";
import { checkTarget } from "./check-target.js";

// biome-ignore lint/suspicious/noTemplateCurlyInString: the service fills it in
const callback = { url: "https://app.example/done", body: "key=${object}" };

describe("what an object is to be", () => {
  test.each<[string, Partial<ObjectTarget>]>([
    ["a key alone", {}],
    ["a key of 1023 bytes", { key: "目".repeat(341) }],
    ["a key with blanks, quotes and an emoji", { key: 'a "b" 😀/.hidden/..a/b..' }],
    [
      "everything",
      {
        contentType: "text/plain; charset=utf-8",
        cacheControl: "max-age=60",
        contentDisposition: "attachment; filename*=UTF-8''%E4%B8%AD.txt",
        contentEncoding: "gzip",
        expires: new Date(0),
        metadata: { "Author-2": "李雷", empty: "" },
        tags: { k: "v", 键: "" },
        acl: "private",
        storageClass: "IA",
        encryption: { algorithm: "KMS", kmsKeyId: "9468da86-3509-4f8d-a61e-6eab1eac****" },
        callback: { ...callback, variables: { user_id: "7" } },
        ifExists: "forbid",
        trafficLimit: 819_200,
      },
    ],
    ["10 tags", { tags: Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`k${index}`, "v"])) }],
    ["8 KB of metadata", { metadata: { k: "v".repeat(8191) } }],
    ["the highest traffic limit", { trafficLimit: 838_860_800 }],
    ["five callback servers", { callback: { ...callback, url: Array.from({ length: 5 }, () => callback.url) } }],
  ])("may be %s", (_, target) => {
    expect(() => checkTarget({ key: "a", ...target })).not.toThrow();
  });

  test.each<[string, unknown]>([
    ["key", { key: "" }],
    ["key", { key: undefined }],
    ["key", { key: 7 }],
    ["key", { key: "a".repeat(1024) }],
    ["key", { key: "目".repeat(342) }],
    ["key", { key: "/a" }],
    ["key", { key: "\\a" }],
    ["key", { key: "a/../b" }],
    ["key", { key: "a/./b" }],
    ["key", { key: ".." }],
    ["key", { key: "a/." }],
    ["key", { key: "a\\..\\b" }],
    ["key", { key: "a/b\\." }],
    ["key", { key: "half \ud83d" }],
    ["key", { key: "\udc00" }],
    ["key", { key: "a\nb" }],
    ["key", { key: "a\u0000" }],
    ["key", { key: "a\u007f" }],
    ["key", { key: "a\u0085" }],
    ["contentType", { contentType: "text/plain\r\nx-oss-object-acl: public-read" }],
    ["contentType", { contentType: "" }],
    ["cacheControl", { cacheControl: " no-cache" }],
    ["contentDisposition", { contentDisposition: 'attachment; filename="中.txt"' }],
    ["contentEncoding", { contentEncoding: "gzip\n" }],
    ["expires", { expires: new Date(Number.NaN) }],
    ["metadata", { metadata: { "a b": "v" } }],
    ["metadata", { metadata: { my_key: "v" } }],
    ["metadata", { metadata: { "a.b": "v" } }],
    ["metadata", { metadata: { "a!": "v" } }],
    ["metadata", { metadata: { ſ: "v" } }],
    ["metadata", { metadata: { 名: "v" } }],
    ["metadata", { metadata: { "a:b": "v" } }],
    ["metadata", { metadata: { "": "v" } }],
    ["metadata", { metadata: { a: "v\r\nx-oss-object-acl: public-read" } }],
    ["metadata", { metadata: { a: "\u0000" } }],
    ["metadata", { metadata: { a: "1", A: "2" } }],
    ["metadata", { metadata: { a: 1 } }],
    ["metadata", { metadata: { k: "v".repeat(8192) } }],
    ["metadata", { metadata: { k: "目".repeat(1000) } }],
    ["tags", { tags: Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, "v"])) }],
    ["tag", { tags: { "": "v" } }],
    ["tag", { tags: { ["k".repeat(129)]: "v" } }],
    ["tag", { tags: { k: "v".repeat(257) } }],
    ["acl", { acl: "public" }],
    ["storageClass", { storageClass: "standard" }],
    ["ifExists", { ifExists: "skip" }],
    ["encryption.algorithm", { encryption: { algorithm: "aes256" } }],
    ["encryption.kmsKeyId", { encryption: { algorithm: "AES256", kmsKeyId: "k" } }],
    ["encryption.kmsKeyId", { encryption: { algorithm: "KMS", kmsKeyId: "k\r\n" } }],
    ["trafficLimit", { trafficLimit: 819_199 }],
    ["trafficLimit", { trafficLimit: 838_860_801 }],
    ["trafficLimit", { trafficLimit: 900_000.5 }],
    ["callback.url", { callback: { ...callback, url: "app.example/done" } }],
    ["callback.url", { callback: { ...callback, url: [] } }],
    ["callback.url", { callback: { ...callback, url: "https://a.example;https://b.example" } }],
    ["callback.url", { callback: { ...callback, url: Array.from({ length: 6 }, () => callback.url) } }],
    ["callback.body", { callback: { ...callback, body: "" } }],
    ["callback.contentType", { callback: { ...callback, contentType: "text/plain" } }],
    ["callback variable", { callback: { ...callback, variables: { "x:User": "7" } } }],
    ["callback", { callback: { ...callback, body: "b".repeat(5000) } }],
  ])("is refused for its %s: %j", (what, target) => {
    expect(() => checkTarget({ key: "a", ...(target as object) })).toThrow(
      expect.objectContaining({ code: "invalid-option", temporary: false, message: expect.stringContaining(what) }),
    );
  });

  test("is refused with the way to name a file in other letters", () => {
    expect(() => checkTarget({ key: "a", contentDisposition: 'attachment; filename="中.txt"' })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("filename*=UTF-8''") }),
    );
  });
});
