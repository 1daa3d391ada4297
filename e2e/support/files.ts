/** Files on disk, their bytes known from a seed. Browsers get them by path: Playwright refuses buffers above 50 MB. */
import { createCipheriv, createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

const KiB = 1024;

/** Pseudo-random, and the same for the same seed. */
export function seededBytes(size: number, seed: number): Buffer<ArrayBuffer> {
  const key = createHash("md5").update(String(seed)).digest();
  const stream = createCipheriv("aes-128-ctr", key, Buffer.alloc(16));
  return stream.update(Buffer.alloc(size)) as Buffer<ArrayBuffer>;
}

export interface FileShape {
  readonly size: number;
  readonly seed: number;
  /**
   * Write only 64 KiB of every so many bytes, and the last ones; the rest are holes that take no room on the disk.
   * Default: no holes.
   */
  readonly every?: number;
}

/** @returns `path` */
export async function createFile(path: string, { size, seed, every }: FileShape): Promise<string> {
  const file = await open(path, "w");
  try {
    const block = every === undefined ? 8 * 1024 * KiB : 64 * KiB;
    for (let start = 0; start < size; start += every ?? block) {
      await writeBlock(file, start, Math.min(block, size - start), seed);
    }
    const tail = Math.min(block, size);
    if (every !== undefined) await writeBlock(file, size - tail, tail, seed);
    return path;
  } finally {
    await file.close();
  }
}

/** Lower-case hex of the file as it is on the disk, by Node, whatever the library and the emulator think of it. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(path, { highWaterMark: 1024 * KiB })) hash.update(bytes as Buffer);
  return hash.digest("hex");
}

/** Flips one bit; size, name and dates stay as they were. */
export async function flipBit(path: string, at: number): Promise<void> {
  const file = await open(path, "r+");
  try {
    const { atime, mtime } = await file.stat();
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, at);
    byte[0] = (byte[0] ?? 0) ^ 1;
    await file.write(byte, 0, 1, at);
    await file.utimes(atime, mtime);
  } finally {
    await file.close();
  }
}

async function writeBlock(file: Awaited<ReturnType<typeof open>>, start: number, size: number, seed: number) {
  await file.write(seededBytes(size, seed + start), 0, size, start);
}

/** @returns the path of the file that most stories upload */
export const createFilm = (directory: string, size: number) =>
  createFile(join(directory, "film.bin"), { size, seed: 12 });
