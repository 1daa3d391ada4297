/** The demo page as a visitor meets it: drop or pick, watch, reload in the middle, go on, and see what is proved. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { type Demo, startDemo } from "../demo/server/start-demo.js";
import { test as base, expect } from "./fixtures.js";
import { createFile } from "./support/files.js";

const MiB = 2 ** 20;
const bucket = "user-files";

const test = base.extend<{ demo: Demo; problems: string[] }>({
  demo: async ({ directory }, use) => {
    const demo = await startDemo({ port: 0, storePort: 0, data: join(directory, "demo-objects") });
    await use(demo);
    await demo.close();
  },
  /** What the page complained about; checked after each test. */
  problems: [
    async ({ page }, use) => {
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
      });
      await use(problems);
      expect(problems).toEqual([]);
    },
    { auto: true },
  ],
});

/** The input, not the browser's picker: headless browsers have none. */
async function pick(page: Page, ...paths: string[]): Promise<void> {
  await page.getByTestId("files").setInputFiles(paths);
}

/** Every part from this one on waits for the test. */
function holdFrom(demo: Demo, after: number) {
  return demo.emulator.faults.add({
    on: "UploadPart",
    after,
    times: 1000,
    fault: { kind: "hold", when: "before-effect" },
  });
}

test("a picked file goes up, is verified, and can be opened", async ({ page, demo, directory }) => {
  const path = await createFile(join(directory, "holiday.bin"), { size: 20 * MiB + 7, seed: 1 });
  await page.goto(demo.url);

  await pick(page, path);
  const row = page.getByTestId("uploads").locator("li");
  await expect(row).toHaveAttribute("data-phase", "completed");

  const object = demo.emulator.object(bucket, "uploads/holiday.bin");
  await expect(row).toContainText(object?.crc64 ?? "no object");
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

test("F5 in the middle: the unfinished upload is on top, and goes on with the file picked again", async ({
  page,
  demo,
  directory,
}) => {
  const path = await createFile(join(directory, "holiday.bin"), { size: 80 * MiB, seed: 2 });
  await page.goto(demo.url);
  const held = holdFrom(demo, 4);
  await pick(page, path);
  await expect(page.getByTestId("uploads").locator("li")).toContainText("33.6 MB of 83.9 MB stored");
  held.remove();
  const before = demo.emulator.requests.filter((entry) => entry.action === "UploadPart" && entry.status === 200).length;

  await page.reload();
  const pending = page.getByTestId("pending-section").locator("li");
  await expect(pending).toContainText("holiday.bin");
  await pick(page, path);
  const row = page.getByTestId("uploads").locator("li");
  await expect(row).toHaveAttribute("data-phase", "completed");

  await expect(row).toContainText("were already there");
  await expect(pending).toHaveCount(0);
  const stored = demo.emulator.requests.filter((entry) => entry.action === "UploadPart" && entry.status === 200);
  expect(before).toBe(4);
  expect(new Set(stored.map((entry) => entry.partNumber)).size).toBe(10);
  expect(stored.length).toBe(10);
});

test("pause, resume and cancel do what they say, by keyboard", async ({ page, demo, directory }) => {
  const path = await createFile(join(directory, "holiday.bin"), { size: 80 * MiB, seed: 3 });
  await page.goto(demo.url);
  const held = holdFrom(demo, 2);
  await pick(page, path);
  const row = page.getByTestId("uploads").locator("li");
  await expect(row).toContainText("16.8 MB of");

  await page.getByRole("button", { name: /^Pause holiday\.bin/ }).press("Enter");
  await expect(row).toHaveAttribute("data-phase", "paused");
  await page.getByRole("button", { name: /^Resume holiday\.bin/ }).press("Enter");
  await expect(row).toHaveAttribute("data-phase", "uploading");
  await page.getByRole("button", { name: /^Cancel holiday\.bin/ }).press("Enter");
  await expect(row).toHaveAttribute("data-phase", "cancelled");
  held.remove();

  await expect.poll(() => demo.emulator.uploads(bucket)).toEqual([]);
  await page.reload();
  await expect(page.getByTestId("drop-zone")).toBeVisible();
  await expect(page.getByTestId("pending-section")).toBeHidden();
});

test("what an earlier page left can be discarded", async ({ page, demo, directory }) => {
  const path = await createFile(join(directory, "holiday.bin"), { size: 80 * MiB, seed: 4 });
  await page.goto(demo.url);
  const held = holdFrom(demo, 2);
  await pick(page, path);
  await expect(page.getByTestId("uploads").locator("li")).toContainText("16.8 MB of");
  await page.reload();
  held.remove();

  await page.getByRole("button", { name: /^Discard/ }).click();

  await expect(page.getByTestId("pending-section")).toBeHidden();
  expect(demo.emulator.uploads(bucket)).toEqual([]);
});

test("files dropped from the desktop keep their handle: after a reload one click goes on", async ({
  page,
  demo,
  directory,
}) => {
  const path = await createFile(join(directory, "holiday.bin"), { size: 80 * MiB, seed: 5 });
  await page.goto(demo.url);
  await expect(page.locator("#page")).not.toHaveClass(/starting/);
  const held = holdFrom(demo, 3);
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 100, y: 300, data });
  }
  await expect(page.getByTestId("uploads").locator("li")).toContainText("25.2 MB of");
  await page.reload();
  held.remove();

  await page.getByRole("button", { name: /^Continue/ }).click();
  const row = page.getByTestId("uploads").locator("li");
  await expect(row).toHaveAttribute("data-phase", "completed");

  await expect(row).toContainText("resumed: 25.2 MB were already there");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`nothing keeps anybody out, in ${colorScheme}`, async ({ page, demo, directory }) => {
    const path = await createFile(join(directory, "holiday.bin"), { size: 80 * MiB, seed: 6 });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto(demo.url);
    const empty = await new AxeBuilder({ page }).analyze();
    const held = holdFrom(demo, 2);
    await pick(page, path);
    await expect(page.getByTestId("uploads").locator("li")).toContainText("16.8 MB of");

    const uploading = await new AxeBuilder({ page }).analyze();
    await page.reload();
    await expect(page.getByTestId("pending-section")).toBeVisible();
    const pending = await new AxeBuilder({ page }).analyze();
    held.remove();

    for (const { violations } of [empty, uploading, pending])
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  });
}
