/** docs/sdk-parity.md names a test for every promise: each of them has to exist, under that name, in that file. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = resolve(fileURLToPath(import.meta.url), "../..");

const rows = readFileSync(join(root, "docs/sdk-parity.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .slice(2)
  .map((line) => {
    const [, promise = "", , proof = ""] = line.split(" | ").length === 3 ? ["", ...line.split(" | ")] : [];
    const [, file = "", name = ""] = /^`([^`]+)` "(.+)" \|$/.exec(proof) ?? [];
    return { promise: promise.replace(/^\| /, ""), file, name };
  });

/** As a title is written in the source: patterns of a table stay patterns. */
function titles(file: string): readonly string[] {
  if (!existsSync(join(root, file))) return [];
  const source = readFileSync(join(root, file), "utf8");
  const found = source.matchAll(/(?:\b(?:test|it)|\))\(\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|`([^`]*)`)/g);
  return [...found].map(([, double, single, template]) => double ?? single ?? template ?? "");
}

test("there are promises", () => {
  expect(rows.length).toBeGreaterThan(20);
});

test.each(rows)("$promise: its test exists", ({ file, name }) => {
  expect(titles(file)).toContain(name);
});

test("a test that was renamed would be missed", () => {
  const [row] = rows;

  expect(titles(row?.file ?? "")).not.toContain(`${row?.name} or not`);
  expect(titles("packages/core/test/no-such.test.ts")).toEqual([]);
});
