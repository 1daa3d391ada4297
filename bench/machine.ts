/** Where and with what it was measured. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, release, totalmem, type } from "node:os";

const require = createRequire(import.meta.url);

function peerVersions(): string {
  const { dependencies } = require("./package.json") as { dependencies: Readonly<Record<string, string>> };
  return Object.entries(dependencies)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}

function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    return `${git("rev-parse", "--short", "HEAD")}${git("status", "--porcelain", "packages") === "" ? "" : " with changes"}`;
  } catch {
    return "unknown";
  }
}

/** Load of the last minute. */
export function loadAverage(): number {
  return Number(readFileSync("/proc/loadavg", "utf8").split(" ")[0]);
}

/** Above it others are at work, and every figure is worthless. */
export const quietLoad = 0.7;

export function describeMachine(chromium: string, loadBefore: number): readonly string[] {
  const processors = cpus();
  return [
    `Date: ${new Date().toISOString().slice(0, 10)}, commit ${commit()}`,
    `Machine: ${processors.length} × ${processors[0]?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}; load before: ${loadBefore}${loadBefore > quietLoad ? " – NOT QUIET: these figures say little" : ""}`,
    `Browser: ${chromium}; Node ${process.version}`,
    `Peers: ${peerVersions()}`,
  ];
}
