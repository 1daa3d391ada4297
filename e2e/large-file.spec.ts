/** A file of any size costs the page no memory and no time that the user could feel. */
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { createFile } from "./support/files.js";
import { expectLeftSoon } from "./support/left-behind.js";
import { peakMemoryWhile } from "./support/memory.js";
import { tell } from "./support/steering.js";
import { threadTimesWhile } from "./support/threads.js";
import { resultOf, startUpload, stateOf } from "./support/uploading.js";

const MiB = 2 ** 20;
const GiB = 2 ** 30;
const key = "film.bin";
/** Holes but for a few blocks: it takes no room on the disk, and is read as any other. */
const film = { size: 12 * GiB, seed: 1, every: GiB };
const partSize = 16 * MiB;
const passing = 14;

for (const [what, size, wanted, parts] of [
  ["12 GiB begin with parts of 1.25 MiB, of which 10,000 would suffice", 12 * GiB, "auto", 9831],
  ["12 GiB are cut into no more than 10,000 parts, however small they were to be", 12 * GiB, 102_400, 10_000],
  [
    "100 GB begin with parts of 9.625 MiB, the next multiple of 128 KiB that needs no more than 10,000",
    1e11,
    "auto",
    9909,
  ],
] as const) {
  test(what, async ({ page, emulator, openWithFile }) => {
    await openWithFile({ size, seed: 1, every: size / 10 }, { partSize: wanted });
    const stalled = emulator.faults.add({
      on: "UploadPart",
      times: "always",
      fault: { kind: "stall", when: "before-body" },
    });
    await startUpload(page, { key });
    await stalled.waitForHit();

    const { progress } = await stateOf(page);

    expect(progress).toMatchObject({ totalBytes: size, parts: { total: parts, stored: 0 } });
    stalled.remove();
    await tell(page, "cancel");
    await expectLeftSoon(page, emulator);
  });
}

test("12 GiB need no more memory than a small file, with parts read, on their way and stored", async ({
  page,
  browser,
  emulator,
  directory,
  openWithFile,
}) => {
  await openWithFile({ size: MiB, seed: 2 }, { partSize });
  await resultOf(page, await startUpload(page, { key: "small.bin" }));
  const heapBefore = await heapBytes(page);
  await page.setInputFiles("input", await createFile(join(directory, "large.bin"), film));
  const stalled = emulator.faults.add({
    on: "UploadPart",
    after: passing,
    times: "always",
    fault: { kind: "stall", afterBytes: 1 },
  });

  const { grownBy } = await peakMemoryWhile(browser, async () => {
    await startUpload(page, { key });
    await stalled.waitForHit(6);
  });

  expect((await stateOf(page, 1)).progress).toMatchObject({ totalBytes: film.size, parts: { total: 768 } });
  // Six parts on their way and two read ahead are 128 MiB, were they held.
  expect(grownBy).toBeLessThan(64 * MiB);
  expect((await heapBytes(page)) - heapBefore).toBeLessThan(8 * MiB);
  stalled.remove();
  await tell(page, "cancel", 1);
  await expectLeftSoon(page, emulator);
});

test("while 224 MiB are hashed and sent, the page has next to nothing to do, and never for 50 ms", async ({
  page,
  browser,
  emulator,
  openWithFile,
}) => {
  await openWithFile(film, { partSize });
  const stalled = emulator.faults.add({
    on: "UploadPart",
    after: passing,
    times: "always",
    fault: { kind: "stall", afterBytes: 1 },
  });

  const times = await threadTimesWhile(browser, page, async () => {
    await startUpload(page, { key });
    await stalled.waitForHit(6);
  });

  expect(times.longestTaskMs).toBeLessThan(50);
  // Hashing alone is most of the workers' work: on the page it would show as more than theirs.
  expect(times.pageMs).toBeLessThan(times.workersMs / 3);
  stalled.remove();
  await tell(page, "cancel");
  await expectLeftSoon(page, emulator);
});

/** What scripts of the page hold, buffers included, once what nobody needs is gone. */
async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize + backingStorageSize;
}
