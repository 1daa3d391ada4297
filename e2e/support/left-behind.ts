/**
 * What an upload leaves behind: in the store, in the browser's database, among the locks, on the network; and once the
 * uploader is closed, among the page's timers and workers. Law: nothing outlives its run.
 */
import type { Emulator, RequestEntry } from "@ossicle/oss-emulator";
import { expect, type Page } from "@playwright/test";
import type { Upload } from "../../packages/core/src/index.js";
import { recordKeys } from "./checkpoints.js";
import { closeUploader } from "./steering.js";
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

export interface LeftAfterClose extends LeftBehind {
  /** Set by the page and neither fired nor cleared. */
  readonly timers: number;
  readonly workers: number;
}

export const nothingAtAll: LeftAfterClose = { ...nothing, timers: 0, workers: 0 };

/**
 * Firefox hands out as errors of the page what it only writes on its console: answers that may not be read, or are no XML,
 * what a policy forbids, and scripts of another type.
 */
const remark = /^(Cross-Origin Request Blocked|XML Parsing Error|Content-Security-Policy|Loading (Worker|module) from)/;

/** Of what Playwright calls an error of the page: whether somebody threw it. */
export function isThrown(error: Error): boolean {
  return !remark.test(String(error));
}

declare global {
  interface Window {
    /** Made by `countTimers`. */
    pendingTimers?: ReadonlySet<unknown>;
  }
}

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
    uncaught: errors.filter(isThrown).map(String),
  };
}

/** What `cancel()` and `discard()` leave to the background is done soon: waits for it. */
export async function expectLeftSoon(page: Page, emulator: Emulator, left: LeftBehind = nothing): Promise<void> {
  await expect.poll(() => leftBehind(page, emulator)).toEqual(left);
}

/** Waits until a cancelled upload is aborted in the store, or left to a later page, which the console says. */
export async function carriedOut(page: Page, index = 0): Promise<void> {
  const { id, key } = await page.evaluate((index) => {
    const { id, key } = window.ossicle.uploads[index] as Upload;
    return { id, key };
  }, index);
  await expect.poll(async () => (await isAborted(page, id)) || (await saysCancelled(page, key))).toBe(true);
}

async function isAborted(page: Page, id: string): Promise<boolean> {
  return await page.evaluate(
    (id) =>
      window.ossicle.traces.some(
        ({ action, upload, error }) => action === "AbortMultipartUpload" && upload === id && error === null,
      ),
    id,
  );
}

async function saysCancelled(page: Page, key: string): Promise<boolean> {
  const said = (await page.consoleMessages()).map((message) => message.text());
  return said.some((text) => text.includes(`"${key}" is cancelled`) || text.includes(`"${key}" was cancelled`));
}

/** Before the page is loaded: lets `leftAfterClose` know of its timers. */
export async function countTimers(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const pending = new Set<unknown>();
    const { setTimeout: set, clearTimeout: clear } = window;
    window.pendingTimers = pending;
    window.setTimeout = ((run: (...given: unknown[]) => void, ms?: number, ...given: unknown[]) => {
      const timer = set(() => {
        pending.delete(timer);
        run(...given);
      }, ms);
      pending.add(timer);
      return timer;
    }) as typeof set;
    window.clearTimeout = ((timer?: number) => {
      pending.delete(timer);
      clear(timer);
    }) as typeof clear;
  });
}

/** Closes the page's uploader, and looks then. `countTimers` has to have been called. */
export async function leftAfterClose(page: Page, emulator: Emulator): Promise<LeftAfterClose> {
  const working = page.workers().map((worker) => worker.waitForEvent("close", { timeout: 20_000 }));
  await closeUploader(page);
  // One that does not end shows below.
  await Promise.allSettled(working);
  const timers = await page.evaluate(() => window.pendingTimers?.size);
  if (timers === undefined) throw new Error("Nobody counted the timers of this page");
  return { ...(await leftBehind(page, emulator)), timers, workers: page.workers().length };
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
