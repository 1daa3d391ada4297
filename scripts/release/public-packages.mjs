/** The packages that a release publishes: those that are not private. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** @returns each with its directory from the workspace's root, and its manifest; the library first, which the adapters import */
export function publicPackages(root) {
  return readdirSync(join(root, "packages"))
    .map((name) => `packages/${name}`)
    .filter((directory) => existsSync(join(root, directory, "package.json")))
    .map((directory) => ({ directory, manifest: readManifest(join(root, directory)) }))
    .filter(({ manifest }) => manifest.private !== true)
    .sort((a, b) => Number(b.directory === "packages/core") - Number(a.directory === "packages/core"));
}

export function readManifest(place) {
  return JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
}
