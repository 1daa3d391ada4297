/** Builds dist: index.js, server.js, worker.js, worker-text.js, and the public types. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { bundlePage, bundleWorker } from "./bundle.mjs";
import { declare } from "./declare.mjs";
import { core, dist } from "./places.mjs";

const page = join(core, "src/index.ts");
const server = join(core, "src/server/index.ts");

await rm(dist, { recursive: true, force: true });
await mkdir(dist);
await Promise.all([
  bundlePage(page, join(dist, "index.js")),
  bundlePage(server, join(dist, "server.js")),
  bundleWorker(dist),
  declare([page, server], dist),
]);
