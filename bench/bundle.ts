/** One script for each contestant, so that a page loads no more than it would in an app. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { bundlePage, bundleWorker } from "../packages/core/scripts/bundle.mjs";

const pages = fileURLToPath(new URL("page/", import.meta.url));
const core = fileURLToPath(new URL("../packages/core/", import.meta.url));

export interface Bundles {
  readonly directory: string;
  close(): Promise<void>;
}

/** @param names of files in `page/` */
export async function bundlePages(names: readonly string[]): Promise<Bundles> {
  const directory = await mkdtemp(join(tmpdir(), "ossicle-bench-pages-"));
  const library = bundlePage(join(core, "src/index.ts"), join(directory, "library.js"));
  await Promise.all([library, bundleWorker(directory), ...names.map((name) => bundle(name, directory))]);
  return { directory, close: () => rm(directory, { recursive: true, force: true }) };
}

async function bundle(name: string, directory: string): Promise<void> {
  const build = await rolldown({
    input: join(pages, `${name}.ts`),
    platform: "browser",
    resolve: { alias: { comlink: join(core, "node_modules/comlink") } },
    plugins: [leaveLibrary],
    // What the peers' packages make a bundler say is not ours to mend.
    logLevel: "silent",
    transform: { define: { "process.env.NODE_ENV": '"production"', global: "globalThis" } },
  });
  try {
    await build.write({ file: join(directory, `${name}.js`), format: "esm", codeSplitting: false });
  } finally {
    await build.close();
  }
}

/** Built as for its users, it lies beside the bundles, with its worker and what it loads later. */
const leaveLibrary = {
  name: "leave-library",
  resolveId: (id: string) => (id === "@ossicle/core" ? { id: "./library.js", external: true } : null),
};
