/** An upload that asks for much of its object, and how a test sees whether the object at the key is the one it asked for. */
import { defaultCorsRules, type Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import type { UploadOptions } from "../../packages/core/src/index.js";
import { expect } from "../fixtures.js";
import { createFilm } from "./files.js";
import { lift, partSize } from "./interrupting.js";
import { bucket, startUpload } from "./uploading.js";

export const key = "film.bin";
export const total = 5;
export const size = total * partSize - 5;
export const options = { partSize, concurrency: 2, retry: { baseDelayMs: 5 } } as const;
export const asked: UploadOptions = { key, contentType: "video/mp4", metadata: { owner: "ada" }, acl: "private" };
export const hour = 3_600_000;

export const film = (directory: string) => createFilm(directory, size);

/** With every x-oss-meta-* of these stories in the CORS rule: without, the page could not see metadata at all. */
export function exposeMetadata(emulator: Emulator): void {
  const names = ["x-oss-meta-owner", "x-oss-meta-also"];
  const rules = defaultCorsRules.map((rule) => ({ ...rule, exposeHeaders: [...(rule.exposeHeaders ?? []), ...names] }));
  emulator.setCors(bucket, rules);
}

/** The object is the one that was asked for, and was made by this upload. */
export function expectAsAsked(emulator: Emulator, before: { readonly lastModified: number } | undefined): void {
  const object = emulator.object(bucket, key);
  expect(object).toMatchObject({
    headers: { "content-type": "video/mp4" },
    metadata: { owner: "ada" },
    acl: "private",
  });
  expect(Object.keys(object?.metadata ?? {})).toEqual(["owner"]);
  if (before !== undefined) expect((object?.lastModified ?? 0) - before.lastModified).toBeGreaterThan(hour / 2);
}

/** Complete takes effect, and the page goes before it hears of it. */
export async function loseAnswerAndReload(page: Page, emulator: Emulator, as: UploadOptions): Promise<void> {
  const held = emulator.faults.add({ on: "CompleteMultipartUpload", fault: "hold" });
  await startUpload(page, as);
  await held.waitForHit();
  await page.reload();
  await lift(emulator, held);
}
