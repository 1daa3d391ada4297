/** The types of dist: declarations of what the entries reach, and of nothing else. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { core, packages } from "./places.mjs";

/** Spoken of by the public types, but an app could not resolve its name: it is taken along. */
const contract = {
  name: "@ossicle/worker/contract",
  emitted: "worker/src/contract.d.ts",
  place: "workers/contract.d.ts",
};

export async function declare(entries, directory) {
  for (const [place, text] of await declarations(entries)) {
    const file = join(directory, place);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** @returns the text of every declaration that the entries import, however far, by its place in dist */
export async function declarations(entries, { comments = true } = {}) {
  const emitted = await mkdtemp(join(tmpdir(), "ossicle-types-"));
  try {
    await emit(emitted, comments);
    const roots = entries.map((entry) => join(emitted, relative(packages, entry).replace(/\.ts$/, ".d.ts")));
    return await reachable(roots, emitted);
  } finally {
    await rm(emitted, { recursive: true });
  }
}

async function emit(directory, comments) {
  const bin = createRequire(import.meta.url)
    .resolve("typescript/package.json")
    .replace("package.json", "bin/tsc");
  const settings = [
    "--noEmit",
    "false",
    "--emitDeclarationOnly",
    "--sourceMap",
    "false",
    "--removeComments",
    `${!comments}`,
  ];
  const tsc = spawn(process.execPath, [bin, "-p", core, ...settings, "--rootDir", packages, "--outDir", directory], {
    stdio: "inherit",
  });
  const [code] = await once(tsc, "close");
  if (code !== 0) throw new Error(`tsc ended with ${code}`);
}

async function reachable(entries, emitted) {
  const placeOf = (file) =>
    file === join(emitted, contract.emitted) ? contract.place : relative(join(emitted, "core/src"), file);
  const texts = new Map();
  const waiting = [...entries];
  for (const file of waiting) {
    const text = (await readFile(file, "utf8")).replace(/(?<=\bfrom "|\bimport\(")[^"]+(?=")/g, (name) => {
      const target = declarationOf(name, file, emitted);
      if (!waiting.includes(target)) waiting.push(target);
      const path = relative(dirname(placeOf(file)), placeOf(target)).replace(/\.d\.ts$/, ".js");
      return path.startsWith(".") ? path : `./${path}`;
    });
    texts.set(placeOf(file), text);
  }
  return texts;
}

function declarationOf(name, importer, emitted) {
  if (name === contract.name) return join(emitted, contract.emitted);
  if (name.startsWith(".")) return resolve(dirname(importer), name.replace(/\.js$/, ".d.ts"));
  throw new Error(`${importer} speaks of ${name}, which an app cannot resolve`);
}
