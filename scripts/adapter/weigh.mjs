import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { peersOf } from "./peers.mjs";

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
