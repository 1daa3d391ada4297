/** A browser with a profile on disk, which can be killed as the system kills it, and started again on what is left. */
import { readdir, readFile } from "node:fs/promises";
import type { BrowserContext, BrowserContextOptions, BrowserType, LaunchOptions } from "@playwright/test";

export interface Profile {
  /** Starts the browser on the profile, which is empty the first time. One at a time. */
  launch(): Promise<BrowserContext>;
  /** SIGKILL to the browser's main process: no unload event, nothing flushed. Resolves when it is gone. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export function createProfile(
  browserType: BrowserType,
  directory: string,
  options: LaunchOptions & BrowserContextOptions,
): Profile {
  let running: BrowserContext | undefined;
  return {
    async launch() {
      running = await browserType.launchPersistentContext(directory, options);
      return running;
    },
    async kill() {
      if (running === undefined) throw new Error("No browser is running on this profile");
      const closed = new Promise((resolve) => running?.once("close", resolve));
      process.kill(await mainProcess(running, directory), "SIGKILL");
      await closed;
      running = undefined;
    },
    async close() {
      await running?.close();
      running = undefined;
    },
  };
}

async function mainProcess(context: BrowserContext, directory: string): Promise<number> {
  if (context.browser()?.browserType().name() === "firefox") return await firefoxOn(directory);
  const session = await context.browser()?.newBrowserCDPSession();
  const processes = (await session?.send("SystemInfo.getProcessInfo"))?.processInfo ?? [];
  const main = processes.find(({ type }) => type === "browser");
  if (main === undefined) throw new Error("The browser does not tell its processes");
  return main.id;
}

/** Firefox does not tell. Of its processes, the one that was started with the profile; those for content are told in another way. */
async function firefoxOn(directory: string): Promise<number> {
  for (const id of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "");
    const words = line.split("\0");
    if (words.includes(directory) && !words.includes("-contentproc")) return Number(id);
  }
  throw new Error(`No Firefox runs on ${directory}`);
}
