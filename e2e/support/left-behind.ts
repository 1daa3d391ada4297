/** What an upload leaves behind: in the store, in the browser's database, among the locks, on the network. Law 7. */
import type { Emulator, RequestEntry } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { recordKeys } from "./checkpoints.js";
import { bucket } from "./uploading.js";

export interface LeftBehind {
  /** Multipart uploads that the store still knows. */
  readonly uploadIds: number;
  /** Heads in the browser's database, and records of parts. */
  readonly checkpoints: number;
  readonly partRecords: number;
  /** Web Locks of the library, held or waited for by any page. */
  readonly locks: number;
  /** Errors that nobody caught, promises' included. */
  readonly uncaught: readonly string[];
}

export const nothing: LeftBehind = { uploadIds: 0, checkpoints: 0, partRecords: 0, locks: 0, uncaught: [] };

/** Looks once the store has nothing more to answer: what is then there stays there. */
export async function leftBehind(page: Page, emulator: Emulator): Promise<LeftBehind> {
  await quiet(emulator);
  const keys = await recordKeys(page);
  const heads = keys.filter(([, part]) => part === 0).length;
  const errors = await page.pageErrors();
  return {
    uploadIds: emulator.uploads(bucket).length,
    checkpoints: heads,
    partRecords: keys.length - heads,
    locks: await lockCount(page),
    uncaught: errors.map(String),
  };
}

/** Resolves when no request is under way at the emulator. */
export async function quiet(emulator: Emulator): Promise<void> {
  const busy = ({ phase }: RequestEntry) => phase === "received";
  if (!emulator.requests.some(busy)) return;
  await new Promise<void>((resolve) => {
    const stop = emulator.onRequest(() => {
      if (emulator.requests.some(busy)) return;
      stop();
      resolve();
    });
  });
}

/** Bytes of file that have reached the emulator so far, whatever became of them. */
export function receivedBytes(emulator: Emulator, key: string): number {
  return emulator.requests
    .filter((entry) => entry.key === key && entry.method === "PUT")
    .reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
}

async function lockCount(page: Page): Promise<number> {
  return await page.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query();
    return [...held, ...pending].filter(({ name }) => name?.startsWith("ossicle:")).length;
  });
}
