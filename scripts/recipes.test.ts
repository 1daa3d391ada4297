/** The recipes compile. `tsc` sees those in TypeScript by itself; here it is shown the scripts of the components as well. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const recipes = join(root, "demo/recipes");

const components = readdirSync(recipes, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
  .flatMap(({ name: directory }) => readdirSync(join(recipes, directory)).map((name) => join(directory, name)))
  .filter((path) => /\.(vue|svelte)$/.test(path));

/** What the framework's own compiler makes of a component, as far as others import it. */
function asModule(script: string, path: string): string {
  const framework = path.endsWith(".vue") ? "vue" : "svelte";
  return `${script}\ndeclare const component: import("${framework}").Component;\nexport default component;\n`;
}

function scriptOf(source: string): string {
  return /<script[^>]*lang="ts"[^>]*>\n([\s\S]*?)<\/script>/.exec(source)?.[1] ?? "";
}

/** @param change what to make of a script first @returns what `tsc` says of the recipes */
function compiled(change: (script: string) => string): string {
  // Inside the package, so that the frameworks are found; laid over it, so that relative imports are, too.
  const cache = join(recipes, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, "recipes-"));
  try {
    for (const path of components) {
      mkdirSync(join(directory, dirname(path)), { recursive: true });
      const script = change(scriptOf(readFileSync(join(recipes, path), "utf8")));
      writeFileSync(join(directory, `${path}.ts`), asModule(script, path));
    }
    const { compilerOptions } = JSON.parse(readFileSync(join(recipes, "tsconfig.json"), "utf8"));
    const config = {
      extends: relative(directory, join(recipes, "tsconfig.json")),
      compilerOptions: {
        types: ["node", "svelte", "vue"],
        rootDirs: [".", relative(directory, recipes)],
        // Much of a script is used by its template only.
        noUnusedLocals: false,
        paths: Object.fromEntries(
          Object.entries<string[]>(compilerOptions.paths).map(([name, [target = ""]]) => [
            name,
            [join(recipes, target)],
          ]),
        ),
      },
      include: ["**/*.ts"],
    };
    writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    return spawnSync(process.execPath, [tsc, "-p", directory], { encoding: "utf8" }).stdout;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe("the recipes", () => {
  test("have components whose scripts compile with the real types of the frameworks and kits", () => {
    expect(components).toHaveLength(10);

    expect(compiled((script) => script)).toBe("");
  });

  test("would be caught if they asked an upload for what it has not", () => {
    const call = 'declare const any: import("@ossicle/core").Upload;\nany.stop();';

    const output = compiled((script) => `${script}\n${call}`);

    for (const path of components) expect(output).toContain(`${path}.ts`);
  });
});
