/** A package as users get it. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pnpm } from "../../../scripts/pnpm.mjs";
import { core } from "./places.mjs";

/**
 * Builds and packs.
 *
 * @param directory empty
 * @param source the package's directory
 * @returns the tarball's path
 */
export function pack(directory, source = core) {
  pnpm(["pack", "--pack-destination", directory], { cwd: source });
  const tarball = readdirSync(directory).find((file) => file.endsWith(".tgz"));
  if (tarball === undefined) throw new Error(`pnpm pack left no tarball in ${directory}`);
  return join(directory, tarball);
}
