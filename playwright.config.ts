import { defineConfig } from "@playwright/test";
import { leftOutOfFirefox, pattern } from "./e2e/left-out.js";
import { findChromium } from "./scripts/browser.mjs";

const executablePath = findChromium();
/** Set by `pnpm e2e:all`: a Firefox to run the suite in as well. */
const firefox = process.env.OSSICLE_E2E_FIREFOX;

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/support/build-library.ts",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  // Limits for what never comes, not measures of speed: a busy machine is slow, not wrong.
  timeout: 180_000,
  expect: { timeout: 45_000 },
  forbidOnly: true,
  reporter: process.env.CI ? [["list"]] : [["dot"]],
  use: { trace: "off" },
  projects: [
    {
      name: "chromium",
      use: {
        browserName: "chromium",
        launchOptions: {
          ...(executablePath === undefined ? {} : { executablePath }),
          args: [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
          ],
        },
      },
    },
    ...(firefox === undefined ? [] : [inFirefox(firefox)]),
  ],
});

/** The release that a system has installed, driven by WebDriver BiDi: not Playwright's own build. */
function inFirefox(executablePath: string) {
  return {
    name: "firefox",
    grepInvert: leftOutOfFirefox.map(pattern),
    use: { browserName: "firefox", channel: "moz-firefox", launchOptions: { executablePath } },
  } as const;
}
