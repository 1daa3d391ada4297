/** An emulator on a directory of its own. Both are removed when the test ends. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Emulator, type EmulatorOptions, startEmulator } from "../src/index.js";

export async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "oss-emulator-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Starts an emulator with the bucket "demo", and closes it when the test ends. */
export async function emulatorWith(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const data = options.data ?? (await temporaryDirectory());
  const emulator = await startEmulator({ data, buckets: ["demo"], ...options });
  onTestFinished(() => emulator.close());
  return emulator;
}

/** The bytes of the reference upload: `((i % 256)² + 3·i + ⌊i / 256⌋) & 255`. */
export function referenceBytes(size: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, i) => ((i % 256) ** 2 + 3 * i + Math.floor(i / 256)) & 255));
}
