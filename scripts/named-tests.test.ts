/** Documents whose tables name a test for what they promise: each of them has to exist, under that name, in that file. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = resolve(fileURLToPath(import.meta.url), "../..");

interface Row {
  readonly document: string;
  readonly promise: string;
  readonly file: string;
  readonly name: string;
}

/** @returns a row for each row of the document's tables; file and name are empty where it names no test */
function rowsOf(document: string): readonly Row[] {
  const lines = readFileSync(join(root, document), "utf8").split("\n");
  const isRow = (line: string) => line.startsWith("| ");
  const isHead = (at: number) => isRow(lines[at] ?? "") && /^\| -/.test(lines[at + 1] ?? "");
  return lines.flatMap((line, at) => {
    if (!isRow(line) || isHead(at) || /^\| -/.test(line)) return [];
    const cells = line.split(" | ");
    const [, file = "", name = ""] = /^`([^`]+)` "(.+)" \|$/.exec(cells.at(-1) ?? "") ?? [];
    return [{ document, promise: (cells.at(-2) ?? "").replace(/^\| /, ""), file, name }];
  });
}

const rows = ["docs/sdk-parity.md", "docs/what-is-claimed.md"].flatMap(rowsOf);

/** As a title is written in the source: patterns of a table stay patterns. */
function titles(file: string): readonly string[] {
  if (!existsSync(join(root, file))) return [];
  const source = readFileSync(join(root, file), "utf8");
  const found = source.matchAll(/(?:\b(?:test|it)|\))\(\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|`([^`]*)`)/g);
  return [...found].map(([, double, single, template]) => double ?? single ?? template ?? "");
}

test("there are promises in each document", () => {
  for (const document of new Set(rows.map((row) => row.document)))
    expect(rows.filter((row) => row.document === document).length, document).toBeGreaterThan(10);
});

test.each(rows)("$document: $promise: its test exists", ({ file, name }) => {
  expect(titles(file)).toContain(name);
});

test("a test that was renamed would be missed", () => {
  const [row] = rows;

  expect(titles(row?.file ?? "")).not.toContain(`${row?.name} or not`);
  expect(titles("packages/core/test/no-such.test.ts")).toEqual([]);
});
