/** What an upload that is over may leave behind: nothing. */
import type { Emulator, UploadInfo } from "@ossicle/oss-emulator";
import { expect, type Page } from "@playwright/test";
import { type RecordKey, recordKeys } from "./checkpoints.js";
import { bucket } from "./uploading.js";

export interface Leftovers {
  /** Upload ids that the store still has. */
  readonly uploads: readonly UploadInfo[];
  /** Keys of records in the browser's database. */
  readonly records: readonly RecordKey[];
  /** Names of locks that a page of this origin holds or waits for. */
  readonly locks: readonly string[];
}

export async function leftovers(page: Page, emulator: Emulator): Promise<Leftovers> {
  const locks = await page.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query();
    return [...held, ...pending].map(({ name = "" }) => name);
  });
  return { uploads: emulator.uploads(bucket), records: await recordKeys(page), locks };
}

export async function expectNothingLeft(page: Page, emulator: Emulator): Promise<void> {
  expect(await leftovers(page, emulator)).toEqual({ uploads: [], records: [], locks: [] });
}
