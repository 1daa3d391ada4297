/** Uploads that go on after their page: brings a page there, and waits for what happens when it is gone. */
import { join } from "node:path";
import type { Emulator, FaultHandle } from "@ossicle/oss-emulator";
import { expect, type Page } from "@playwright/test";
import type { UploadOptions } from "../../packages/core/src/index.js";
import { createFile } from "./files.js";
import { partSize, pickAndOpen } from "./interrupting.js";
import { bucket, type OpenOptions, partsStored, startUpload } from "./uploading.js";

export const finishing: OpenOptions = { partSize, concurrency: 3, afterPage: "finish" };

export interface UnderWay {
  readonly path: string;
  readonly key: string;
  readonly size: number;
  readonly total: number;
  /** Every part after the first ones takes a moment, so that the upload is in the middle while it is looked at. */
  readonly slow: FaultHandle;
}

export interface UnderWayOptions {
  readonly total?: number;
  readonly stored?: number;
  readonly directory: string;
  readonly key?: string;
  readonly options?: OpenOptions;
  readonly upload?: Partial<UploadOptions>;
}

/** On an open page: an upload of which a third is stored, that would go on if the page was left now. */
export async function aThirdStored(page: Page, emulator: Emulator, given: UnderWayOptions): Promise<UnderWay> {
  const { total = 30, stored = 10, directory, key = "film.bin", options = {}, upload = {} } = given;
  const size = total * partSize - 5;
  const path = await createFile(join(directory, key), { size, seed: total });
  await pickAndOpen(page, emulator, path, { ...finishing, ...options });
  const slow = slowParts(emulator, stored);
  await startUpload(page, { key, ...upload });
  await partsStored(page, stored);
  await goesOn(page);
  return { path, key, size, total, slow };
}

/** Those after the first ones take 400 ms each. */
export function slowParts(emulator: Emulator, after: number): FaultHandle {
  const fault = { kind: "delay", ms: 400, when: "before-effect" } as const;
  return emulator.faults.add({ on: "UploadPart", after, times: "always", fault });
}

/** Resolves when the page could be left: asks for the keeper's script, too, which is there by then. */
export async function goesOn(page: Page): Promise<void> {
  await page.evaluate(() => window.ossicle.uploader.diagnose());
}

export async function afterPageCheck(page: Page) {
  const { checks } = await page.evaluate(() => window.ossicle.uploader.diagnose());
  return checks.find(({ name }) => name === "after-page");
}

/** Resolves when the store has been told to make the object. */
export async function completed(emulator: Emulator, key = "film.bin"): Promise<void> {
  await emulator.waitForRequest(
    (entry) => entry.action === "CompleteMultipartUpload" && entry.key === key && entry.status === 200,
  );
}

/** Parts of the file that are stored, while nobody is asked but the store. */
export async function storedAtLeast(emulator: Emulator, count: number, key = "film.bin"): Promise<void> {
  const stored = () => {
    const upload = emulator.uploads(bucket).find((entry) => entry.key === key);
    return upload === undefined ? 0 : emulator.parts(bucket, upload.uploadId).length;
  };
  await expect.poll(stored).toBeGreaterThanOrEqual(count);
}
