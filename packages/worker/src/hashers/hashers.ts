/** Which code computes the digests: WebAssembly, or JavaScript where a Content-Security-Policy forbids it. */
import type { Digest, DigestKinds } from "../contract.js";
import { createJsHasher } from "./js.js";
import { compileWasmHasher } from "./wasm.js";

export interface Hasher {
  /** Begins anew; may be left half-way. */
  reset(wanted: DigestKinds): void;
  update(piece: Uint8Array<ArrayBuffer>): void;
  finish(): Digest;
}

/** Kept for the next digest: every WebAssembly instance reserves gigabytes of address space until it is collected. */
const idle: Hasher[] = [];
let chosen: Promise<() => Hasher> | undefined;

/** Lends a hasher; give it back with `returnHasher`. There are never more than digests under way. */
export async function borrowHasher(): Promise<Hasher> {
  const ready = idle.pop();
  if (ready !== undefined) return ready;
  const create = await prepareHasher();
  return idle.pop() ?? create();
}

/** Never fails: the last choice is JavaScript. */
export function prepareHasher(): Promise<() => Hasher> {
  chosen ??= choose();
  return chosen;
}

export function returnHasher(hasher: Hasher): void {
  idle.push(hasher);
}

/** Decided once per worker: whether WebAssembly may be compiled does not change while it lives. */
async function choose(): Promise<() => Hasher> {
  try {
    const create = await compileWasmHasher();
    returnHasher(create());
    return create;
  } catch (cause) {
    console.warn(
      "ossicle: digests are computed in JavaScript, several times slower, because WebAssembly failed",
      cause,
    );
    return createJsHasher;
  }
}
