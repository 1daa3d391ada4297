/** A reload costs nothing that was stored: the next page goes on where the last one was, and the object is the file in hand. */
import { rename, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { createFile, flipBit, sha256Of } from "./support/files.js";
import { lift, partSize, pickAndOpen, reloadHalfway, uploadUntil } from "./support/interrupting.js";
import { withoutSharedWorkers } from "./support/keeping.js";
import { expectLeftSoon, leftBehind, nothing } from "./support/left-behind.js";
import { expectResumed, numbersTo } from "./support/resumed.js";
import {
  account,
  bucket,
  discardPending,
  partMapOf,
  partsStored,
  pendingUploads,
  resultOf,
  resumePending,
  startUpload,
  storedParts,
} from "./support/uploading.js";

const key = "film.bin";
const options = { partSize };

test.beforeEach(async ({ page, pageServer }) => {
  await page.goto(pageServer.page());
});

test("the same file, uploaded again, goes on where the last page was", async ({ page, emulator, directory }) => {
  const halfway = await reloadHalfway(page, emulator, { total: 110, stored: 60, directory });
  await pickAndOpen(page, emulator, halfway.path, options);

  await startUpload(page, { key });

  await expectResumed(page, emulator, halfway);
});

test("the same file, given to what is pending, goes on where the last page was", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  await page.addInitScript(withoutSharedWorkers);
  await page.goto(pageServer.page());
  const halfway = await reloadHalfway(page, emulator, { total: 110, stored: 60, directory });
  await pickAndOpen(page, emulator, halfway.path, options);
  const [entry, ...others] = await pendingUploads(page);

  const index = await resumePending(page, 0, { input: 0 });

  expect(others).toEqual([]);
  expect(entry).toMatchObject({ key, storedBytes: halfway.storedBytes, needs: "file", active: false });
  expect(entry?.file).toMatchObject({ name: "film.bin", size: halfway.size });
  await expectResumed(page, emulator, halfway, { index });
  expect(await pendingUploads(page)).toEqual([]);
});

test("a renamed file goes on", async ({ page, emulator, directory }) => {
  const halfway = await reloadHalfway(page, emulator, { total: 45, stored: 20, directory });
  const renamed = join(directory, "another name.mov");
  await rename(halfway.path, renamed);
  await pickAndOpen(page, emulator, renamed, options);

  await startUpload(page, { key });

  await expectResumed(page, emulator, halfway, { file: renamed });
});

test("a file with another date goes on", async ({ page, emulator, directory }) => {
  const halfway = await reloadHalfway(page, emulator, { total: 45, stored: 20, directory });
  await utimes(halfway.path, 0, 86_400);
  await pickAndOpen(page, emulator, halfway.path, options);

  await startUpload(page, { key });

  await expectResumed(page, emulator, halfway);
});

test("a file of another size is another file: all of it is sent, and the first one stays pending", async ({
  page,
  emulator,
  directory,
}) => {
  const halfway = await reloadHalfway(page, emulator, { total: 45, stored: 20, directory });
  const longer = await createFile(join(directory, "longer.bin"), { size: halfway.size + 1, seed: halfway.total });
  await pickAndOpen(page, emulator, longer, options);
  emulator.clearRequests();

  await startUpload(page, { key });
  const result = await resultOf(page);
  const pending = await pendingUploads(page);
  await discardPending(page);

  expect(result).toMatchObject({ resumedBytes: 0, sentBytes: halfway.size + 1 });
  expect(storedParts(emulator).sort((a, b) => a - b)).toEqual(numbersTo(45));
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(longer));
  expect(pending).toMatchObject([{ key, storedBytes: halfway.storedBytes, file: { name: "film.bin" } }]);
  await expectLeftSoon(page, emulator);
});

test("what is pending refuses a file of another size, and still takes the right one", async ({
  page,
  emulator,
  directory,
}) => {
  const halfway = await reloadHalfway(page, emulator, { total: 45, stored: 20, directory });
  const longer = await createFile(join(directory, "longer.bin"), { size: halfway.size + 1, seed: halfway.total });
  await pickAndOpen(page, emulator, longer, options);
  await pendingUploads(page);

  await expect(resumePending(page, 0, { input: 0 })).rejects.toThrow("The file given is not the film.bin");
  await page.setInputFiles("input", halfway.path);
  await resumePending(page, 0, { input: 0 });

  await expectResumed(page, emulator, halfway);
});

test("a change that name, size, date and samples do not show never makes a mixture of two files", async ({
  page,
  emulator,
  directory,
}) => {
  const halfway = await reloadHalfway(page, emulator, { total: 45, stored: 20, directory });
  // The first sample ends at 262,144, the second begins beyond 280,000: all of it in part 3, which is stored.
  await flipBit(halfway.path, 270_000);
  await pickAndOpen(page, emulator, halfway.path, options);

  await startUpload(page, { key });
  const result = await resultOf(page);

  expect(halfway.stored).toContain(3);
  expect(storedParts(emulator).sort((a, b) => a - b)).toEqual([...numbersTo(45), 3].sort((a, b) => a - b));
  expect((await partMapOf(page))[2]).toBe(2);
  expect(result).toMatchObject({ verified: "crc64", resumedBytes: halfway.storedBytes - partSize });
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(halfway.path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("parts that were stored as the page went, without its hearing of it, are not sent again", async ({
  page,
  emulator,
  directory,
}) => {
  const path = await createFile(join(directory, "film.bin"), { size: 45 * partSize - 5, seed: 45 });
  await pickAndOpen(page, emulator, path, options);
  const unheard = emulator.faults.add({ on: "UploadPart", after: 20, times: "always", fault: "hold" });
  await startUpload(page, { key });
  await Promise.all([partsStored(page, 20), unheard.waitForHit(6)]);
  await page.reload();
  await lift(emulator, unheard);
  const [begun] = emulator.uploads(bucket);
  await pickAndOpen(page, emulator, path, options);
  emulator.clearRequests();

  await startUpload(page, { key });
  const result = await resultOf(page);

  expect(begun?.partCount).toBe(26);
  expect(storedParts(emulator)).toHaveLength(45 - 26);
  expect(result).toMatchObject({ resumedBytes: 26 * partSize, sentBytes: 19 * partSize - 5 });
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("where listing parts is forbidden, the records alone are enough", async ({ page, emulator, directory }) => {
  const halfway = await reloadHalfway(page, emulator, { total: 45, stored: 20, directory });
  emulator.setPermissions(account.accessKeyId, ["oss:PutObject"]);
  const asked = () => emulator.requests.filter(({ action }) => action === "ListParts").map(({ status }) => status);
  // The page before could still hear its parts fail, and ask what had become of them.
  const before = asked().length;
  await pickAndOpen(page, emulator, halfway.path, options);

  await startUpload(page, { key });

  await expectResumed(page, emulator, halfway);
  expect(asked().slice(before)).toEqual([403]);
});

test("more stored parts than one page of a listing holds are all found again", async ({
  page,
  emulator,
  directory,
}) => {
  const halfway = await reloadHalfway(page, emulator, { total: 1010, stored: 1002, directory });
  await pickAndOpen(page, emulator, halfway.path, options);

  await startUpload(page, { key });

  await expectResumed(page, emulator, halfway);
  expect(emulator.requests.filter(({ action }) => action === "ListParts")).toHaveLength(2);
});

/** A page has stored a part of a file whose handle is kept, and was loaded again. */
async function reloadedWithHandle(page: Page, emulator: Emulator, directory: string) {
  const size = 45 * partSize - 5;
  const path = await createFile(join(directory, "film.bin"), { size, seed: 45 });
  await pickAndOpen(page, emulator, path, options);
  await page.evaluate(async () => {
    const file = document.querySelector("input")?.files?.[0] as File;
    const handle = await (await navigator.storage.getDirectory()).getFileHandle("kept.bin", { create: true });
    await file.stream().pipeTo(await handle.createWritable());
  });
  const first = await uploadUntil(page, emulator, 20, { key }, { opfs: "kept.bin" });
  await page.reload();
  await first.lift();
  await pickAndOpen(page, emulator, path, options);
  return { ...first, path, size, total: 45, key };
}

test("a file whose handle was kept goes on without being picked", async ({ page, emulator, directory }) => {
  const halfway = await reloadedWithHandle(page, emulator, directory);
  const [entry] = await pendingUploads(page);

  const index = await resumePending(page);

  expect(entry).toMatchObject({ needs: "nothing", file: { name: "kept.bin" } });
  await expectResumed(page, emulator, halfway, { index });
});

test("a page that goes on with all that needs nobody, twice at a time, goes on with it once", async ({
  page,
  emulator,
  directory,
}) => {
  const halfway = await reloadedWithHandle(page, emulator, directory);

  const { rest, index } = await page.evaluate(async () => {
    const { uploader, watch } = window.ossicle;
    const rest = (await Promise.all([uploader.resumeAll(), uploader.resumeAll()])).flat().length;
    return { rest, index: uploader.uploads.map(watch) };
  });

  expect([rest, index]).toEqual([0, [0]]);
  await expectResumed(page, emulator, halfway, { index: 0 });
});
