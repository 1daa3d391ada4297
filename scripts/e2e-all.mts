/**
 * `pnpm e2e:all [chromium] [firefox] [webkit]`: the end-to-end tests in the three engines, and what they need from the system.
 * The specs run in Chromium and in Firefox, the core path in WebKitGTK. docs/engines.md is made of the last run of each, passed or failed.
 */
import { spawn } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { leftOutOfFirefox, pattern } from "../e2e/left-out.js";
import { ensureChromium } from "./browser.mjs";
import { type EngineRun, enginesPage } from "./engines/page.js";
import { readReport, type TestRun } from "./engines/report.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const engines = ["chromium", "firefox", "webkit"] as const;
type EngineName = (typeof engines)[number];

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !engines.some((engine) => engine === name));
if (unknown !== undefined) throw new Error(`There is no engine "${unknown}" here: ${engines.join(", ")}`);
const wanted = engines.filter((engine) => asked.length === 0 || asked.includes(engine));

/** By engine: programs without which it does not run, and the Debian packages that they are in. */
const needs: Readonly<
  Record<Exclude<EngineName, "chromium">, { programs: readonly string[]; packages: readonly string[] }>
> = {
  firefox: { programs: ["firefox-esr"], packages: ["firefox-esr"] },
  webkit: {
    programs: ["WebKitWebDriver", "xvfb-run", "dbus-daemon"],
    packages: ["webkit2gtk-driver", "xvfb", "xauth", "dbus"],
  },
};

function find(program: string): string | undefined {
  const places = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, program));
  return places.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Installs what is missing where we may, else says what to install. */
async function provide(): Promise<void> {
  if (wanted.includes("chromium")) ensureChromium();
  const others = wanted.filter((engine) => engine !== "chromium");
  const missing = () =>
    others.filter((engine) => needs[engine].programs.some((program) => find(program) === undefined));
  if (missing().length === 0) return;
  const install = ["install", "--yes", "--quiet", "--no-install-recommends"];
  const packages = missing().flatMap((engine) => needs[engine].packages);
  if (process.getuid?.() === 0 && find("apt-get") !== undefined) {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update", "--quiet"], env);
    await run("apt-get", [...install, ...packages], env);
  }
  if (missing().length === 0) return;
  const advice = `On Debian: sudo apt-get ${[...install, ...packages].join(" ")}`;
  throw new Error(`Not installed, or not on PATH: what ${missing().join(" and ")} need. ${advice}`);
}

/** @returns whether it ended well */
async function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<boolean> {
  console.log(`$ ${[program, ...args].join(" ")}`);
  const child = spawn(program, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code === 0));
  });
}

/** Kept, so that engines can be tried one by one. */
const reports = join(root, "node_modules/.cache/ossicle-engines");
const reportOf = (engine: EngineName) => join(reports, `${engine}.json`);
const manifest = createRequire(import.meta.url).resolve("@playwright/test/package.json");
const playwright = [join(dirname(manifest), "cli.js"), "test", "--reporter=list,json"];

/** @returns whether all tests passed */
async function test(engine: EngineName): Promise<boolean> {
  // One engine after the other: two browsers at a time would be in each other's way.
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: reportOf(engine) };
  rmSync(reportOf(engine), { force: true });
  if (engine === "webkit") {
    const display = ["-a", "-s", "-screen 0 1280x1024x24", process.execPath];
    return await run("xvfb-run", [...display, ...playwright, "--config", "e2e/webkit/webkit.config.ts"], env);
  }
  const firefox = { OSSICLE_E2E_FIREFOX: find("firefox-esr") };
  return await run(process.execPath, [...playwright, `--project=${engine}`], { ...env, ...firefox });
}

function lastRuns(): readonly EngineRun[] {
  return engines
    .filter((engine) => existsSync(reportOf(engine)))
    .map((engine) => ({ engine, tests: readReport(JSON.parse(readFileSync(reportOf(engine), "utf8"))) }));
}

/** An entry that no test has any more would leave nothing out, and hide that it does not. */
function checkLeftOut(tests: readonly TestRun[] = []): void {
  if (tests.length === 0) return;
  const stale = leftOutOfFirefox.filter(
    (entry) => !tests.some(({ file, title }) => pattern(entry).test(`${file} ${title}`)),
  );
  if (stale.length === 0) return;
  throw new Error(
    `e2e/left-out.ts names tests that do not exist: ${stale.map(({ title }) => `"${title}"`).join(", ")}`,
  );
}

await provide();
mkdirSync(reports, { recursive: true });
let passed = true;
for (const engine of wanted) passed = (await test(engine)) && passed;
const runs = lastRuns();
checkLeftOut(runs.find(({ engine }) => engine === "chromium")?.tests);
for (const { engine, tests } of runs) {
  const failed = tests.filter((one) => !one.passed);
  console.log(`${engine}: ${tests.length - failed.length} passed, ${failed.length} failed`);
  for (const { file, title } of failed) console.log(`  ${file}: ${title}`);
}
if (runs.length === engines.length) {
  writeFileSync(join(root, "docs/engines.md"), enginesPage(runs, leftOutOfFirefox));
  console.log("docs/engines.md is written");
}
process.exitCode = passed ? 0 : 1;
