/**
 * Tests whose browser has one way out, shaped by the kernel, with the store at its other end. Where the system lets nobody make
 * such a line they are skipped with the reason, and `pnpm check` says that they were not run.
 */
import { join } from "node:path";
import { type Emulator, startEmulator } from "@ossicle/oss-emulator";
import { findChromium } from "../../scripts/browser.mjs";
import { type Line, NoLine, openLine } from "../../scripts/line/line.js";
import { test as base } from "../fixtures.js";
import { startPageServer } from "./page-server.js";
import { account, bucket } from "./uploading.js";

export interface OnALine {
  /** Of 8 Mbit/s, with 200 ms of queue, until a test changes it. */
  readonly line: Line;
}

export const test = base.extend<OnALine>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads off the pattern which fixtures are needed
  line: async ({}, use, testInfo) => {
    const line = await openLine({ kbit: 8000 }).catch((error: unknown) => {
      if (!(error instanceof NoLine)) throw error;
      return error;
    });
    if (line instanceof NoLine) {
      testInfo.skip(true, line.message);
      return;
    }
    await use(line);
    await line.close();
  },
  emulator: async ({ line, directory }, use) => {
    const data = join(directory, "objects");
    const emulator = await startEmulator({ data, host: line.host, buckets: [bucket], accounts: [account] });
    await use(emulator);
    await emulator.close();
  },
  pageServer: async ({ line }, use) => {
    const server = await startPageServer((each) => line.listen(each));
    await use(server);
    await server.close();
  },
  page: async ({ line, playwright, launchOptions }, use) => {
    const executablePath = await line.wrapper(launchOptions.executablePath ?? String(findChromium()));
    const browser = await playwright.chromium.launch({ ...launchOptions, executablePath });
    await use(await browser.newPage());
    await browser.close();
  },
});

/** Bytes of the file that came, those of requests that were cut with them. */
export function sentBytes(emulator: Emulator): number {
  return emulator.requests
    .filter(({ action }) => action === "UploadPart" || action === "PutObject" || action === "PostObject")
    .reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
}

/** Resolves when so many of them have come. */
export async function came(emulator: Emulator, bytes: number): Promise<void> {
  await emulator.waitForRequest(() => sentBytes(emulator) >= bytes);
}
