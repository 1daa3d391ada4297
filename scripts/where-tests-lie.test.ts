/** Beside a source file lies the test of that file alone; in `test/` lie stories, each named for its story. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = resolve(fileURLToPath(import.meta.url), "../..");
const leftOut = new Set(["node_modules", "dist", ".data"]);

/** @returns every TypeScript file below it, by its path from the root */
function filesBelow(directory: string): readonly string[] {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    if (leftOut.has(entry.name)) return [];
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}
const files = ["packages", "demo", "bench"].flatMap(filesBelow);

const isTest = (file: string) => file.endsWith(".test.ts");
const isStory = (file: string) => /(^|\/)test\//.test(file);
/** "packages/core", "demo", "bench". */
const houseOf = (file: string) => /^(packages\/[^/]+|[^/]+)/.exec(file)?.[0] ?? "";
const nameOf = (file: string) => basename(file).replace(/(\.test)?\.ts$/, "");

/** @returns what breaks the rule in these files, in a line each */
function misplaced(all: readonly string[], textOf: (file: string) => string): readonly string[] {
  const sources = all.filter((file) => !isTest(file) && !isStory(file));
  return all.filter(isTest).flatMap((file) => {
    if (isStory(file)) {
      const named = sources.find((source) => houseOf(source) === houseOf(file) && nameOf(source) === nameOf(file));
      return named === undefined ? [] : [`${file} is named for ${named}, not for a story`];
    }
    const text = textOf(file);
    if (!sources.includes(file.replace(".test.ts", ".ts"))) return [`${file} has no source of its name beside it`];
    if (!text.includes(`from "./${nameOf(file)}.js"`)) return [`${file} does not test the source of its name`];
    return /from "[^"]*\/test\//.test(text) ? [`${file} needs a world: it is a story`] : [];
  });
}

test("each test lies beside the one file that it tests, or in test/ under the name of its story", () => {
  expect(files.filter(isTest).length).toBeGreaterThan(100);
  expect(misplaced(files, (file) => readFileSync(join(root, file), "utf8"))).toEqual([]);
});

test.each([
  ["test/plan.test.ts", "", "is named for packages/core/src/plan.ts, not for a story"],
  ["src/lost.test.ts", "", "has no source of its name beside it"],
  ["src/plan.test.ts", 'import { other } from "./other.js";', "does not test the source of its name"],
  [
    "src/plan.test.ts",
    'import { plan } from "./plan.js";\nimport { Page } from "../test/world/page.js";',
    "needs a world: it is a story",
  ],
])("a misplaced test would be seen: %s with %j", (file, text, problem) => {
  const found = misplaced(["packages/core/src/plan.ts", `packages/core/${file}`], () => text);

  expect(found).toEqual([`packages/core/${file} ${problem}`]);
});
