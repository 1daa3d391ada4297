#!/usr/bin/env node
// In a checkout the sources run as they are, by tsx; the published package has no sources, but dist.
import { existsSync } from "node:fs";

const source = new URL("../src/cli.ts", import.meta.url);

async function load() {
  if (!existsSync(source)) return import("../dist/cli.js");
  const { register } = await import("tsx/esm/api");
  register();
  return import(source.href);
}

const { main } = await load();
process.exitCode = await main(process.argv.slice(2));
