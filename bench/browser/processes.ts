/** What Linux tells of processes: their family, their CPU time and their memory. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** /proc counts in hundredths of a second on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** After the name, which is in parentheses and may hold anything. Field 3 (state) comes first. */
function stat(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

/** A process and all that come from it. */
export function processTree(root: number): readonly number[] {
  const childrenOf = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    const parent = Number.isInteger(pid) ? Number(stat(pid)?.[1]) : Number.NaN;
    if (!Number.isNaN(parent)) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), pid]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(childrenOf.get(pid) ?? []));
  return tree;
}

/** User and system time of the processes and of those of their children that have ended. */
export function cpuSeconds(pids: readonly number[]): number {
  const ticks = pids.flatMap((pid) => (stat(pid) ?? []).slice(11, 15).map(Number));
  return ticks.reduce((sum, each) => sum + each, 0) / ticksPerSecond;
}

/** From now on the peak is that of what follows. Where the kernel does not let us, it stays the peak since the start. */
export function resetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
  } catch {
    // It has ended, or is not ours to touch.
  }
}

/** Bytes. @returns undefined for a process that has ended */
export function memory(pid: number): { readonly resident: number; readonly peak: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/status`, "utf8");
    const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0) * 1024;
    return { resident: bytes("VmRSS"), peak: bytes("VmHWM") };
  } catch {
    return undefined;
  }
}
