/** A page that leaves and comes back from the browser's cache, told by the events: whether it is really kept is the browser's own affair. */

import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { recordKeys } from "./support/checkpoints.js";
import { createFile, sha256Of } from "./support/files.js";
import { partSize, pickAndOpen, stopHalfway } from "./support/interrupting.js";
import { countTimers, leftBehind, nothing } from "./support/left-behind.js";
import { numbersTo } from "./support/resumed.js";
import { seen } from "./support/steering.js";
import { bucket, resultOf, startUpload, statesOf, storedParts } from "./support/uploading.js";

const key = "film.bin";
const total = 14;

/** Of uploads: what keeps the page's files meanwhile has one of its own. */
const locksHeld = (page: Page) =>
  page.evaluate(async () => {
    const { held = [] } = await navigator.locks.query();
    return held.filter(({ name }) => name?.startsWith("ossicle:")).length;
  });

/** Into the cache and out of it. */
async function dispatch(page: Page, type: "pagehide" | "pageshow"): Promise<void> {
  await page.evaluate((type) => dispatchEvent(new PageTransitionEvent(type, { persisted: true })), type);
}

test("a page that leaves gives up its requests and its lock, touches no record, and goes on when it comes back", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  await page.goto(pageServer.page());
  const halfway = await stopHalfway(page, emulator, { total, stored: 5, directory });
  const before = await recordKeys(page);

  await dispatch(page, "pagehide");
  await seen(page, { phase: "paused" });
  await halfway.lift();
  const [locks, after] = [await locksHeld(page), await recordKeys(page)];
  await dispatch(page, "pageshow");
  const result = await resultOf(page);

  expect(locks).toBe(0);
  expect(after).toEqual(before);
  expect(result).toMatchObject({ verified: "crc64" });
  expect((await statesOf(page)).map(({ phase }) => phase)).not.toContain("failed");
  expect(storedParts(emulator).sort((a, b) => a - b)).toEqual(numbersTo(total));
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(halfway.path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("when the network dies while the page leaves, nothing has failed when it comes back", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  await page.goto(pageServer.page());
  const halfway = await stopHalfway(page, emulator, { total, stored: 5, directory });

  await dispatch(page, "pagehide");
  emulator.network.cut();
  await seen(page, { phase: "paused" });
  emulator.network.restore();
  await halfway.lift();
  await dispatch(page, "pageshow");
  const result = await resultOf(page);

  expect(result).toMatchObject({ verified: "crc64" });
  expect((await statesOf(page)).map(({ phase }) => phase)).not.toContain("failed");
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("a page that leaves while every part waits to be tried again keeps no timer, and goes on when it comes back", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  await countTimers(page);
  await page.goto(pageServer.page());
  const path = await createFile(join(directory, key), { size: total * partSize, seed: 1 });
  await pickAndOpen(page, emulator, path, { partSize, retry: { baseDelayMs: 60_000, maxDelayMs: 60_000 } });
  const fault = emulator.faults.add({
    on: "UploadPart",
    after: 3,
    times: "always",
    fault: { kind: "error", status: 503, code: "InternalError" },
  });
  await startUpload(page, { key });
  await seen(page, { waiting: "backoff" });

  const timers = await page.evaluate(async () => {
    dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    // Whatever ends because of it has ended: nothing of it waits for an answer from outside.
    await new Promise((resolve) => queueMicrotask(() => queueMicrotask(() => resolve(undefined))));
    return window.pendingTimers?.size;
  });
  await seen(page, { phase: "paused" });
  const later = await page.evaluate(() => window.pendingTimers?.size);
  fault.remove();
  await dispatch(page, "pageshow");
  await resultOf(page);

  expect([timers, later]).toEqual([0, 0]);
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
