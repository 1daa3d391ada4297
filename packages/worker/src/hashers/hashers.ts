/** Which code computes the digests: WebAssembly, or JavaScript where a Content-Security-Policy forbids it. */
import { createJsHashers } from "./js.js";
import { createWasmHashers } from "./wasm.js";

/** Begins anew with `reset`; may be left half-way. */
export interface Hasher<Result> {
  reset(): void;
  update(piece: Uint8Array<ArrayBuffer>): void;
  finish(): Result;
}

export interface Hashers {
  /** 16 raw bytes. */
  readonly md5: Hasher<Uint8Array<ArrayBuffer>>;
  /** CRC-64/XZ, unsigned. */
  readonly crc64: Hasher<bigint>;
}

type Make = () => Promise<Hashers>;

/** Kept for the next digest: every WebAssembly instance reserves gigabytes of address space until it is collected. */
const idle: Hashers[] = [];
let chosen: Promise<Make> | undefined;

/** Lends a set of hashers; give it back with `returnHashers`. There are never more than digests under way. */
export async function borrowHashers(): Promise<Hashers> {
  const ready = idle.pop();
  if (ready !== undefined) return ready;
  chosen ??= choose();
  const make = await chosen;
  return await make();
}

export function returnHashers(hashers: Hashers): void {
  idle.push(hashers);
}

/** Decided once per worker: whether WebAssembly may be compiled does not change while it lives. */
async function choose(): Promise<Make> {
  try {
    returnHashers(await createWasmHashers());
    return createWasmHashers;
  } catch (cause) {
    console.warn(
      "ossicle: digests are computed in JavaScript, several times slower, because WebAssembly failed",
      cause,
    );
    return createJsHashers;
  }
}
