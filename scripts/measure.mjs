/** Bundles small apps as their authors would, and weighs what comes out: bytes after gzip. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

/** Workers once more, as text, for where their files cannot be used. Not an app's code. */
const workerText = /(worker|after-page|keep-files)-text/;
/** Loaded by pages that ask for it. */
const diagnosis = /diagnos/;
/** Loaded by pages of sites that have a service worker, or in browsers whose shared workers outlive their pages. */
const keeper = /keeper|shared-worker/;

/** @param directory of the unpacked package @returns bytes by the names of size.json */
export async function measure(directory) {
  const library = JSON.stringify(join(directory, "dist/index.js"));
  const everything = await appOf(`export * from ${library};`);
  const usual = await appOf(`export { createUploader, ossStore } from ${library};`);
  return {
    "everything on the page": everything.atOnce,
    "createUploader and ossStore": usual.atOnce,
    "UploadError alone": (await appOf(`export { UploadError } from ${library};`)).atOnce,
    "nothing (import without names)": (await appOf(`import ${library};`)).atOnce,
    "loaded with the first upload": everything.later,
    "the diagnosis": everything.diagnosis,
    "the keeper, for the page": everything.keeper,
    "the keeper, for a service worker": gzipped(readFileSync(join(directory, "dist/keeper.js"))),
    "the keeper, in a shared worker": gzipped(readFileSync(join(directory, "dist/keep-files.js"))),
    "what goes on after the page": gzipped(readFileSync(join(directory, "dist/after-page.js"))),
    "the worker": gzipped(readFileSync(join(directory, "dist/worker.js"))),
  };
}

/**
 * @param source one module of an app
 * @param directory where it would lie, for the packages that it names
 * @returns what such an app loads with its page, what it loads when it uploads, and what when it diagnoses
 */
export async function appOf(source, directory = process.cwd()) {
  const entry = join(directory, "app.js");
  const build = await rolldown({
    input: entry,
    platform: "browser",
    plugins: [
      {
        name: "app",
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? source : null),
      },
    ],
  });
  const { output } = await build.generate({ format: "esm", minify: true });
  await build.close();
  const chunks = new Map(output.filter(({ type }) => type === "chunk").map((chunk) => [chunk.fileName, chunk]));
  const atOnce = new Set([...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  for (const name of atOnce) for (const imported of chunks.get(name).imports) atOnce.add(imported);
  const isApart = (fileName) => [workerText, diagnosis, keeper].some((apart) => apart.test(fileName));
  const sum = (wanted) => [...chunks.values()].filter(wanted).reduce((bytes, { code }) => bytes + gzipped(code), 0);
  return {
    atOnce: sum(({ fileName }) => atOnce.has(fileName)),
    later: sum(({ fileName }) => !atOnce.has(fileName) && !isApart(fileName)),
    diagnosis: sum(({ fileName }) => !atOnce.has(fileName) && diagnosis.test(fileName)),
    keeper: sum(({ fileName }) => !atOnce.has(fileName) && keeper.test(fileName)),
  };
}

function gzipped(code) {
  return gzipSync(code, { level: 9 }).length;
}
