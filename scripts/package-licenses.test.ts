import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { licenses } from "../packages/core/scripts/licenses.mjs";
import { licenseProblems } from "./package-licenses.mjs";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ossicle-licenses-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
}

const mapOf = (...sources: string[]) => JSON.stringify({ sources });
const strnum = "../../../node_modules/.pnpm/strnum@2.5.1/node_modules/strnum/strnum.js";
const entities = "../../../node_modules/.pnpm/@nodable+entities@3.1.0_x@1.0.0/node_modules/@nodable/entities/src/a.js";
const text = "Permission is hereby granted, free of charge, ".repeat(10);
const rule = `\n${"-".repeat(80)}\n\n`;

test("a package whose code's licences are all with it has no problem", () => {
  write({
    "dist/worker.js": "a()\n//# sourceMappingURL=worker.js.map",
    "dist/worker.js.map": mapOf("../src/worker.ts", strnum, entities),
    "dist/worker-text.js": 'export const workerText = "a()\\n";\n',
    "dist/third-party-licenses.txt": [`@nodable/entities 3.1.0, MIT\n${text}`, `strnum 2.5.1, MIT\n${text}`].join(rule),
  });

  expect(licenseProblems(directory)).toEqual([]);
});

test.each([
  ["is not there", `@nodable/entities 3.1.0, MIT\n${text}`],
  ["is of another version", `strnum 2.5.0, MIT\n${text}`],
  ["is only named", "strnum 2.5.1, MIT\n"],
])("code in a chunk is a problem if its licence %s", (_, licence) => {
  write({ "dist/deep/chunk.js": "a()", "dist/deep/chunk.js.map": mapOf(strnum) });
  write({ "dist/third-party-licenses.txt": licence });

  expect(licenseProblems(directory)).toEqual([expect.stringContaining("holds strnum 2.5.1, whose licence is missing")]);
});

test("a script that only hands on what others hold needs no source map", () => {
  write({ "dist/index.js": 'import { a as b } from "./chunk.js";\nexport { b };\n' });

  expect(licenseProblems(directory)).toEqual([]);
});

test("code of which nobody can tell where it is from is a problem", () => {
  write({
    "dist/a.js": 'import { b } from "./b.js";\nb();\nexport { b };\n',
    "dist/b.js": "",
    "dist/b.js.map": mapOf("../node_modules/elsewhere/b.js"),
    "dist/worker.js": "a()",
    "dist/worker.js.map": mapOf(),
    "dist/worker-text.js": 'export const workerText = "b()"',
    "dist/after-page.js": "a()",
    "dist/after-page.js.map": mapOf(),
    "dist/after-page-text.js": 'export const afterPageText = "b()"',
  });

  expect(licenseProblems(directory).sort()).toEqual([
    expect.stringContaining("a.js has no source map"),
    expect.stringContaining("after-page-text.js is not the text of after-page.js"),
    expect.stringContaining("b.js holds ../node_modules/elsewhere/b.js"),
    expect.stringContaining("worker-text.js is not the text of worker.js"),
  ]);
});

const manifest = (license?: string) => JSON.stringify({ name: "@a/b", version: "1.2.3", license });

test.each([
  ["holds no licence file", { "package.json": manifest("MIT"), "README.md": text }],
  ["only points to its licence", { "package.json": manifest("Apache-2.0"), LICENSE: "See apache.org" }],
  ["is under a licence whose words are not known", { "package.json": manifest("Foo-1.0"), LICENSE: text }],
  ["does not say what its licence is", { "package.json": manifest(), LICENSE: text }],
])("a bundled package that %s stops the build by its name", async (_, files) => {
  const home = "node_modules/@a/b";
  write(Object.fromEntries(Object.entries(files).map(([name, content]) => [`${home}/${name}`, content])));

  await expect(licenses([join(directory, home, "src/index.js")])).rejects.toThrow("@a/b");
});

test("a module that is neither ours nor of a package stops the build", async () => {
  await expect(licenses(["\0mystery"])).rejects.toThrow("mystery");
});

test("a text that was added for a package that is not bundled any more stops the build", async () => {
  await expect(licenses(["\0rolldown/runtime.js"])).rejects.toThrow("idb-keyval@6.3.0.txt");
});
