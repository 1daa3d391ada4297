import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createByteWorker } from "../src/byte-worker.js";
import type { Four } from "../src/contract.js";
import { digest, digestFour } from "../src/digest.js";

const MiB = 2 ** 20;
const both = { md5: true, crc64: true };
const limits = { signal: new AbortController().signal, silenceMs: 30_000 };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ossicle-digest-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

function pattern(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, i) => (i * 7919) >>> 3);
}

describe("a digest", () => {
  it.each([
    ["no byte", 0],
    ["one byte", 1],
    ["just what one piece holds", MiB],
    ["one byte more than a piece", MiB + 1],
    ["many pieces and a rest", 9 * MiB + 12345],
  ])("of %s is what Node computes", async (_, size) => {
    const bytes = pattern(size);

    const outcome = await digest(new Blob([bytes]), both, limits);

    const md5 = new Uint8Array(createHash("md5").update(bytes).digest());
    expect(outcome).toMatchObject({ ok: true, value: { md5, size } });
  });

  it("of a file on disk is the same as of its bytes in memory", async () => {
    const bytes = pattern(5 * MiB + 1);
    const path = join(directory, "film.bin");
    await writeFile(path, bytes);

    const fromDisk = await digest(await openAsBlob(path), both, limits);

    expect(fromDisk).toEqual(await digest(new Blob([bytes]), both, limits));
  });

  it("computes only the digests that are wanted, and reads all bytes also if none is", async () => {
    const blob = new Blob(["123456789"]);

    const digests = await Promise.all([
      digest(blob, { md5: true, crc64: false }, limits),
      digest(blob, { md5: false, crc64: true }, limits),
      digest(blob, { md5: false, crc64: false }, limits),
    ]);

    const md5 = new Uint8Array(createHash("md5").update("123456789").digest());
    expect(digests.map((outcome) => outcome.ok && outcome.value)).toEqual([
      { md5, crc64: undefined, size: 9 },
      { md5: undefined, crc64: 11051210869376104954n, size: 9 },
      { md5: undefined, crc64: undefined, size: 9 },
    ]);
  });

  it("is right while others run at the same time", async () => {
    const blobs = [1, 2, 3].map((n) => new Blob([pattern(2 * MiB + n)]));
    const alone: unknown[] = [];
    for (const blob of blobs) alone.push(await digest(blob, both, limits));

    const together = await Promise.all(blobs.map((blob) => digest(blob, both, limits)));

    expect(together).toEqual(alone);
  });

  it.each([
    ["shrank", "x"],
    ["was edited", "y".repeat(3 * MiB)],
  ])("of a file that %s after it was picked is unreadable", async (_, edited) => {
    const path = join(directory, "film.bin");
    await writeFile(path, "x".repeat(3 * MiB));
    const picked = await openAsBlob(path);
    await writeFile(path, edited);

    const outcome = await digest(picked, both, limits);

    expect(outcome).toMatchObject({ ok: false, failure: { kind: "unreadable" } });
    expect(outcome.ok ? "" : outcome.failure.message).toContain("NotReadableError");
  });

  it("of a file that is gone is unreadable", async () => {
    const path = join(directory, "film.bin");
    await writeFile(path, "x".repeat(3 * MiB));
    const picked = await openAsBlob(path);
    await rm(path);

    const outcome = await digest(picked, both, limits);

    expect(outcome).toMatchObject({ ok: false, failure: { kind: "unreadable" } });
  });
});

describe("four digests at once", () => {
  const fourOf = (...sizes: Four<number>): Four<Blob> => {
    const [a, b, c, d] = sizes.map((size, i) => new Blob([pattern(size + i).subarray(i)]));
    return [a, b, c, d] as unknown as Four<Blob>;
  };

  async function oneByOne(four: Four<Blob>, wanted = both) {
    const digests = [];
    for (const blob of four) digests.push(await digest(blob, wanted, limits));
    return digests.map((outcome) => outcome.ok && outcome.value);
  }

  it.each([
    ["Blobs of one size that is a multiple of a piece", 2 * MiB],
    ["Blobs of one size that is not a multiple of a piece", 2 * MiB + 12_345],
    ["small Blobs", 100],
    ["empty Blobs", 0],
  ])("of %s are the same as one after the other", async (_, size) => {
    const four = fourOf(size, size, size, size);

    const outcome = await digestFour(four, both, limits);

    expect(outcome).toEqual({ ok: true, value: await oneByOne(four) });
  });

  it("of Blobs of different sizes are the same as one after the other", async () => {
    const four = fourOf(3 * MiB, 3 * MiB, 3 * MiB, MiB + 7);

    const outcome = await digestFour(four, both, limits);

    expect(outcome).toEqual({ ok: true, value: await oneByOne(four) });
  });

  it("hold only the digests that are wanted", async () => {
    const wanted = { md5: false, crc64: true };
    const four = fourOf(MiB, MiB, MiB, MiB);

    const outcome = await digestFour(four, wanted, limits);

    expect(outcome).toEqual({ ok: true, value: await oneByOne(four, wanted) });
  });

  it("are right while four others run at the same time", async () => {
    const fours = [fourOf(MiB, MiB, MiB, MiB), fourOf(MiB + 64, MiB + 64, MiB + 64, MiB + 64)] as const;

    const outcomes = await Promise.all(fours.map((four) => digestFour(four, both, limits)));

    expect(outcomes.map((outcome) => outcome.ok && outcome.value)).toEqual([
      await oneByOne(fours[0]),
      await oneByOne(fours[1]),
    ]);
  });

  it("are right although one Blob's stream cannot be opened", async () => {
    const four = fourOf(3 * MiB, 3 * MiB, 3 * MiB, 3 * MiB);
    const expected = await oneByOne(four);
    Object.assign(four[2], {
      stream: () => {
        throw new TypeError("not here");
      },
    });

    expect(await digestFour(four, both, limits)).toEqual({ ok: true, value: expected });
  });

  it("are unreadable if one file was edited after it was picked", async () => {
    const path = join(directory, "film.bin");
    await writeFile(path, "x".repeat(3 * MiB));
    const picked = await openAsBlob(path);
    const [a, b, c] = fourOf(3 * MiB, 3 * MiB, 3 * MiB, 3 * MiB);
    await writeFile(path, "edited");

    const outcome = await digestFour([a, b, picked, c], both, limits);

    expect(outcome).toMatchObject({ ok: false, failure: { kind: "unreadable" } });
  });

  it("stop when they are cancelled", async () => {
    const worker = createByteWorker();
    const outcome = worker.digestFour(1, fourOf(4 * MiB, 4 * MiB, 4 * MiB, 4 * MiB), both, 30_000);

    await worker.cancel(1);

    expect(await outcome).toMatchObject({ ok: false, failure: { kind: "cancelled" } });
  });
});

it("a Blob that delivers fewer bytes than its size is unreadable", async () => {
  const blob = Object.assign(new Blob(["0123456789"]), { arrayBuffer: () => new Blob(["123456789"]).arrayBuffer() });

  const outcome = await digest(blob, both, limits);

  expect(outcome).toMatchObject({
    ok: false,
    failure: { kind: "unreadable", message: expect.stringMatching(/9 of 10/) },
  });
});

describe("a worker", () => {
  it("stops a digest when it is cancelled, and only that one", async () => {
    const worker = createByteWorker();
    const blob = new Blob([pattern(4 * MiB)]);
    const outcomes = [1, 2].map((call) => worker.digest(call, blob, both, 30_000));

    await worker.cancel(1);

    const [cancelled, kept] = await Promise.all(outcomes);
    expect(cancelled).toMatchObject({ ok: false, failure: { kind: "cancelled" } });
    expect(kept).toMatchObject({ ok: true, value: { size: 4 * MiB } });
  });

  it("ignores cancel() for a call that has ended or was never made", async () => {
    const worker = createByteWorker();
    await worker.digest(1, new Blob(["a"]), both, 30_000);

    await worker.cancel(1);
    await worker.cancel(2);

    expect(await worker.digest(1, new Blob(["a"]), both, 30_000)).toMatchObject({ ok: true });
  });
});

describe("a drive", () => {
  const hangs = () => new Promise<never>(() => {});
  const hungStream = () => new ReadableStream({ type: "bytes", pull: hangs });
  /** A Blob of a drive that gives a slice as `read` says, and whose streams hang. */
  function onDrive(size: number, read: (slice: Blob) => Promise<ArrayBuffer>): Blob {
    const blob = new Blob([pattern(size)]);
    const { slice } = blob;
    return Object.assign(blob, {
      stream: hungStream,
      arrayBuffer: () => read(blob),
      slice(...range: [number, number]) {
        const bytes = slice.apply(blob, range);
        return { arrayBuffer: () => read(bytes) };
      },
    });
  }
  const { signal } = limits;
  const soon = { signal, silenceMs: 50 };

  it.each([
    ["one", MiB / 8, (blob: Blob) => digest(blob, both, soon)],
    ["a large one", 9 * MiB, (blob: Blob) => digest(blob, both, soon)],
    ["four", MiB, (blob: Blob) => digestFour([blob, blob, blob, blob], both, soon)],
  ])("that hangs is told as silence: %s", async (_, size, digestOf) => {
    expect(await digestOf(onDrive(size, hangs))).toMatchObject({
      ok: false,
      failure: { kind: "silent", message: expect.stringContaining("no byte came for 50 ms") },
    });
  });
});
