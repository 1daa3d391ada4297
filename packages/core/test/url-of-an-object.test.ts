/** Where an object is: an app is told when it is uploaded, and may ask for any key. */
import { describe, expect, test } from "vitest";
import { createUploader, isUploadError, ossStore } from "../src/index.js";
import type { PlaceOptions } from "../src/store/oss/oss-options.js";
import { s3Flavoured } from "./adapter/s3-flavoured.js";
import { S3Flavoured } from "./adapter/s3-service.js";
import { digestOf } from "./contracts/object-store.contract.js";
import { MemoryBlob } from "./doubles/memory-file.js";
import { bucketForEachTest } from "./store/oss/emulated.js";
import { Universe } from "./world/page.js";
import { key, open, tenParts } from "./world/scene.js";

const bucket = "user-files";
const account = { accessKeyId: "test-key-id", accessKeySecret: "test-key-secret" };
const uploaderAt = (place: Partial<PlaceOptions>) =>
  createUploader({ store: ossStore({ region: "cn-hangzhou", bucket, credentials: account, ...place }) });

describe("the URL of a key", () => {
  test.each<[string, Partial<PlaceOptions>, string]>([
    ["the region's public endpoint", {}, "https://user-files.oss-cn-hangzhou.aliyuncs.com"],
    ["another region", { region: "ap-southeast-1" }, "https://user-files.oss-ap-southeast-1.aliyuncs.com"],
    ["a domain", { endpoint: "https://files.example.com", addressing: "cname" }, "https://files.example.com"],
    ["a path", { endpoint: "http://127.0.0.1:9000", addressing: "path" }, "http://127.0.0.1:9000/user-files"],
    [
      "an accelerated endpoint",
      { endpoint: "oss-accelerate.aliyuncs.com" },
      "https://user-files.oss-accelerate.aliyuncs.com",
    ],
  ])("begins with %s as the page sends to it", (_where, place, base) => {
    expect(uploaderAt(place).urlOf("a b/100%+李.png")).toBe(`${base}/a%20b/100%25%2B%E6%9D%8E.png`);
  });

  test.each([
    ["", "empty"],
    ["a/../b", "a folder"],
    ["/a", "at the root"],
    ["\ud800", "half a character"],
  ])("is refused for %j, as upload() refuses it", (wrong) => {
    const failure = (() => {
      try {
        return uploaderAt({}).urlOf(wrong);
      } catch (error) {
        return error;
      }
    })();

    expect(isUploadError(failure) && failure.code).toBe("invalid-option");
  });

  test("is empty for a store that names none", () => {
    expect(createUploader({ store: s3Flavoured(new S3Flavoured()) }).urlOf("a")).toBe("");
  });
});

describe("a public object", () => {
  const { world, options } = bucketForEachTest();
  const keys = [
    "a.txt",
    "a b/c+d",
    "100%/%20",
    "问?#&=",
    "'(!*)'~",
    "a//b",
    "é/é",
    "😀",
    "a\\b",
    '<>"|^`{}',
    "a/.b",
    ";:@,$",
  ];

  test.each(keys)("called %s is read at its URL, without a signature", async (name) => {
    const bytes = new TextEncoder().encode(name);
    const target = { key: name, acl: "public-read" } as const;
    await world.store.putObject(target, new MemoryBlob(bytes), digestOf(bytes), options);

    expect(await (await fetch(world.store.urlOf?.(name) ?? "")).text()).toBe(name);
  });
});

test("a completed upload says where its object is", async () => {
  const page = open(new Universe());

  const result = await page.live(page.uploader.upload(tenParts(), { key }).finished);

  expect(result).toMatchObject({ url: page.uploader.urlOf(key) });
  expect(page.uploader.urlOf(key)).toBe("memory://memory/a/b.bin");
});
