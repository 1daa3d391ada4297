/** The core path in WebKitGTK, part of `pnpm e2e:all`. Playwright runs the tests; the browser is driven by `driver.ts`. */
import { defineConfig } from "@playwright/test";
import usual from "../../playwright.config.js";

export default defineConfig({
  ...usual,
  testDir: ".",
  testMatch: "core-path.ts",
  globalSetup: "../support/build-library.ts",
  projects: [{ name: "webkit" }],
});
