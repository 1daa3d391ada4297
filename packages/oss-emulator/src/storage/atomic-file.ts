/** Small files that are either the old or the new ones, whenever the process dies. */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Beside the file while it is being written; what is found of it at the next start is removed. */
const temporarySuffix = ".tmp";

export async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}${temporarySuffix}`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}

/**
 * Makes the directory if need be, removes half-written files, and names what is left of those that the emulator writes there.
 * Others (a file manager's `.DS_Store`, a directory) are let alone.
 */
export async function openDirectory(path: string, isOurs: (name: string) => boolean): Promise<string[]> {
  await mkdir(path, { recursive: true });
  const names = await readdir(path);
  const left = names.filter((name) => name.endsWith(temporarySuffix));
  await Promise.all(left.map((name) => rm(join(path, name), { force: true })));
  return names.filter((name) => isOurs(name) && !name.endsWith(temporarySuffix));
}
