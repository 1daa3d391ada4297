/** A page has shown or fetched an object of the bucket, and the browser keeps it: what the store has now is asked of the store alone. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { createPicture, type Look, lookAt, looks, plainFetch, urlOf } from "./support/browser-cache.js";
import { sha256Of } from "./support/files.js";
import { partSize, pickAndOpen, reloadHalfway } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { expectResumed } from "./support/resumed.js";
import { bucket, resultOf, startUpload } from "./support/uploading.js";

const key = "picture.png";
const shapes = { "in one request": partSize, "in three parts": 2 * partSize + 1 };
const options = { partSize, retry: { baseDelayMs: 5, giveUpAfterMs: 2000 } };
/** Such as a picture of a site: everybody may see it, and browsers keep it for an hour. Its test may write it anew. */
const kept = { key, contentType: "image/png", cacheControl: "max-age=3600", acl: "public-read-write" } as const;

test.beforeEach(async ({ page, pageServer }) => {
  await page.goto(pageServer.page());
});

/** Uploads the object, has the page look at it, and sees to it that the browser would now answer for the store. */
async function keepInBrowser(page: Page, emulator: Emulator, path: string, how: Look): Promise<void> {
  await pickAndOpen(page, emulator, path, options);
  await resultOf(page, await startUpload(page, kept));
  const url = urlOf(emulator, key);
  await lookAt(page, url, how);
  emulator.clearRequests();

  // What was kept without CORS headers is kept from the page as well: no request tells that the store would allow it.
  const told = [await plainFetch(page, url, "GET"), await plainFetch(page, url, "HEAD")];
  expect(told).toEqual(how === "cors" ? [200, 200] : ["refused", "refused"]);
  expect(emulator.requests).toEqual([]);
}

/** By somebody else: not by way of this browser. */
async function change(emulator: Emulator, method: "PUT" | "DELETE", body?: Buffer<ArrayBuffer>): Promise<void> {
  const url = urlOf(emulator, key);
  const headers = { "content-type": "image/png", "cache-control": kept.cacheControl, "x-oss-object-acl": kept.acl };
  const { ok } = await fetch(url, { method, ...(body === undefined ? {} : { body, headers }) });
  expect(ok).toBe(true);
  emulator.clearRequests();
}

const heads = (emulator: Emulator) => emulator.requests.filter(({ action }) => action === "HeadObject");

for (const [seen, how] of Object.entries(looks)) {
  for (const [shape, size] of Object.entries(shapes)) {
    test(`a picture that the page has ${seen} and the store has lost goes up again ${shape}`, async ({
      page,
      emulator,
      directory,
    }) => {
      const path = await createPicture(join(directory, key), size, 1);
      await keepInBrowser(page, emulator, path, how);
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
    await keepInBrowser(page, emulator, path, how);
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
    await keepInBrowser(page, emulator, await createPicture(join(directory, key), partSize, 1), how);

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
    await keepInBrowser(page, emulator, older, how);
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
  const [upload] = emulator.uploads(bucket);
  const listing = `${urlOf(emulator, halfway.key)}?encoding-type=url&max-parts=1000&uploadId=${upload?.uploadId}`;
  const body = "<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>";
  const headers = { "content-type": "application/xml", "cache-control": "max-age=3600" };
  emulator.faults.add({ on: "ListParts", fault: { kind: "stranger", body, headers } });
  await plainFetch(page, listing, "GET");
  const listings = () => emulator.requests.filter(({ action }) => action === "ListParts");
  expect([await plainFetch(page, listing, "GET"), listings().length]).toEqual([200, 1]);
  await pickAndOpen(page, emulator, halfway.path, options);

  await startUpload(page, { key: halfway.key });
  await resultOf(page);

  expect(listings()).toMatchObject([{ isSigned: false }, { isSigned: true, status: 200, fault: undefined }]);
  await expectResumed(page, emulator, halfway);
});
