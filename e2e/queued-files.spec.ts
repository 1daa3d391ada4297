/** Files that were picked with a handle and wait, or go up in one request, when their page is reloaded. */
import { createHash } from "node:crypto";
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { recordKeys } from "./support/checkpoints.js";
import { lift } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { bucket, openUploader, pendingUploads, resultOf, resumePending } from "./support/uploading.js";

/** More than go up at the same time. */
const count = 12;
/** As long as nothing is known of the line. */
const atOnce = 3;
/** A small file goes by form, but while the first form of a page is under way. */
const puts = ["PutObject", "PostObject"] as const;
const isPut = ({ action }: { readonly action: string | undefined }) => puts.some((put) => put === action);
const keys = Array.from({ length: count }, (_, n) => `many/${n}.bin`);

/** Handles of the origin's own files: Chromium lets a page read them again without asking. */
async function makeFiles(page: Page): Promise<void> {
  await page.evaluate(async (count) => {
    const root = await navigator.storage.getDirectory();
    for (let n = 0; n < count; n += 1) {
      const file = await (await root.getFileHandle(`${n}.bin`, { create: true })).createWritable();
      await file.write(new Uint8Array(10_000).fill(n));
      await file.close();
    }
  }, count);
}

async function uploadAll(page: Page): Promise<void> {
  await page.evaluate(async (keys) => {
    const root = await navigator.storage.getDirectory();
    for (const [n, key] of keys.entries()) {
      const handle = await root.getFileHandle(`${n}.bin`);
      const file = await handle.getFile();
      window.ossicle.watch(window.ossicle.uploader.upload({ file, handle, path: file.name }, { key, appData: n }));
    }
  }, keys);
}

const holdPuts = (emulator: Emulator, when: "before-effect" | "before-answer") =>
  emulator.faults.add({ on: puts, times: "always", fault: { kind: "hold", when } });

const noted = (page: Page) => expect.poll(async () => (await recordKeys(page)).length).toBe(count);

test("are offered by the next page, and upload", async ({ page, pageServer, emulator }) => {
  await page.goto(pageServer.page());
  await makeFiles(page);
  await openUploader(page, emulator);
  const held = holdPuts(emulator, "before-effect");
  await uploadAll(page);
  await noted(page);

  await page.reload();
  await lift(emulator, held);
  await openUploader(page, emulator);
  const offered = await pendingUploads(page);
  for (const which of keys.keys()) await resumePending(page, which);
  for (const index of keys.keys()) await resultOf(page, index);

  expect(offered.map(({ key }) => key).sort()).toEqual([...keys].sort());
  for (const { needs, active, storedBytes, file, key, appData } of offered) {
    expect({ needs, active, storedBytes, size: file.size }).toEqual({
      needs: "nothing",
      active: false,
      storedBytes: 0,
      size: 10_000,
    });
    expect(keys[appData as number]).toBe(key);
  }
  for (const [n, key] of keys.entries()) {
    const sha256 = createHash("sha256").update(Buffer.alloc(10_000, n)).digest("hex");
    expect(await emulator.sha256(bucket, key)).toBe(sha256);
  }
  expect(await leftBehind(page, emulator)).toEqual(nothing);
  expect(await pendingUploads(page)).toEqual([]);
});

test("are not sent again if the store has them already", async ({ page, pageServer, emulator }) => {
  await page.goto(pageServer.page());
  await makeFiles(page);
  await openUploader(page, emulator);
  // From its answer the page knows the store's time.
  await page.evaluate(() => window.ossicle.uploader.upload(new Blob(["first"]), { key: "first" }).finished);
  const held = holdPuts(emulator, "before-answer");
  await uploadAll(page);
  await noted(page);
  await expect.poll(() => emulator.requests.filter(isPut).length).toBe(1 + atOnce);

  await page.reload();
  await lift(emulator, held);
  await openUploader(page, emulator);
  const before = emulator.requests.length;
  await pendingUploads(page);
  for (const which of keys.keys()) await resumePending(page, which);
  const results = [];
  for (const index of keys.keys()) results.push(await resultOf(page, index));

  const sent = emulator.requests.slice(before).filter(isPut);
  expect(results.filter(({ alreadyStored }) => alreadyStored).length).toBeGreaterThanOrEqual(atOnce);
  expect(sent.length).toBe(results.filter(({ alreadyStored }) => !alreadyStored).length);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("are another tab's while that tab lives, and taken up when it is closed", async ({
  page,
  context,
  pageServer,
  emulator,
}) => {
  const first = await context.newPage();
  await first.goto(pageServer.page());
  await makeFiles(first);
  await openUploader(first, emulator);
  const held = holdPuts(emulator, "before-effect");
  await uploadAll(first);
  await noted(first);
  await page.goto(pageServer.page());
  await openUploader(page, emulator);

  const meanwhile = await pendingUploads(page);
  const refusal = await resumePending(page, 0).catch((error: unknown) => String(error));
  await first.close();
  await lift(emulator, held);
  // Chromium lets go of the locks of a closed tab one by one, some of them after Playwright says that it is closed.
  await expect
    .poll(async () => (await pendingUploads(page)).map(({ active }) => active))
    .toEqual(keys.map(() => false));
  for (const which of keys.keys()) await resumePending(page, which);
  for (const index of keys.keys()) await resultOf(page, index);

  expect(meanwhile.map(({ active }) => active)).toEqual(keys.map(() => true));
  expect(refusal).toContain("being sent by another tab");
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
