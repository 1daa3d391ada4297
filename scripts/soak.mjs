/** `pnpm soak [--seed N] [--minutes M] [--round R]`: what it does is said in e2e/soak/soak.ts. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const text = { type: "string" };
const { values } = parseArgs({ options: { seed: text, minutes: text, round: text } });
const { seed = String(Date.now() % 1_000_000), minutes = "3", round } = values;
for (const [name, value] of Object.entries({ seed, minutes, round: round ?? "1" })) {
  if (!(Number(value) > 0)) throw new Error(`--${name} ${value} is not a number above 0`);
}

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const cli = join(dirname(createRequire(import.meta.url).resolve("@playwright/test/package.json")), "cli.js");
const child = spawn(process.execPath, [cli, "test", "--config", "e2e/soak/soak.config.ts"], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, SOAK_SEED: seed, SOAK_MINUTES: minutes, ...(round && { SOAK_ROUND: round }) },
});
child.on("close", (code) => {
  process.exitCode = code === 0 ? 0 : 1;
});
