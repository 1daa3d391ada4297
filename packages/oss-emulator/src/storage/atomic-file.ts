/** Writes small files so that either the old or the new one is there, whenever the process dies. */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Ending of a file that is being written. One that is found at the next start is removed. */
const temporarySuffix = ".tmp";

export async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}${temporarySuffix}`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}

/**
 * Makes the directory if it does not exist, and removes half-written files. Files of others, such as a file manager's `.DS_Store`,
 * stay.
 *
 * @param isOurs tells by its name whether the emulator wrote a file
 * @returns the names of the emulator's files
 */
export async function openDirectory(path: string, isOurs: (name: string) => boolean): Promise<string[]> {
  await mkdir(path, { recursive: true });
  const names = await readdir(path);
  const left = names.filter((name) => name.endsWith(temporarySuffix));
  await Promise.all(left.map((name) => rm(join(path, name), { force: true })));
  return names.filter((name) => isOurs(name) && !name.endsWith(temporarySuffix));
}
