/** Dropping files and folders of this machine on a page, as a user does: with entries and, in Chromium, with handles. */
import type { Page } from "@playwright/test";

/** The page has to listen already. Only Chromium's DevTools protocol can do it. */
export async function dropOn(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 50, y: 50, data });
  }
  await session.detach();
}
