/** Two thousand files at once: the page stays quick, draws what is in sight, and sends first what it is told to. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { bucket, drop, expect, holdFrom, openDemo, rowOf, test } from "./support/demo-page.js";
import { busiestTask } from "./support/main-thread.js";

const files = 2000;

/** Four that take long, and many that wait behind them; in the order in which a folder is read. */
async function folderOfMany(directory: string): Promise<string> {
  const folder = join(directory, "many");
  await mkdir(folder);
  for (let number = 0; number < files; number += 1) {
    const bytes = Buffer.alloc(number < 4 ? 32 * 2 ** 20 : 500, number);
    await writeFile(join(folder, `${String(number).padStart(4, "0")}.bin`), bytes);
  }
  return folder;
}

/** By its label, as a person does: the radio button itself is invisible, and the labels move while the counts grow. */
async function show(page: Page, filter: "waiting" | "all"): Promise<void> {
  const button = page.getByTestId(`filter-${filter}`);
  await page.locator("label.filter", { has: button }).click();
  await expect(button).toBeChecked();
}

test("with 2,000 files queued and four uploading no task keeps the page busy for 50 ms", async ({
  page,
  browser,
  demo,
  directory,
}) => {
  const folder = await folderOfMany(directory);
  await openDemo(page, demo);
  const held = holdFrom(demo, 8);
  demo.emulator.network.throttle(40_000_000);

  const busiest = await busiestTask(browser, page, async () => {
    await drop(page, folder);
    await expect(page.getByTestId("filter-all")).toHaveAccessibleName("All: 2,000");
    await expect.poll(() => demo.emulator.requests.filter(({ status }) => status === 200).length).toBeGreaterThan(8);
    await page.getByTestId("uploads-scroller").evaluate((scroller) => {
      scroller.scrollTop = scroller.scrollHeight / 2;
    });
    await expect(rowOf(page, "1000.bin")).toBeVisible();
    await show(page, "waiting");
    await show(page, "all");
  });

  expect(busiest.cpuMs).toBeLessThan(50);
  expect(await page.getByTestId("upload").count()).toBeLessThan(30);
  held.remove();
});

test("a file that waits can be sent before all others, and all can be paused and resumed", async ({
  page,
  demo,
  makeFile,
}) => {
  await openDemo(page, demo);
  const held = demo.emulator.faults.add({
    on: ["UploadPart", "PutObject", "PostObject"],
    times: "always",
    fault: { kind: "hold", when: "before-effect" },
  });
  const names = [...Array.from({ length: 12 }, (_, place) => `begun-${place}.bin`), "waits.bin", "urgent.bin"];
  await drop(page, ...(await Promise.all(names.map((name) => makeFile(name, { size: 1000 })))));
  await expect(page.getByTestId("filter-all")).toHaveAccessibleName("All: 14");
  await page.getByTestId("uploads-scroller").evaluate((scroller) => {
    scroller.scrollTop = scroller.scrollHeight;
  });
  await expect(rowOf(page, "urgent.bin")).toHaveAttribute("data-phase", "queued");

  await page.getByRole("button", { name: "Send urgent.bin first" }).click();
  await expect(page.getByRole("button", { name: "Send urgent.bin first" })).toBeHidden();
  await page.getByRole("button", { name: "Pause all" }).click();
  await expect(page.getByTestId("filter-waiting")).toHaveAccessibleName("Waiting: 14");
  held.remove();
  await page.getByRole("button", { name: "Resume all" }).click();
  await expect(page.getByTestId("filter-done")).toHaveAccessibleName("Done: 14");

  const order = demo.emulator.requests
    .filter(({ action = "" }) => /^(Put|Post)Object$/.test(action))
    .map(({ key }) => key);
  expect(order).toContain("uploads/waits.bin");
  expect(order.indexOf("uploads/urgent.bin")).toBeLessThan(order.indexOf("uploads/waits.bin"));
  expect(demo.emulator.objects(bucket)).toHaveLength(14);
});
