/** The samples of docs/server-side.md that have names, bundled with the library's sources: Node runs them without TypeScript. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { blocks, nameOf, root } from "./documents.js";

const core = join(root, "packages/core");

export const document = "docs/server-side.md";

/** @param names of samples, without ".ts" @returns where each of them is: a module, `<name>.mjs` in `directory` */
export async function bundleSamples(directory: string, names: readonly string[]): Promise<void> {
  for (const code of blocks(document, "ts")) {
    const name = nameOf(code);
    if (name !== undefined) writeFileSync(join(directory, name), code);
  }
  const build = await rolldown({
    input: names.map((name) => join(directory, `${name}.ts`)),
    platform: "node",
    // The frameworks themselves, as `directory` finds them.
    external: [/^(express|hono|koa)$/, /^@nestjs\//],
    resolve: {
      alias: { "@ossicle/core/server": join(core, "src/server/index.ts") },
      extensionAlias: { ".js": [".ts", ".js"] },
    },
  });
  await build.write({ dir: directory, format: "esm", entryFileNames: "[name].mjs", chunkFileNames: "[name].mjs" });
  await build.close();
}
