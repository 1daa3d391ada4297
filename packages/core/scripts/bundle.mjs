/** The scripts of dist: modules for the page, the worker as one file, and the same worker as text. */
import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { rolldown } from "rolldown";
import { packages } from "./places.mjs";

/** Loaded by the page's module by this name, from beside it. */
const workerText = "./worker-text.js";

/**
 * Readable, for an app's own minifier. Nothing is imported by a bare name: one URL is enough where there is no bundler, and
 * page and worker speak the same Comlink. What `bundleWorker` makes has to lie beside `file`.
 *
 * @returns the modules that went into it, the bundler's own too
 */
export async function bundlePage(entry, file) {
  return await bundleModules(entry, file, { codeSplitting: atOnce(entry) });
}

/** The same for what loads nothing later. */
export async function bundleServer(entry, file) {
  return await bundleModules(entry, file, {});
}

async function bundleModules(entry, file, output) {
  const name = basename(file, ".js");
  return await bundle(
    { input: { [name]: entry }, plugins: [leaveWorkerText] },
    // Several pages may be bundled into one directory.
    { dir: dirname(file), entryFileNames: "[name].js", chunkFileNames: `${name}-[name].js`, ...output },
  );
}

/** Asked for by code that only tells errors apart: it gets nothing else along. */
const alone = /[\\/]errors[.]ts$/;

/**
 * What the entry imports is one file, whoever else uses some of it: what is compressed together gets smaller, by 1.5 kB, and a page
 * without a bundler asks for fewer.
 */
function atOnce(entry) {
  let reached;
  const name = (id, modules) => {
    reached ??= importedBy(entry, modules);
    return reached.has(id) ? "page" : null;
  };
  return {
    groups: [
      { name: "errors", test: alone, priority: 1 },
      { name, debugName: "page" },
    ],
  };
}

/** @returns the module's own id, and those of everything that it imports, however far, but for what it loads later */
function importedBy(entry, modules) {
  const reached = new Set([entry]);
  for (const id of reached) for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) reached.add(imported);
  return reached;
}

/**
 * Without imports: that is what starts under every bundler, and from a Blob URL.
 *
 * @returns the modules that went into it, the bundler's own too
 */
export async function bundleWorker(directory) {
  const file = join(directory, "worker.js");
  const modules = await bundle(
    { input: join(packages, "worker/src/worker.ts") },
    { file, minify: true, codeSplitting: false },
  );
  const script = (await readFile(file, "utf8")).replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
  await writeFile(join(directory, workerText), `export const workerText = ${JSON.stringify(script)};\n`);
  return modules;
}

/** Not as `external`, which would rewrite the name as a path from the entry's directory. */
const leaveWorkerText = {
  name: "leave-worker-text",
  resolveId: (id) => (id === workerText ? { id, external: true } : null),
};

/** Parcel brings a package along for each that is only asked for with `typeof`, or fails where it is not installed. */
const globalsOfNode = { Buffer: "undefined", process: "undefined", global: "undefined" };

async function bundle(input, output) {
  const transform = { define: globalsOfNode };
  const build = await rolldown({ ...input, platform: "browser", transform, onwarn: failOnWarning });
  try {
    const { output: files } = await build.write({ format: "esm", sourcemap: true, ...output });
    return files.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  } finally {
    await build.close();
  }
}

/** What a bundler only warns of here, somebody's bundler fails on. */
function failOnWarning(warning) {
  throw new Error(warning.message);
}
