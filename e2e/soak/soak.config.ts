/** The soak is no part of the tests: it is long, and it is random. `pnpm soak` runs it. */
import { defineConfig } from "@playwright/test";
import usual from "../../playwright.config.js";

const minutes = Number(process.env.SOAK_MINUTES ?? 3);

export default defineConfig(usual, {
  testDir: ".",
  testMatch: "soak.ts",
  globalSetup: "../support/build-library.ts",
  workers: 1,
  // The last round may begin at the last moment.
  timeout: (minutes + 5) * 60_000,
  reporter: [["line"]],
});
