/** What every user does, in WebKit: upload, pause, reload, resume, two tabs, a file that is larger than 4 GiB. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { listedHeaders } from "../support/browser-cache.js";
import { lookAtEngine } from "../support/engine.js";
import { createFile, sha256Of } from "../support/files.js";
import { partSize, pickAndOpen, reloadHalfway, stopHalfway } from "../support/interrupting.js";
import { keeperFound, keepingWorkers, register, siteWithWorker } from "../support/keeping.js";
import { expectLeftSoon, leftBehind, nothing } from "../support/left-behind.js";
import { expectResumed } from "../support/resumed.js";
import { holdAfter, seen, tell } from "../support/steering.js";
import {
  bucket,
  openUploader,
  partsStored,
  pendingUploads,
  resultOf,
  resumeAll,
  resumePending,
  startUpload,
  stateOf,
  statesOf,
  storedParts,
} from "../support/uploading.js";
import { expect, test } from "./fixtures.js";

const MiB = 2 ** 20;
const GiB = 2 ** 30;
const key = "film.bin";

for (const [what, size] of [
  ["one byte", 1],
  ["one part", partSize - 1],
  ["ten parts", 10 * partSize - 5],
] as const) {
  test(`a file of ${what} arrives as it is`, async ({ page, emulator, openWithFile }) => {
    const path = await openWithFile({ size, seed: 1 }, { partSize });

    const result = await resultOf(page, await startUpload(page, { key }));

    expect(result).toMatchObject({ verified: "crc64", alreadyStored: false, sentBytes: size });
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("after a reload the same file, picked again, goes on where the last page was", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  await page.goto(pageServer.page());
  const halfway = await reloadHalfway(page, emulator, { total: 60, stored: 30, directory });
  await pickAndOpen(page, emulator, halfway.path, { partSize });

  await startUpload(page, { key });

  await expectResumed(page, emulator, halfway);
});

test("what is pending says that it needs the file, and goes on with it", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  await page.goto(pageServer.page());
  const halfway = await reloadHalfway(page, emulator, { total: 30, stored: 12, directory });
  await pickAndOpen(page, emulator, halfway.path, { partSize });
  const [entry] = await pendingUploads(page);

  const index = await resumePending(page, 0, { input: 0 });

  expect(entry).toMatchObject({ key, storedBytes: halfway.storedBytes, needs: "file", active: false });
  await expectResumed(page, emulator, halfway, { index });
});

test("a file that was chosen once goes on after a reload by itself, where a service worker of the site keeps it", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const worker = keepingWorkers["taken by importScripts()"];
  await page.goto(siteWithWorker(pageServer, worker));
  await register(page, worker);
  const halfway = await stopHalfway(page, emulator, { total: 30, stored: 10, directory });
  await keeperFound(page);
  await page.reload();
  await halfway.lift();
  await openUploader(page, emulator, { partSize });

  const went = await resumeAll(page);

  expect(went).toEqual({ went: 1, needs: [] });
  await expectResumed(page, emulator, halfway);
});

test("an upload that is paused lets go of its requests and, resumed, sends only what was not stored", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  await page.goto(pageServer.page());
  const { index, path, size, storedBytes, lift } = await stopHalfway(page, emulator, {
    total: 20,
    stored: 8,
    directory,
  });

  await tell(page, "pause", index);
  await lift();
  const paused = await stateOf(page, index);
  await tell(page, "resume", index);
  const result = await resultOf(page, index);

  expect(paused).toMatchObject({ phase: "paused", progress: { storedBytes } });
  expect(result).toMatchObject({ verified: "crc64", size });
  expect(storedParts(emulator)).toHaveLength(20);
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("when the tab that sends is closed, the one that waits goes on, and no part is sent twice", async ({
  page,
  openTab,
  pageServer,
  emulator,
  openWithFile,
}) => {
  const options = { partSize, concurrency: 2 };
  const path = await openWithFile({ size: 10 * partSize, seed: 1 }, options);
  const held = holdAfter(emulator, 4);
  await startUpload(page, { key });
  await held.waitForHit(2);
  await partsStored(page, 4);
  const second = await openTab();
  await second.goto(pageServer.page());
  await pickAndOpen(second, emulator, path, options);
  await startUpload(second, { key });
  await seen(second, { waiting: "other-tab" });
  const underWay = emulator.requests.filter(({ phase }) => phase === "received");

  await page.close();
  for (const request of underWay)
    await emulator.waitForRequest((entry) => entry === request && entry.phase === "dropped");
  await held.waitForHit(4);
  held.remove();
  const result = await resultOf(second);

  expect(result).toMatchObject({ verified: "crc64", resumedBytes: 4 * partSize, sentBytes: 6 * partSize });
  expect(storedParts(emulator).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(await leftBehind(second, emulator)).toEqual(nothing);
});

test("12 GiB are cut into 1536 parts, and the first of them are sent and stored", async ({
  page,
  emulator,
  openWithFile,
}) => {
  await openWithFile({ size: 12 * GiB, seed: 1, every: GiB });
  const held = holdAfter(emulator, 8);

  await startUpload(page, { key });
  await Promise.all([partsStored(page, 8), held.waitForHit()]);
  const { progress } = await stateOf(page);
  await tell(page, "cancel");
  held.remove();

  expect(progress).toMatchObject({ totalBytes: 12 * GiB, parts: { total: 1536, stored: 8 } });
  await expectLeftSoon(page, emulator);
});

test("bytes behind the fourth GiB of a file are hashed and sent as those before it", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const [size, end] = [6 * GiB, 24 * MiB];
  const path = await createFile(join(directory, key), { size, seed: 3, every: GiB });
  await page.goto(pageServer.page());
  await page.setInputFiles("input", path);
  await openUploader(page, emulator);

  await page.evaluate(
    ({ from, key }) => {
      const file = document.querySelector("input")?.files?.[0] as File;
      window.ossicle.watch(window.ossicle.uploader.upload(file.slice(from), { key }));
    },
    { from: size - end, key },
  );
  const result = await resultOf(page);

  expect(result).toMatchObject({ verified: "crc64", sentBytes: end });
  expect(await emulator.sha256(bucket, key)).toBe(await sha256OfEnd(path, size - end));
});

test("progress never goes back, and ends with every byte", async ({ page, emulator, openWithFile }) => {
  const size = 40 * MiB + 17;
  await openWithFile({ size, seed: 4 });

  await resultOf(page, await startUpload(page, { key }));

  const stored = (await statesOf(page)).map(({ progress }) => progress.storedBytes);
  expect(stored).toEqual([...stored].sort((a, b) => a - b));
  expect(stored.at(-1)).toBe(size);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

// What automation gives this engine keeps no answers that a worker could get, so caches.spec.ts has its tests in the other two. Here:
// asking past a cache works, and asks no more of the CORS rule.
test("where the CORS rule lists its headers, the store is asked what it has of an object, and of an upload", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  emulator.setCors(bucket, listedHeaders);
  await page.goto(pageServer.page());
  const halfway = await reloadHalfway(page, emulator, { total: 12, stored: 4, directory });
  await pickAndOpen(page, emulator, halfway.path, { partSize });
  await resultOf(page, await startUpload(page, { key }));
  await expectResumed(page, emulator, halfway);

  const again = await resultOf(page, await startUpload(page, { key, ifExists: "skip-identical" }));

  expect(again).toMatchObject({ alreadyStored: true, verified: "crc64", sentBytes: 0 });
  const asked = emulator.requests.filter(({ action }) => action === "ListParts" || action === "HeadObject");
  expect(asked).toMatchObject([
    { action: "ListParts", status: 200 },
    { action: "HeadObject", status: 200 },
  ]);
});

test("this browser has everything that is needed", async ({ page, webkit, pageServer }) => {
  await page.goto(pageServer.page());

  const { needed } = await lookAtEngine(page, webkit.version);

  expect(Object.values(needed)).toEqual(Object.keys(needed).map(() => true));
});

test("the check-up finds all well, and that files have no handles", async ({ page, pageServer, emulator }) => {
  await page.goto(pageServer.page());
  await openUploader(page, emulator);

  const { ok, checks } = await page.evaluate(async () => await window.ossicle.uploader.diagnose());

  expect(ok).toBe(true);
  expect(checks.filter(({ status }) => status !== "ok").map(({ name }) => name)).toEqual(["file-handles"]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

/** Lower-case hex of the file from `start` on. */
async function sha256OfEnd(path: string, start: number): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(path, { start })) hash.update(bytes as Buffer);
  return hash.digest("hex");
}
