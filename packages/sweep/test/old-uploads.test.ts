/** What is unfinished in a bucket is seen, and what is old enough goes, and nothing else. */
import { describe, expect, test } from "vitest";
import { type SweepOptions, sweep } from "../src/index.js";
import { bucket, sweptBucket } from "./swept-bucket.js";

/** What was told of each upload. */
async function listed(options: SweepOptions) {
  const told: [string, number | undefined][] = [];
  const swept = await sweep({ ...options, onUpload: ({ key }, bytes) => told.push([key, bytes]) });
  return { told, swept };
}

const oddKeys = ["报告/a b+c.txt", "a&b<c>%20/(1)'*!~.txt", "a=b?c#d", "ends with a blank "];

describe("without `abort`", () => {
  test("old uploads are told with their bytes, and nothing is changed", async () => {
    const { emulator, options, begin, keys } = await sweptBucket();
    await begin("videos/old.mp4", 8, ["a".repeat(1000), "b".repeat(24)]);
    await begin("videos/empty.mp4", 30);
    await begin("videos/young.mp4", 6);

    const { told, swept } = await listed(options);

    expect(told).toEqual([
      ["videos/empty.mp4", 0],
      ["videos/old.mp4", 1024],
    ]);
    expect(swept).toEqual({ found: 2, bytes: 1024, younger: 1, aborted: 0 });
    expect(keys()).toHaveLength(3);
    expect(emulator.requests.filter(({ method }) => method === "DELETE")).toEqual([]);
  });

  test("more parts than one page of a listing are summed", async () => {
    const { options, begin } = await sweptBucket();
    await begin("k", 8, new Array<string>(1001).fill("ab"));

    expect((await sweep(options)).bytes).toBe(2002);
  });

  test("a key that may not list parts leaves the bytes unknown", async () => {
    const { begin, restrict } = await sweptBucket();
    await begin("k", 8, ["abc"]);

    expect((await listed(await restrict(["oss:ListMultipartUploads"]))).told).toEqual([["k", undefined]]);
  });
});

describe("with `abort`", () => {
  test("what is old and has the prefix goes, the rest and all objects stay", async () => {
    const { emulator, options, begin, keys } = await sweptBucket();
    for (const key of ["videos/old", "videos/young", "other/old", "video"])
      await begin(key, key.includes("young") ? 6 : 8);
    await fetch(`${emulator.endpoint}/${bucket}/videos%2Fold`, { method: "PUT", body: "an object" });

    const swept = await sweep({ ...options, prefix: "videos/", abort: true });

    expect(swept).toEqual({ found: 1, bytes: 0, younger: 1, aborted: 1 });
    expect(keys()).toEqual(["other/old", "video", "videos/young"]);
    expect(emulator.object(bucket, "videos/old")?.size).toBe(9);
  });

  test("keys of all kinds of characters go, also as a prefix", async () => {
    const { options, begin, keys } = await sweptBucket();
    for (const key of oddKeys) await begin(key, 8);

    for (const [i, key] of oddKeys.entries()) {
      expect(await sweep({ ...options, prefix: key, abort: true })).toMatchObject({ found: 1, aborted: 1 });
      expect(keys()).toHaveLength(oddKeys.length - 1 - i);
    }
  });

  test.each([1, 2, 3, 1000])("all pages of a listing go, with %i uploads on each", async (pageSize) => {
    const { options, begin, keys } = await sweptBucket();
    for (const key of ["a", "b b", "b b", "b b", "c", "ü", "ü"]) await begin(key, 8);
    await begin("b b", 1);

    const { told, swept } = await listed({ ...options, abort: true, pageSize });

    expect(told.map(([key]) => key)).toEqual(["a", "b b", "b b", "b b", "c", "ü", "ü"]);
    expect(swept).toMatchObject({ found: 7, younger: 1, aborted: 7 });
    expect(keys()).toEqual(["b b"]);
  });

  test("an upload that survives aborts is aborted again", async () => {
    const { emulator, options, begin, keys } = await sweptBucket();
    await begin("k", 8, ["abc"]);
    emulator.faults.add({ on: "AbortMultipartUpload", times: 3, fault: { kind: "stranger", status: 204 } });

    expect(await sweep({ ...options, abort: true })).toMatchObject({ aborted: 1 });
    expect(keys()).toEqual([]);
  });

  test("one that survives all of them is an error, not a success", async () => {
    const { emulator, options, begin } = await sweptBucket();
    const id = await begin("k", 8);
    emulator.faults.add({ on: "AbortMultipartUpload", times: "always", fault: { kind: "stranger", status: 204 } });

    await expect(sweep({ ...options, abort: true })).rejects.toThrow(`${id} is still there after 10 aborts`);
  });

  test("a lost answer and a busy service are asked again", async () => {
    const { emulator, options, begin, keys } = await sweptBucket();
    await begin("k", 8);
    emulator.faults.add({ on: "ListMultipartUploads", times: 2, fault: "slow-down" });
    emulator.faults.add({ on: "AbortMultipartUpload", fault: "lose-answer" });

    expect(await sweep({ ...options, abort: true })).toMatchObject({ found: 1, aborted: 1 });
    expect(keys()).toEqual([]);
  });

  test("nothing is left to do the second time", async () => {
    const { options, begin } = await sweptBucket();
    await begin("k", 8);
    await sweep({ ...options, abort: true });

    expect(await sweep({ ...options, abort: true })).toEqual({ found: 0, bytes: 0, younger: 0, aborted: 0 });
  });
});

test.each([
  ["oss:ListMultipartUploads", ["oss:AbortMultipartUpload"]],
  ["oss:AbortMultipartUpload", ["oss:ListMultipartUploads"]],
] as const)("a missing right is named: %s", async (missing, permissions) => {
  const { begin, restrict } = await sweptBucket();
  await begin("k", 8);
  const options = await restrict(permissions);

  await expect(sweep({ ...options, abort: true })).rejects.toThrow("403, AccessDenied");
  await expect(sweep({ ...options, abort: true })).rejects.toThrow(`The key needs ${missing}`);
});

test.each<[string, Partial<SweepOptions>, RegExp]>([
  [
    "a wrong secret",
    { accessKeySecret: "other" },
    /^ListMultipartUploads was answered 403, SignatureDoesNotMatch, request \w+$/,
  ],
  ["another region", { region: "cn-beijing" }, /^ListMultipartUploads was answered 40\d, \w+/],
  ["a bucket that is not there", { bucket: "other-files" }, /^ListMultipartUploads was answered 404, NoSuchBucket/],
  [
    "a host that does not answer",
    { endpoint: "http://127.0.0.1:1" },
    /^GET http:\/\/127\.0\.0\.1:1\/user-files: fetch failed/,
  ],
  ["a region that is none", { region: "hangzhou" }, /the region "hangzhou" is not a region id/],
  ["a bucket's URL", { bucket: "user-files.oss-cn-hangzhou.aliyuncs.com" }, /is no bucket name/],
  ["an endpoint with a path", { endpoint: "https://a.example/b" }, /is not scheme, host and perhaps port/],
  ["an age that is none", { olderThanMs: Number.NaN }, /olderThanMs is NaN/],
])("%s is said, without the secret", async (_, wrong, message) => {
  const { options } = await sweptBucket();

  const failure = await sweep({ ...options, ...wrong }).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(Error);
  expect((failure as Error).message).toMatch(message);
  expect((failure as Error).message).not.toContain(options.accessKeySecret);
});
