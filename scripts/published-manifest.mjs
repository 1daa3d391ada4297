/** What npm is told of a package: its package.json without what only the workspace needs, and with where it comes from. */
import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** pnpm's hook: what it returns is what is packed. */
export function beforePacking(manifest, directory) {
  const { repository } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return publishedManifest(manifest, { repository, directory: relative(root, directory).split(sep).join("/") });
}

/**
 * @param repository the workspace's; empty: nothing is said of it
 * @param directory of the package, from the workspace's root
 */
export function publishedManifest(manifest, { repository, directory }) {
  // Scripts and tools that build and test it are not in the tarball.
  const { scripts, devDependencies, ...published } = manifest;
  return { ...published, ...origin(repository, directory) };
}

function origin(repository, directory) {
  const address = addressOf(repository);
  if (address === undefined) return {};
  return {
    homepage: `${address}#readme`,
    bugs: { url: `${address}/issues` },
    repository: { type: "git", url: `git+${address}.git`, directory },
  };
}

/**
 * @returns the address of the repository's page, undefined where none is given
 * @throws Error for what is no such address
 */
export function addressOf(repository = "") {
  if (repository === "") return undefined;
  if (!/^https:\/\/[^\s/?#@]+(\/[^\s/?#]+){2,}$/.test(repository) || repository.endsWith(".git")) {
    throw new Error(
      `"repository" in the package.json of the workspace's root is ${JSON.stringify(repository)}: it has to be the address ` +
        'of the repository\'s page, as "https://github.com/owner/ossicle", without ".git" or "/" at its end',
    );
  }
  return repository;
}
