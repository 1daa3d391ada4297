/** Bundles the library as it is in the working tree, once per run of Playwright, into a directory of its own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  bundleAfterPage,
  bundleKeeper,
  bundlePage,
  bundleWhole,
  bundleWorker,
} from "../../packages/core/scripts/bundle.mjs";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const variable = "OSSICLE_E2E_LIBRARY";

/** Playwright's global setup. @returns its teardown */
// biome-ignore lint/style/noDefaultExport: that is how Playwright finds it
export default async function buildLibrary(): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "ossicle-e2e-"));
  await Promise.all([
    bundlePage(join(repository, "packages/core/src/index.ts"), join(directory, "index.js")),
    bundleWhole(join(repository, "e2e/support/pool-entry.ts"), join(directory, "pool.js")),
    bundleWhole(join(repository, "e2e/support/checkpoint-entry.ts"), join(directory, "checkpoints.js")),
    bundleWhole(join(repository, "e2e/support/wild-app-entry.ts"), join(directory, "wild-app.js")),
    bundleWorker(directory),
    bundleAfterPage(directory),
    bundleKeeper(directory),
  ]);
  // The only thing that Playwright hands on to its worker processes.
  process.env[variable] = directory;
  return () => rm(directory, { recursive: true });
}

export function libraryDirectory(): string {
  const directory = process.env[variable];
  if (directory === undefined) throw new Error("The library was not built: run the specs with Playwright");
  return directory;
}
