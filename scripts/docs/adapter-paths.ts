/** Where the compiler finds the adapters that samples import, and the frameworks that these are for. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./documents.js";

/** @returns `paths` of a tsconfig.json in that directory */
export function adapterPaths(directory: string): Record<string, string[]> {
  const paths: Record<string, string[]> = {};
  for (const name of readdirSync(join(root, "packages"))) {
    const home = join(root, "packages", name);
    const manifest = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
    if (manifest.peerDependencies?.["@ossicle/core"] === undefined) continue;
    paths[manifest.name] = [relative(directory, join(home, "src/index.ts"))];
    for (const installed of Object.keys(manifest.devDependencies).filter((each) => !/^@(ossicle|types)\//.test(each))) {
      const types = join(home, "node_modules/@types", installed);
      const place = relative(directory, existsSync(types) ? types : join(home, "node_modules", installed));
      paths[installed] = [place];
      paths[`${installed}/*`] = [`${place}/*`];
    }
  }
  return paths;
}
