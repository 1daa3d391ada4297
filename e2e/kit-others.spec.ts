/** The recipes for widgets that no package is for, run with the widgets themselves. */
import { join } from "node:path";
import type { Drawn } from "../demo/recipes/test/filepond-page.js";
import { createFile, sha256Of } from "./support/files.js";
import { expect, holdPartsAfter, type KitPage, ownUploader, pick, sentTwice, test } from "./support/kits.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { bucket } from "./support/uploading.js";

declare global {
  interface Window {
    drawn: Drawn;
  }
}

const uppy: KitPage = { entry: "demo/recipes/test/uppy-page.ts", plugins: [ownUploader] };
const filepond: KitPage = { entry: "demo/recipes/test/filepond-page.ts", plugins: [ownUploader] };
const size = 6 * 2 ** 20;
const refusal = { kind: "error", status: 403, code: "AccessDenied" } as const;

test("Uppy: pauses, and after a reload goes on in a row of its own, refuses another file, tries again, and removing a row cancels it", async ({
  page,
  emulator,
  directory,
  openKit,
  problems,
}) => {
  const path = await createFile(join(directory, "film.bin"), { size, seed: 1 });
  const other = await createFile(join(directory, "other.bin"), { size, seed: 2 });
  const row = page.getByRole("listitem");
  const held = holdPartsAfter(emulator, 2);
  await openKit(uppy);
  await expect(page.getByRole("list")).toBeAttached();

  await page.setInputFiles("input", path);
  await expect(row).toContainText(/film\.bin: [1-9]\d* %/);
  await row.getByRole("button", { name: "Pause" }).click();
  await expect(row).toContainText("paused");
  await row.getByRole("button", { name: "Pause" }).click();
  await page.reload();
  await pick(page, "Continue film.bin", other);
  await expect(row).toHaveCount(0);
  held.remove();
  const refused = emulator.faults.add({ on: "CompleteMultipartUpload", times: "always", fault: refusal });
  await pick(page, "Continue film.bin", path);
  await expect(row).toContainText("AccessDenied");
  expect(problems.splice(0)).toEqual([expect.stringMatching(/^\[Uppy\] .*AccessDenied/)]);
  refused.remove();
  await row.getByRole("button", { name: "Retry" }).click();

  await expect(row).toContainText(`${emulator.endpoint}/${bucket}/uploads/film.bin`);
  expect(await emulator.sha256(bucket, "uploads/film.bin")).toBe(await sha256Of(path));
  expect(sentTwice(emulator)).toEqual([]);
  holdPartsAfter(emulator, 0);
  await page.setInputFiles("input", other);
  await expect.poll(() => emulator.uploads(bucket).length).toBe(1);
  await row.getByRole("button", { name: "Remove" }).last().click();
  await expect.poll(() => emulator.uploads(bucket).length).toBe(0);
  await expect(row).toHaveCount(1);
});

test("FilePond: goes on after it was destroyed, and after a reload; removing a row deletes what was sent", async ({
  page,
  emulator,
  directory,
  openKit,
}) => {
  const path = await createFile(join(directory, "film.bin"), { size, seed: 3 });
  const other = await createFile(join(directory, "other.bin"), { size, seed: 4 });
  const statuses = () => page.evaluate(() => window.drawn.statuses());
  const held = holdPartsAfter(emulator, 2);
  await openKit(filepond);
  await page.waitForFunction(() => "drawn" in window);

  await page.setInputFiles(".filepond--browser", path);
  await emulator.waitForRequest(({ action, status }) => action === "UploadPart" && status === 200);
  expect(await statuses()).toEqual(["film.bin PROCESSING"]);
  await page.evaluate(() => window.drawn.leave());
  await page.reload();
  held.remove();
  await pick(page, "Continue film.bin", path);

  await expect.poll(statuses).toEqual(["film.bin PROCESSING_COMPLETE"]);
  expect(await emulator.sha256(bucket, "uploads/film.bin")).toBe(await sha256Of(path));
  expect(sentTwice(emulator)).toEqual([]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);

  holdPartsAfter(emulator, 0);
  await page.setInputFiles(".filepond--browser", other);
  await expect.poll(() => emulator.uploads(bucket).length).toBe(1);
  await page.evaluate(() => window.drawn.cancel("other.bin"));
  await expect.poll(() => emulator.uploads(bucket).length).toBe(0);
});
