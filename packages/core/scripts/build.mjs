/** Builds dist: index.js, server.js, testing.js, the workers and their texts, keeper.js, the public types, and the licences of what is bundled. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleAfterPage, bundleKeeper, bundlePage, bundleWhole, bundleWorker } from "./bundle.mjs";
import { declare } from "./declare.mjs";
import { licenses } from "./licenses.mjs";
import { core, dist } from "./places.mjs";

const page = join(core, "src/index.ts");
const server = join(core, "src/server/index.ts");
const testing = join(core, "src/testing/index.ts");

await rm(dist, { recursive: true, force: true });
await mkdir(dist);
const [ofPage, ofServer, ofTesting, ofWorker, ofAfterPage, ofKeeper] = await Promise.all([
  bundlePage(page, join(dist, "index.js")),
  bundleWhole(server, join(dist, "server.js")),
  bundleWhole(testing, join(dist, "testing.js")),
  bundleWorker(dist),
  bundleAfterPage(dist),
  bundleKeeper(dist),
  declare([page, server, testing], dist),
  // For checkers of packages, and for apps that import the keeper: neither exports anything.
  writeFile(join(dist, "worker.d.ts"), "export {};\n"),
  writeFile(join(dist, "keeper.d.ts"), "export {};\n"),
]);
await writeFile(
  join(dist, "third-party-licenses.txt"),
  await licenses([...ofPage, ...ofServer, ...ofTesting, ...ofWorker, ...ofAfterPage, ...ofKeeper]),
);
