/** What a progress bar shows of an upload that is interrupted: it never goes back, and is full only when the object is there. */
import type { Page } from "@playwright/test";
import type { UploadState } from "../packages/core/src/index.js";
import { expect, test } from "./fixtures.js";
import { partSize, pickAndOpen, reloadHalfway, stopHalfway } from "./support/interrupting.js";
import { tell } from "./support/steering.js";
import { pendingUploads, resultOf, resumePending, startUpload, stateOf, statesOf } from "./support/uploading.js";

const key = "film.bin";
const options = { partSize };

test.beforeEach(async ({ page, pageServer }) => {
  await page.goto(pageServer.page());
});

/** @param from where the bar began at the latest */
async function expectBar(page: Page, index: number, from = 0): Promise<void> {
  const states: readonly UploadState[] = await statesOf(page, index);
  const shown = states.map(({ progress }) => progress.fraction);
  expect(shown[0]).toBeGreaterThanOrEqual(from);
  expect(shown).toEqual([...shown].sort((a, b) => a - b));
  expect(shown.map((fraction) => fraction === 1)).toEqual(states.map(({ phase }) => phase === "completed"));
}

test("after a reload the bar goes on where the last recorded part left it, also where less is stored", async ({
  page,
  emulator,
  directory,
}) => {
  const halfway = await stopHalfway(page, emulator, { total: 40, stored: 20, directory });
  const shown = (await stateOf(page, halfway.index)).progress.fraction;
  await page.reload();
  await halfway.lift();
  await pickAndOpen(page, emulator, halfway.path, options);
  // The service loses parts meanwhile: the bar does not.
  emulator.faults.add({ on: "ListParts", fault: { kind: "gone" } });
  const [left] = await pendingUploads(page);

  const index = await resumePending(page, 0, { input: 0 });
  const result = await resultOf(page, index);

  const kept = left?.fraction ?? 0;
  expect(kept).toBeGreaterThanOrEqual((0.999 * 19 * partSize) / halfway.size);
  expect(kept).toBeLessThanOrEqual(shown);
  expect(result).toMatchObject({ resumedBytes: 0 });
  await expectBar(page, index, kept);
});

test("a reload, a pause and broken connections do not take the bar back", async ({ page, emulator, directory }) => {
  const halfway = await reloadHalfway(page, emulator, { total: 60, stored: 30, directory });
  await pickAndOpen(page, emulator, halfway.path, options);
  emulator.faults.add({ on: "UploadPart", after: 3, times: 8, fault: { kind: "reset", when: "after-body" } });
  const held = emulator.faults.add({ on: "UploadPart", after: 18, times: "always", fault: { kind: "hold" } });
  const index = await startUpload(page, { key });
  await held.waitForHit(2);

  await tell(page, "pause", index);
  held.remove();
  await tell(page, "resume", index);
  await resultOf(page, index);

  await expectBar(page, index);
});
