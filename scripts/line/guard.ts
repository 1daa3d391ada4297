/**
 * Takes a line down when its owner lets go of it, in whatever way the owner ends: the guard waits at a pipe, which the kernel closes
 * also after a SIGKILL.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Names } from "./shape.js";

/** $1 namespace, $2 link, $3 directory. Everything that still runs on the line is ours: nobody else knows its name. */
const script = `read -r _
ip netns pids "$1" | xargs -r kill -9
ip link del "$2"
ip netns del "$1"
rm -rf "$3"`;

/** @returns what lets go, and resolves when nothing is left of the line */
export function guard({ namespace, link }: Names, directory: string): () => Promise<void> {
  const child = spawn("/bin/sh", ["-c", script, "line-guard", namespace, link, directory], {
    stdio: ["pipe", "ignore", "ignore"],
    // A session of its own: Ctrl-C reaches the owner, and must not reach the guard.
    detached: true,
  });
  const gone = once(child, "exit");
  return async () => {
    child.stdin.end();
    await gone;
  };
}
