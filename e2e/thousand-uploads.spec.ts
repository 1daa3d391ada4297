/** A page that uploads all day: what it keeps of an upload that has ended is small, and the oldest go. */
import type { CDPSession, Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { openUploader } from "./support/uploading.js";

/** Uploads so many files of 40 KB, each of its own, one after the other. */
async function upload(page: Page, from: number, to: number): Promise<void> {
  await page.evaluate(
    async ([first, last]) => {
      const { uploader, traces } = window.ossicle;
      for (let number = first; number < last; number += 1) {
        const bytes = new Uint8Array(40_000).fill(number);
        await uploader.upload(new File([bytes], `${number}.bin`), { key: `${number}.bin` }).finished;
        traces.length = 0;
      }
    },
    [from, to] as const,
  );
}

/** Bytes of JavaScript objects that the page still holds. */
async function heldBytes(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  return (await session.send("Runtime.getHeapUsage")).usedSize;
}

test("1,000 uploads one after the other hold no more memory than 600", async ({ page, pageServer, emulator }) => {
  await page.goto(pageServer.page());
  await openUploader(page, emulator, { keepSettled: 100 });
  const session = await page.context().newCDPSession(page);
  // By then the engine has compiled what it will, which it keeps.
  await upload(page, 0, 600);
  const early = await heldBytes(session);

  await upload(page, 600, 1_000);
  const late = await heldBytes(session);

  expect(await page.evaluate(() => window.ossicle.uploader.uploads.length)).toBe(100);
  // Measured: some 30 KB, and 850 KB with 400 uploads more that are kept.
  expect(late - early).toBeLessThan(100_000);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
