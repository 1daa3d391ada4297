/** Stops an upload at an exact place, so that a reload, a crash or a pause finds it there, every time. */
import { join } from "node:path";
import type { Emulator, FaultHandle } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import type { UploadOptions } from "../../packages/core/src/index.js";
import { createFile } from "./files.js";
import { holdAfter } from "./steering.js";
import { bucket, type OpenOptions, openUploader, partsStored, type Source, startUpload } from "./uploading.js";

/** As many as the library has under way at least, while little is known of the line. */
const connections = 3;

export interface Interrupted {
  /** By which the other functions know the upload. */
  readonly index: number;
  /** Numbers of the parts that the emulator has and the browser has recorded, ascending. */
  readonly stored: readonly number[];
  readonly storedBytes: number;
  /** Once the page is gone or has dropped its requests: resolves when the emulator knows, and lets everything pass. */
  lift(): Promise<void>;
  /** For a page that is still there: what is held takes effect, and everything passes. */
  release(): void;
}

/** What a page does first, again after every load: the user picks the file, the app makes its uploader. */
export async function pickAndOpen(page: Page, emulator: Emulator, path: string, options: OpenOptions): Promise<void> {
  await page.setInputFiles("input", path);
  await openUploader(page, emulator, options);
}

/** Begins an upload. Resolves when so many of its parts are stored and at least three more are held, of which nothing is kept. */
export async function uploadUntil(
  page: Page,
  emulator: Emulator,
  count: number,
  options: UploadOptions,
  source?: Source,
): Promise<Interrupted> {
  const fault = emulator.faults.add({
    on: "UploadPart",
    key: options.key,
    after: count,
    times: "always",
    fault: { kind: "hold", when: "before-effect" },
  });
  const index = await startUpload(page, options, source);
  await Promise.all([partsStored(page, count, index), fault.waitForHit(connections)]);
  const [upload] = emulator.uploads(bucket).filter(({ key }) => key === options.key);
  const parts = emulator.parts(bucket, upload?.uploadId ?? "");
  return {
    index,
    stored: parts.map(({ partNumber }) => partNumber),
    storedBytes: parts.reduce((sum, { size }) => sum + size, 0),
    lift: () => lift(emulator, fault),
    release: () => fault.remove(),
  };
}

/**
 * Begins an upload and keeps it in the middle: so many parts are stored, and those that are sent next wait at the store.
 * @param waiting how many of them at least
 */
export async function startAndHold(
  page: Page,
  emulator: Emulator,
  stored: number,
  start: () => Promise<unknown>,
  waiting = 2,
): Promise<FaultHandle> {
  const held = holdAfter(emulator, stored);
  await start();
  await Promise.all([held.waitForHit(waiting), partsStored(page, stored)]);
  return held;
}

/** Where a story about a second page begins. */
export interface Halfway extends Interrupted {
  readonly path: string;
  readonly size: number;
  /** Parts of the whole file. */
  readonly total: number;
  readonly key: string;
}

export interface HalfwayOptions {
  readonly total: number;
  /** Parts that are stored when the page goes. */
  readonly stored: number;
  readonly directory: string;
}

/** Parts of the least size that the service takes. */
export const partSize = 102_400;

/** On an open page: picks a file of so many parts, begins to upload it, and stops in the middle. */
export async function stopHalfway(page: Page, emulator: Emulator, options: HalfwayOptions): Promise<Halfway> {
  const { total, stored, directory } = options;
  const key = "film.bin";
  // The last part is a short one.
  const size = total * partSize - 5;
  const path = await createFile(join(directory, "film.bin"), { size, seed: total });
  // As many parts are held as a browser has connections, whatever the line has shown by then.
  await pickAndOpen(page, emulator, path, { partSize, concurrency: 6 });
  const interrupted = await uploadUntil(page, emulator, stored, { key });
  return { ...interrupted, path, size, total, key };
}

/** The same, and the page was loaded anew since. */
export async function reloadHalfway(page: Page, emulator: Emulator, options: HalfwayOptions): Promise<Halfway> {
  const halfway = await stopHalfway(page, emulator, options);
  await page.reload();
  await halfway.lift();
  return halfway;
}

/** Were it removed while the emulator believes that somebody waits, what is held would take effect after all. */
export async function lift(emulator: Emulator, fault: FaultHandle): Promise<void> {
  const { kind } = fault.spec.fault;
  const held = emulator.requests.filter((entry) => entry.fault === kind && entry.phase === "received");
  await Promise.all(
    held.map(({ id }) => emulator.waitForRequest((entry) => entry.id === id && entry.phase === "dropped")),
  );
  fault.remove();
}
