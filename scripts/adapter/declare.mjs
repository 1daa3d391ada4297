/** The types of an adapter's dist: its own declarations, and beside them those of what the adapters share. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { shared } from "./peers.mjs";

const packages = fileURLToPath(new URL("../../packages", import.meta.url));

/** @param directory of the package */
export async function declareAdapter(directory, dist) {
  const emitted = await mkdtemp(join(tmpdir(), "ossicle-types-"));
  try {
    await emit(directory, emitted);
    const filter = (path) => !/\.[jt]sx?$/.test(path) || /(?<!\.test)\.d\.ts$/.test(path);
    await cp(join(emitted, basename(directory), "src"), dist, { recursive: true, filter });
    for (const name of shared.filter((each) => each !== basename(directory) && existsSync(join(emitted, each))))
      await cp(join(emitted, name, "src"), join(dist, name), { recursive: true, filter });
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
  let text = await readFile(file, "utf8");
  for (const name of shared) {
    const path = relative(dirname(file), join(dist, name, "index.js"));
    text = text.replaceAll(`"@ossicle/${name}"`, JSON.stringify(path.startsWith(".") ? path : `./${path}`));
  }
  await writeFile(file, text);
}
