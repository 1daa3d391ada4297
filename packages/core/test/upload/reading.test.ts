/** Reading a file is slow: no byte is read for a digest that is not wanted, or is known already. */
import { describe, expect, test } from "vitest";
import { UploadError } from "../../src/errors.js";
import type { Settings } from "../../src/run/context.js";
import { fingerprintOf } from "../../src/run/file/fingerprint.js";
import { MiB } from "../../src/run/parts/part-size.js";
import type { ByteWorkers } from "../../src/workers/byte-workers.js";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { memoryWorkers } from "../doubles/memory-workers.js";
import { Universe } from "../world/page.js";
import { key, open, tenParts } from "../world/scene.js";

/** @returns the sizes of what was read of a file, in order */
async function readsOf(size: number, settings: Partial<Settings>): Promise<number[]> {
  const reads: number[] = [];
  const watched = (workers: ByteWorkers): ByteWorkers => ({
    ...workers,
    digest: async (bytes, ...rest) => {
      reads.push(bytes.size);
      return await workers.digest(bytes, ...rest);
    },
  });
  const page = open(new Universe(), { workers: watched, settings });

  await page.live(page.uploader.upload(new MemoryFile(seededBytes(size, 1)), { key }).finished);

  return reads;
}

describe("a file is read", () => {
  test("once, when it is sent in one request", async () => {
    const reads = await readsOf(50, { singlePutBelow: 100 });

    expect(reads).toEqual([50]);
  });

  test("for its samples and then for its parts, when it is large", async () => {
    const reads = await readsOf(12 * MiB, { partSize: 6 * MiB });

    expect(reads).toEqual([4 * MiB, 6 * MiB, 6 * MiB]);
  });

  test("for its samples alone, when no digest is wanted", async () => {
    const reads = await readsOf(12 * MiB, { partSize: 6 * MiB, digests: { md5: false, crc64: false } });

    expect(reads).toEqual([4 * MiB]);
  });
});

test("a file has the fingerprint that earlier versions of the library gave it", async () => {
  const file = new MemoryFile(seededBytes(5 * MiB, 1));
  const taken = (kind: "sampled" | "full") => fingerprintOf(file, kind, memoryWorkers(), new AbortController().signal);

  const [sampled, full] = [await taken("sampled"), await taken("full")];

  expect(sampled).toBe("sampled-5242880-190424665f88fba496a0f9bf45269e53-a5c42e85825acfc7");
  expect(full).toBe("full-5242880-d1c1352d55a0d8513fa5d8f622a30544-f8dd9283f24d629");
});

test("an empty file is one request, whatever lies where its checkpoint would be", async () => {
  const universe = new Universe();
  const page = open(universe, {
    checkpoints: (checkpoints) => ({ ...checkpoints, load: async () => ({ head: "damaged", parts: [] }) }),
  });

  await page.live(page.uploader.upload(new MemoryFile(new Uint8Array(0)), { key }).finished);

  expect(universe.server.count("PutObject")).toBe(1);
  expect(universe.server.count("InitiateMultipartUpload")).toBe(0);
});

describe("while the upload is being begun", () => {
  /** A page that cannot begin before `read` so many slices were digested; and which of their digests were given up. */
  function pageThatReadsFirst(count: number, initiate: (read: readonly number[]) => Promise<void>) {
    const digested: number[] = [];
    const givenUp: unknown[] = [];
    let done: () => void = () => undefined;
    const enough = new Promise<void>((resolve) => {
      done = resolve;
    });
    const page = open(new Universe(), {
      lanes: 3,
      workers: (workers) => ({
        ...workers,
        digest: async (bytes, wanted, options) => {
          options.signal.addEventListener("abort", () => givenUp.push(options.signal.reason));
          const digest = await workers.digest(bytes, wanted, options);
          if (digested.push(bytes.size) === count) done();
          return digest;
        },
      }),
      store: (store) => ({
        ...store,
        initiate: async (...call) => {
          await enough;
          await initiate(digested);
          return await store.initiate(...call);
        },
      }),
    });
    return { page, digested, givenUp };
  }

  test("the first part is read, and not again", async () => {
    let before: readonly number[] = [];
    const { page, digested } = pageThatReadsFirst(2, async (read) => {
      before = [...read];
    });

    await page.live(page.uploader.upload(tenParts(), { key }).finished);

    expect(before).toEqual([95, 10]);
    expect(digested).toHaveLength(1 + 10);
  });

  test("what was read is given up where it cannot be begun", async () => {
    const { page, givenUp } = pageThatReadsFirst(2, () => Promise.reject(new UploadError("forbidden", "No")));

    const error = await page.live(page.uploader.upload(tenParts(), { key }).finished).catch((reason) => reason);

    expect(error).toMatchObject({ code: "forbidden" });
    expect(givenUp).not.toEqual([]);
  });
});
