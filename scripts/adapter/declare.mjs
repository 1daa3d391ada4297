/** The types of an adapter's dist: its own declarations, and beside them those of what the adapters share. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const packages = fileURLToPath(new URL("../../packages", import.meta.url));

/** @param directory of the package */
export async function declareAdapter(directory, dist) {
  const emitted = await mkdtemp(join(tmpdir(), "ossicle-types-"));
  try {
    await emit(directory, emitted);
    const filter = (path) => !/\.[jt]sx?$/.test(path) || path.endsWith(".d.ts");
    await cp(join(emitted, basename(directory), "src"), dist, { recursive: true, filter });
    await cp(join(emitted, "kit/src"), join(dist, "kit"), { recursive: true, filter });
    for (const file of await declarationsBelow(dist)) await nameByPath(file, dist);
  } finally {
    await rm(emitted, { recursive: true });
  }
}

async function emit(directory, emitted) {
  const bin = createRequire(import.meta.url)
    .resolve("typescript/package.json")
    .replace("package.json", "bin/tsc");
  const settings = ["--noEmit", "false", "--emitDeclarationOnly", "--sourceMap", "false"];
  const tsc = spawn(process.execPath, [bin, "-p", directory, ...settings, "--rootDir", packages, "--outDir", emitted], {
    stdio: "inherit",
  });
  const [code] = await once(tsc, "close");
  if (code !== 0) throw new Error(`tsc ended with ${code}`);
}

async function declarationsBelow(directory) {
  const names = await readdir(directory, { recursive: true });
  return names.filter((name) => name.endsWith(".d.ts")).map((name) => join(directory, name));
}

/** An app cannot resolve the name of what is shared. */
async function nameByPath(file, dist) {
  const path = relative(dirname(file), join(dist, "kit/index.js"));
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replaceAll('"@ossicle/kit"', JSON.stringify(path.startsWith(".") ? path : `./${path}`)));
}
