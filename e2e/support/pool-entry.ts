/** What the worker specs use inside the page: the pool, bundled as the library is, and values that Playwright can carry. */
import type { Digest } from "../../packages/core/src/workers/byte-workers.js";

export { createWorkerPool } from "../../packages/core/src/workers/pool.js";

export const never = new AbortController().signal;
export const both = { md5: true, crc64: true } as const;

/** The file that was picked. */
export function picked(index = 0): File {
  const file = document.querySelector("input")?.files?.[index];
  if (file === undefined) throw new Error(`No file ${index} was picked`);
  return file;
}

export function readable({ md5, crc64, size }: Digest) {
  const hex = md5 === undefined ? "" : Array.from(md5, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { md5: hex, crc64: String(crc64), size };
}

/** What a call ended with, an error's facts included. */
export async function ended<T>(call: Promise<T>): Promise<{ value?: T; error?: Record<string, unknown> }> {
  try {
    return { value: await call };
  } catch (error) {
    const { name, message, ...facts } = error as Error;
    return { error: { name, message, ...facts, cause: undefined } };
  }
}
