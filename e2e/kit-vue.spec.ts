/** The composables in a Vue app: two lists over one uploader, one unmounted, one kept alive, and a reload in the middle. */
import { join } from "node:path";
import { createFile, sha256Of } from "./support/files.js";
import { expect, holdPartsAfter, type KitPage, pick, press, sentTwice, test } from "./support/kits.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { bucket } from "./support/uploading.js";

const kit: KitPage = { entry: "packages/vue/test/page/app.ts" };
const size = 6 * 2 ** 20;

test("two lists show an upload, which goes on while they are away; after a reload another file is refused, the right one ends it", async ({
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
  for (const bar of [bars.first(), bars.last()]) {
    await expect.poll(() => bar.evaluate((each: HTMLProgressElement) => each.value)).toBeGreaterThan(0);
  }
  for (const list of [left, right]) await expect(list.locator("output")).not.toHaveText("0 bytes");
  await page.reload();
  await pick(page, "Continue in left", other);
  await expect(left.getByText("is not the film.bin")).toBeVisible();
  held.remove();
  await pick(page, "Continue in right", path);

  for (const list of [left, right]) await expect(list.getByRole("listitem")).toContainText("film.bin: completed");
  await expect(page.getByRole("button", { name: "Continue" })).toHaveCount(0);
  expect(await emulator.sha256(bucket, "film.bin")).toBe(await sha256Of(path));
  expect(sentTwice(emulator)).toEqual([]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("an upload in a deep ref of the app can be paused and goes on, and its state is shown", async ({
  page,
  emulator,
  directory,
  openKit,
}) => {
  const path = await createFile(join(directory, "film.bin"), { size, seed: 3 });
  const status = page.locator("p[role=status]");
  const held = holdPartsAfter(emulator, 2);
  await openKit(kit);
  await expect(status).toHaveText("nothing chosen");

  await pick(page, "Choose files", path);
  await expect(status).toHaveText("uploading");
  await press(page, "Pause latest");
  await expect(status).toHaveText("paused");
  held.remove();
  await press(page, "Resume latest");

  await expect(status).toHaveText("completed");
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("after a reload what needs nobody goes on by itself, once, however many lists there are", async ({
  page,
  emulator,
  openKit,
}) => {
  const held = holdPartsAfter(emulator, 2);
  await openKit(kit);
  await press(page, "Upload a kept file");
  await emulator.waitForRequest(({ action, status }) => action === "UploadPart" && status === 200);

  await page.reload();
  held.remove();

  const rows = page.getByRole("region", { name: "left" }).getByRole("listitem");
  await expect(rows).toHaveText(["kept.bin: completedCancel"]);
  expect(sentTwice(emulator)).toEqual([]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("a page from a server is taken over as it is, and shows then what is under way already", async ({
  page,
  emulator,
  openKit,
}) => {
  await openKit(kit);

  await page.evaluate(() => {
    location.hash = "from-a-server";
  });
  await page.reload();

  await expect(page.getByRole("listitem")).toHaveText("early.bin: completedCancel");
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
