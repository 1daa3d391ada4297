import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What adapters may share: of this workspace, and bundled into each that names it among its devDependencies, not among its peers. */
export const shared = ["kit", "vue"];

/** @returns whether the package of this manifest is an adapter: a user of the library, for a framework or a widget */
export function isAdapter({ peerDependencies }) {
  return peerDependencies?.["@ossicle/core"] !== undefined;
}

/** @returns whether an import is of a peer of the package in that directory, a subpath too */
export function peersOf(directory) {
  const { peerDependencies } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  const peers = Object.keys(peerDependencies);
  return (id) => peers.some((peer) => id === peer || id.startsWith(`${peer}/`));
}
