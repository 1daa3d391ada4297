import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // The demo takes the library as users do, built; its tests take it as it is in the working tree.
  resolve: {
    alias: [
      { find: /^@ossicle\/core$/, replacement: fileURLToPath(new URL("packages/core/src/index.ts", import.meta.url)) },
      {
        find: /^@ossicle\/core\/server$/,
        replacement: fileURLToPath(new URL("packages/core/src/server/index.ts", import.meta.url)),
      },
      {
        find: /^@ossicle\/core\/testing$/,
        replacement: fileURLToPath(new URL("packages/core/src/testing/index.ts", import.meta.url)),
      },
    ],
  },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "packages/*/test/**/*.test.ts",
      "demo/{src,test}/**/*.test.ts",
      "bench/{*,lines/*,test/**/*}.test.ts",
      "scripts/**/*.test.ts",
    ],
    // Vitest leaves one core free: of two it would use one, and the tests would take nearly twice as long.
    maxWorkers: "100%",
    // Slow machines are slow, not wrong: nothing here measures time.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
