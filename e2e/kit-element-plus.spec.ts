/** Element Plus' own el-upload over an uploader: what its users click, and what it does to rows behind their backs. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { createFile, sha256Of } from "./support/files.js";
import { expect, holdPartsAfter, type KitPage, pick, press, sentTwice, test } from "./support/kits.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { bucket } from "./support/uploading.js";

const kit: KitPage = { entry: "packages/element-plus/test/page/app.ts" };
const size = 6 * 2 ** 20;
const refusal = { kind: "error", status: 403, code: "AccessDenied" } as const;

const widget = (page: Page, name: string) => page.getByRole("region", { name });
const rows = (page: Page, name = "documents") => widget(page, name).locator(".el-upload-list__item");
const told = (page: Page) => page.evaluate(() => (window as unknown as { told: string[] }).told);

test("a file is shown, and after a reload a click on its name continues it: another file is refused, the right one ends it", async ({
  page,
  emulator,
  directory,
  openKit,
}) => {
  const path = await createFile(join(directory, "film.bin"), { size, seed: 1 });
  const other = await createFile(join(directory, "other.bin"), { size, seed: 2 });
  const held = holdPartsAfter(emulator, 2);
  await openKit(kit);

  await pick(page, "Choose documents", path);
  const bar = rows(page).getByRole("progressbar");
  await expect.poll(async () => Number(await bar.getAttribute("aria-valuenow"))).toBeGreaterThan(0);
  await press(page, "Pause film.bin");
  await expect(widget(page, "documents").locator("output")).toContainText("film.bin: paused");
  await expect(bar).toBeVisible();
  await press(page, "Go on film.bin");
  await expect(widget(page, "documents").locator("output")).toContainText("film.bin: uploading");
  await page.reload();
  const clickName = async (file: string) => {
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), rows(page).getByText("film.bin").click()]);
    await chooser.setFiles(file);
  };
  await clickName(other);
  await expect(widget(page, "documents").locator("output")).toContainText(
    /film.bin: unfinished .*is not the film\.bin/,
  );
  await expect(rows(page)).toHaveClass(/is-fail/);
  held.remove();
  await rows(page).evaluate((row) => Object.assign(row, { isLeft: true }));
  await clickName(path);

  await expect(rows(page)).toHaveClass(/is-success/);
  expect(await rows(page).evaluate((row) => (row as { isLeft?: boolean }).isLeft)).toBe(true);
  expect(await emulator.sha256(bucket, "documents/film.bin")).toBe(await sha256Of(path));
  expect(sentTwice(emulator)).toEqual([]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("unmounting and keeping alive end nothing: the rows are there again, and removing one cancels it and no other", async ({
  page,
  emulator,
  directory,
  openKit,
}) => {
  const paths = await Promise.all(
    ["film.bin", "other.bin"].map((name, seed) => createFile(join(directory, name), { size: size + seed, seed })),
  );
  const held = holdPartsAfter(emulator, 2);
  await openKit(kit);
  await pick(page, "Choose documents", ...paths);
  await expect.poll(() => emulator.uploads(bucket).length).toBe(2);

  for (const way of ["Show", "Mount"]) {
    await press(page, way);
    await expect(rows(page)).toHaveCount(0);
    await press(page, way);
    await expect(rows(page).getByRole("progressbar")).toHaveCount(2);
  }
  expect(emulator.uploads(bucket)).toHaveLength(2);
  await rows(page).first().locator(".el-icon--close").dispatchEvent("click");

  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("other.bin");
  held.remove();
  await expect(rows(page)).toHaveClass(/is-success/);
  const aborts = emulator.requests.filter(({ action }) => action === "AbortMultipartUpload");
  expect([...new Set(aborts.map(({ key }) => key))]).toEqual(["documents/film.bin"]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("a failed row stays, although the kit drops it, and can be tried again; the app's hooks are told", async ({
  page,
  emulator,
  directory,
  openKit,
  problems,
}) => {
  const path = await createFile(join(directory, "film.bin"), { size: 2 ** 20, seed: 3 });
  const refused = emulator.faults.add({ on: "CompleteMultipartUpload", times: "always", fault: refusal });
  await openKit(kit);

  await pick(page, "Choose documents", path);
  await rows(page).evaluate((row) => Object.assign(row, { isChosen: true }));
  await expect(rows(page)).toHaveClass(/is-fail/);
  await press(page, "Clear documents");
  await expect(rows(page)).toHaveClass(/is-fail/);
  refused.remove();
  await press(page, "Go on film.bin");
  await expect(rows(page)).toHaveClass(/is-success/);
  expect(await rows(page).evaluate((row) => (row as { isChosen?: boolean }).isChosen)).toBe(true);

  expect((await told(page)).map((line) => line.replace(/ (error) .*AccessDenied.*/, " $1"))).toEqual([
    "film.bin progress",
    "film.bin error",
    "film.bin progress",
    "film.bin success /user-files/documents/film.bin",
  ]);
  expect(sentTwice(emulator)).toEqual([]);
  await press(page, "Clear documents");
  await expect(rows(page)).toHaveCount(0);
  expect(emulator.object(bucket, "documents/film.bin")).toBeDefined();
  // The kit's own word about the failure, and the browser's.
  expect(problems.splice(0).filter((problem) => !/AccessDenied|status of 403/.test(problem))).toEqual([]);
});

test("a call that cannot work is a row that can be removed, and a file that the app's hook refuses is none", async ({
  page,
  emulator,
  directory,
  openKit,
  problems,
}) => {
  const [stray = "", refused = ""] = await Promise.all(
    ["stray.bin", "refused.bin"].map((name, seed) => createFile(join(directory, name), { size: 10, seed })),
  );
  await openKit(kit);

  await pick(page, "Choose documents", stray, refused);

  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toHaveClass(/is-fail/);
  await expect(widget(page, "documents").locator("output")).toContainText("does not begin with the list's prefix");
  await rows(page).locator(".el-icon--close").dispatchEvent("click");
  await expect(rows(page)).toHaveCount(0);
  expect(emulator.requests).toEqual([]);
  expect(problems.splice(0).filter((problem) => !problem.includes("prefix"))).toEqual([]);
});

test("pictures are drawn again after el-upload was mounted anew, and files that wait for a button are sent by it alone", async ({
  page,
  emulator,
  directory,
  openKit,
}) => {
  const picture = join(directory, "dot.png");
  const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  await writeFile(picture, Buffer.from(pixel, "base64"));
  const path = await createFile(join(directory, "film.bin"), { size: 2 ** 20, seed: 5 });
  const width = () =>
    rows(page, "pictures")
      .locator("img")
      .evaluate((image: HTMLImageElement) => image.naturalWidth);
  await openKit(kit);
  await pick(page, "Choose for later", path);
  await pick(page, "Choose a picture", picture);
  await expect(rows(page, "pictures")).toHaveClass(/is-success/);
  await expect.poll(width).toBe(1);
  await expect(rows(page, "later")).toHaveClass(/is-ready/);

  await press(page, "Submit");
  await expect(rows(page, "later")).toHaveClass(/is-success/);
  await press(page, "Mount");
  await press(page, "Mount");

  await expect.poll(width).toBe(1);
  await expect(rows(page, "later")).toHaveCount(1);
  await expect(rows(page)).toHaveCount(0);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
