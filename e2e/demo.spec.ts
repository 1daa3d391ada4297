/** The demo page as a visitor meets it: drop, pick or paste files, watch them go up, and see what is proved. */
import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  bucket,
  drop,
  expect,
  holdFrom,
  isStored,
  MiB,
  openDemo,
  pick,
  rowOf,
  storedKeys,
  test,
} from "./support/demo-page.js";
import { createFile } from "./support/files.js";

test("a picked file goes up, is verified, and can be opened", async ({ page, demo, makeFile }) => {
  const path = await makeFile("holiday.bin", { size: 20 * MiB + 7 });
  await openDemo(page, demo);

  await pick(page, path);
  const row = rowOf(page, "holiday.bin");
  await expect(row).toHaveAttribute("data-phase", "completed");

  await expect(row).toContainText("Verified by CRC-64");
  const sha256 = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  expect(await demo.emulator.sha256(bucket, "uploads/holiday.bin")).toBe(sha256);
  const link = await row.getByTestId("upload-link").getAttribute("href");
  const opened = await page.request.get(new URL(link ?? "", demo.url).href);
  expect(
    createHash("sha256")
      .update(await opened.body())
      .digest("hex"),
  ).toBe(sha256);
});

test("the details of an upload are what the store says of it", async ({ page, demo, makeFile }) => {
  const path = await makeFile("holiday.bin", { size: 20 * MiB });
  await openDemo(page, demo);
  await pick(page, path);
  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");

  await page.getByRole("button", { name: "Details of holiday.bin" }).click();

  const object = demo.emulator.object(bucket, "uploads/holiday.bin");
  await expect(page.getByTestId("upload-crc64")).toHaveText(object?.crc64 ?? "no object");
  await expect(page.getByTestId("upload-etag")).toHaveText(object?.etag ?? "no object");
  await expect(page.getByTestId("upload-dialog").getByRole("img")).toHaveAccessibleName(
    /: (\d+) parts, \1 stored now$/,
  );
});

test("a dropped folder goes up with its paths", async ({ page, demo, directory }) => {
  const folder = join(directory, "holiday");
  await mkdir(join(folder, "day 1"), { recursive: true });
  await createFile(join(folder, "cover.bin"), { size: 1000, seed: 1 });
  await createFile(join(folder, "day 1", "beach.bin"), { size: 2000, seed: 2 });
  await openDemo(page, demo);

  await drop(page, folder);
  await expect(page.locator("[data-testid=upload][data-phase=completed]")).toHaveCount(2);

  expect(storedKeys(demo)).toEqual(["uploads/holiday/cover.bin", "uploads/holiday/day 1/beach.bin"]);
  await expect(rowOf(page, "beach.bin")).toContainText("holiday/day 1/");
});

test("a folder can be chosen where the browser gives no handles", async ({ page, demo, directory }) => {
  const folder = join(directory, "holiday");
  await mkdir(folder);
  await createFile(join(folder, "beach.bin"), { size: 2000, seed: 1 });
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, "showDirectoryPicker");
  });
  await openDemo(page, demo);

  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByTestId("folder").press("Enter")]);
  await chooser.setFiles(folder);

  await expect(rowOf(page, "beach.bin")).toHaveAttribute("data-phase", "completed");
  expect(demo.emulator.object(bucket, "uploads/holiday/beach.bin")?.size).toBe(2000);
});

test("a pasted picture goes up under a name of its own", async ({ page, demo }) => {
  await openDemo(page, demo);

  await page.evaluate(() => {
    const clipboard = new DataTransfer();
    clipboard.items.add(new File(["a picture"], "image.png", { lastModified: Date.UTC(2026, 10, 22, 18, 30, 5) }));
    window.dispatchEvent(new ClipboardEvent("paste", { clipboardData: clipboard }));
  });

  await expect(rowOf(page, "image.png")).toHaveAttribute("data-phase", "completed");
  expect(storedKeys(demo)).toEqual(["uploads/pasted 2026-11-22 18.30.05.png"]);
});

test("a picked file with a handle stays in the browser's memory", async ({ page, demo }) => {
  await page.addInitScript(() => {
    // Headless browsers have no picker; a handle of the origin's own file system is as good as one of the desktop.
    Object.assign(window, {
      async showOpenFilePicker() {
        const root = await navigator.storage.getDirectory();
        const handle = await root.getFileHandle("private.bin", { create: true });
        const writable = await handle.createWritable();
        await writable.write(new Uint8Array(20 * 2 ** 20));
        await writable.close();
        return [handle];
      },
    });
  });
  await openDemo(page, demo);
  const held = holdFrom(demo, 1);

  await page.getByTestId("drop-zone").getByText("Choose files").click();
  await isStored(page, "private.bin", 1);
  await page.reload();
  held.remove();

  await expect(rowOf(page, "private.bin")).toHaveAttribute("data-phase", "completed");
  await expect(rowOf(page, "private.bin")).toContainText("were already there");
});

test("pause, resume and cancel do what they say", async ({ page, demo, makeFile }) => {
  const path = await makeFile("holiday.bin");
  await openDemo(page, demo);
  const held = holdFrom(demo, 2);
  await pick(page, path);
  const row = rowOf(page, "holiday.bin");
  await isStored(page, "holiday.bin", 2);

  await page.getByRole("button", { name: "Pause holiday.bin" }).click();
  await expect(row).toHaveAttribute("data-phase", "paused");
  await page.getByRole("button", { name: "Resume holiday.bin" }).click();
  await expect(row).toHaveAttribute("data-phase", "uploading");
  await page.getByRole("button", { name: "Cancel holiday.bin" }).click();
  await expect(row).toHaveAttribute("data-phase", "cancelled");
  held.remove();

  await expect.poll(() => demo.emulator.uploads(bucket)).toEqual([]);
  await page.getByRole("button", { name: "Clear finished" }).click();
  await expect(page.getByTestId("uploads-section")).toBeHidden();
  await page.reload();
  await expect(page.getByTestId("drop-zone")).toBeVisible();
  await expect(page.getByTestId("pending-section")).toBeHidden();
});
