/**
 * Two files of one name, size, type and date go to one key at the same time. Each is uploaded for itself: whoever resolves has its
 * own bytes proved, and the object is one of both whole. The samples by which a file is recognised do not see all of it.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { crc64 } from "../packages/core/src/crc64-ecma.js";
import { expect, test } from "./fixtures.js";
import { createFile, flipBit, sha256Of } from "./support/files.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { holdAfter, seen, tell } from "./support/steering.js";
import {
  account,
  bucket,
  openUploader,
  partsStored,
  resultOf,
  startUpload,
  stateOf,
  storedParts,
} from "./support/uploading.js";

const key = "film.bin";
const partSize = 204_800;
const total = 22;
const size = total * partSize - 5;
const options = { partSize, concurrency: 2, retry: { baseDelayMs: 5 } } as const;
/** One byte in which both differ. The first 256 KiB are the first sample, the second one begins 276 KiB into the file. */
const places = { "where the samples do not look": 270_000, "where the samples look": 100_000 };
const partOfPlace = (place: number) => Math.floor(place / partSize) + 1;

interface Both {
  readonly sha256: readonly string[];
  /** Unsigned decimal. */
  readonly crc64: readonly string[];
}

/** Picks two files that differ in one byte. The second is to be given the name and date of the first. */
async function pickTwo(page: Page, emulator: Emulator, directory: string, place: number): Promise<Both> {
  const paths = [join(directory, "film.bin"), join(directory, "other.bin")];
  for (const path of paths) await createFile(path, { size, seed: 1 });
  await flipBit(paths[1] as string, place);
  await page.setInputFiles("input", paths);
  await openUploader(page, emulator, options);
  return {
    sha256: await Promise.all(paths.map(sha256Of)),
    crc64: await Promise.all(paths.map(async (path) => String(crc64(await readFile(path))))),
  };
}

const other = { input: 1, like: 0 } as const;

test.beforeEach(async ({ page, pageServer }) => {
  await page.goto(pageServer.page());
});

for (const [where, place] of Object.entries(places)) {
  test(`another content that differs ${where}, begun while the first goes up, is uploaded for itself`, async ({
    page,
    emulator,
    directory,
  }) => {
    const both = await pickTwo(page, emulator, directory, place);
    const held = holdAfter(emulator, 5);
    const first = await startUpload(page, { key });
    await held.waitForHit(2);

    const second = await startUpload(page, { key }, other);
    held.remove();
    const results = [await resultOf(page, first), await resultOf(page, second)];

    expect(second).not.toBe(first);
    expect(results.map((result) => result.crc64)).toEqual(both.crc64);
    expect(results.map(({ verified, alreadyStored }) => ({ verified, alreadyStored }))).toEqual([
      { verified: "crc64", alreadyStored: false },
      { verified: "crc64", alreadyStored: false },
    ]);
    expect(both.sha256).toContain(await emulator.sha256(bucket, key));
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

/** What becomes of the first while the second, which its samples do not tell apart, has the upload. */
for (const stored of [3, 18]) {
  test(`a file that went on with the upload of another while that was paused at part ${stored} leaves it no part of its own`, async ({
    page,
    emulator,
    directory,
  }) => {
    const place = places["where the samples do not look"];
    const both = await pickTwo(page, emulator, directory, place);
    const held = holdAfter(emulator, stored);
    const first = await startUpload(page, { key });
    await partsStored(page, stored, first);
    await held.waitForHit(2);
    await tell(page, "pause", first);
    held.remove();
    // The second goes on with it as far as the part in which they differ, and is paused before it completes.
    const completing = emulator.faults.add({
      on: "CompleteMultipartUpload",
      fault: { kind: "hold", when: "before-effect" },
    });
    const second = await startUpload(page, { key }, other);
    await completing.waitForHit();
    await tell(page, "pause", second);
    await emulator.waitForRequest(({ action, phase }) => action === "CompleteMultipartUpload" && phase === "dropped");
    completing.remove();

    await tell(page, "resume", first);
    const result = await resultOf(page, first);

    expect(result).toMatchObject({ crc64: both.crc64[0], verified: "crc64" });
    expect(await emulator.sha256(bucket, key)).toBe(both.sha256[0]);
    // And the other way round: the second finds neither its upload nor an object of its bytes.
    await tell(page, "resume", second);
    expect(await resultOf(page, second)).toMatchObject({
      crc64: both.crc64[1],
      verified: "crc64",
      alreadyStored: false,
    });
    expect(await emulator.sha256(bucket, key)).toBe(both.sha256[1]);
    expect(storedParts(emulator).filter((number) => number === partOfPlace(place)).length).toBeGreaterThanOrEqual(3);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("an object that the first one made is not taken by the second, which waited for it", async ({
  page,
  emulator,
  directory,
}) => {
  const both = await pickTwo(page, emulator, directory, places["where the samples do not look"]);
  const held = holdAfter(emulator, 5);
  const first = await startUpload(page, { key });
  await held.waitForHit(2);
  const second = await startUpload(page, { key }, other);
  await seen(page, { waiting: "same-file" }, second);

  held.remove();
  await resultOf(page, first);
  const result = await resultOf(page, second);

  expect(result).toMatchObject({ alreadyStored: false, crc64: both.crc64[1], sentBytes: size });
  expect(await emulator.sha256(bucket, key)).toBe(both.sha256[1]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("the same File object, begun while it goes up, is the same upload", async ({ page, emulator, directory }) => {
  await pickTwo(page, emulator, directory, 0);
  const held = holdAfter(emulator, 5);
  const first = await startUpload(page, { key });
  await held.waitForHit(2);

  const second = await startUpload(page, { key });
  held.remove();
  await resultOf(page, second);

  expect(second).toBe(first);
  expect(storedParts(emulator)).toHaveLength(total);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

const rights = {
  "that may look at objects sends nothing again": { permissions: undefined, sentBytes: 0 },
  "that may not look at objects sends it again": {
    permissions: ["oss:PutObject", "oss:ListParts", "oss:AbortMultipartUpload"],
    sentBytes: size,
  },
} as const;

for (const [who, { permissions, sentBytes }] of Object.entries(rights)) {
  test(`another File object of the same content waits for the first, and a page ${who}`, async ({
    page,
    emulator,
    directory,
  }) => {
    if (permissions !== undefined) emulator.setPermissions(account.accessKeyId, permissions);
    const both = await pickTwo(page, emulator, directory, 0);
    const held = holdAfter(emulator, 5);
    const first = await startUpload(page, { key });
    await held.waitForHit(2);
    const second = await startUpload(page, { key }, { input: 0, like: 0 });
    await seen(page, { waiting: "same-file" }, second);
    const before = await stateOf(page, second);

    held.remove();
    await resultOf(page, first);
    const result = await resultOf(page, second);

    expect(second).not.toBe(first);
    // It shows how far the first one is.
    expect(before.progress.storedBytes).toBeGreaterThan(0);
    expect(result).toMatchObject({
      alreadyStored: sentBytes === 0,
      verified: "crc64",
      sentBytes,
      crc64: both.crc64[0],
    });
    expect(storedParts(emulator)).toHaveLength(sentBytes === 0 ? total : 2 * total);
    expect(await emulator.sha256(bucket, key)).toBe(both.sha256[0]);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}
