/**
 * `pnpm release`: checks everything, rehearses the release in an empty app, and publishes the very tarballs that were rehearsed, those
 * whose version the registry does not have.
 *
 * `--dry-run` rehearses alone and publishes nothing; it needs no repository's address. `--checked`: the checks have run before.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isPublished, publish } from "./publish.mjs";
import { rehearse } from "./rehearse.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dryRun = process.argv.includes("--dry-run");
const unknown = process.argv.slice(2).filter((argument) => !["--dry-run", "--checked"].includes(argument));

function passes(script) {
  return spawnSync(process.execPath, [join(root, script)], { cwd: root, stdio: "inherit" }).status === 0;
}

async function release() {
  if (unknown.length > 0) {
    console.error(`Not released: pnpm release knows --dry-run and --checked, not ${unknown.join(" ")}.`);
    return false;
  }
  if (!dryRun && !passes("scripts/may-release.mjs")) return false;
  if (!dryRun && !process.argv.includes("--checked") && !passes("scripts/check.mjs")) return false;
  const directory = mkdtempSync(join(tmpdir(), "ossicle-release-"));
  try {
    const packed = await rehearse(root, directory, (line) => console.log(line));
    for (const each of packed) {
      if (!dryRun && isPublished(each)) console.log(`${each.name} ${each.version} is published already`);
      else publish(each, { dryRun });
    }
    console.log(dryRun ? "Nothing was published: this was a rehearsal." : "Published.");
    return true;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

process.exitCode = (await release()) ? 0 : 1;
