/** Reading a file is slow: no byte is read for a digest that is not wanted, or is known already. */
import { describe, expect, test } from "vitest";
import { UploadError } from "../../src/errors.js";
import type { Settings } from "../../src/run/context.js";
import { MiB } from "../../src/upload/plan.js";
import type { ByteWorkers } from "../../src/workers/byte-workers.js";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
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

  test("as many parts are read as there are lanes, and none of them again", async () => {
    let before: readonly number[] = [];
    const { page, digested } = pageThatReadsFirst(4, async (read) => {
      before = [...read];
    });

    await page.live(page.uploader.upload(tenParts(), { key }).finished);

    expect(before).toEqual([95, 10, 10, 10]);
    expect(digested).toHaveLength(1 + 10);
  });

  test("what was read is given up where it cannot be begun", async () => {
    const { page, givenUp } = pageThatReadsFirst(4, () => Promise.reject(new UploadError("forbidden", "No")));

    const error = await page.live(page.uploader.upload(tenParts(), { key }).finished).catch((reason) => reason);

    expect(error).toMatchObject({ code: "forbidden" });
    expect(givenUp.length).toBeGreaterThanOrEqual(3);
  });
});
