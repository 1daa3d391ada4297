/**
 * Everything that has to hold before a change lands, in the order in which it fails fastest. `--fast` stops before the build.
 * The last line counts the tests of all runners: "N passed, N failed".
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const fast = process.argv.includes("--fast");
const reports = mkdtempSync(join(tmpdir(), "ossicle-check-"));
const require = createRequire(join(root, "package.json"));

/** Runs a tool's own script with this Node: no shell, no PATH, the same on every system. */
function tool(packageName, bin, ...args) {
  const manifest = require.resolve(`${packageName}/package.json`);
  const { bin: bins } = JSON.parse(readFileSync(manifest, "utf8"));
  return [join(dirname(manifest), typeof bins === "string" ? bins : bins[bin]), ...args];
}

const types = [
  "packages/core",
  "packages/core/test",
  "packages/elements",
  "packages/worker",
  "packages/worker/test",
  "packages/oss-emulator",
  "packages/sweep",
  "packages/kit",
  "packages/react",
  "packages/antd",
  "packages/vue",
  "packages/element-plus",
  "demo",
  "demo/recipes",
  "e2e",
  "matrix",
  "bench",
  "scripts",
];
const vitestReport = join(reports, "vitest.json");
const playwrightReport = join(reports, "playwright.json");

const steps = [
  ["format and lint", tool("@biomejs/biome", "biome", "check", "--error-on-warnings", ".")],
  ...types.map((project) => [`types of ${project}`, tool("typescript", "tsc", "-p", join(project, "tsconfig.json"))]),
  [
    "import directions",
    [
      "node_modules/dependency-cruiser/bin/dependency-cruise.mjs",
      "--config",
      ".dependency-cruiser.mjs",
      "packages",
      "demo",
    ],
  ],
  [
    "unit, contract and crash tests",
    tool("vitest", "vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${vitestReport}`),
  ],
  ...(fast
    ? []
    : [
        ["build, package and size", ["scripts/package.mjs"]],
        ["a browser", ["scripts/browser.mjs"]],
        ["end to end", tool("@playwright/test", "playwright", "test", "--reporter=list,json")],
      ]),
];

function run(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport },
    });
    child.on("close", (code) => resolve(code === 0));
  });
}

/** Tests of both runners, as they reported them themselves. */
function counted() {
  const total = { passed: 0, failed: 0, skipped: 0 };
  if (existsSync(vitestReport)) {
    const report = JSON.parse(readFileSync(vitestReport, "utf8"));
    total.passed += report.numPassedTests;
    total.failed += report.numFailedTests;
    total.skipped += report.numPendingTests + report.numTodoTests;
  }
  if (existsSync(playwrightReport)) {
    const { stats } = JSON.parse(readFileSync(playwrightReport, "utf8"));
    total.passed += stats.expected;
    total.failed += stats.unexpected + stats.flaky;
    total.skipped += stats.skipped;
  }
  return total;
}

/** What nobody can say anything about: tests that were skipped, by the reason that they gave. @returns one line each */
function notRun() {
  if (!existsSync(playwrightReport)) return [];
  const reasons = new Map();
  const visit = ({ suites = [], specs = [] }) => {
    for (const { tests } of specs) {
      for (const { annotations } of tests.filter((each) => each.status === "skipped")) {
        const reason = annotations.find(({ type }) => type === "skip")?.description ?? "without a reason";
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
    }
    suites.forEach(visit);
  };
  visit(JSON.parse(readFileSync(playwrightReport, "utf8")));
  return [...reasons].map(([reason, count]) => `NOT RUN: ${count} end to end: ${reason}`);
}

const began = Date.now();
const durations = [];
let failed;
for (const [name, args] of steps) {
  const start = Date.now();
  console.log(`\n── ${name}`);
  const passed = await run(args);
  durations.push(`${((Date.now() - start) / 1000).toFixed(1).padStart(7)} s  ${name}${passed ? "" : "  FAILED"}`);
  if (passed) continue;
  failed = name;
  break;
}
const total = counted();
const unknown = notRun();
rmSync(reports, { recursive: true, force: true });
console.log(`\n${durations.join("\n")}\n${((Date.now() - began) / 1000).toFixed(1).padStart(7)} s  in all`);
if (failed !== undefined) console.log(`\nFailed: ${failed}`);
if (unknown.length > 0) console.log(`\n${unknown.join("\n")}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(failed === undefined ? 0 : 1);
