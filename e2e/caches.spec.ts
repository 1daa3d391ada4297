/** A page has shown or fetched an object of the bucket, and the browser keeps it: what the store has now is asked of the store alone. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Emulator } from "@ossicle/oss-emulator";
import { expect, test } from "./fixtures.js";
import {
  change,
  createPicture,
  keepInBrowser,
  keepListing,
  kept,
  listedHeaders,
  looks,
} from "./support/browser-cache.js";
import { sha256Of } from "./support/files.js";
import { partSize, pickAndOpen, reloadHalfway } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { expectResumed } from "./support/resumed.js";
import { bucket, resultOf, startUpload } from "./support/uploading.js";

const { key } = kept;
const shapes = { "in one request": partSize, "in three parts": 2 * partSize + 1 };
const options = { partSize, retry: { baseDelayMs: 5, giveUpAfterMs: 2000 } };
test.beforeEach(async ({ page, pageServer }) => {
  await page.goto(pageServer.page());
});

const heads = (emulator: Emulator) => emulator.requests.filter(({ action }) => action === "HeadObject");

for (const [seen, how] of Object.entries(looks)) {
  for (const [shape, size] of Object.entries(shapes)) {
    test(`a picture that the page has ${seen} and the store has lost goes up again ${shape}`, async ({
      page,
      emulator,
      directory,
    }) => {
      const path = await createPicture(join(directory, key), size, 1);
      await keepInBrowser(page, emulator, path, how, options);
      await change(emulator, "DELETE");

      const result = await resultOf(page, await startUpload(page, { ...kept, ifExists: "skip-identical" }));

      expect(result).toMatchObject({ alreadyStored: false, verified: "crc64", sentBytes: size });
      expect(heads(emulator)).toMatchObject([{ status: 404 }]);
      expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
      expect(await leftBehind(page, emulator)).toEqual(nothing);
    });
  }

  test(`a picture that the page has ${seen} and the store has another one of goes up again`, async ({
    page,
    emulator,
    directory,
  }) => {
    const path = await createPicture(join(directory, key), partSize, 1);
    const another = await createPicture(join(directory, "another.png"), partSize, 2);
    await keepInBrowser(page, emulator, path, how, options);
    await change(emulator, "PUT", await readFile(another));

    const result = await resultOf(page, await startUpload(page, { ...kept, ifExists: "skip-identical" }));

    expect(result).toMatchObject({ alreadyStored: false, verified: "crc64", sentBytes: partSize });
    expect(heads(emulator)).toMatchObject([{ status: 200 }]);
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test(`a picture that the page has ${seen} and the store still has is found there`, async ({
    page,
    emulator,
    directory,
  }) => {
    const path = await createPicture(join(directory, key), partSize, 1);
    await keepInBrowser(page, emulator, path, how, options);
    // Asking past the cache asks no more of the rule.
    emulator.setCors(bucket, listedHeaders);

    const result = await resultOf(page, await startUpload(page, { ...kept, ifExists: "skip-identical" }));

    expect(result).toMatchObject({ alreadyStored: true, verified: "crc64", sentBytes: 0 });
    expect(heads(emulator)).toMatchObject([{ status: 200 }]);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test(`where the page has ${seen} the older object, a Complete whose answer was lost is recognised`, async ({
    page,
    emulator,
    directory,
  }) => {
    const size = shapes["in three parts"];
    const older = await createPicture(join(directory, "older.png"), size, 1);
    await keepInBrowser(page, emulator, older, how, options);
    const path = await createPicture(join(directory, key), size, 2);
    await pickAndOpen(page, emulator, path, options);
    const lost = emulator.faults.add({ on: "CompleteMultipartUpload", fault: "lose-answer" });

    const result = await resultOf(page, await startUpload(page, kept));

    expect(lost.hits).toBe(1);
    expect(result).toMatchObject({ alreadyStored: true, verified: "crc64", sentBytes: size });
    expect(heads(emulator)).toMatchObject([{ status: 200 }]);
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("what the store has of an upload is asked of the store, although the browser keeps a listing", async ({
  page,
  emulator,
  directory,
}) => {
  const halfway = await reloadHalfway(page, emulator, { total: 12, stored: 4, directory });
  await keepListing(page, emulator, halfway.key);
  await pickAndOpen(page, emulator, halfway.path, options);

  await startUpload(page, { key: halfway.key });
  await resultOf(page);

  const listings = emulator.requests.filter(({ action }) => action === "ListParts");
  expect(listings).toMatchObject([{ isSigned: false }, { isSigned: true, status: 200, fault: undefined }]);
  await expectResumed(page, emulator, halfway);
});
