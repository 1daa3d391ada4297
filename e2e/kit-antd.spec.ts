/** Ant Design's own Upload over an uploader, in StrictMode: what its users click, and what it does behind their backs. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { createFile, sha256Of } from "./support/files.js";
import { expect, holdPartsAfter, type KitPage, pick, press, sentTwice, test } from "./support/kits.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { bucket } from "./support/uploading.js";

const kit: KitPage = { entry: "packages/antd/test/page/app.tsx" };
const size = 6 * 2 ** 20;
const refusal = { kind: "error", status: 403, code: "AccessDenied" } as const;

const rows = (page: Page) => page.getByRole("region", { name: "documents" }).locator(".ant-upload-list-item-container");
const bar = (page: Page) => rows(page).getByRole("progressbar");
const told = (page: Page) => page.evaluate(() => (window as unknown as { told: string[] }).told);

test("a file is shown, and after a reload it is a row to continue: another file is refused, the right one ends it", async ({
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
  await expect.poll(async () => Number(await bar(page).getAttribute("aria-valuenow"))).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Pause film.bin" }).click();
  await expect(rows(page)).toContainText("Paused");
  await page.getByRole("button", { name: "Resume film.bin" }).click();
  await expect(page.getByRole("button", { name: "Pause film.bin" })).toBeVisible();
  await page.reload();
  await expect(rows(page)).toContainText(/film\.bin.*Unfinished, \d+ %/);
  await pick(page, "Continue film.bin", other);
  await expect(rows(page)).toContainText(/film\.bin.*another file/);
  held.remove();
  await pick(page, "Continue film.bin", path);

  await expect(rows(page).getByRole("link", { name: "film.bin" })).toHaveAttribute(
    "href",
    `${emulator.endpoint}/${bucket}/documents/film.bin`,
  );
  await expect(rows(page)).toHaveCount(1);
  expect(await emulator.sha256(bucket, "documents/film.bin")).toBe(await sha256Of(path));
  expect(sentTwice(emulator)).toEqual([]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("unmounting aborts nothing: the rows are there again, removing one cancels it and no other", async ({
  page,
  emulator,
  directory,
  openKit,
}) => {
  const names = ["film.bin", "precious.bin"];
  const paths = await Promise.all(
    names.map((name, seed) => createFile(join(directory, name), { size: size + seed, seed })),
  );
  const held = holdPartsAfter(emulator, 2);
  await openKit(kit);
  await pick(page, "Choose documents", ...paths);
  await expect(rows(page)).toHaveCount(2);
  await expect.poll(() => emulator.uploads(bucket).length).toBe(2);

  await press(page, "Toggle widgets");
  await expect(rows(page)).toHaveCount(0);
  await press(page, "Toggle widgets");
  await expect(page.getByRole("button", { name: /^Pause/ })).toHaveCount(2);
  expect(emulator.uploads(bucket)).toHaveLength(2);
  for (const row of [1, 0]) await rows(page).nth(row).getByRole("button", { name: "Remove file" }).click();

  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("precious.bin");
  held.remove();
  await expect(rows(page).getByRole("link", { name: "precious.bin" })).toBeVisible();
  const aborted = emulator.requests.filter(({ action }) => action === "AbortMultipartUpload").map(({ key }) => key);
  expect(new Set(aborted)).toEqual(new Set(["documents/film.bin"]));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("a failed row stays, says why and can be tried again; the app's onChange is told; a call that cannot work is a row, too", async ({
  page,
  emulator,
  directory,
  openKit,
}) => {
  const path = await createFile(join(directory, "film.bin"), { size: 2 ** 20, seed: 3 });
  const stray = await createFile(join(directory, "stray.bin"), { size: 10, seed: 4 });
  const refused = emulator.faults.add({ on: "CompleteMultipartUpload", times: "always", fault: refusal });
  await openKit(kit);

  await pick(page, "Choose documents", path);
  await expect(rows(page)).toContainText(/film\.bin.*AccessDenied/);
  refused.remove();
  await page.getByRole("button", { name: "Try again film.bin" }).click();
  await expect(rows(page).getByRole("link", { name: "film.bin" })).toBeVisible();
  expect(await told(page)).toEqual(expect.arrayContaining(["film.bin uploading", "film.bin error", "film.bin done"]));
  expect(sentTwice(emulator)).toEqual([]);

  await pick(page, "Choose documents", stray);
  await rows(page).getByText("stray.bin").hover();
  await expect(page.getByRole("tooltip")).toContainText('does not begin with the widget\'s prefix "documents/"');
  await rows(page).last().getByRole("button", { name: "Remove file" }).click();
  await expect(rows(page)).toHaveCount(1);
});

test("of one picture the newest is kept, drawn once, and opened by the URL that the app has signed; the other widget keeps its rows", async ({
  page,
  emulator,
  directory,
  openKit,
}) => {
  const card = page.getByRole("region", { name: "picture" });
  const [first, second] = await Promise.all(["first.png", "second.png"].map((name) => png(join(directory, name))));
  const path = await createFile(join(directory, "film.bin"), { size: 2 ** 20, seed: 5 });
  await openKit(kit);
  await pick(page, "Choose documents", path);
  await pick(page, "Choose a picture", first ?? "");
  await expect(card.getByRole("img", { name: "first.png" })).toHaveAttribute("src", /^data:image\/png/);

  await pick(page, "Choose a picture", second ?? "");
  await expect(card.getByRole("img", { name: "second.png" })).toHaveAttribute("src", /^data:image\/png/);

  await expect(card.locator(".ant-upload-list-item-container")).toHaveCount(1);
  await expect(rows(page)).toHaveCount(1);
  const [opened] = await Promise.all([
    page.context().waitForEvent("page"),
    card.getByRole("link", { name: "Preview file" }).click(),
  ]);
  await expect(opened).toHaveURL(/\/signed\/pictures\/second\.png$/);
  expect(emulator.object(bucket, "pictures/first.png")).toBeDefined();
});

/** One pixel, and no two files alike. */
async function png(path: string): Promise<string> {
  const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  await writeFile(path, Buffer.concat([Buffer.from(pixel, "base64"), Buffer.from(path)]));
  return path;
}
