/** An older object, or one that another writer has put at the key, finishes no upload: only HEAD tells them apart from ours. */
import type { Emulator, FaultSpec } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import type { UploadOptions } from "../packages/core/src/index.js";
import { expect, test } from "./fixtures.js";
import { asked, expectAsAsked, exposeMetadata, film, hour, key, options } from "./support/asked-for.js";
import { lift, pickAndOpen } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { bucket, openUploader, partsStored, resultOf, startUpload } from "./support/uploading.js";

/** What the object at the key was asked to be when it was stored, an hour before. */
const older: Readonly<Record<string, UploadOptions>> = {
  "another ACL": { ...asked, acl: "public-read" },
  "all that was asked for": asked,
};
/** What HEAD can tell of an object that is new. */
const others: Readonly<Record<string, UploadOptions>> = {
  "another content type": { ...asked, contentType: "video/webm" },
  "other metadata": { ...asked, metadata: { owner: "eve" } },
  "more metadata": { ...asked, metadata: { owner: "ada", also: "eve" } },
};

/** Stores the file's bytes as another page did an hour ago. */
async function storeBefore(page: Page, emulator: Emulator, path: string, as: UploadOptions): Promise<void> {
  emulator.skewClock(-hour);
  await pickAndOpen(page, emulator, path, options);
  await resultOf(page, await startUpload(page, as));
  emulator.skewClock(0);
  await page.reload();
  emulator.clearRequests();
}

/** The key holds an older object of the same bytes, and the page is about to upload the file once more. */
async function readyOverOlder(page: Page, emulator: Emulator, directory: string, as: UploadOptions) {
  const path = await film(directory);
  await storeBefore(page, emulator, path, as);
  const before = emulator.object(bucket, key);
  await pickAndOpen(page, emulator, path, options);
  return { path, before };
}

const losses: Readonly<Record<string, FaultSpec>> = {
  Complete: { on: "CompleteMultipartUpload", fault: "gone" },
  "a part": { on: "UploadPart", partNumber: 4, fault: "gone" },
};

test.beforeEach(async ({ page, pageServer, emulator }) => {
  exposeMetadata(emulator);
  await page.goto(pageServer.page());
});

for (const [what, as] of Object.entries(older)) {
  for (const [where, fault] of Object.entries(losses)) {
    test(`an older object of the same bytes with ${what} is not taken for ours when the upload is gone at ${where}`, async ({
      page,
      emulator,
      directory,
    }) => {
      const { before } = await readyOverOlder(page, emulator, directory, as);
      const gone = emulator.faults.add(fault);

      const result = await resultOf(page, await startUpload(page, asked));

      expect(gone.hits).toBe(1);
      expect(result).toMatchObject({ alreadyStored: false, verified: "crc64" });
      expectAsAsked(emulator, before);
      expect(await leftBehind(page, emulator)).toEqual(nothing);
    });
  }

  test(`an older object of the same bytes with ${what} is not taken for ours when the upload is gone after a reload`, async ({
    page,
    emulator,
    directory,
  }) => {
    const { path, before } = await readyOverOlder(page, emulator, directory, as);
    const held = emulator.faults.add({ on: "UploadPart", after: 2, times: "always", fault: "hold" });
    await startUpload(page, asked);
    await Promise.all([held.waitForHit(2), partsStored(page, 2)]);
    await page.reload();
    await lift(emulator, held);
    await pickAndOpen(page, emulator, path, options);
    const gone = emulator.faults.add({ on: "ListParts", fault: "gone" });

    const result = await resultOf(page, await startUpload(page, asked));

    expect(gone.hits).toBe(1);
    expect(result).toMatchObject({ alreadyStored: false, verified: "crc64", resumedBytes: 0 });
    expectAsAsked(emulator, before);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test(`an older object of the same bytes with ${what} is not taken for ours when Complete was sent, the page loaded anew, and the upload gone`, async ({
    page,
    emulator,
    directory,
  }) => {
    const { path, before } = await readyOverOlder(page, emulator, directory, as);
    const held = emulator.faults.add({
      on: "CompleteMultipartUpload",
      fault: { kind: "hold", when: "before-effect" },
    });
    await startUpload(page, asked);
    await held.waitForHit();
    await page.reload();
    await lift(emulator, held);
    await pickAndOpen(page, emulator, path, options);
    const gone = emulator.faults.add({ on: ["ListParts", "CompleteMultipartUpload"], fault: "gone" });

    const result = await resultOf(page, await startUpload(page, asked));

    expect(gone.hits).toBe(1);
    expect(result).toMatchObject({ alreadyStored: false, verified: "crc64" });
    expectAsAsked(emulator, before);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

for (const [what, theirs] of Object.entries(others)) {
  test(`an object with ${what} that another writer has put in the place of ours meanwhile is not taken for it`, async ({
    page,
    emulator,
    directory,
    context,
    pageServer,
  }) => {
    const path = await film(directory);
    const other = await context.newPage();
    await other.goto(pageServer.page());
    await other.setInputFiles("input", path);
    await openUploader(other, emulator, { ...options, scope: "another user" });
    await pickAndOpen(page, emulator, path, options);
    emulator.faults.add({ on: "CompleteMultipartUpload", fault: "lose-answer" });
    // The next look at the key comes after the other's object.
    const looking = emulator.faults.add({ on: "HeadObject", fault: { kind: "hold", when: "before-effect" } });
    await startUpload(page, asked);
    await looking.waitForHit();

    await resultOf(other, await startUpload(other, theirs));
    looking.remove();
    const result = await resultOf(page);

    expect(result).toMatchObject({ alreadyStored: false, verified: "crc64" });
    expectAsAsked(emulator, undefined);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}
