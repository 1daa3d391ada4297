/** The package as users get it. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pnpm } from "../../../scripts/pnpm.mjs";
import { core } from "./places.mjs";

/** Builds and packs. @returns the tarball's path @param directory empty */
export function pack(directory) {
  pnpm(["pack", "--pack-destination", directory], { cwd: core });
  const tarball = readdirSync(directory).find((file) => file.endsWith(".tgz"));
  if (tarball === undefined) throw new Error(`pnpm pack left no tarball in ${directory}`);
  return join(directory, tarball);
}
