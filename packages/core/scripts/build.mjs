/** Builds dist: index.js, worker.js, worker-text.js, and the public types. */
import { mkdir, rm } from "node:fs/promises";
import { bundlePage, bundleWorker } from "./bundle.mjs";
import { declare } from "./declare.mjs";
import { dist } from "./places.mjs";

const entry = "src/index.ts";

await rm(dist, { recursive: true, force: true });
await mkdir(dist);
await Promise.all([bundlePage(entry, dist), bundleWorker(dist), declare(entry, dist)]);
