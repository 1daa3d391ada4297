/** The object was made, and nobody heard of it: the next look finds it, proves it, and sends nothing. What is not proved is sent. */
import { join } from "node:path";
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { createFile, createFilm, sha256Of } from "./support/files.js";
import { lift, partSize, pickAndOpen } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { ascending, numbersTo } from "./support/resumed.js";
import {
  account,
  bucket,
  pendingUploads,
  resultOf,
  resumePending,
  startUpload,
  storedParts,
} from "./support/uploading.js";

const key = "film.bin";
const total = 12;
const size = total * partSize - 5;
const options = { partSize, retry: { baseDelayMs: 5 } };
const allPermissions = ["oss:PutObject", "oss:GetObject", "oss:ListParts", "oss:AbortMultipartUpload"] as const;
const withoutHead = allPermissions.filter((permission) => permission !== "oss:GetObject");

test.beforeEach(async ({ page, pageServer }) => {
  await page.goto(pageServer.page());
});

const film = (directory: string) => createFilm(directory, size);

/** Loses the answer to Complete, and loads the page anew before it has the answer to its second one. */
async function reloadAfterLostAnswer(page: Page, emulator: Emulator): Promise<void> {
  emulator.faults.add({ on: "CompleteMultipartUpload", fault: "lose-answer" });
  const second = emulator.faults.add({ on: "CompleteMultipartUpload", fault: "hold" });
  await startUpload(page, { key });
  await second.waitForHit();
  await page.reload();
  await lift(emulator, second);
  emulator.clearRequests();
}

for (const permissions of [allPermissions, ["oss:PutObject", "oss:GetObject"]] as const) {
  const who = permissions === allPermissions ? "a page that may do everything" : "a page that may not list parts";
  test(`${who} recognises the object after a reload, and sends nothing`, async ({ page, emulator, directory }) => {
    emulator.setPermissions(account.accessKeyId, permissions);
    const path = await film(directory);
    await pickAndOpen(page, emulator, path, options);
    await reloadAfterLostAnswer(page, emulator);
    await pickAndOpen(page, emulator, path, options);

    await startUpload(page, { key });
    const result = await resultOf(page);

    expect(result).toMatchObject({ alreadyStored: true, verified: "crc64", sentBytes: 0, size });
    expect(emulator.requests.filter(({ method }) => method === "PUT")).toEqual([]);
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("what is pending is recognised as done when it goes on", async ({ page, emulator, directory }) => {
  const path = await film(directory);
  await pickAndOpen(page, emulator, path, options);
  await reloadAfterLostAnswer(page, emulator);
  await pickAndOpen(page, emulator, path, options);
  const [entry] = await pendingUploads(page);

  const index = await resumePending(page, 0, { input: 0 });
  const result = await resultOf(page, index);

  expect(entry).toMatchObject({ key, storedBytes: size });
  expect(result).toMatchObject({ alreadyStored: true, verified: "crc64", sentBytes: 0, size });
  expect(emulator.requests.filter(({ method }) => method === "PUT")).toEqual([]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("the run that lost the answer recovers by itself", async ({ page, emulator, directory }) => {
  const path = await film(directory);
  await pickAndOpen(page, emulator, path, options);
  const fault = emulator.faults.add({ on: "CompleteMultipartUpload", fault: "lose-answer" });

  await startUpload(page, { key });
  const result = await resultOf(page);

  expect(fault.hits).toBe(1);
  expect(result).toMatchObject({ alreadyStored: true, verified: "crc64", sentBytes: size });
  expect(ascending(storedParts(emulator))).toEqual(numbersTo(total));
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("where the object may not be looked at, all of it is sent again after a reload", async ({
  page,
  emulator,
  directory,
}) => {
  emulator.setPermissions(account.accessKeyId, withoutHead);
  const path = await film(directory);
  await pickAndOpen(page, emulator, path, options);
  await reloadAfterLostAnswer(page, emulator);
  await pickAndOpen(page, emulator, path, options);

  await startUpload(page, { key });
  const result = await resultOf(page);

  expect(result).toMatchObject({ alreadyStored: false, verified: "crc64", resumedBytes: 0, sentBytes: size });
  expect(ascending(storedParts(emulator))).toEqual(numbersTo(total));
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("where the object may not be looked at, the run that lost the answer sends all of it again", async ({
  page,
  emulator,
  directory,
}) => {
  emulator.setPermissions(account.accessKeyId, withoutHead);
  const path = await film(directory);
  await pickAndOpen(page, emulator, path, options);
  emulator.faults.add({ on: "CompleteMultipartUpload", fault: "lose-answer" });

  await startUpload(page, { key });
  const result = await resultOf(page);

  expect(result).toMatchObject({ alreadyStored: false, verified: "crc64", sentBytes: 2 * size });
  expect(ascending(storedParts(emulator))).toEqual(ascending([...numbersTo(total), ...numbersTo(total)]));
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("where the CORS rule hides what would prove the object, all of it is sent again", async ({
  page,
  emulator,
  directory,
}) => {
  emulator.setCors(bucket, [
    { allowedOrigins: ["*"], allowedMethods: ["PUT", "POST", "GET", "HEAD", "DELETE"], allowedHeaders: ["*"] },
  ]);
  const path = await film(directory);
  await pickAndOpen(page, emulator, path, options);
  await reloadAfterLostAnswer(page, emulator);
  await pickAndOpen(page, emulator, path, options);

  await startUpload(page, { key });
  const result = await resultOf(page);

  expect(result).toMatchObject({ alreadyStored: false, verified: "etag" });
  expect(ascending(storedParts(emulator))).toEqual(numbersTo(total));
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("an older object of the same size is not taken for the new one", async ({ page, emulator, directory }) => {
  const older = await createFile(join(directory, "older.bin"), { size, seed: 13 });
  await pickAndOpen(page, emulator, older, options);
  await startUpload(page, { key });
  await resultOf(page);
  const path = await film(directory);
  await pickAndOpen(page, emulator, path, options);
  emulator.clearRequests();
  emulator.faults.add({ on: "CompleteMultipartUpload", fault: "gone" });

  await startUpload(page, { key });
  const result = await resultOf(page);

  expect(emulator.requests.some(({ action, status }) => action === "HeadObject" && status === 200)).toBe(true);
  expect(result).toMatchObject({ alreadyStored: false, verified: "crc64", sentBytes: 2 * size });
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
