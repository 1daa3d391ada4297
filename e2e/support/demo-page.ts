/** What every spec of the demo page starts from: a demo of its own, files by drop, picker and input, and a page that complains of nothing. */
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { type Demo, startDemo } from "../../demo/server/start-demo.js";
import { test as base, expect } from "../fixtures.js";
import { createFile } from "./files.js";
import { isThrown } from "./left-behind.js";

export const MiB = 2 ** 20;
export const bucket = "user-files";

interface DemoFixtures {
  readonly demo: Demo;
  /** What the page complained about; checked after each test, which may take out what it expected. */
  readonly problems: string[];
  /** A file of six parts or so, unless said otherwise. @returns its path */
  readonly makeFile: (name: string, shape?: { readonly size?: number; readonly seed?: number }) => Promise<string>;
}

export const test = base.extend<DemoFixtures>({
  demo: async ({ directory, page }, use) => {
    const demo = await startDemo({ port: 0, storePort: 0, data: join(directory, "demo-objects") });
    await use(demo);
    // First: a page whose server is gone complains of it.
    await page.close();
    await demo.close();
  },
  problems: [
    async ({ page }, use) => {
      const problems: string[] = [];
      page.on("pageerror", (error) => isThrown(error) && problems.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
      });
      await use(problems);
      expect(problems).toEqual([]);
    },
    { auto: true },
  ],
  makeFile: async ({ directory }, use) => {
    let made = 0;
    await use((name, { size = 48 * MiB, seed } = {}) => {
      made += 1;
      return createFile(join(directory, name), { size, seed: seed ?? made });
    });
  },
});

export { expect };

/** The page, when it can take files. */
export async function openDemo(page: Page, demo: Demo): Promise<void> {
  await page.goto(demo.url);
  await isReady(page);
}

/** After a reload, too: what earlier pages left is listed by then. */
export async function isReady(page: Page): Promise<void> {
  await expect(page.locator("#page")).not.toHaveClass(/starting/);
}

/** By the input, as browsers without handles do it: after a reload the file has to be picked again. */
export async function pick(page: Page, ...paths: string[]): Promise<void> {
  await page.getByTestId("files").setInputFiles(paths);
}

/**
 * From the desktop, as a person does it: the browser keeps handles of files and folders. Only Chromium can be told to; others
 * get the event from a script, which is good for files.
 */
export async function drop(page: Page, ...paths: string[]): Promise<void> {
  if (!hasHandles(page)) return await dropByScript(page, paths);
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 100, y: 200, data });
  }
  await session.detach();
}

async function dropByScript(page: Page, paths: readonly string[]): Promise<void> {
  await page.evaluate(() => {
    const input = Object.assign(document.createElement("input"), { type: "file", multiple: true, id: "to-drop" });
    document.body.append(input);
  });
  await page.locator("#to-drop").setInputFiles(paths);
  await page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>("#to-drop");
    const dataTransfer = new DataTransfer();
    for (const file of input?.files ?? []) dataTransfer.items.add(file);
    input?.remove();
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  });
}

/** The sum of the check-up in English; where files have no handles, that is one more thing that could be better. */
export function checkUpSum(page: Page, warnings: number): string {
  const all = warnings + (hasHandles(page) ? 0 : 1);
  if (all === 0) return "Everything is as it should be.";
  return `Uploads work. ${all} ${all === 1 ? "thing" : "things"} could be better.`;
}

/** The same in Chinese; not for none. */
export function checkUpSumInChinese(page: Page, warnings: number): string {
  return `可以上传，有 ${warnings + (hasHandles(page) ? 0 : 1)} 项可以改进。`;
}

function hasHandles(page: Page): boolean {
  return page.context().browser()?.browserType().name() === "chromium";
}

/** The row of an upload of this page, by its file's name. */
export function rowOf(page: Page, name: string): Locator {
  return page.getByTestId("upload").and(page.getByLabel(name, { exact: true }));
}

/** The row of an unfinished upload of an earlier page. */
export function pendingOf(page: Page, name: string): Locator {
  return page.getByTestId("pending").and(page.getByLabel(name, { exact: true }));
}

/** As in a browser that keeps no file for the next page: after a reload it is asked for, or for its handle's permission. */
export async function withoutKeeper(page: Page): Promise<void> {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, "SharedWorker"));
}

/** Every part from this one on waits for the test. */
export function holdFrom(demo: Demo, after: number) {
  return demo.emulator.faults.add({
    on: "UploadPart",
    after,
    times: "always",
    fault: { kind: "hold", when: "before-effect" },
  });
}

/** Waits until the map of an upload shows so many parts that this page, or an earlier one, has stored. */
export async function isStored(page: Page, name: string, parts: number, when: "now" | "before this page" = "now") {
  const map = rowOf(page, name).getByTestId("upload-parts");
  await expect(map).toHaveAccessibleName(new RegExp(`\\b${parts} stored ${when}`));
}

/** @returns the keys of what is stored, in the order of the alphabet */
export function storedKeys(demo: Demo): readonly string[] {
  return demo.emulator
    .objects(bucket)
    .map(({ key }) => key)
    .sort();
}

/** @returns the part numbers that the store took, in order, each as often as it was sent and stored */
export function storedParts(demo: Demo, key: string): readonly number[] {
  return demo.emulator.requests
    .filter((entry) => entry.action === "UploadPart" && entry.status === 200 && entry.key === key)
    .map((entry) => entry.partNumber ?? 0);
}
