/** How much memory the pages of a browser need while something happens. */
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Browser } from "@playwright/test";

const sampleEveryMs = 250;

/** @returns bytes by which the resident memory of all renderer processes grew at most, compared with before */
export async function peakMemoryWhile<T>(
  browser: Browser,
  work: () => Promise<T>,
): Promise<{ value: T; grownBy: number }> {
  const before = await residentBytes(browser);
  let peak = before;
  const state = { over: false };
  const value = work().finally(() => {
    state.over = true;
  });
  while (!state.over) {
    peak = Math.max(peak, await residentBytes(browser));
    await Promise.race([value, sleep(sampleEveryMs)]);
  }
  return { value: await value, grownBy: peak - before };
}

async function residentBytes(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const pids = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", pids.join(",")]);
  const kibibytes = stdout.trim().split(/\s+/).map(Number);
  return kibibytes.reduce((sum, rss) => sum + rss, 0) * 1024;
}
