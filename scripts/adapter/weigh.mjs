import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { pack } from "../../packages/core/scripts/pack.mjs";
import { unpack } from "../unpack.mjs";
import { isAdapter, peersOf } from "./peers.mjs";

/** @returns `{ name, atOnce, later }` of each adapter, as it is packed, in bytes as below */
export async function weighAdapters() {
  const packages = fileURLToPath(new URL("../../packages", import.meta.url));
  const directory = mkdtempSync(join(tmpdir(), "ossicle-weigh-"));
  try {
    const weights = [];
    for (const source of readdirSync(packages).map((name) => join(packages, name))) {
      const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
      if (!isAdapter(manifest)) continue;
      const place = mkdtempSync(join(directory, "packed-"));
      weights.push({ name: manifest.name, ...(await weighAdapter(unpack(pack(place, source), place))) });
    }
    return weights;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/**
 * @returns bytes of all that an adapter exports, minified and gzipped, without its peers: what an app loads at once, and what behind its page
 */
export async function weighAdapter(unpacked) {
  const build = await rolldown({
    input: join(unpacked, "dist/index.js"),
    platform: "browser",
    external: peersOf(unpacked),
    checks: { moduleLevelDirective: false },
  });
  const { output } = await build.generate({ format: "esm", minify: true });
  await build.close();
  const chunks = new Map(output.filter(({ type }) => type === "chunk").map((chunk) => [chunk.fileName, chunk]));
  const atOnce = new Set([...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  for (const name of atOnce) for (const imported of chunks.get(name)?.imports ?? []) atOnce.add(imported);
  const sum = (wanted) =>
    [...chunks.values()]
      .filter(({ fileName }) => atOnce.has(fileName) === wanted)
      .reduce((bytes, { code }) => bytes + gzipSync(code, { level: 9 }).length, 0);
  return { atOnce: sum(true), later: sum(false) };
}
