import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "packages/*/test/**/*.test.ts",
      "demo/src/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    // Slow machines are slow, not wrong: nothing here measures time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
