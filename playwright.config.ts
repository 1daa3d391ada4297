import { defineConfig } from "@playwright/test";
import { findChromium } from "./scripts/browser.mjs";

const executablePath = findChromium();

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
  ],
});
