/** How much memory the pages of a browser need while something happens. */
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Browser } from "@playwright/test";

const sampleEveryMs = 250;

/** @returns bytes by which the resident memory of the renderer process that grew most did so, compared with before */
export async function peakMemoryWhile<T>(
  browser: Browser,
  work: () => Promise<T>,
): Promise<{ value: T; grownBy: number }> {
  const before = await residentBytes(browser);
  let grownBy = 0;
  const look = async () => {
    // A process that begins meanwhile is the browser's own stock: the page has been there before.
    for (const [pid, bytes] of await residentBytes(browser)) {
      grownBy = Math.max(grownBy, bytes - (before.get(pid) ?? bytes));
    }
  };
  const state = { over: false };
  const value = work().finally(() => {
    state.over = true;
  });
  while (!state.over) {
    await look();
    await Promise.race([value, sleep(sampleEveryMs)]);
  }
  await look();
  return { value: await value, grownBy };
}

/** By process id. */
async function residentBytes(browser: Browser): Promise<ReadonlyMap<number, number>> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const pids = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  const { stdout } = await promisify(execFile)("ps", ["-o", "pid=,rss=", "-p", pids.join(",")]);
  const lines = stdout.trim().split("\n");
  return new Map(
    lines.map((line) => line.trim().split(/\s+/).map(Number)).map(([pid = 0, kib = 0]) => [pid, kib * 1024]),
  );
}
