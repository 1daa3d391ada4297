/** A tag names the version that is released: `node scripts/release/tag.mjs v0.1.0`. All public packages have the same. */
import { fileURLToPath } from "node:url";
import { publicPackages } from "./public-packages.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** @returns what does not fit, a line each */
export function tagProblems(tag, packages) {
  return packages
    .filter(({ manifest }) => `v${manifest.version}` !== tag)
    .map(({ manifest }) => `The tag is ${tag}, and ${manifest.name} has the version ${manifest.version}.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = tagProblems(process.argv[2], publicPackages(root));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
