/** Builds dist: index.js, worker.js, worker-text.js, and the public types. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { bundlePage, bundleWorker } from "./bundle.mjs";
import { declare } from "./declare.mjs";
import { core, dist } from "./places.mjs";

const entry = join(core, "src/index.ts");

await rm(dist, { recursive: true, force: true });
await mkdir(dist);
await Promise.all([bundlePage(entry, join(dist, "index.js")), bundleWorker(dist), declare(entry, dist)]);
