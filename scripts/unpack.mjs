/** A package's tarball, opened. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** @returns the directory of the package within `directory` */
export function unpack(tarball, directory) {
  execFileSync("tar", ["-xzf", tarball, "-C", directory]);
  return join(directory, "package");
}
