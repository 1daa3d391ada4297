/** The package as users get it: packed, looked at by publint and Are The Types Wrong, weighed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { pack } from "../packages/core/scripts/pack.mjs";
import { checkSize } from "./size.mjs";
import { unpack } from "./unpack.mjs";

const directory = mkdtempSync(join(tmpdir(), "ossicle-package-"));
try {
  const tarball = pack(directory);
  const unpacked = unpack(tarball, directory);
  const checks = [
    ["has what a package has", hasItsFiles(unpacked)],
    ["can be imported on a server", await canBeImported(unpacked)],
    ["publint", await isWellFormed(unpacked)],
    ["Are The Types Wrong", hasRightTypes(tarball)],
    ["size", await checkSize(tarball)],
  ];
  for (const [name, passed] of checks) if (!passed) console.log(`Failed: ${name}`);
  process.exitCode = checks.every(([, passed]) => passed) ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true });
}

/** Every script beside its source map, and what a licence asks for. */
function hasItsFiles(unpacked) {
  const manifest = JSON.parse(readFileSync(join(unpacked, "package.json"), "utf8"));
  const scripts = Object.values(manifest.exports).flatMap((entry) => entry.default ?? []);
  const wanted = ["LICENSE", "README.md", "dist/third-party-licenses.txt", ...scripts.map((script) => `${script}.map`)];
  const missing = wanted.filter((file) => !canRead(join(unpacked, file)));
  if (missing.length > 0) console.log(`missing in the package: ${missing.join(", ")}`);
  return missing.length === 0 && manifest.dependencies === undefined;
}

function canRead(file) {
  try {
    return readFileSync(file).length > 0;
  } catch {
    return false;
  }
}

/** Frameworks load a page's modules on the server as well, where there is neither DOM nor worker. */
async function canBeImported(unpacked) {
  const page = await import(pathToFileURL(join(unpacked, "dist/index.js")).href);
  const server = await import(pathToFileURL(join(unpacked, "dist/server.js")).href);
  return typeof page.createUploader === "function" && typeof server.createSignHandler === "function";
}

async function isWellFormed(unpacked) {
  const { messages, pkg } = await publint({ pkgDir: unpacked, pack: false, strict: true });
  for (const message of messages) console.log(formatMessage(message, pkg));
  return messages.length === 0;
}

function hasRightTypes(tarball) {
  const manifest = createRequire(import.meta.url).resolve("@arethetypeswrong/cli/package.json");
  const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
  const args = [join(dirname(manifest), bin.attw), tarball, "--profile", "esm-only", "--format", "ascii"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) console.log(stdout, stderr);
  return status === 0;
}
