/** Takes the pictures of the demo page in docs/screenshots/, one of each state a visitor meets. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "@playwright/test";
import { type Demo, startDemo } from "../demo/server/start-demo.js";
import { createFile } from "../e2e/support/files.js";
import { findChromium } from "./browser.mjs";
import { smallPng } from "./screenshots/small-png.js";

const target = fileURLToPath(new URL("../docs/screenshots/", import.meta.url));
const MiB = 2 ** 20;
const desktop = { width: 1280, height: 880 };
const phone = { width: 390, height: 844 };

/** Name and MiB: what somebody may have on the desktop. */
const desk = [
  ["West Lake at dawn.mp4", 150],
  ["interview-final.wav", 64],
  ["drone-flight-04.mov", 110],
  ["quarterly report.pdf", 3],
  ["backup-2026-11.tar.gz", 80],
] as const;

async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "ossicle-screenshots-"));
  const files = await Promise.all(
    desk.map(([name, size], seed) => createFile(join(directory, name), { size: size * MiB + 4321, seed })),
  );
  await mkdir(target, { recursive: true });
  const demo = await startDemo({ port: 0, storePort: 0, data: join(directory, "objects") });
  const executablePath = findChromium();
  const browser = await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: ["--headless", "--no-sandbox", "--disable-gpu"],
  });
  try {
    await upload(browser, demo, files);
    await fail(browser, demo, files);
  } finally {
    await browser.close();
    await demo.close();
    await rm(directory, { recursive: true });
  }
}

/** Empty, then on its way, broken, in the dark, on a phone, reloaded, and in Chinese. */
async function upload(browser: Browser, demo: Demo, files: readonly string[]): Promise<void> {
  const page = await open(browser, demo);
  await take(page, "empty");
  await page.getByTestId("speed").selectOption("10000000");
  await drop(page, files);
  await reaches(page, 12);
  await take(page, "uploading");
  await page.getByTestId("lose-answers").click();
  await survives(page, 1);
  await page.getByTestId("storm").click();
  await survives(page, 2);
  await reaches(page, 36);
  await take(page, "faults");
  await page.emulateMedia({ colorScheme: "dark" });
  await take(page, "dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.reload();
  await page.getByTestId("upload").first().waitFor({ timeout: 0 });
  await reaches(page, 46);
  await take(page, "resumed");
  await page.setViewportSize(phone);
  await page.getByTestId("uploads-section").evaluate((section) => {
    scrollTo(0, section.getBoundingClientRect().top + scrollY - 16);
  });
  await take(page, "phone");
  await page.setViewportSize(desktop);
  await page.evaluate(() => scrollTo(0, 0));
  await page.getByTestId("language").selectOption("zh");
  await take(page, "chinese");
  await page.close();
}

/** A permission is missing: what the page says of it. */
async function fail(browser: Browser, demo: Demo, files: readonly string[]): Promise<void> {
  demo.emulator.network.throttle(undefined);
  demo.emulator.faults.add({
    on: "InitiateMultipartUpload",
    times: "always",
    key: "uploads/interview-final.wav",
    fault: { kind: "error", status: 403, code: "AccessDenied", message: "You have no right to access this object." },
  });
  const page = await open(browser, demo);
  await drop(page, files.slice(1, 4));
  await page.locator("[data-testid=upload][data-phase=completed]").nth(1).waitFor({ timeout: 0 });
  await page.getByRole("button", { name: "Details of interview-final.wav" }).click();
  await take(page, "failed");
  await page.close();
}

async function open(browser: Browser, demo: Demo): Promise<Page> {
  const page = await browser.newPage({ viewport: desktop, reducedMotion: "reduce" });
  await page.goto(demo.url);
  await page.locator("#page:not(.starting)").waitFor();
  return page;
}

async function drop(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 300, y: 240, data });
  }
}

/** So many percent of everything are stored. */
async function reaches(page: Page, percent: number): Promise<void> {
  const shown = page.getByTestId("sum-percent");
  for (;;) {
    if (Number.parseInt((await shown.textContent()) ?? "0", 10) >= percent) return;
    await page.waitForTimeout(100);
  }
}

async function survives(page: Page, faults: number): Promise<void> {
  await page.waitForFunction((wanted) => Number(document.querySelector("#survived")?.textContent) >= wanted, faults, {
    timeout: 0,
  });
}

async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  const picture = smallPng(await page.screenshot());
  await writeFile(join(target, `${name}.png`), picture);
  console.log(`docs/screenshots/${name}.png  ${Math.round(picture.length / 1024)} KiB`);
}

await main();
