/** The samples of docs/testing.md, run as a reader runs them: their tests are tests of this file, in the DOM of jsdom. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { blocks, nameOf, root } from "./docs/documents.js";

const { JSDOM } = createRequire(import.meta.url)("jsdom") as {
  JSDOM: new () => { readonly window: { readonly document: Document } };
};
const samples = blocks("docs/testing.md", "ts").flatMap((code) => {
  const name = nameOf(code);
  return name === undefined ? [] : [{ name, code }];
});
const modules = samples.flatMap(({ name }) => (/\.(test|stories)\.ts$/.test(name) ? [name.replace(/\.ts$/, "")] : []));

// Where the samples find Vitest.
mkdirSync(join(root, "node_modules/.cache"), { recursive: true });
const directory = mkdtempSync(join(root, "node_modules/.cache/docs-testing-"));
for (const { name, code } of samples) writeFileSync(join(directory, name), code);
const build = await rolldown({
  input: Object.fromEntries(modules.map((name) => [name, join(directory, `${name}.ts`)])),
  external: ["vitest"],
  resolve: {
    alias: { "@ossicle/core/testing": join(root, "packages/core/src/testing/index.ts") },
    extensionAlias: { ".js": [".ts", ".js"] },
  },
});
await build.write({ dir: directory, format: "esm", entryFileNames: "[name].mjs", chunkFileNames: "[name].mjs" });
await build.close();

const load = async (name: string) =>
  await import(/* @vite-ignore */ pathToFileURL(join(directory, `${name}.mjs`)).href);

beforeAll(() => {
  vi.stubGlobal("document", new JSDOM().window.document);
});
afterAll(() => {
  vi.unstubAllGlobals();
  rmSync(directory, { recursive: true });
});

// What a sample calls `test`, it adds to these.
describe("the samples: upload-list.test.ts", async () => await load("upload-list.test"));
describe("the samples: leftovers.test.ts", async () => await load("leftovers.test"));

describe("the samples: uploads.stories.ts", () => {
  test("each story shows something else", async () => {
    const { default: _, ...stories } = await load("uploads.stories");
    const shown = Object.values<{ render(): HTMLElement }>(stories).map(({ render }) => render().textContent);

    const words = ["40 %", "waits (offline)", "forbidden", "done"];
    expect(shown.sort()).toEqual(words.map((text) => `film.mp4: ${text}`).sort());
  });

  test("and there are no others than these", () => {
    expect(modules).toEqual(["upload-list.test", "uploads.stories", "leftovers.test"]);
  });
});
