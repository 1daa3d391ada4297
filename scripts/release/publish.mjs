/** A tarball goes to the registry, by npm: it publishes a file as it is, and signs where it comes from. */
import { spawnSync } from "node:child_process";

/** @returns whether the registry has this version. @throws Error if it cannot be asked */
export function isPublished({ name, version }) {
  const { status, stdout, stderr } = npm(["view", `${name}@${version}`, "version", "--json"]);
  if (status === 0) return stdout.trim() !== "";
  if (/\bE404\b/.test(`${stdout}${stderr}`)) return false;
  throw new Error(`The registry does not say whether it has ${name} ${version}: ${stdout}\n${stderr}`);
}

/**
 * With provenance where a workflow of GitHub grants an identity token: nowhere else it can be made.
 *
 * @throws Error, with what npm said
 */
export function publish({ name, version, tarball }, { dryRun }) {
  const signs = process.env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined;
  const options = [...(dryRun ? ["--dry-run"] : []), ...(signs && !dryRun ? ["--provenance"] : [])];
  const { status, stdout, stderr } = npm(["publish", tarball, "--access", "public", ...options]);
  if (status !== 0) throw new Error(`npm publish of ${name} ${version} failed: ${stdout}\n${stderr}`);
  console.log(dryRun ? `npm would publish ${name} ${version}` : `published ${name} ${version}`);
}

function npm(args) {
  return spawnSync("npm", args, { encoding: "utf8", shell: process.platform === "win32" });
}
