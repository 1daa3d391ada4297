/** The files that are uploaded. Bodies of one length in one bucket are the same bytes, so that the sink digests each length once. */
import { createHash } from "node:crypto";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file of blocks repeats one block without end; a file of holes takes no room on the disk and reads as zeros. */
export const bucketNames = ["blocks", "holes"] as const;
export type Content = (typeof bucketNames)[number];

/** Every part size is a multiple of it. */
const blockSize = 1024;
const writeSize = 2 ** 20;

export interface Files {
  /** @returns the path of such a file, made if need be, in the page cache if it is one of blocks */
  file(content: Content, size: number): Promise<string>;
  /** @returns paths of so many small files of blocks */
  many(count: number, size: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function createFiles(): Promise<Files> {
  const directory = await mkdtemp(join(tmpdir(), "ossicle-bench-files-"));
  const made = new Map<string, Promise<string>>();
  const file = (content: Content, size: number, name = `${content}-${size}.bin`): Promise<string> => {
    const path = join(directory, name);
    const making = made.get(name) ?? (content === "holes" ? makeHoles(path, size) : makeBlocks(path, size));
    made.set(name, making);
    return making;
  };
  return {
    file,
    many: (count, size) =>
      Promise.all(Array.from({ length: count }, (_, i) => file("blocks", size, `small-${size}-${i}.bin`))),
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Bytes that look random and are the same on every machine. */
function block(): Buffer {
  const pieces = Array.from({ length: blockSize / 32 }, (_, i) => createHash("sha256").update(`block ${i}`).digest());
  return Buffer.concat(pieces);
}

async function makeBlocks(path: string, size: number): Promise<string> {
  const bytes = Buffer.alloc(Math.min(writeSize, Math.max(size, 1)), block());
  const handle = await open(path, "w");
  for (let at = 0; at < size; at += bytes.length) await handle.write(bytes, 0, Math.min(bytes.length, size - at));
  await handle.close();
  return path;
}

async function makeHoles(path: string, size: number): Promise<string> {
  const handle = await open(path, "w");
  await handle.truncate(size);
  await handle.close();
  return path;
}
