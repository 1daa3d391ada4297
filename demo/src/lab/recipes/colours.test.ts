import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type TokenKind, tokens } from "./colours.js";

const recipes = fileURLToPath(new URL("../../../recipes/", import.meta.url));
const files = readdirSync(recipes, { recursive: true, encoding: "utf8" }).filter(
  (file) => !file.includes("node_modules") && /\.(ts|tsx|vue|svelte)$/.test(file),
);

function found(code: string, kind: TokenKind): string[] {
  return tokens(code)
    .filter((token) => token.kind === kind)
    .map(({ text }) => text);
}

test("colouring changes no letter of any recipe", () => {
  expect(files.length).toBeGreaterThan(8);

  for (const file of files) {
    const code = readFileSync(recipes + file, "utf8");
    expect(
      tokens(code)
        .map(({ text }) => text)
        .join(""),
    ).toBe(code);
  }
});

test("comments, texts, keywords and calls are told apart", () => {
  const code = 'const a = await go("x // y", 12); // "done"';

  expect(found(code, "comment")).toEqual(['// "done"']);
  expect(found(code, "string")).toEqual(['"x // y"']);
  expect(found(code, "keyword")).toEqual(["const", "await"]);
  expect(found(code, "name")).toEqual(["go"]);
  expect(found(code, "number")).toEqual(["12"]);
});

test("a URL is no comment, and a comparison is no tag", () => {
  expect(found("<a href=https://x.example>", "comment")).toEqual([]);
  expect(found("if (a < b) c();", "tag")).toEqual([]);
  expect(found("run((a) => {\n})", "tag")).toEqual([]);
});

test("tags of JSX, Vue and Svelte are tags, generics are not", () => {
  expect(found("<li>\n<UploadRow />\n</li>", "tag")).toEqual(["<li", "<UploadRow", "/>", "</li"]);
  expect(found("{#each uploads as upload}\n", "tag")).toEqual(["{#each"]);
  expect(found("useState<readonly Upload[]>([])", "keyword")).toEqual(["readonly"]);
});
