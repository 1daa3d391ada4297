/**
 * Pause, signal and close stop an upload and keep it; cancel and discard stop it and leave nothing. Laws: crash-only; the checkpoint
 * outlives what it points at; nothing outlives its run.
 */
import type { Emulator } from "@ossicle/oss-emulator";
import type { JSHandle, Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { startAndHold } from "./support/interrupting.js";
import { carriedOut, expectLeftSoon, leftBehind, nothing, quiet, receivedBytes } from "./support/left-behind.js";
import { ascending } from "./support/resumed.js";
import { closeUploader, rejection, seen, tell } from "./support/steering.js";
import {
  account,
  bucket,
  discardPending,
  openUploader,
  pendingUploads,
  resultOf,
  startUpload,
  stateOf,
  storedParts,
} from "./support/uploading.js";

const MiB = 2 ** 20;
const partSize = 102_400;
const key = "film.bin";
const allTen = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const abortError = { name: "AbortError", dom: true };
const tenParts = { size: 9 * partSize + 1, seed: 1 };
const twoLanes = { partSize, concurrency: 2 };
const kept = { ...nothing, uploadIds: 1, checkpoints: 1, partRecords: 4 };

/** Four parts of ten are stored, two wait at the store to be. */
const fourOfTen = (page: Page, emulator: Emulator, start = () => startUpload(page, { key })) =>
  startAndHold(page, emulator, 4, start);

/** What reached the store; a part that was sent twice shows twice. */
function sentParts(emulator: Emulator): readonly number[] {
  return ascending(storedParts(emulator));
}

test("pause cuts the requests under way, and not a byte follows until resume", async ({
  page,
  emulator,
  openWithFile,
}) => {
  // Larger than what the sockets between browser and store hold by themselves.
  const size = 16 * MiB;
  // Longer than any test may take: the request must not end for want of progress.
  const retry = { stallTimeoutMs: 3_600_000 };
  await openWithFile({ size: 2 * size, seed: 2 }, { partSize: size, concurrency: 1, retry });
  const stalled = emulator.faults.add({ on: "UploadPart", fault: { kind: "stall", afterBytes: 1 } });
  await startUpload(page, { key });
  const running = await stalled.waitForHit();

  await tell(page, "pause");
  stalled.remove();
  await quiet(emulator);
  const atRest = receivedBytes(emulator, key);
  await resultOf(page, await startUpload(page, { key: "meanwhile.txt" }, { blob: "another upload" }));
  const afterwards = receivedBytes(emulator, key);
  await tell(page, "resume");
  const result = await resultOf(page);

  expect(running.phase).toBe("dropped");
  expect(running.bodyBytes).toBeLessThan(size);
  expect(afterwards).toBe(atRest);
  expect(result).toMatchObject({ verified: "crc64", resumedBytes: 0 });
  expect(sentParts(emulator)).toEqual([1, 2]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("a paused upload is at rest, and resume sends no finished part again", async ({
  page,
  emulator,
  openWithFile,
}) => {
  await openWithFile(tenParts, twoLanes);
  const held = await fourOfTen(page, emulator);

  await tell(page, "pause");
  const paused = await stateOf(page);
  const atRest = await leftBehind(page, emulator);
  held.remove();
  await tell(page, "resume");
  const result = await resultOf(page);

  expect(paused).toMatchObject({ phase: "paused", progress: { storedBytes: 4 * partSize, parts: { inFlight: 0 } } });
  expect(paused.progress.sentBytes).toBe(paused.progress.storedBytes);
  expect(atRest).toEqual(kept);
  expect(result).toMatchObject({ verified: "crc64", resumedBytes: 0 });
  expect(sentParts(emulator)).toEqual(allTen);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("the signal stops an upload and keeps it; resume goes on", async ({ page, emulator, openWithFile }) => {
  await openWithFile(tenParts, twoLanes);
  const stop = await page.evaluateHandle(() => new AbortController());
  const held = await fourOfTen(page, emulator, () => startUnder(page, stop));

  await stop.evaluate((controller) => controller.abort());
  const rejected = await rejection(page);
  const stopped = await stateOf(page);
  const atRest = await leftBehind(page, emulator);
  held.remove();
  await tell(page, "resume");
  await resultOf(page);

  expect(rejected).toEqual(abortError);
  expect(stopped.phase).toBe("stopped");
  expect(atRest).toEqual(kept);
  expect(sentParts(emulator)).toEqual(allTen);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("close stops what runs and what is paused, keeps both, and another uploader goes on with them", async ({
  page,
  emulator,
  openWithFile,
}) => {
  await openWithFile(tenParts, twoLanes);
  const held = await fourOfTen(page, emulator);
  const other = await startUpload(page, { key: "paused.bin" });
  await seen(page, { phase: "preparing" }, other);
  await tell(page, "pause", other);

  await closeUploader(page);
  const rejected = [await rejection(page), await rejection(page, other)];
  const phases = [(await stateOf(page)).phase, (await stateOf(page, other)).phase];
  const atRest = await leftBehind(page, emulator);
  held.remove();
  await openUploader(page, emulator, twoLanes);
  await resultOf(page, await startUpload(page, { key }));

  expect(rejected).toEqual([abortError, abortError]);
  expect(phases).toEqual(["stopped", "stopped"]);
  expect(atRest).toEqual(kept);
  expect(sentParts(emulator)).toEqual(allTen);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("cancel aborts in the store and leaves neither checkpoint nor upload id; twice is harmless", async ({
  page,
  emulator,
  openWithFile,
}) => {
  await openWithFile(tenParts, twoLanes);
  await fourOfTen(page, emulator);

  await Promise.all([tell(page, "cancel"), tell(page, "cancel")]);
  await tell(page, "cancel");

  expect((await stateOf(page)).phase).toBe("cancelled");
  expect(await rejection(page)).toEqual(abortError);
  expect(emulator.object(bucket, key)).toBeUndefined();
  await expectLeftSoon(page, emulator);
});

test("a paused upload can be cancelled", async ({ page, emulator, openWithFile }) => {
  await openWithFile(tenParts, twoLanes);
  await fourOfTen(page, emulator);
  await tell(page, "pause");

  await tell(page, "cancel");

  expect((await stateOf(page)).phase).toBe("cancelled");
  expect(await rejection(page)).toEqual(abortError);
  await expectLeftSoon(page, emulator);
});

test("cancel works without oss:AbortMultipartUpload: only the store's own lifecycle rule is left to do", async ({
  page,
  emulator,
  openWithFile,
}) => {
  emulator.setPermissions(account.accessKeyId, ["oss:PutObject", "oss:ListParts", "oss:GetObject"]);
  await openWithFile(tenParts, twoLanes);
  await fourOfTen(page, emulator);

  await tell(page, "cancel");
  await carriedOut(page);

  const said = (await page.consoleMessages()).map((message) => message.text());
  expect((await stateOf(page)).phase).toBe("cancelled");
  expect(said.filter((text) => text.includes("oss:AbortMultipartUpload"))).toHaveLength(1);
  await expectLeftSoon(page, emulator, { ...nothing, uploadIds: 1 });
});

test("a file that goes up in one request is cancelled before it becomes an object", async ({
  page,
  pageServer,
  emulator,
}) => {
  const held = emulator.faults.add({ on: "PostObject", fault: { kind: "hold", when: "before-effect" } });
  await page.goto(pageServer.page());
  await openUploader(page, emulator);
  await startUpload(page, { key }, { blob: "a small file" });
  await held.waitForHit();

  await tell(page, "cancel");

  expect(await rejection(page)).toEqual(abortError);
  await expectLeftSoon(page, emulator);
  expect(emulator.object(bucket, key)).toBeUndefined();
});

test("what an earlier page left is discarded in the store and on the device", async ({
  page,
  emulator,
  openWithFile,
}) => {
  await openWithFile(tenParts, twoLanes);
  await fourOfTen(page, emulator);
  await page.reload();
  await openUploader(page, emulator);

  const [offered] = await pendingUploads(page);
  await discardPending(page);
  await discardPending(page);
  const left = await pendingUploads(page);

  expect(offered).toMatchObject({ key, storedBytes: 4 * partSize });
  expect(left).toEqual([]);
  await expectLeftSoon(page, emulator);
});

for (const [how, leave, paused] of [
  ["was paused", (page: Page) => tell(page, "pause"), true],
  ["was only left", async () => {}, false],
] as const) {
  test(`what ${how} before a reload says so to the next page`, async ({ page, emulator, openWithFile }) => {
    await openWithFile(tenParts, twoLanes);
    const held = await fourOfTen(page, emulator);
    await leave(page);
    await page.reload();
    held.remove();
    await openUploader(page, emulator);

    expect(await pendingUploads(page)).toMatchObject([{ key, storedBytes: 4 * partSize, paused, active: false }]);
  });
}

async function startUnder(page: Page, stop: JSHandle<AbortController>): Promise<number> {
  return await page.evaluate(
    ({ stop, key }) => {
      const file = document.querySelector("input")?.files?.[0] as File;
      return window.ossicle.uploads.push(window.ossicle.uploader.upload(file, { key, signal: stop.signal })) - 1;
    },
    { stop, key },
  );
}
