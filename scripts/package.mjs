/** The packages as users get them: packed, looked at by us, publint and Are The Types Wrong; the library weighed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { pack } from "../packages/core/scripts/pack.mjs";
import { checkAdapter } from "./adapter/check.mjs";
import { isAdapter } from "./adapter/peers.mjs";
import { licenseProblems, onlyHandsOn } from "./package-licenses.mjs";
import { manifestProblems } from "./package-manifest.mjs";
import { publicPackages, readManifest } from "./release/public-packages.mjs";
import { checkSize } from "./size.mjs";
import { unpack } from "./unpack.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "ossicle-package-"));
try {
  const failed = [];
  for (const { directory: source } of publicPackages(root)) {
    const { name, checks } = await check(source);
    failed.push(...checks.filter(([, passed]) => !passed).map(([what]) => `${name}: ${what}`));
  }
  for (const what of failed) console.log(`Failed: ${what}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true });
}

async function check(source) {
  const place = mkdtempSync(join(directory, "packed-"));
  const tarball = pack(place, join(root, source));
  const unpacked = unpack(tarball, place);
  const manifest = readManifest(unpacked);
  const { name } = manifest;
  const checks = [
    ["manifest", areNone(manifestProblems(unpacked, source))],
    ["licences", areNone(licenseProblems(unpacked))],
    ["publint", await isWellFormed(unpacked)],
    ["Are The Types Wrong", hasRightTypes(tarball)],
  ];
  if (isAdapter(manifest)) checks.push(...(await checkAdapter(unpacked, join(root, source))));
  if (source !== "packages/core") return { name, checks };
  checks.push(
    ["has what a package has", hasItsFiles(unpacked)],
    ["can be imported on a server", await canBeImported(unpacked)],
    ["size", await checkSize(tarball)],
  );
  return { name, checks };
}

function areNone(problems) {
  for (const problem of problems) console.log(problem);
  return problems.length === 0;
}

/** Every script beside its source map, and what a licence asks for. */
function hasItsFiles(unpacked) {
  const manifest = readManifest(unpacked);
  const scripts = Object.values(manifest.exports).flatMap((entry) => entry.default ?? []);
  const maps = scripts.filter((script) => !onlyHandsOn(join(unpacked, script))).map((script) => `${script}.map`);
  const wanted = ["LICENSE", "README.md", "dist/third-party-licenses.txt", ...scripts, ...maps];
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
  const testing = await import(pathToFileURL(join(unpacked, "dist/testing.js")).href);
  const entries = [page.createUploader, server.createSignHandler, testing.createFakeUploader];
  return entries.every((entry) => typeof entry === "function");
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
