/** The scripts of dist: one module for the page, the worker as one file, and the same worker as text. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { dependencies, packages } from "./places.mjs";

/** Loaded by the page's module by this name, from beside it. */
const workerText = "./worker-text.js";

/** Readable; dependencies are left to the app. What `bundleWorker` makes has to lie beside `file`. */
export async function bundlePage(entry, file) {
  await bundle({ input: entry, external: dependencies, plugins: [leaveWorkerText] }, { file });
}

/** Without imports: that is what starts under every bundler, with an import map, and from a Blob URL. */
export async function bundleWorker(directory) {
  const file = join(directory, "worker.js");
  await bundle({ input: join(packages, "worker/src/worker.ts") }, { file, minify: true, codeSplitting: false });
  const script = (await readFile(file, "utf8")).replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
  await writeFile(join(directory, workerText), `export const workerText = ${JSON.stringify(script)};\n`);
}

/** Not as `external`, which would rewrite the name as a path from the entry's directory. */
const leaveWorkerText = {
  name: "leave-worker-text",
  resolveId: (id) => (id === workerText ? { id, external: true } : null),
};

async function bundle(input, output) {
  const build = await rolldown({ ...input, platform: "browser", onwarn: failOnWarning });
  try {
    await build.write({ format: "esm", sourcemap: true, ...output });
  } finally {
    await build.close();
  }
}

/** What a bundler only warns of here, somebody's bundler fails on. */
function failOnWarning(warning) {
  throw new Error(warning.message);
}
