/** What has to be true of an upload that went on where another page had stopped, whatever had become of that page. */
import type { Emulator } from "@ossicle/oss-emulator";
import { expect, type Page } from "@playwright/test";
import { sha256Of } from "./files.js";
import type { Halfway } from "./interrupting.js";
import { leftBehind, nothing } from "./left-behind.js";
import { bucket, partMapOf, resultOf, statesOf, storedParts } from "./uploading.js";

/** Part numbers in the order of the file. */
export function numbersTo(total: number): readonly number[] {
  return Array.from({ length: total }, (_, index) => index + 1);
}

export const ascending = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

/** @param file where its bytes are to be found now. Default: where they were */
export async function expectResumed(
  page: Page,
  emulator: Emulator,
  before: Halfway,
  { index = 0, file = before.path }: { readonly index?: number; readonly file?: string } = {},
): Promise<void> {
  const { key, size, total, stored, storedBytes } = before;
  const result = await resultOf(page, index);

  const uploading = (await statesOf(page, index)).find(({ phase }) => phase === "uploading");
  expect(uploading?.progress).toMatchObject({
    ...{ totalBytes: size, storedBytes, resumedBytes: storedBytes },
    parts: { total, stored: stored.length },
  });
  expect(await partMapOf(page, index)).toEqual(numbersTo(total).map((number) => (stored.includes(number) ? 3 : 2)));
  expect(result).toMatchObject({ verified: "crc64", alreadyStored: false, resumedBytes: storedBytes });
  expect(result.sentBytes).toBe(size - storedBytes);
  expect(ascending(storedParts(emulator))).toEqual(numbersTo(total));
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(file));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
}
