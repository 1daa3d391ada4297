/** The read is what costs: nothing of a file is read for a digest that nobody wants, or that is known already. */
import { describe, expect, test } from "vitest";
import { MiB } from "../../src/upload/plan.js";
import type { Settings } from "../../src/upload/world.js";
import type { ByteWorkers } from "../../src/workers/byte-workers.js";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { Universe } from "../world/page.js";
import { key, open } from "../world/scene.js";

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

  test("for its samples alone, when nobody wants a digest", async () => {
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
