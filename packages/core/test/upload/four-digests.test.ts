import { expect, test } from "vitest";
import { bothDigests, digestSlices } from "../../src/run/file/digest.js";
import { inFours } from "../../src/run/parts/digest-parts.js";
import type { ByteWorkers } from "../../src/workers/byte-workers.js";
import { memoryWorkers } from "../doubles/memory-workers.js";

const options = { signal: new AbortController().signal };
const slices = (count: number) => Array.from({ length: count }, (_, i) => new Blob([`slice ${i}`]));

/** Hands, and how many slices were in each of their calls. */
function watched() {
  const calls: number[] = [];
  const hands = memoryWorkers();
  const workers: ByteWorkers = {
    ...hands,
    digest: (...call) => {
      calls.push(1);
      return hands.digest(...call);
    },
    digestFour: (...call) => {
      calls.push(4);
      return hands.digestFour(...call);
    },
  };
  return { workers, calls };
}

test.each([
  [3, [1, 1, 1]],
  [4, [4]],
  [5, [1, 1, 1, 1, 1]],
])("%i slices are digested in calls of %j, each with its own digest", async (count, expected) => {
  const { workers, calls } = watched();

  const digests = await Promise.all(digestSlices(workers, slices(count), bothDigests, options));

  const alone = await Promise.all(slices(count).map((slice) => memoryWorkers().digest(slice, bothDigests, options)));
  expect(calls).toEqual(expected);
  expect(digests).toEqual(alone);
});

test("no byte is read if no digest is wanted", async () => {
  const { workers, calls } = watched();

  const digests = await Promise.all(digestSlices(workers, slices(4), { md5: false, crc64: false }, options));

  expect(calls).toEqual([]);
  expect(digests).toEqual(Array(4).fill({ size: 7, md5: undefined, crc64: undefined }));
});

test("of four slices only the one that was cut short is unreadable", async () => {
  const cut = Object.assign(new Blob(["slice 2"]), { arrayBuffer: async () => new ArrayBuffer(3) });
  const [a, b, c] = slices(3);

  const digests = digestSlices(memoryWorkers(), [a, cut, b, c] as Blob[], bothDigests, options);

  const outcomes = await Promise.allSettled(digests);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
  await expect(digests[1]).rejects.toMatchObject({ code: "file-unreadable" });
});

test.each([
  [0, []],
  [3, [[0], [1], [2]]],
  [9, [[0, 1, 2, 3], [4, 5, 6, 7], [8]]],
])("%i of a kind come in fours and one by one", (count, expected) => {
  expect(inFours(Array.from({ length: count }, (_, i) => i))).toEqual(expected);
});
