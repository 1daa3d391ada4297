/** The scripts of dist: modules for the page, each kind of worker as one file, and the same workers as text. */
import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { core, packages } from "./places.mjs";

/** Loaded by the page's module by these names, from beside it. */
const texts = ["./worker-text.js", "./after-page-text.js", "./keep-files-text.js"];

/**
 * Readable, for an app's own minifier. Nothing is imported by a bare name: one URL is enough where there is no bundler, and
 * page and worker speak the same Comlink. What `bundleWorker` and `bundleAfterPage` make has to lie beside `file`.
 *
 * @returns the modules that went into it, the bundler's own too
 */
export async function bundlePage(entry, file) {
  return await bundleModules(entry, file, { codeSplitting: together(entry) });
}

/** The same as one file: for an entry that loads nothing later which imports what the entry imports. */
export async function bundleWhole(entry, file) {
  return await bundleModules(entry, file, {});
}

async function bundleModules(entry, file, output) {
  const name = basename(file, ".js");
  return await bundle(
    { input: { [name]: entry }, plugins: [leaveTexts] },
    // Several pages may be bundled into one directory.
    { dir: dirname(file), entryFileNames: "[name].js", chunkFileNames: `${name}-[name].js`, ...output },
  );
}

/** Asked for by code that only tells errors apart: it gets nothing else along. */
const alone = /[\\/]errors[.]ts$/;

/** What the entry imports, what that loads later, and what the second loads later: of that, what has a name here is apart. */
const apart = { keeper: /[\\/](page-keeper|shared-worker)[.]ts$/ };
const waves = ["page", "engine", ...Object.keys(apart), "diagnosis"];

/**
 * What is loaded together is one file, whoever else uses some of it: what is compressed together gets smaller, and a page without a
 * bundler asks for fewer.
 */
function together(entry) {
  let waveOf;
  // A group takes along what its modules import, but for what a group of a higher priority has.
  const groups = waves.map((wave, index) => ({
    name: (id, modules) => {
      waveOf ??= sort(entry, modules);
      return waveOf.get(id) === wave ? wave : null;
    },
    debugName: wave,
    priority: waves.length - index,
  }));
  return { groups: [{ name: "errors", test: alone, priority: waves.length + 1 }, ...groups] };
}

/**
 * @returns for each module that the entry reaches the first wave that needs it. What is loaded by a name of its own is a
 *   small file apart: bundlers warn of a file that one loads later and another imports, and two of them in one file need the bundler's runtime
 */
function sort(entry, modules) {
  const waveOf = new Map();
  const reach = (wave, begin) => {
    const reached = new Set(begin);
    for (const id of reached) {
      if (waveOf.has(id)) continue;
      waveOf.set(id, wave !== "page" && begin.includes(id) ? null : wave);
      for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) reached.add(imported);
    }
    return [...reached].flatMap((id) => modules.getModuleInfo(id)?.dynamicallyImportedIds ?? []);
  };
  const later = reach("engine", reach("page", [entry]));
  for (const [wave, begins] of Object.entries(apart))
    reach(
      wave,
      later.filter((id) => begins.test(id)),
    );
  reach("diagnosis", later);
  return waveOf;
}

/**
 * Without imports: that is what starts under every bundler, and from a Blob URL.
 *
 * @returns the modules that went into it, the bundler's own too
 */
export async function bundleWorker(directory) {
  return await bundleScript(join(packages, "worker/src/worker.ts"), directory, "worker", "workerText");
}

/**
 * The workers that outlive the page: one keeps files, the other goes on with uploads as well, with an engine of its own.
 *
 * @returns the modules that went into them, the bundler's own too
 */
export async function bundleAfterPage(directory) {
  const source = (name) => join(core, "src/after-page", name);
  const modules = await Promise.all([
    bundleScript(source("script.ts"), directory, "after-page", "afterPageText"),
    bundleScript(source("keep-files.ts"), directory, "keep-files", "keepFilesText"),
  ]);
  return modules.flat();
}

async function bundleScript(input, directory, name, variable) {
  const file = join(directory, `${name}.js`);
  const modules = await bundle(
    { input, plugins: [withoutNeverCalled, withoutProbe] },
    { file, minify: true, codeSplitting: false },
  );
  const script = (await readFile(file, "utf8")).replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
  await writeFile(join(directory, `${name}-text.js`), `export const ${variable} = ${JSON.stringify(script)};\n`);
  return modules;
}

/** Nobody asks a worker for a diagnosis. */
const withoutProbe = {
  name: "without-probe",
  resolveId: (id) => (id === "./oss-probe.js" ? fileURLToPath(new URL("never-called.mjs", import.meta.url)) : null),
};

/**
 * Without imports and exports: it is imported, or copied, or taken by importScripts().
 *
 * @returns the modules that went into it, the bundler's own too
 */
export async function bundleKeeper(directory) {
  return await bundle(
    { input: join(packages, "core/src/keeper/service-worker.ts") },
    { file: join(directory, "keeper.js"), format: "iife", minify: true },
  );
}

/** For the worker, and what is bundled to be compared with it. */
export const withoutNeverCalled = {
  name: "without-never-called",
  resolveId: (id) =>
    id === "is-unsafe" || id === "strnum" ? fileURLToPath(new URL("never-called.mjs", import.meta.url)) : null,
};

/** Not as `external`, which would rewrite the name as a path from the entry's directory. */
const leaveTexts = {
  name: "leave-texts",
  resolveId: (id) => (texts.includes(id) ? { id, external: true } : null),
};

/** Parcel brings a package along for each that is only asked for with `typeof`, or fails where it is not installed. */
const globalsOfNode = { Buffer: "undefined", process: "undefined", global: "undefined" };

async function bundle(input, output) {
  const transform = { define: globalsOfNode };
  // How long a plugin took says how busy the machine is, and nothing of the library.
  const checks = { pluginTimings: false };
  const build = await rolldown({ ...input, platform: "browser", transform, checks, onwarn: failOnWarning });
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
