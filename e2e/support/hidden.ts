/** Puts a page behind another one, as a user does who turns to another tab. */
import type { BrowserContext, Page } from "@playwright/test";
import { expect } from "@playwright/test";

/** Playwright has Chromium leave the timers of hidden pages alone. A user's Chromium lets them fire once a second. */
export const asForUsers = {
  ignoreDefaultArgs: [
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
  ],
  // Soon once a minute instead of after five minutes.
  args: ["--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/1"],
};

interface Inside {
  readonly _connection: {
    toImpl(page: Page): {
      readonly delegate: {
        readonly _mainFrameSession: { readonly _client: { send(method: string, given: object): Promise<unknown> } };
      };
    };
  };
}

/** Resolves when the page is told that it is hidden. */
export async function hide(page: Page, context: BrowserContext): Promise<void> {
  // Playwright tells every page that it is in front. Only the session that said so can take it back, and that is its own.
  const { _mainFrameSession } = (page as unknown as Inside)._connection.toImpl(page).delegate;
  await _mainFrameSession._client.send("Emulation.setFocusEmulationEnabled", { enabled: false });
  await (await context.newPage()).bringToFront();
  await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe("hidden");
}
