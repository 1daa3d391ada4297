/** The hooks in a React app in StrictMode: two lists over one uploader, unmounted and mounted, and a reload in the middle. */
import { join } from "node:path";
import { createFile, sha256Of } from "./support/files.js";
import { expect, holdPartsAfter, type KitPage, pick, press, sentTwice, test } from "./support/kits.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { bucket } from "./support/uploading.js";

const kit: KitPage = { entry: "packages/react/test/page/app.tsx" };
const size = 6 * 2 ** 20;

test("two lists show an upload, which goes on while they are unmounted; after a reload another file is refused, the right one ends it", async ({
  page,
  emulator,
  directory,
  openKit,
}) => {
  const path = await createFile(join(directory, "film.bin"), { size, seed: 1 });
  const other = await createFile(join(directory, "other.bin"), { size, seed: 2 });
  const left = page.getByRole("region", { name: "left" });
  const right = page.getByRole("region", { name: "right" });
  const bars = page.getByRole("progressbar", { name: "film.bin" });
  const held = holdPartsAfter(emulator, 2);
  await openKit(kit);

  await pick(page, "Choose files", path);
  await expect(bars).toHaveCount(2);
  await press(page, "Toggle lists");
  await expect(bars).toHaveCount(0);
  await emulator.waitForRequest(({ action, status }) => action === "UploadPart" && status === 200);
  await press(page, "Toggle lists");
  const shown = () => bars.first().evaluate((bar: HTMLProgressElement) => bar.value);
  await expect.poll(shown).toBeGreaterThan(0);
  await page.reload();
  await pick(page, "Continue in left", other);
  await expect(left).toContainText("is not the film.bin");
  held.remove();
  await pick(page, "Continue in right", path);

  await expect(left.getByRole("listitem")).toContainText("film.bin: completed");
  await expect(right.getByRole("listitem")).toContainText("film.bin: completed");
  await expect(page.getByRole("button", { name: "Continue" })).toHaveCount(0);
  expect(await emulator.sha256(bucket, "film.bin")).toBe(await sha256Of(path));
  expect(sentTwice(emulator)).toEqual([]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("after a reload what needs nobody goes on by itself, once, whatever is mounted twice", async ({
  page,
  emulator,
  openKit,
}) => {
  const held = holdPartsAfter(emulator, 2);
  await openKit(kit);
  await page.getByRole("button", { name: "Upload a kept file" }).click();
  await emulator.waitForRequest(({ action, status }) => action === "UploadPart" && status === 200);

  await page.reload();
  held.remove();

  const rows = page.getByRole("region", { name: "left" }).getByRole("listitem");
  await expect(rows).toHaveText(["kept.bin: completedCancel"]);
  expect(sentTwice(emulator)).toEqual([]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("what an earlier page left is gone from every list when it is discarded, and from the store", async ({
  page,
  emulator,
  directory,
  openKit,
}) => {
  const path = await createFile(join(directory, "film.bin"), { size, seed: 3 });
  const held = holdPartsAfter(emulator, 2);
  await openKit(kit);
  await pick(page, "Choose files", path);
  await emulator.waitForRequest(({ action, status }) => action === "UploadPart" && status === 200);
  await page.reload();

  await page.getByRole("button", { name: "Discard in left" }).click();
  await expect(page.getByRole("button", { name: "Discard" })).toHaveCount(0);
  held.remove();
  await expect.poll(() => leftBehind(page, emulator)).toEqual(nothing);
});
