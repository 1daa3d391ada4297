/** An app of the matrix outside of the workspace: copied, installed as its author would, built. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pnpm } from "../scripts/pnpm.mjs";

const apps = fileURLToPath(new URL("apps", import.meta.url));
/** Where an app keeps its sources: the one file that all of them share goes there. */
const sources: Readonly<Record<string, string>> = { next: "app", plain: "." };

/** @param directory is made, and is the app's afterwards */
export async function installApp(app: string, tarball: string, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await cp(join(apps, app), directory, { recursive: true });
  await cp(join(apps, "upload.js"), join(directory, sources[app] ?? "src", "upload.js"));
  await cp(join(apps, "pnpm-workspace.yaml"), join(directory, "pnpm-workspace.yaml"));
  pnpm(["install", "--frozen-lockfile"], { cwd: directory });
  // The library has no dependencies: nothing is asked for, nothing else changes.
  pnpm(["add", tarball, "--offline"], { cwd: directory });
}

/** @throws Error with everything that the program wrote, unless it ends with 0 */
export async function build(directory: string, command: string): Promise<void> {
  const child = startProgram(directory, command);
  const said: Buffer[] = [];
  child.stdout.on("data", (data: Buffer) => said.push(data));
  child.stderr.on("data", (data: Buffer) => said.push(data));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${command} ended with ${code}\n${Buffer.concat(said)}`);
}

/** @param command a program of the app's own packages, and its arguments */
export function startProgram(directory: string, command: string) {
  const [program = "", ...args] = command.split(" ");
  const child = spawn(join(directory, "node_modules/.bin", program), args, {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, because servers have children.
    detached: true,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: undefined, CI: "1" },
  });
  const end = () => endProgram(child);
  process.once("exit", end);
  child.once("close", () => process.off("exit", end));
  return child;
}

/** With everything that it started. */
export function endProgram({ pid }: { readonly pid?: number | undefined }): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGTERM");
  } catch {
    // It was gone already.
  }
}
