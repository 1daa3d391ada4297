/** The samples of docs/testing.md, run as a reader runs them: by Vitest, in jsdom. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { blocks, nameOf, root } from "./docs/documents.js";

const source = (path: string) => JSON.stringify(join(root, "packages/core/src", path));
const config = `export default {
  resolve: { alias: [
    { find: /^@ossicle\\/core\\/testing$/, replacement: ${source("testing/index.ts")} },
    { find: /^@ossicle\\/core$/, replacement: ${source("index.ts")} },
  ] },
  test: { environment: "jsdom", include: ["*/*.test.ts"] },
};
`;

interface Report {
  readonly testResults: readonly { readonly name: string; readonly status: string }[];
}

test("the tests of the testing page pass, and would fail for a component that shows something else", () => {
  const samples = blocks("docs/testing.md", "ts").flatMap((code) => {
    const name = nameOf(code);
    return name === undefined ? [] : [[name, code] as const];
  });

  const results = run([
    ...samples.map(([name, code]) => [`right/${name}`, code] as const),
    ...samples.map(([name, code]) => [`wrong/${name}`, code.replace('return "done"', 'return "over"')] as const),
  ]);

  expect(results).toEqual({
    "right/leftovers.test.ts": "passed",
    "right/upload-list.test.ts": "passed",
    "wrong/leftovers.test.ts": "passed",
    "wrong/upload-list.test.ts": "failed",
  });
});

/** @returns by the name of each test file whether it passed */
function run(files: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  mkdirSync(join(root, "node_modules/.cache"), { recursive: true });
  const directory = mkdtempSync(join(root, "node_modules/.cache/docs-testing-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const place of ["right", "wrong"]) mkdirSync(join(directory, place));
  for (const [name, code] of [...files, ["vitest.config.mjs", config] as const])
    writeFileSync(join(directory, name), code);
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const { stdout, stderr } = spawnSync(process.execPath, [vitest, "run", "--reporter=json"], {
    cwd: directory,
    encoding: "utf8",
    // Ours are about another run.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST"))),
  });
  const [report] = /^\{.*\}$/m.exec(stdout) ?? [];
  if (report === undefined) throw new Error(`Vitest gave no report: ${stdout}${stderr}`);
  const { testResults } = JSON.parse(report) as Report;
  return Object.fromEntries(testResults.map(({ name, status }) => [name.slice(directory.length + 1), status]));
}
