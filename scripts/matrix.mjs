/** `pnpm matrix [words]`: what it does is said in matrix/run.ts. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const run = fileURLToPath(new URL("../matrix/run.ts", import.meta.url));
const args = ["--import", createRequire(import.meta.url).resolve("tsx"), run, ...process.argv.slice(2)];
const child = spawn(process.execPath, args, { stdio: "inherit" });
child.on("close", (code) => {
  process.exitCode = code === 0 ? 0 : 1;
});
