/** "Make it hard": whatever is broken at the push of a button, the upload ends verified, and the counters say what it took. */
import type { Page } from "@playwright/test";
import { bucket, drop, expect, holdFrom, isStored, openDemo, rowOf, test } from "./support/demo-page.js";

async function survived(page: Page): Promise<number> {
  return Number(await page.getByTestId("survived").textContent());
}

test.beforeEach(async ({ page, demo }) => {
  await openDemo(page, demo);
});

for (const { button, sendsAgain } of [
  { button: "storm", sendsAgain: true },
  // The bucket is asked whether it has the part before its bytes go again.
  { button: "lose-answers", sendsAgain: false },
  { button: "corrupt", sendsAgain: true },
]) {
  test(`an upload survives “${button}”`, async ({ page, demo, makeFile }) => {
    const path = await makeFile("holiday.bin");
    await page.getByTestId(button).click();
    await expect.poll(() => demo.emulator.faults.list().length).toBe(1);

    await drop(page, path);

    await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");
    const sent = demo.emulator.requests.filter(({ action }) => action === "UploadPart").length;
    const parts = demo.emulator.object(bucket, "uploads/holiday.bin")?.partCount ?? Number.NaN;
    if (sendsAgain) expect(sent).toBeGreaterThan(parts);
    else expect(sent).toBe(parts);
    expect(await survived(page)).toBeGreaterThan(0);
  });
}

test("parts that were sent twice are shown on the map, and counted in bytes", async ({ page, makeFile }) => {
  const path = await makeFile("holiday.bin");
  await page.getByTestId("corrupt").click();
  await expect(page.getByTestId("fault-done")).toContainText("One bit");

  await drop(page, path);

  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");
  const map = rowOf(page, "holiday.bin").getByTestId("upload-parts");
  await expect(map).toHaveAccessibleName(/1 stored at a second attempt/);
  await expect(page.getByTestId("twice")).not.toHaveText("0 B");
});

test("a killed worker is replaced, and what it had in hand is done again", async ({ page, demo, makeFile }) => {
  const path = await makeFile("holiday.bin");
  const held = holdFrom(demo, 2);
  await drop(page, path);
  await isStored(page, "holiday.bin", 2);

  await page.getByTestId("kill-worker").click();
  await expect(page.getByTestId("fault-done")).toContainText("1 worker ended");
  held.remove();

  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");
  expect(await survived(page)).toBeGreaterThan(0);
});

test("an expired token is replaced in the middle of an upload", async ({ page, demo, makeFile }) => {
  const path = await makeFile("holiday.bin");
  const held = holdFrom(demo, 2);
  await drop(page, path);
  await isStored(page, "holiday.bin", 2);

  await page.getByTestId("expire-token").click();
  await expect(page.getByTestId("fault-done")).toContainText("The token has ended");
  held.remove();

  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");
});

test("a reload on purpose, with listing forbidden, costs what was in flight", async ({ page, demo, makeFile }) => {
  const path = await makeFile("holiday.bin");
  const held = holdFrom(demo, 3);
  await drop(page, path);
  await isStored(page, "holiday.bin", 3);
  await page.getByTestId("forbid-listing").click();
  await expect(page.getByTestId("forbid-listing")).toHaveAttribute("aria-pressed", "true");

  await Promise.all([page.waitForEvent("load"), page.getByTestId("reload").click()]);
  held.remove();

  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");
  await isStored(page, "holiday.bin", 3, "before this page");
  await expect(page.getByTestId("forbid-listing")).toHaveAttribute("aria-pressed", "true");
  expect(await survived(page)).toBeGreaterThan(0);
});

test("a cut network holds everything up, and everything goes on when it is back", async ({
  page,
  demo,
  makeFile,
  problems,
}) => {
  const path = await makeFile("holiday.bin");
  const held = holdFrom(demo, 2);
  await drop(page, path);
  await isStored(page, "holiday.bin", 2);

  await page.getByTestId("cut").click();
  held.remove();
  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-waiting", "backoff");
  await page.getByTestId("cut").click();
  await expect(page.getByTestId("fault-done")).toContainText("The network is back");

  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");
  expect(demo.emulator.object(bucket, "uploads/holiday.bin")?.size).toBe(48 * 2 ** 20);
  // The browser itself reports every connection that was refused.
  expect(problems.splice(0).filter((problem) => !/net::ERR_/.test(problem))).toEqual([]);
});

test("a slow link is as slow as it says, and its speed is on the graph", async ({ page, demo, makeFile }) => {
  const path = await makeFile("holiday.bin", { size: 12 * 2 ** 20 });
  await page.getByTestId("speed").selectOption("10000000");
  await expect(page.getByTestId("fault-done")).toContainText(/10\.0 MB\/s.*coarse/);

  await drop(page, path);

  await expect(page.getByTestId("throughput")).toHaveAccessibleName(/at most \d/);
  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");
  expect(demo.emulator.network.bytesPerSecond).toBe(10_000_000);
});
