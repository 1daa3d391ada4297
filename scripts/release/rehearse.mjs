/**
 * What a release would publish, as users get it: every public package is packed, the tarballs are installed together in an empty app,
 * and the app imports each entry, compiles against its types and starts each command.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pack } from "../../packages/core/scripts/pack.mjs";
import { publicPackages, readManifest } from "./public-packages.mjs";
import { startByNpx } from "./start-by-npx.mjs";

/**
 * @param root the workspace's
 * @param directory an empty one
 * @param say called with what was done, a line each
 * @returns for each package its name, version and tarball. @throws Error that says what does not work
 */
export async function rehearse(root, directory, say) {
  const packed = publicPackages(root).map((each) => packOne(root, directory, each));
  say(`packed ${packed.map(({ name, version }) => `${name} ${version}`).join(", ")}`);
  const app = join(directory, "app");
  install(app, packed);
  say("installed together in an empty app");
  const installed = packed.map(({ name }) => ({ name, place: join(app, "node_modules", name) }));
  const modules = installed.flatMap(modulesOf);
  importEach(app, modules);
  say(`imported in Node: ${modules.join(", ")}`);
  for (const resolution of ["bundler", "nodenext"]) compile(root, app, modules, resolution);
  say("compiled against the types of each, as bundlers and as Node find them");
  const commands = installed.flatMap(commandsOf);
  for (const command of commands) run(app, process.execPath, [command, "--help"]);
  say(`started ${commands.length} commands`);
  await startByNpx(directory, packed);
  say("npx started the emulator in an empty directory, and it handed out a token");
  return packed;
}

function packOne(root, directory, { directory: source, manifest: { name, version } }) {
  const place = mkdtempSync(join(directory, "packed-"));
  return { name, version, tarball: pack(place, join(root, source)) };
}

function install(app, packed) {
  mkdirSync(app);
  const dependencies = Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`]));
  writeFileSync(join(app, "package.json"), JSON.stringify({ private: true, type: "module", dependencies }, null, 2));
  run(app, "npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"]);
}

/** @returns what an app may import of it, by name; not what is no module (package.json, styles) or is only started (the worker) */
function modulesOf({ name, place }) {
  const { exports = {} } = readManifest(place);
  return Object.entries(exports).flatMap(([path, entry]) => {
    const script = typeof entry === "string" ? entry : entry.default;
    if (!/\.m?js$/.test(script) || /\/worker\.js$/.test(script)) return [];
    return [`${name}${path.slice(1)}`];
  });
}

/** Page modules too: frameworks load them on the server. One that is only a script exports nothing. */
function importEach(app, modules) {
  writeFileSync(join(app, "import-each.js"), `for (const name of ${JSON.stringify(modules)}) await import(name);\n`);
  run(app, process.execPath, ["import-each.js"]);
}

/** A module without types would be any, which every app compiles against. */
function compile(root, app, modules, moduleResolution) {
  const lines = modules.flatMap((name, index) => [
    `import * as entry${index} from ${JSON.stringify(name)};`,
    `export const isAny${index}: 0 extends 1 & typeof entry${index} ? true : false = false;`,
    `export type Name${index} = keyof typeof entry${index};`,
  ]);
  writeFileSync(join(app, "consumer.ts"), `${lines.join("\n")}\n`);
  const compilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, target: "ES2022", types: [] },
    ...{ module: moduleResolution === "nodenext" ? "NodeNext" : "ESNext", moduleResolution },
    lib: ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
  };
  writeFileSync(join(app, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
  const manifest = createRequire(join(root, "package.json")).resolve("typescript/package.json");
  run(app, process.execPath, [join(manifest, "../bin/tsc"), "-p", "tsconfig.json"]);
}

function commandsOf({ place }) {
  const { name, bin = {} } = readManifest(place);
  const files = typeof bin === "string" ? { [name]: bin } : bin;
  return Object.values(files).map((file) => join(place, file));
}

/** @throws Error, with what it said, unless it ends with 0 */
function run(cwd, program, args) {
  const isNpmOfWindows = program === "npm" && process.platform === "win32";
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: "utf8", shell: isNpmOfWindows });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed: ${error ?? `${stdout}\n${stderr}`}`);
}
