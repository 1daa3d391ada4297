/**
 * `pnpm next-version`: what lies in `.changeset/` becomes the next version of every public package, and the text of its changelog.
 *
 * By changesets' own functions, and not by its command, for one reason: the command makes a major version of each package whose peer
 * leaves its range. Before 1.0 every minor version of the library does, and all our packages share one version: the first change would
 * make 1.0.0. Our own packages are no peers of each other here: they go together anyway.
 */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = process.argv[2] ?? fileURLToPath(new URL("../..", import.meta.url));
const ofOurs = createRequire(import.meta.url);
const ofChangesets = createRequire(ofOurs.resolve("@changesets/cli/package.json"));
const [read, config, assemble, apply] = ["read", "config", "assemble-release-plan", "apply-release-plan"].map((name) =>
  ofChangesets(`@changesets/${name}`),
);

/** The same packages, none a peer of another. */
function withoutOwnPeers(packages) {
  const names = new Set(packages.packages.map(({ packageJson }) => packageJson.name));
  const strip = ({ peerDependencies = {}, ...manifest }) => ({
    ...manifest,
    peerDependencies: Object.fromEntries(Object.entries(peerDependencies).filter(([name]) => !names.has(name))),
  });
  return {
    ...packages,
    packages: packages.packages.map((each) => ({ ...each, packageJson: strip(each.packageJson) })),
  };
}

const packages = await ofChangesets("@manypkg/get-packages").getPackages(root);
const settings = await config.read(root, packages);
const changesets = await read.default(root);
const plan = assemble.default(changesets, withoutOwnPeers(packages), settings, undefined);
if (plan.releases.length === 0) {
  console.error("No version was made: there is no changeset. `pnpm changeset` writes one.");
  process.exitCode = 1;
} else {
  await apply.default(plan, packages, settings, undefined, fileURLToPath(new URL(".", import.meta.url)));
  for (const { name, oldVersion, newVersion } of plan.releases) console.log(`${name} ${oldVersion} → ${newVersion}`);
}
