/**
 * What a user's bundle gets from us: the packed library, bundled and minified as an app does it, in bytes after gzip. Over a
 * budget of packages/core/size.json it fails. Budgets are what was reached, so that nothing grows unnoticed; `--write` lowers
 * them, `--table` writes docs/size.md.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pack } from "../packages/core/scripts/pack.mjs";
import { measure } from "./measure.mjs";
import { writeTable } from "./size-table.mjs";
import { unpack } from "./unpack.mjs";

const budgets = new URL("../packages/core/size.json", import.meta.url);
/** @returns whether every budget is kept */
export async function checkSize(tarball, { write = false, table = false } = {}) {
  const directory = mkdtempSync(join(tmpdir(), "ossicle-size-"));
  try {
    const sizes = await measure(unpack(tarball, directory));
    const limits = JSON.parse(readFileSync(budgets, "utf8"));
    const count = (bytes) => bytes.toLocaleString("en").padStart(9);
    console.log(`${"bytes, minified and gzipped".padEnd(34)}${"  size".padStart(9)}   budget   target`);
    for (const [name, bytes] of Object.entries(sizes)) {
      const { budget, target } = limits[name];
      const over = bytes > budget ? "  OVER BUDGET" : "";
      console.log(`${name.padEnd(34)}${count(bytes)}${count(budget)}${count(target)}${over}`);
      if (write) limits[name].budget = Math.min(budget, bytes);
    }
    if (write) writeFileSync(budgets, `${JSON.stringify(limits, null, 2)}\n`);
    if (table) await writeTable(sizes);
    return Object.entries(sizes).every(([name, bytes]) => bytes <= limits[name].budget);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const directory = mkdtempSync(join(tmpdir(), "ossicle-pack-"));
  const wanted = { write: process.argv.includes("--write"), table: process.argv.includes("--table") };
  const kept = await checkSize(pack(directory), wanted);
  rmSync(directory, { recursive: true });
  process.exitCode = kept ? 0 : 1;
}
