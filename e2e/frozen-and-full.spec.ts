/** What Chromium does to pages that nobody looks at, and to profiles on a full disk. */
import { join } from "node:path";
import { expect, test } from "./fixtures.js";
import { createFile, sha256Of } from "./support/files.js";
import { partSize, pickAndOpen, stopHalfway, uploadUntil } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { numbersTo } from "./support/resumed.js";
import { bucket, resultOf, startUpload, statesOf, storedParts } from "./support/uploading.js";

const key = "film.bin";
const total = 14;
/** Time itself is what this is about: FROZEN_MS=40000 is longer than the default of `stallTimeoutMs`. */
const frozenMs = Number(process.env.FROZEN_MS ?? 8_000);
const stallTimeoutMs = frozenMs / 2;

test("a page that Chromium froze in the middle goes on when it is shown again, and sends nothing twice", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  await page.goto(pageServer.page());
  const cdp = await page.context().newCDPSession(page);
  const halfway = await stopHalfway(page, emulator, { total, stored: 5, directory });

  await cdp.send("Page.setWebLifecycleState", { state: "frozen" });
  halfway.release();
  await cdp.send("Page.setWebLifecycleState", { state: "active" });
  const result = await resultOf(page);

  expect(result).toMatchObject({ verified: "crc64" });
  expect(storedParts(emulator).sort((a, b) => a - b)).toEqual(numbersTo(total));
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(halfway.path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("a page that was frozen for longer than it waits for a silent request goes on, and sends again only what was on its way", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  await page.goto(pageServer.page());
  const cdp = await page.context().newCDPSession(page);
  const path = await createFile(join(directory, key), { size: total * partSize - 5, seed: 2 });
  await pickAndOpen(page, emulator, path, { partSize, retry: { stallTimeoutMs } });
  const { stored, release } = await uploadUntil(page, emulator, 5, { key });

  await cdp.send("Page.setWebLifecycleState", { state: "frozen" });
  await new Promise((resolve) => setTimeout(resolve, frozenMs));
  release();
  await cdp.send("Page.setWebLifecycleState", { state: "active" });
  const result = await resultOf(page);

  expect(result).toMatchObject({ verified: "crc64" });
  expect(new Set(storedParts(emulator))).toEqual(new Set(numbersTo(total)));
  for (const part of stored) expect(storedParts(emulator).filter((each) => each === part)).toHaveLength(1);
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("on a full disk an upload completes, and says that it is not resumable", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  await page.goto(pageServer.page());
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Storage.overrideQuotaForOrigin", { origin: pageServer.origin, quotaSize: 1 });
  const path = await createFile(join(directory, key), { size: total * partSize, seed: 1 });

  await pickAndOpen(page, emulator, path, { partSize });
  await startUpload(page, { key });
  await resultOf(page);

  const last = (await statesOf(page)).filter((state) => state.phase === "uploading").at(-1);
  expect(last).toMatchObject({ resumable: false });
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
