/** The text of docs/engines.md. */
import type { LeftOut } from "../../e2e/left-out.js";
import type { Engine } from "../../e2e/support/engine.js";
import type { TestRun } from "./report.js";

export interface EngineRun {
  readonly engine: "chromium" | "firefox" | "webkit";
  readonly tests: readonly TestRun[];
}

const names = { chromium: "Chromium", firefox: "Firefox", webkit: "WebKitGTK" } as const;
const drivers = {
  chromium: "Playwright",
  firefox: "Playwright, by WebDriver BiDi",
  webkit: "WebKitWebDriver",
} as const;

/** What users notice of a thing that is not there. */
const without: Readonly<Record<string, string>> = {
  "handles of dropped files": "after a reload the user picks the file again",
  "handles from a picker":
    "`pickFiles()` opens the file input's own dialogue; after a reload the user picks the file again",
  "handles of the origin's own files": "nothing: only files that an app stored there itself have them",
  "folders by drag and drop": "folders have to be chosen",
  "screen wake lock": "a phone that dims its screen may stop the page",
  WebAssembly: "hashing in JavaScript, several times slower",
  "streams that fill a buffer": "reading takes more memory, up to 32 MB for each worker",
};

/** @throws Error when a run does not say which engine it was */
export function enginesPage(runs: readonly EngineRun[], leftOut: readonly LeftOut[]): string {
  const seen = runs.map((run) => ({ ...run, look: lookOf(run) }));
  const heads = seen.map(({ engine }) => names[engine]);
  const [first] = seen;
  const rows = (of: "needed" | "used") => Object.keys(first?.look[of] ?? {});
  const marks = (of: "needed" | "used", what: string) => seen.map(({ look }) => (look[of][what] ? "✓" : "–"));
  const corePath = runs.find(({ engine }) => engine === "webkit")?.tests ?? [];
  return `# Engines

\`pnpm e2e:all\` writes this page. What each browser is asked for and what it does without is in [browser-support.md](browser-support.md).

${table(
  ["engine", "version", "driven by", "tests passed", "failed"],
  seen.map(({ engine, look, tests }) => [
    ...[names[engine], look.version, drivers[engine]],
    ...[tests.filter(({ passed }) => passed), tests.filter(({ passed }) => !passed)].map((some) => String(some.length)),
  ]),
)}
${failures(runs)}
Chromium runs every end-to-end test, Firefox all but those at the end of this page, and WebKitGTK, which is the engine of Safari on another
system, the core path. Safari itself is not tried.

## What they have

${table(
  ["needed", ...heads],
  rows("needed").map((what) => [what, ...marks("needed", what)]),
)}

${table(
  ["used where it is there", ...heads, "without it"],
  rows("used").map((what) => [what, ...marks("used", what), without[what] ?? ""]),
)}

## The core path in WebKitGTK

${corePath.map(({ title }) => `- ${title}`).join("\n")}

## Left out of Firefox

${table(
  ["test", "why"],
  leftOut.map(({ file, title, because }) => [`${file}: ${title} …`, because]),
)}
`;
}

/** Nothing where there are none. */
function failures(runs: readonly EngineRun[]): string {
  const failed = runs.flatMap(({ engine, tests }) =>
    tests.filter(({ passed }) => !passed).map(({ file, title }) => `- ${names[engine]}, ${file}: ${title}`),
  );
  return failed.length === 0 ? "" : `\nFailed:\n\n${failed.join("\n")}\n`;
}

function lookOf({ engine, tests }: EngineRun): Engine {
  const found = tests.flatMap(({ annotations }) => annotations).find(({ type }) => type === "engine")?.description;
  if (found === undefined) throw new Error(`No test of ${engine} has looked at the engine`);
  return JSON.parse(found) as Engine;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
