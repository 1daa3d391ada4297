/** Whether a tarball's package.json speaks to users only, and says where the package comes from as the workspace does. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { publishedManifest } from "./published-manifest.mjs";

/**
 * @param unpacked the package's directory
 * @param directory of the package, from the workspace's root
 * @returns what is wrong, a line each
 */
export function manifestProblems(unpacked, directory) {
  const text = readFileSync(join(unpacked, "package.json"), "utf8");
  const manifest = JSON.parse(text);
  const { repository } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const origin = publishedManifest({}, { repository, directory });
  const problems = [];
  for (const field of ["scripts", "devDependencies"]) {
    if (manifest[field] !== undefined)
      problems.push(`package.json has ${field}, which nobody but the workspace can use`);
  }
  for (const protocol of ["workspace:", "catalog:"]) {
    if (text.includes(`"${protocol}`)) problems.push(`package.json says "${protocol}", which no registry knows`);
  }
  for (const field of ["homepage", "bugs", "repository"]) {
    const [is, wanted] = [manifest[field], origin[field]].map((value) => JSON.stringify(value));
    if (is !== wanted) problems.push(`package.json has ${field} ${is}, and the workspace's says ${wanted}`);
  }
  return problems;
}
