import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { pnpm } from "./pnpm.mjs";
import { unpack } from "./unpack.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const packages = ["core", "worker", "oss-emulator", "sweep", "kit", "react"].map((name) => `packages/${name}`);
const address = "https://github.com/owner/ossicle";

/** The workspace once more, as far as packing looks at it; nothing in it is built. */
let copy: string;
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), "ossicle-workspace-"));
  const files = [".pnpmfile.mjs", "pnpm-workspace.yaml", "scripts", "packages/core/scripts"];
  const manifests = packages.map((directory) => `${directory}/package.json`);
  for (const file of [...files, ...manifests]) cpSync(join(root, file), join(copy, file), { recursive: true });
});
afterEach(() => rmSync(copy, { recursive: true }));

function fillIn(repository: string | undefined): void {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeFileSync(join(copy, "package.json"), JSON.stringify({ ...manifest, repository }));
}

function packed(directory: string) {
  const place = mkdtempSync(join(copy, "packed-"));
  pnpm(["pack", "--config.ignore-scripts=true", "--out", join(place, "a.tgz")], { cwd: join(copy, directory) });
  return JSON.parse(readFileSync(join(unpack(join(place, "a.tgz"), place), "package.json"), "utf8"));
}

const release = () => spawnSync(process.execPath, ["scripts/may-release.mjs"], { cwd: copy, encoding: "utf8" });

test.each(["packages/core", "packages/oss-emulator", "packages/sweep", "packages/react"])(
  "what is published of %s says where it comes from",
  (directory) => {
    fillIn(address);

    const manifest = packed(directory);

    expect(manifest).toMatchObject({
      homepage: `${address}#readme`,
      bugs: { url: `${address}/issues` },
      repository: { type: "git", url: `git+${address}.git`, directory },
    });
    expect(manifest).not.toHaveProperty("scripts");
    expect(manifest).not.toHaveProperty("devDependencies");
  },
);

test("what is published says nothing of a repository that nobody has named", () => {
  fillIn("");

  const manifest = packed("packages/core");

  expect(manifest.name).toBe("@ossicle/core");
  for (const field of ["homepage", "bugs", "repository"]) expect(manifest).not.toHaveProperty(field);
});

test.each([
  ["empty", ""],
  ["missing", undefined],
  ["no page", "git@github.com:owner/ossicle"],
  ["that of a clone", `${address}.git`],
  ["that of an owner", "https://github.com/owner"],
])("nothing is released while the repository's address is %s: what to fill in is said", (_, repository) => {
  fillIn(repository);

  const { status, stderr } = release();

  expect(status).toBe(1);
  expect(stderr).toMatch(/^Not released: "repository" in the package\.json of the workspace's root .*https:\/\/github/);
});

test("a release goes on once the repository's address is filled in", () => {
  fillIn(address);

  const { status, stderr } = release();

  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test("pnpm release asks for the repository's address before anything else", () => {
  fillIn("");

  const released = spawnSync(process.execPath, ["scripts/release/release.mjs"], { cwd: copy, encoding: "utf8" });

  expect(released).toMatchObject({ status: 1, stdout: "", stderr: release().stderr });
});

test("pnpm release does nothing for an option that it does not know", () => {
  fillIn(address);

  const args = ["scripts/release/release.mjs", "--dryrun"];
  const released = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8" });

  expect(released).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining("not --dryrun") });
});
