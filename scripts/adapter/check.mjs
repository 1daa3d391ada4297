/** What is asked of an adapter's packed package beside what is asked of every package. */
import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { peersOf } from "./peers.mjs";
import { weighAdapter } from "./weigh.mjs";

/**
 * @param unpacked the package's directory
 * @param source of the package in the workspace
 * @returns checks, each with whether it passed
 */
export async function checkAdapter(unpacked, source) {
  return [
    ["has what a package has", hasItsFiles(unpacked)],
    ["imports its peers alone", importsPeersAlone(unpacked)],
    ["can be imported on a server", await canBeImported(unpacked, source)],
    ["size", await keepsBudget(unpacked, source)],
  ];
}

function hasItsFiles(unpacked) {
  const files = readdirSync(unpacked, { recursive: true });
  const missing = ["LICENSE", "README.md", "dist/index.js", "dist/index.js.map", "dist/index.d.ts"].filter(
    (file) => !files.includes(file),
  );
  if (missing.length > 0) console.log(`missing in the package: ${missing.join(", ")}`);
  const { dependencies } = JSON.parse(readFileSync(join(unpacked, "package.json"), "utf8"));
  return missing.length === 0 && dependencies === undefined;
}

/** Scripts and types alike: an app has installed nothing else. */
function importsPeersAlone(unpacked) {
  const isPeer = peersOf(unpacked);
  const files = readdirSync(join(unpacked, "dist"), { recursive: true }).filter((name) => /\.(js|d\.ts)$/.test(name));
  const others = files.flatMap((file) => {
    const text = readFileSync(join(unpacked, "dist", file), "utf8");
    const imported = [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)"([^"]+)"/g)].map(([, name]) => name);
    return imported.filter((name) => !name.startsWith(".") && !isPeer(name)).map((name) => `${file} imports ${name}`);
  });
  for (const line of others) console.log(line);
  return others.length === 0;
}

/** Where there is neither DOM nor worker. The peers are those that the workspace has installed. */
async function canBeImported(unpacked, source) {
  symlinkSync(join(source, "node_modules"), join(unpacked, "node_modules"));
  const exported = await import(pathToFileURL(join(unpacked, "dist/index.js")).href);
  return Object.values(exported).some((value) => typeof value === "function");
}

async function keepsBudget(unpacked, source) {
  const budgets = JSON.parse(readFileSync(join(source, "size.json"), "utf8"));
  const { atOnce, later } = await weighAdapter(unpacked);
  console.log(`${atOnce} bytes, minified and gzipped, without its peers; the budget is ${budgets.budget}`);
  if (later > 0) console.log(`${later} bytes behind the page; the budget is ${budgets.later}`);
  return atOnce <= budgets.budget && later <= (budgets.later ?? 0);
}
