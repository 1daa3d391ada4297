/** Whatever becomes of the records of an upload, the object is the file: what is damaged is as good as not there. */
import { expect, test } from "./fixtures.js";
import { createLaterDatabase, type Damage, damageRecord, damages, deleteDatabase } from "./support/checkpoints.js";
import { sha256Of } from "./support/files.js";
import { partSize, pickAndOpen, reloadHalfway, stopHalfway } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { ascending, numbersTo } from "./support/resumed.js";
import {
  account,
  bucket,
  partMapOf,
  pendingUploads,
  resultOf,
  startUpload,
  stateOf,
  statesOf,
  storedParts,
} from "./support/uploading.js";

const key = "film.bin";
const options = { partSize };
const total = 14;

test.beforeEach(async ({ page, pageServer }) => {
  await page.goto(pageServer.page());
});

/** Damages that leave the upload id where a page that clears up finds it. */
const readable: ReadonlySet<Damage> = new Set<Damage>(["unsealed", "circular"]);

for (const damage of damages) {
  test(`a head that is ${damage} is offered to nobody and cleared away, and the upload starts over`, async ({
    page,
    emulator,
    directory,
  }) => {
    const { path } = await reloadHalfway(page, emulator, { total, stored: 5, directory });
    const [orphan] = emulator.uploads(bucket);
    await damageRecord(page, 0, damage);
    await pickAndOpen(page, emulator, path, options);
    emulator.clearRequests();
    const pending = await pendingUploads(page);

    await startUpload(page, { key });
    const result = await resultOf(page);

    expect(pending).toEqual([]);
    expect(ascending(storedParts(emulator))).toEqual(numbersTo(total));
    expect(result).toMatchObject({ verified: "crc64", resumedBytes: 0 });
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
    // Its id was in the head alone: where it cannot be read any more, the bucket's lifecycle rule removes it.
    const orphans = readable.has(damage) ? [] : [orphan];
    expect(emulator.uploads(bucket)).toEqual(orphans);
    expect(await leftBehind(page, emulator)).toEqual({ ...nothing, uploadIds: orphans.length });
  });
}

test("a part whose record is damaged in any way is looked at again, and not sent", async ({
  page,
  emulator,
  directory,
}) => {
  const { path, stored } = await reloadHalfway(page, emulator, { total, stored: 8, directory });
  const damaged = stored.slice(0, damages.length);
  for (const [index, damage] of damages.entries()) await damageRecord(page, damaged[index] ?? 0, damage);
  await pickAndOpen(page, emulator, path, options);

  await startUpload(page, { key });
  const result = await resultOf(page);

  expect(damaged).toHaveLength(damages.length);
  expect(ascending(storedParts(emulator))).toEqual(numbersTo(total));
  expect(result).toMatchObject({ verified: "crc64", resumedBytes: stored.length * partSize });
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("a part whose record is damaged in any way is sent again where listing parts is forbidden", async ({
  page,
  emulator,
  directory,
}) => {
  const { path, stored } = await reloadHalfway(page, emulator, { total, stored: 8, directory });
  const damaged = stored.slice(0, damages.length);
  for (const [index, damage] of damages.entries()) await damageRecord(page, damaged[index] ?? 0, damage);
  emulator.setPermissions(account.accessKeyId, ["oss:PutObject"]);
  await pickAndOpen(page, emulator, path, options);

  await startUpload(page, { key });
  await resultOf(page);

  const whole = stored.slice(damages.length);
  expect(damaged).toHaveLength(damages.length);
  expect(ascending(storedParts(emulator))).toEqual(ascending([...numbersTo(total), ...damaged]));
  expect(await partMapOf(page)).toEqual(numbersTo(total).map((number) => (whole.includes(number) ? 3 : 2)));
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("an upload whose database is deleted under its feet goes on to its end", async ({ page, emulator, directory }) => {
  const halfway = await stopHalfway(page, emulator, { total, stored: 5, directory });
  await deleteDatabase(page);

  halfway.release();
  const result = await resultOf(page);

  expect(result).toMatchObject({ verified: "crc64", sentBytes: halfway.size });
  expect(ascending(storedParts(emulator))).toEqual(numbersTo(total));
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(halfway.path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("a page that finds the database deleted starts over", async ({ page, emulator, directory }) => {
  const { path } = await reloadHalfway(page, emulator, { total, stored: 5, directory });
  const [orphan] = emulator.uploads(bucket);
  await deleteDatabase(page);
  await pickAndOpen(page, emulator, path, options);
  emulator.clearRequests();

  await startUpload(page, { key });
  await resultOf(page);

  expect(ascending(storedParts(emulator))).toEqual(numbersTo(total));
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(emulator.uploads(bucket)).toEqual([orphan]);
  expect(await leftBehind(page, emulator)).toEqual({ ...nothing, uploadIds: 1 });
});

test("beside a database of a later version an upload works, and says that it would not survive the page", async ({
  page,
  emulator,
  directory,
}) => {
  const warnings: string[] = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  await createLaterDatabase(page);
  const halfway = await stopHalfway(page, emulator, { total, stored: 5, directory });
  const during = await stateOf(page);
  const pending = await pendingUploads(page);

  halfway.release();
  const result = await resultOf(page);

  expect(during).toMatchObject({ phase: "uploading", resumable: false });
  expect(pending).toEqual([]);
  expect(result).toMatchObject({ verified: "crc64", sentBytes: halfway.size });
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(halfway.path));
  expect(emulator.uploads(bucket)).toEqual([]);
  expect(warnings).toEqual([expect.stringContaining("VersionError")]);
});

test("an upload goes on when a later version takes the database over, and says that it would not survive", async ({
  page,
  emulator,
  directory,
}) => {
  const halfway = await stopHalfway(page, emulator, { total, stored: 5, directory });
  await createLaterDatabase(page);

  halfway.release();
  const result = await resultOf(page);

  const uploading = (await statesOf(page)).filter(({ phase }) => phase === "uploading");
  expect(uploading[0]).toMatchObject({ resumable: true });
  expect(uploading.at(-1)).toMatchObject({ resumable: false });
  expect(result).toMatchObject({ verified: "crc64", sentBytes: halfway.size });
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(halfway.path));
  expect(emulator.uploads(bucket)).toEqual([]);
});

test("an upload that was paused goes on from memory when the database was deleted meanwhile", async ({
  page,
  emulator,
  directory,
}) => {
  const halfway = await stopHalfway(page, emulator, { total, stored: 5, directory });
  await page.evaluate(() => window.ossicle.uploads[0]?.pause());
  await halfway.lift();
  await deleteDatabase(page);

  await page.evaluate(() => window.ossicle.uploads[0]?.resume());
  await resultOf(page);

  expect(ascending(storedParts(emulator))).toEqual(numbersTo(total));
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(halfway.path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
