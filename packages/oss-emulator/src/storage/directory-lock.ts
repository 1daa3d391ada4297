/** Keeps two emulators from one data directory: each would not see, and would remove, the other's files. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

// A process may start several, and its number may be that of an earlier, dead one (as always 1 in a container).
const heldHere = new Set<string>();

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Alive, but somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * @returns how to let it go
 * @throws Error when a living emulator has it
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true });
  const path = join(resolve(directory), "emulator.pid");
  const text = await readFile(path, "utf8").catch(() => "");
  const pid = Number.parseInt(text, 10);
  const isHeld = pid === process.pid ? heldHere.has(path) : pid > 0 && isAlive(pid);
  if (isHeld) {
    throw new Error(`data directory ${directory} is in use by the emulator with process id ${pid}; close it first`);
  }
  heldHere.add(path);
  await writeFile(path, `${process.pid}\n`);
  return async () => {
    await rm(path, { force: true });
    heldHere.delete(path);
  };
}
