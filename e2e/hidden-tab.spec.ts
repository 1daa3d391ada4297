/** A tab that nobody looks at: Chromium lets its timers fire once a second, and after a while once a minute. */
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { createFile, sha256Of } from "./support/files.js";
import { asForUsers, hide } from "./support/hidden.js";
import { partSize, pickAndOpen } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { numbersTo } from "./support/resumed.js";
import { bucket, partsStored, resultOf, startUpload, storedParts } from "./support/uploading.js";

const key = "film.bin";
const total = 14;

/** How often a chain of timers of 10 ms has fired so far: in front a hundred times a second. */
async function countTicks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const counted = { ticks: 0 };
    const tick = () => {
      counted.ticks += 1;
      setTimeout(tick, 10);
    };
    tick();
    Object.assign(window, { counted });
  });
  return () => page.evaluate(() => (window as unknown as { counted: { ticks: number } }).counted.ticks);
}

test("an upload in a hidden tab, whose timers hardly fire, goes on, past a failure as well", async ({
  launchProfile,
  pageServer,
  emulator,
  directory,
}) => {
  const context = await launchProfile(asForUsers).launch();
  const [page = await context.newPage()] = context.pages();
  await page.goto(pageServer.page());
  const path = await createFile(join(directory, key), { size: total * partSize - 5, seed: 3 });
  await pickAndOpen(page, emulator, path, { partSize });
  const held = emulator.faults.add({
    on: "UploadPart",
    after: 5,
    times: "always",
    fault: { kind: "hold", when: "before-effect" },
  });
  await startUpload(page, { key });
  await partsStored(page, 5);
  const ticks = await countTicks(page);

  await hide(page, context);
  const [before, began] = [await ticks(), Date.now()];
  emulator.faults.add({
    on: "CompleteMultipartUpload",
    times: 2,
    fault: { kind: "error", status: 503, code: "InternalError" },
  });
  held.remove();
  const result = await resultOf(page);
  const [after, tookMs] = [await ticks(), Date.now() - began];

  expect(result).toMatchObject({ verified: "crc64" });
  expect((after - before) / tookMs).toBeLessThan(5 / 1_000);
  expect(await page.evaluate(() => document.visibilityState)).toBe("hidden");
  expect(storedParts(emulator).sort((a, b) => a - b)).toEqual(numbersTo(total));
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
