/** Picking a file for a page, so that it is certain what the browser knows of it. */
import type { Page } from "@playwright/test";

/**
 * Resolves when the browser has noted the date of the picked file. It does so some time after the picking, when it first
 * looks at the file: one that was edited before that is simply the edited file.
 */
export async function lookAtPicked(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelector("input")?.files?.[0]?.slice(0, 1).arrayBuffer());
}
