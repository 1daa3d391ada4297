import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { peersOf } from "./peers.mjs";

/** @returns bytes of all that an adapter exports, minified and gzipped, without its peers */
export async function weighAdapter(unpacked) {
  const build = await rolldown({
    input: join(unpacked, "dist/index.js"),
    platform: "browser",
    external: peersOf(unpacked),
    checks: { moduleLevelDirective: false },
  });
  const { output } = await build.generate({ format: "esm", minify: true });
  await build.close();
  return output
    .filter(({ type }) => type === "chunk")
    .reduce((bytes, { code }) => bytes + gzipSync(code, { level: 9 }).length, 0);
}
