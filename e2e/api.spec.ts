/** What an app may rely on: states to show, a promise to await, one upload for one wish, and traces to log. */
import type { UploadState } from "../packages/core/src/index.js";
import { expect, test } from "./fixtures.js";
import { startAndHold } from "./support/interrupting.js";
import { leftBehind, nothing, quiet } from "./support/left-behind.js";
import { closeUploader, holdAfter, seen, tell } from "./support/steering.js";
import {
  account,
  bucket,
  openUploader,
  pendingUploads,
  resultOf,
  startUpload,
  stateOf,
  storedParts,
} from "./support/uploading.js";

const partSize = 102_400;
const key = "film.bin";
const tenParts = { size: 9 * partSize + 1, seed: 1 };

test("every state is a new object, is what `state` shows, and never changes afterwards", async ({
  page,
  openWithFile,
}) => {
  await openWithFile(tenParts, { partSize });

  const states = await page.evaluate(async () => {
    const file = document.querySelector("input")?.files?.[0] as File;
    const upload = window.ossicle.uploader.upload(file, { key: "film.bin" });
    const states: { state: UploadState; shown: boolean; copy: string }[] = [];
    const look = (state: UploadState) =>
      states.push({ state, shown: state === upload.state, copy: JSON.stringify(state) });
    look(upload.state);
    upload.subscribe(look);
    await upload.finished;
    return {
      count: states.length,
      distinct: new Set(states.map(({ state }) => state)).size,
      shown: states.every(({ shown }) => shown),
      unchanged: states.every(({ state, copy }) => JSON.stringify(state) === copy),
      stable: states.at(-1)?.state === upload.state,
      phases: states.map(({ state }) => state.phase).filter((phase, index, all) => phase !== all[index - 1]),
    };
  });

  expect(states).toMatchObject({ distinct: states.count, shown: true, unchanged: true, stable: true });
  expect(states.phases).toEqual(["queued", "preparing", "uploading", "completing", "completed"]);
});

test("a listener hears nothing once it has left, also when it leaves while it is called", async ({
  page,
  emulator,
  openWithFile,
}) => {
  await openWithFile(tenParts, { partSize });

  const heard = await page.evaluate(async () => {
    const file = document.querySelector("input")?.files?.[0] as File;
    const upload = window.ossicle.uploader.upload(file, { key: "film.bin" });
    const calls = { once: 0, never: 0, always: 0 };
    const leaveAtOnce = upload.subscribe(() => {
      calls.once += 1;
      leaveAtOnce();
      leaveAtOnce();
    });
    upload.subscribe(() => {
      calls.never += 1;
    })();
    upload.subscribe(() => {
      calls.always += 1;
    });
    await upload.finished;
    return calls;
  });

  expect(heard).toMatchObject({ once: 1, never: 0 });
  expect(heard.always).toBeGreaterThan(4);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("progress is told at most ten times a second, however many parts come and go", async ({
  page,
  emulator,
  openWithFile,
}) => {
  const parts = 150;
  await openWithFile({ size: parts * partSize, seed: 2 }, { partSize });

  const { upload, uploader, seconds } = await page.evaluate(async () => {
    const file = document.querySelector("input")?.files?.[0] as File;
    const upload = window.ossicle.uploader.upload(file, { key: "film.bin" });
    const calls = { upload: 0, uploader: 0 };
    const start = performance.now();
    upload.subscribe((state) => {
      if (state.phase === "uploading") calls.upload += 1;
    });
    window.ossicle.uploader.subscribe(() => {
      calls.uploader += 1;
    });
    await upload.finished;
    return { ...calls, seconds: (performance.now() - start) / 1000 };
  });

  // Twelve for ten, and five for the changes of phase: ten times fewer than there are parts' beginnings and ends.
  expect(upload).toBeLessThan(12 * seconds + 5);
  expect(uploader).toBeLessThan(12 * seconds + 5);
  expect(storedParts(emulator)).toHaveLength(parts);
});

test("an app that never looks at `finished` gets no unhandled rejection from uploads that fail or are stopped", async ({
  page,
  emulator,
  openWithFile,
}) => {
  await openWithFile({ size: partSize + 1, seed: 1 }, { partSize });
  const held = holdAfter(emulator, 0);
  emulator.faults.add({
    on: "InitiateMultipartUpload",
    key: "forbidden.bin",
    fault: { kind: "error", status: 403, code: "AccessDenied" },
  });

  const failing = await startUpload(page, { key: "forbidden.bin" });
  const cancelled = await startUpload(page, { key: "cancelled.bin" });
  const stopped = await startUpload(page, { key: "stopped.bin" });
  await seen(page, { phase: "failed" }, failing);
  await held.waitForHit(4);
  await tell(page, "cancel", cancelled);
  await closeUploader(page);
  const ends = await Promise.all([failing, cancelled, stopped].map((index) => stateOf(page, index)));
  const control = page.waitForEvent("pageerror");
  await page.evaluate(() => {
    Promise.reject(new Error("a rejection of the app's own"));
  });
  await control;

  expect(ends.map(({ phase }) => phase)).toEqual(["failed", "cancelled", "stopped"]);
  expect((await leftBehind(page, emulator)).uncaught).toEqual(["Error: a rejection of the app's own"]);
});

test("the same File to the same key is one upload; picked again it waits, compares and sends nothing; another key is another", async ({
  page,
  emulator,
  openWithFile,
}) => {
  const path = await openWithFile(tenParts, { partSize });
  const held = holdAfter(emulator, 2);

  const first = await startUpload(page, { key });
  const again = await startUpload(page, { key });
  // Before it sends, another may be the first to have the lock.
  await held.waitForHit();
  await page.setInputFiles("input", []);
  await page.setInputFiles("input", path);
  const pickedAgain = await startUpload(page, { key });
  await seen(page, { waiting: "same-file" }, pickedAgain);
  const elsewhere = await startUpload(page, { key: "copy.bin" });
  held.remove();
  await Promise.all([resultOf(page, first), resultOf(page, elsewhere)]);
  const compared = await resultOf(page, pickedAgain);
  const later = await startUpload(page, { key });
  await resultOf(page, later);

  expect([first, again, pickedAgain, elsewhere, later]).toEqual([0, 0, 1, 2, 3]);
  expect(compared).toMatchObject({ alreadyStored: true, verified: "crc64", sentBytes: 0 });
  expect(await page.evaluate(() => window.ossicle.uploader.uploads.length)).toBe(4);
  expect(emulator.objects(bucket).map((object) => object.key)).toHaveLength(2);
  expect(storedParts(emulator)).toHaveLength(30);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("every request leaves one trace, by the id the service gave it, with neither secret nor query", async ({
  page,
  emulator,
  openWithFile,
}) => {
  await openWithFile(tenParts, { partSize, retry: { baseDelayMs: 1 } });
  emulator.faults.add({ on: "UploadPart", partNumber: 3, fault: { kind: "slow-down", delayMs: 1 } });

  await resultOf(page, await startUpload(page, { key }));

  const traces = await page.evaluate(() => window.ossicle.traces);
  const logged = emulator.requests.filter(({ action }) => action !== "Preflight");
  const byId = (a: { requestId: string | null }, b: { requestId: string | null }) =>
    String(a.requestId) < String(b.requestId) ? -1 : 1;
  const facts = logged.map(({ action, requestId, status, bodyBytes, partNumber = null }) => ({
    ...{ action, requestId, status, partNumber },
    attempt: status === 200 && partNumber === 3 ? 2 : 1,
    error: status === 503 ? "throttled" : null,
    bodyBytes: status === 503 ? partSize : bodyBytes,
  }));
  expect([...traces].sort(byId)).toMatchObject(facts.sort(byId));
  expect(new Set(traces.map(({ upload }) => upload))).toEqual(
    new Set([await page.evaluate(() => window.ossicle.uploads[0]?.id)]),
  );
  expect(JSON.stringify(traces)).not.toMatch(new RegExp(`\\?|Signature|uploadId|${account.accessKeySecret}`));
});

test("users of one browser see their own uploads only, each by a scope", async ({ page, emulator, openWithFile }) => {
  await openWithFile(tenParts, { partSize, concurrency: 2, scope: "ada" });
  const held = await startAndHold(page, emulator, 3, () => startUpload(page, { key }));
  await closeUploader(page);
  await quiet(emulator);
  held.remove();

  await openUploader(page, emulator, { partSize, scope: "grace" });
  const seenByGrace = await pendingUploads(page);
  const graces = await resultOf(page, await startUpload(page, { key }));
  await openUploader(page, emulator, { partSize, scope: "ada" });
  const seenByAda = await pendingUploads(page);
  const adas = await resultOf(page, await startUpload(page, { key }));

  expect(seenByGrace).toEqual([]);
  expect(graces.resumedBytes).toBe(0);
  expect(seenByAda).toMatchObject([{ key, storedBytes: 3 * partSize }]);
  expect(adas.resumedBytes).toBe(3 * partSize);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
