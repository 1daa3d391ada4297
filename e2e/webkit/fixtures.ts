/** The specs' world with WebKitGTK in it: `page` is a tab of a browser of its own, `openTab` gives another one. */
import type { Page } from "@playwright/test";
import { test as base } from "../fixtures.js";
import { startWebKit, type WebKit } from "./driver.js";
import { pageOf } from "./page.js";

interface WebKitFixtures {
  readonly webkit: WebKit;
  /** Opens a tab beside `page`: the same storage, the same locks. */
  readonly openTab: () => Promise<Page>;
}

export const test = base.extend<WebKitFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads off the pattern which fixtures are needed
  webkit: async ({}, use) => {
    const webkit = await startWebKit();
    await use(webkit);
    await webkit.close();
  },
  page: async ({ webkit }, use) => {
    await use(pageOf(webkit, webkit.firstWindow));
  },
  openTab: async ({ webkit }, use) => {
    await use(async () => pageOf(webkit, await webkit.newWindow()));
  },
});

export { expect } from "@playwright/test";
