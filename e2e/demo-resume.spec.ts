/** After a reload in the middle of everything: what goes on by itself, in one click, or with the file picked again. */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { Demo } from "../demo/server/start-demo.js";
import {
  bucket,
  drop,
  expect,
  holdFrom,
  isReady,
  isStored,
  MiB,
  openDemo,
  pendingOf,
  pick,
  rowOf,
  storedKeys,
  storedParts,
  test,
  withoutKeeper,
} from "./support/demo-page.js";

test.beforeEach(({ page }) => withoutKeeper(page));

/** The browser asks again before it reads the file of a kept handle; the person says yes, if it is in a click. */
async function askForPermission(page: Page): Promise<void> {
  await page.addInitScript(() => {
    let granted = false;
    Object.assign(FileSystemFileHandle.prototype, {
      queryPermission: async () => (granted ? "granted" : "prompt"),
      async requestPermission() {
        if (!navigator.userActivation.isActive) throw new DOMException("not in a click", "SecurityError");
        granted = true;
        return "granted";
      },
    });
  });
}

/** A part that was sent again would be one too many. */
function partCount(demo: Demo): number {
  return demo.emulator.object(bucket, "uploads/holiday.bin")?.partCount ?? 0;
}

test("with a handle that may be read the upload goes on by itself", async ({ page, demo, makeFile }) => {
  const path = await makeFile("holiday.bin");
  await openDemo(page, demo);
  const held = holdFrom(demo, 3);
  await drop(page, path);
  await isStored(page, "holiday.bin", 3);

  await page.reload();
  held.remove();

  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");
  await isStored(page, "holiday.bin", 3, "before this page");
  expect(storedParts(demo, "uploads/holiday.bin")).toHaveLength(partCount(demo));
});

test("what was paused before the reload waits for a click, even with a handle that may be read", async ({
  page,
  demo,
  makeFile,
}) => {
  const path = await makeFile("holiday.bin");
  await openDemo(page, demo);
  const held = holdFrom(demo, 3);
  await drop(page, path);
  await isStored(page, "holiday.bin", 3);
  await page.getByRole("button", { name: "Pause holiday.bin" }).click();
  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "paused");

  await page.reload();
  held.remove();
  await expect(pendingOf(page, "holiday.bin")).toHaveAttribute("data-needs", "nothing");
  const before = storedParts(demo, "uploads/holiday.bin");
  await page.getByRole("button", { name: "Continue holiday.bin" }).click();

  expect(before).toHaveLength(3);
  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");
});

test("where the browser wants to ask, it takes one click", async ({ page, demo, makeFile }) => {
  const path = await makeFile("holiday.bin");
  await openDemo(page, demo);
  const held = holdFrom(demo, 3);
  await drop(page, path);
  await isStored(page, "holiday.bin", 3);
  await askForPermission(page);
  await page.reload();
  held.remove();
  await expect(pendingOf(page, "holiday.bin")).toHaveAttribute("data-needs", "permission");

  await page.getByRole("button", { name: "Continue holiday.bin" }).click();

  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");
  await expect(pendingOf(page, "holiday.bin")).toHaveCount(0);
  await isStored(page, "holiday.bin", 3, "before this page");
});

test("without a handle it is asked for by name, and the picked file goes on", async ({ page, demo, makeFile }) => {
  const path = await makeFile("holiday.bin");
  await openDemo(page, demo);
  const held = holdFrom(demo, 4);
  await pick(page, path);
  await isStored(page, "holiday.bin", 4);
  await page.reload();
  held.remove();

  await page.getByLabel("Pick holiday.bin again").setInputFiles(path);

  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");
  await isStored(page, "holiday.bin", 4, "before this page");
  expect(storedParts(demo, "uploads/holiday.bin")).toHaveLength(partCount(demo));
});

test("two unfinished files are recognised in one drop, whatever they are called by now", async ({
  page,
  demo,
  makeFile,
  directory,
}) => {
  const [first, second] = [await makeFile("first.bin"), await makeFile("second.bin")];
  await openDemo(page, demo);
  const held = holdFrom(demo, 2);
  await pick(page, first);
  await isStored(page, "first.bin", 2);
  // Not on the same page: what it has measured of the line may make the second file one part.
  await page.reload();
  await isReady(page);
  held.remove();
  const heldAgain = holdFrom(demo, 2);
  await pick(page, second);
  await isStored(page, "second.bin", 2);
  await page.reload();
  await isReady(page);
  await expect(page.getByTestId("pending")).toHaveCount(2);
  heldAgain.remove();
  const renamed = join(directory, "renamed on the desktop.bin");
  await rename(second, renamed);

  await drop(page, renamed, first);

  await expect(page.locator("[data-testid=upload][data-phase=completed]")).toHaveCount(2);
  await expect(page.getByTestId("pending-section")).toBeHidden();
  expect(storedKeys(demo)).toEqual(["uploads/first.bin", "uploads/second.bin"]);
  expect(demo.emulator.requests.filter(({ action }) => action === "InitiateMultipartUpload")).toHaveLength(2);
});

test("another file of the same name and size does not take the place of the one that was begun, unless asked", async ({
  page,
  demo,
  makeFile,
}) => {
  const path = await makeFile("holiday.bin", { seed: 1 });
  await openDemo(page, demo);
  const held = holdFrom(demo, 2);
  await pick(page, path);
  await isStored(page, "holiday.bin", 2);
  await page.reload();
  await isReady(page);
  held.remove();
  await makeFile("holiday.bin", { seed: 2 });

  await pick(page, path);
  await expect(pendingOf(page, "holiday.bin")).toContainText("This is another file");
  await page.getByRole("button", { name: "Upload the other holiday.bin instead" }).click();

  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");
  await expect(rowOf(page, "holiday.bin")).not.toContainText("already there");
  // What was begun is discarded: a later page would go on with it, and put the first file in the place of the other one.
  await expect(pendingOf(page, "holiday.bin")).toHaveCount(0);
  await expect.poll(() => demo.emulator.uploads(bucket)).toEqual([]);
});

test("what an earlier page left can be discarded", async ({ page, demo, makeFile }) => {
  const path = await makeFile("holiday.bin", { size: 40 * MiB });
  await openDemo(page, demo);
  const held = holdFrom(demo, 2);
  await pick(page, path);
  await isStored(page, "holiday.bin", 2);
  await page.reload();
  held.remove();

  await page.getByRole("button", { name: "Discard holiday.bin" }).click();

  await expect(page.getByTestId("pending-section")).toBeHidden();
  await expect.poll(() => demo.emulator.uploads(bucket)).toEqual([]);
});
