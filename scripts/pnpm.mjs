/** The pnpm that this repository is pinned to, however we were started. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const { packageManager } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** @throws Error, with what pnpm said, unless it ends with 0 */
export function pnpm(args, { cwd }) {
  const running = process.env.npm_execpath;
  // Only pnpm resolves `catalog:` and `workspace:` when it packs.
  const [program, first] =
    running !== undefined && /pnpm(\.exe)?$/.test(running) ? [running, []] : ["npx", ["--yes", packageManager]];
  const { status, stdout, stderr, error } = spawnSync(program, [...first, ...args], {
    cwd,
    encoding: "utf8",
    shell: program === "npx" && process.platform === "win32",
  });
  if (status !== 0) throw new Error(`pnpm ${args.join(" ")} failed in ${cwd}: ${error ?? `${stdout}\n${stderr}`}`);
  return stdout;
}
