/** Brings each request of an upload about, in an upload of its own, so that a fault can befall it. */
import { join } from "node:path";
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import type { Upload, UploadErrorCode, UploadOptions } from "../../packages/core/src/index.js";
import type { Action } from "./fault-story.js";
import { createFile, sha256Of } from "./files.js";
import { lift, partSize } from "./interrupting.js";
import { carriedOut } from "./left-behind.js";
import { seen, tell } from "./steering.js";
import { bucket, type OpenOptions, resultOf, startUpload } from "./uploading.js";

/** Small files by PUT: a form that fails is none of these stories. */
export const patient = {
  partSize,
  credentials: "tokens",
  retry: { baseDelayMs: 5 },
  smallFiles: "put",
} as const satisfies OpenOptions;

/** Input 0 goes up in three parts, input 1 in one request. */
export function inputFor(action: Action): 0 | 1 {
  return action === "PutObject" || action === "HeadObject" ? 1 : 0;
}

/** @returns lower-case hex of both */
export async function pickBoth(
  page: Page,
  directory: string,
  wholeSize: number = partSize,
): Promise<readonly string[]> {
  const paths = [
    await createFile(join(directory, "cut.bin"), { size: 3 * wholeSize - 5, seed: 1 }),
    await createFile(join(directory, "whole.bin"), { size: wholeSize, seed: 2 }),
  ];
  await page.setInputFiles("input", paths);
  return await Promise.all(paths.map(sha256Of));
}

export interface Scene {
  readonly action: Action;
  /** Makes the request come. @returns the index by which the other functions know the upload */
  begin(): Promise<number>;
}

/**
 * Does what has to be there before such a request can come: for ListParts and AbortMultipartUpload an upload that was stopped
 * half-way, for HeadObject an object to be recognised.
 *
 * @param asked of the upload. Its key is by default the request's name
 */
export async function prepare(
  page: Page,
  emulator: Emulator,
  action: Action,
  asked: UploadOptions | string = action,
): Promise<Scene> {
  const input = inputFor(action);
  const options = typeof asked === "string" ? { key: asked } : asked;
  switch (action) {
    case "ListParts":
    case "AbortMultipartUpload": {
      const index = await stopHalfway(page, emulator, action, options);
      const goOn = action === "ListParts" ? () => tell(page, "resume", index) : () => beginToCancel(page, index);
      return { action, begin: () => goOn().then(() => index) };
    }
    case "HeadObject":
      await resultOf(page, await startUpload(page, options, { input }));
      return { action, begin: () => startUpload(page, { ...options, ifExists: "skip-identical" }, { input }) };
    default:
      return { action, begin: () => startUpload(page, options, { input }) };
  }
}

/** Resolves when the upload has ended as it should have. @throws Error when it failed */
export async function ended(page: Page, action: Action, index: number): Promise<void> {
  if (action === "AbortMultipartUpload") {
    // Asked for twice, it is the same cancel.
    await tell(page, "cancel", index);
    return await carriedOut(page, index);
  }
  const { verified, alreadyStored } = await resultOf(page, index);
  if (verified !== "crc64") throw new Error(`The object of ${action} is proved by ${verified}`);
  if (action === "HeadObject" && !alreadyStored) throw new Error("The object that was there was not recognised");
}

/** What the store has in the end: nothing where the upload was cancelled. */
export async function storedAs(emulator: Emulator, action: Action): Promise<string | undefined> {
  return emulator.object(bucket, action) === undefined ? undefined : await emulator.sha256(bucket, action);
}

/** The code that the first failed attempt of `action` ended with, in the upload with that index. */
export async function firstError(page: Page, index: number, action: Action): Promise<UploadErrorCode | null> {
  return await page.evaluate(
    ({ index, action }) => {
      const { uploads, traces } = window.ossicle;
      const own = traces.filter((trace) => trace.upload === uploads[index]?.id && trace.action === action);
      return own.find(({ error }) => error !== null)?.error ?? null;
    },
    { index, action },
  );
}

async function stopHalfway(page: Page, emulator: Emulator, action: Action, options: UploadOptions): Promise<number> {
  const held = emulator.faults.add({ on: "UploadPart", key: options.key, partNumber: 2, fault: "hold" });
  const index = await startUpload(page, options, { input: inputFor(action) });
  await held.waitForHit();
  await tell(page, "pause", index);
  await lift(emulator, held);
  await seen(page, { phase: "paused" }, index);
  return index;
}

async function beginToCancel(page: Page, index: number): Promise<void> {
  await page.evaluate((index) => {
    (window.ossicle.uploads[index] as Upload).cancel();
  }, index);
}
