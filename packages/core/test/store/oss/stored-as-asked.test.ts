/** The service stores an object with all that was asked for. Over the emulator. */
import { describe, expect, test } from "vitest";
import type { ObjectTarget } from "../../../src/store/object-store.js";
import { digestOf } from "../../contracts/store-bench.js";
import { MemoryBlob, seededBytes } from "../../doubles/memory-file.js";
import { bucket, bucketForEachTest } from "./emulated.js";

const target: Required<Omit<ObjectTarget, "callback" | "ifExists">> = {
  key: "目录/a b+c.bin",
  contentType: "video/mp4",
  cacheControl: "max-age=60",
  contentDisposition: "attachment; filename*=UTF-8''%E4%B8%AD.mp4",
  contentEncoding: "identity",
  expires: new Date(Date.UTC(2030, 0, 2, 3, 4, 5)),
  metadata: { Author: "李雷", plain: "a b" },
  tags: { 项目: "a&b=c" },
  acl: "public-read",
  storageClass: "IA",
  encryption: { algorithm: "AES256" },
  trafficLimit: 838_860_800,
};
const bytes = seededBytes(200);

const { world, options } = bucketForEachTest();

const whole = async (given: ObjectTarget, body: Blob = new MemoryBlob(bytes)) =>
  await world.store.putObject(given, body, digestOf(bytes), options);

const inParts = async (given: ObjectTarget, body: Blob = new MemoryBlob(bytes)) => {
  const id = await world.store.initiate(given, options);
  const { trafficLimit } = given;
  const upload = { key: given.key, id, ...(trafficLimit === undefined ? {} : { trafficLimit }) };
  const part = await world.store.putPart(upload, 1, body, digestOf(bytes), options);
  return await world.store.complete(upload, [part], given, options);
};

describe.each([
  ["put whole", whole],
  ["made of parts", inParts],
])("an object %s", (_, store) => {
  test("is what was asked for", async () => {
    await store(target);

    expect(world.emulator.object(bucket, target.key)).toMatchObject({
      headers: {
        "content-type": "video/mp4",
        "cache-control": "max-age=60",
        "content-disposition": "attachment; filename*=UTF-8''%E4%B8%AD.mp4",
        "content-encoding": "identity",
        expires: "Wed, 02 Jan 2030 03:04:05 GMT",
      },
      metadata: { author: "%E6%9D%8E%E9%9B%B7", plain: "a b" },
      tagging: "%E9%A1%B9%E7%9B%AE=a%26b%3Dc",
      acl: "public-read",
      storageClass: "IA",
    });
  });

  test("without a content type is a stream of octets, whatever the type of the Blob", async () => {
    await store({ key: "a" }, new MemoryBlob(bytes, "text/html"));

    expect(world.emulator.object(bucket, "a")?.headers["content-type"]).toBe("application/octet-stream");
  });

  test.each(["a", "a//b", "a?b#c%d&e=f", "!'()*~-._ ", "emoji 😀", "back\\slash"])("may be called %j", async (key) => {
    await store({ key });

    expect(await world.contentOf(key)).toEqual(Uint8Array.from(bytes));
  });
});
