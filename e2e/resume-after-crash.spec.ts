/** A browser that is killed loses nothing that was stored: started again, it goes on where it was. */
import type { Page } from "@playwright/test";
import { test as base, expect } from "./fixtures.js";
import { type Halfway, partSize, pickAndOpen, stopHalfway } from "./support/interrupting.js";
import { leftBehind } from "./support/left-behind.js";
import { expectResumed } from "./support/resumed.js";
import { pendingUploads, resumePending, startUpload } from "./support/uploading.js";

const key = "film.bin";
const options = { partSize };

/** A page of the browser that was killed in the middle of an upload, and started again. */
const test = base.extend<{ readonly crashed: { readonly page: Page; readonly halfway: Halfway } }>({
  crashed: async ({ launchProfile, pageServer, emulator, directory }, use) => {
    const profile = launchProfile();
    const killed = await (await profile.launch()).newPage();
    await killed.goto(pageServer.page());
    const halfway = await stopHalfway(killed, emulator, { total: 110, stored: 60, directory });
    await profile.kill();
    await halfway.lift();
    const page = await (await profile.launch()).newPage();
    await page.goto(pageServer.page());
    await use({ page, halfway });
  },
});

test("the same file, uploaded again after the browser was killed, goes on where it was", async ({
  emulator,
  crashed,
}) => {
  const { page, halfway } = crashed;
  await pickAndOpen(page, emulator, halfway.path, options);

  await startUpload(page, { key });

  await expectResumed(page, emulator, halfway);
});

test("the same file, given to what is pending after the browser was killed, goes on where it was", async ({
  emulator,
  crashed,
}) => {
  const { page, halfway } = crashed;
  const { locks } = await leftBehind(page, emulator);
  await pickAndOpen(page, emulator, halfway.path, options);
  const [entry, ...others] = await pendingUploads(page);

  const index = await resumePending(page, 0, { input: 0 });

  expect(locks).toBe(0);
  expect(others).toEqual([]);
  expect(entry).toMatchObject({ key, storedBytes: halfway.storedBytes, needs: "file", active: false });
  await expectResumed(page, emulator, halfway, { index });
});
