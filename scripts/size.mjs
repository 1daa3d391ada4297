/**
 * What a user's bundle gets from us: the packed library, bundled and minified as an app does it, in bytes after gzip. Over a
 * budget of packages/core/size.json it fails. Budgets are what was reached, so that nothing grows unnoticed; `--write` records
 * smaller ones.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { pack } from "../packages/core/scripts/pack.mjs";
import { unpack } from "./unpack.mjs";

const budgets = new URL("../packages/core/size.json", import.meta.url);
/** The worker once more, as text, for where its file cannot be used. Not an app's code. */
const workerText = /worker-text/;

/** @param directory of the unpacked package @returns bytes by the names of size.json */
async function measure(directory) {
  const library = JSON.stringify(join(directory, "dist/index.js"));
  const everything = await appOf(`export * from ${library};`);
  const usual = await appOf(`export { createUploader, ossStore } from ${library};`);
  return {
    "everything on the page": everything.atOnce,
    "createUploader and ossStore": usual.atOnce,
    "UploadError alone": (await appOf(`export { UploadError } from ${library};`)).atOnce,
    "nothing (import without names)": (await appOf(`import ${library};`)).atOnce,
    "loaded when it is needed": everything.later,
    "the worker": gzipped(readFileSync(join(directory, "dist/worker.js"))),
  };
}

/** @returns what an app with this source loads with its page, and what it loads afterwards */
async function appOf(source) {
  const entry = "\0app.js";
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
  const sum = (wanted) => [...chunks.values()].filter(wanted).reduce((bytes, { code }) => bytes + gzipped(code), 0);
  return {
    atOnce: sum(({ fileName }) => atOnce.has(fileName)),
    later: sum(({ fileName }) => !atOnce.has(fileName) && !workerText.test(fileName)),
  };
}

function gzipped(code) {
  return gzipSync(code, { level: 9 }).length;
}

/** @returns whether every budget is kept */
export async function checkSize(tarball, { write = false } = {}) {
  const directory = mkdtempSync(join(tmpdir(), "ossicle-size-"));
  try {
    const sizes = await measure(unpack(tarball, directory));
    const limits = JSON.parse(readFileSync(budgets, "utf8"));
    const count = (bytes) => bytes.toLocaleString("en").padStart(9);
    console.log(`${"bytes, minified and gzipped".padEnd(34)}${"  size".padStart(9)}   budget   target`);
    for (const [name, bytes] of Object.entries(sizes)) {
      const { budget, target } = limits[name];
      const over = bytes > budget ? "  OVER BUDGET" : "";
      console.log(`${name.padEnd(34)}${count(bytes)}${count(budget)}${count(target)}${over}`);
      if (write) limits[name].budget = Math.min(budget, bytes);
    }
    if (write) writeFileSync(budgets, `${JSON.stringify(limits, null, 2)}\n`);
    return Object.entries(sizes).every(([name, bytes]) => bytes <= limits[name].budget);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const directory = mkdtempSync(join(tmpdir(), "ossicle-pack-"));
  const kept = await checkSize(pack(directory), { write: process.argv.includes("--write") });
  rmSync(directory, { recursive: true });
  process.exitCode = kept ? 0 : 1;
}
