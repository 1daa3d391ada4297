/** docs/engines.md says what the runs reported, and what was left out. */
import { expect, test } from "vitest";
import { pattern } from "../../e2e/left-out.js";
import { enginesPage } from "./page.js";
import { readReport } from "./report.js";

const spec = (title: string, ok: boolean, annotations: readonly { type: string; description?: string }[] = []) => ({
  title,
  ok,
  tests: [{ annotations }],
});

const engine = (version: string, handles: boolean) => ({
  type: "engine",
  description: JSON.stringify({
    version,
    needed: { "Web Locks": true },
    used: { "handles of dropped files": handles },
  }),
});

test("every test of a report is found, in its groups, with whether it passed", () => {
  const tests = readReport({
    suites: [
      {
        title: "a.spec.ts",
        file: "a.spec.ts",
        specs: [spec("one", true)],
        suites: [{ title: "in a group", file: "a.spec.ts", specs: [spec("two", false)] }],
      },
    ],
  });

  expect(tests.map(({ file, title, passed }) => [file, title, passed])).toEqual([
    ["a.spec.ts", "one", true],
    ["a.spec.ts", "in a group two", false],
  ]);
});

test("the page has a column for each engine, the core path, and a reason for what was left out", () => {
  const run = (name: "chromium" | "webkit", version: string, handles: boolean) => ({
    engine: name,
    tests: [
      {
        file: "core-path.ts",
        title: `a file goes up in ${name}`,
        passed: true,
        annotations: [engine(version, handles)],
      },
    ],
  });
  const leftOut = [{ file: "b.spec.ts", title: "a crash", because: "it cannot be told to | crash" }];

  const page = enginesPage([run("chromium", "156.0", true), run("webkit", "2.50.6", false)], leftOut);

  expect(page).toContain("| Chromium | 156.0 | Playwright | 1 | 0 |");
  expect(page).toContain("| handles of dropped files | ✓ | – | after a reload the user picks the file again |");
  expect(page).toContain("- a file goes up in webkit");
  expect(page).toContain("| b.spec.ts: a crash … | it cannot be told to \\| crash |");
});

test("a test that failed is named on the page", () => {
  const tests = [
    { file: "engine.spec.ts", title: "looks", passed: true, annotations: [engine("153.7", false)] },
    { file: "a.spec.ts", title: "a file goes up", passed: false, annotations: [] },
  ];

  const page = enginesPage([{ engine: "firefox", tests }], []);

  expect(page).toContain("| Firefox | 153.7 | Playwright, by WebDriver BiDi | 1 | 1 |");
  expect(page).toContain("- Firefox, a.spec.ts: a file goes up");
});

test("an engine that no test has looked at is an error, not an empty column", () => {
  expect(() => enginesPage([{ engine: "firefox", tests: [] }], [])).toThrow("firefox");
});

test("what is left out is left out of its own file, in any group, and with the letters that it has", () => {
  const leftOut = pattern({ file: "a.spec.ts", title: "a file (large)", because: "" });

  const matches = [
    "firefox a.spec.ts a file (large) goes",
    "a.spec.ts in a group a file (large)",
    "b.spec.ts a file (large)",
  ];

  expect(matches.map((title) => leftOut.test(title))).toEqual([true, true, false]);
  expect(leftOut.test("aXspec.ts a file (large)")).toBe(false);
});
