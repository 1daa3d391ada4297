/** The script of an adapter's dist: readable, for an app's own minifier. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { peersOf, shared } from "./peers.mjs";

const isShared = (id) => shared.some((name) => id === `@ossicle/${name}`);

/**
 * @param directory of the package
 * @throws Error for an import of a package that is no peer
 */
export async function bundleAdapter(directory, dist) {
  const isPeer = peersOf(directory);
  const entry = ["index.ts", "index.tsx"].map((name) => join(directory, "src", name)).find(existsSync);
  const build = await rolldown({
    input: { index: entry },
    platform: "browser",
    resolve: { extensionAlias: { ".js": [".ts", ".tsx", ".js"] } },
    transform: { jsx: "react-jsx" },
    plugins: [
      {
        name: "peers-alone",
        resolveId(id, importer) {
          if (isPeer(id)) return { id, external: true };
          if (importer === undefined || id.startsWith(".") || isShared(id) || id.startsWith("\0")) return null;
          throw new Error(`${importer} imports ${id}, which is no peer dependency of ${directory}`);
        },
      },
    ],
    // How long a plugin took says how busy the machine is, and nothing of the package.
    checks: { pluginTimings: false },
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  // What has hooks runs in a page alone: said where React's server components would look for it, and bundlers of sources warn of it.
  const banner = isPeer("react") ? '"use client";' : "";
  await build.write({ dir: dist, format: "esm", sourcemap: true, entryFileNames: "[name].js", banner });
  await build.close();
}
