/**
 * Builds the package in whose directory it is run, one with peer dependencies alone: dist/index.js, a module that imports the peers and
 * nothing else, and its types. What the adapters share (packages/kit and packages/vue) is bundled in.
 */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { bundleAdapter } from "./bundle.mjs";
import { declareAdapter } from "./declare.mjs";

const directory = process.cwd();
const dist = join(directory, "dist");
await rm(dist, { recursive: true, force: true });
await mkdir(dist);
await Promise.all([bundleAdapter(directory, dist), declareAdapter(directory, dist)]);
