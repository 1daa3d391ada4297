/**
 * Chooses the code that computes digests: WebAssembly, with vectors if the browser has them, or JavaScript if a
 * Content-Security-Policy forbids WebAssembly.
 */
import type { Hasher } from "./hasher.js";
import { compileHasherOfFour, type HasherOfFour } from "./hasher-of-four.js";
import { createJsHasher } from "./js.js";
import { compileWasmHasher } from "./wasm.js";

interface HasherKinds {
  readonly createHasher: () => Hasher;
  /** Resolves with undefined if the browser cannot hash four messages at once. */
  readonly compileOfFour: () => Promise<(() => HasherOfFour) | undefined>;
}

/** Hashers kept for the next digest: every WebAssembly instance reserves gigabytes of address space until it is collected. */
const idle: Hasher[] = [];
const idleOfFour: HasherOfFour[] = [];
let chosen: Promise<HasherKinds> | undefined;

/** Lends a hasher, which the caller gives back with `returnHasher`. There are never more hashers than digests ran at once. */
export async function borrowHasher(): Promise<Hasher> {
  const ready = idle.pop();
  if (ready !== undefined) return ready;
  const { createHasher } = await prepareHasher();
  return idle.pop() ?? createHasher();
}

/** Compiles WebAssembly once. Never rejects: the last choice is JavaScript. */
export function prepareHasher(): Promise<HasherKinds> {
  chosen ??= choose();
  return chosen;
}

export function returnHasher(hasher: Hasher): void {
  idle.push(hasher);
}

/**
 * Lends a hasher of four messages, which the caller gives back with `returnHasherOfFour`.
 *
 * @returns undefined if the browser cannot hash four messages at once
 */
export async function borrowHasherOfFour(): Promise<HasherOfFour | undefined> {
  const { compileOfFour } = await prepareHasher();
  const create = await compileOfFour();
  return idleOfFour.pop() ?? create?.();
}

export function returnHasherOfFour(hasher: HasherOfFour): void {
  idleOfFour.push(hasher);
}

/** Called once per worker: its policy, which may forbid WebAssembly, does not change while it lives. */
async function choose(): Promise<HasherKinds> {
  try {
    const createHasher = await compileWasmHasher();
    returnHasher(createHasher());
    let ofFour: Promise<(() => HasherOfFour) | undefined> | undefined;
    const compileOfFour = () => {
      // Compiled at the first use, because small files never need it. Fails in Safari before 16.4, which has no vectors.
      ofFour ??= compileHasherOfFour(createHasher).catch(() => undefined);
      return ofFour;
    };
    return { createHasher, compileOfFour };
  } catch (cause) {
    console.warn(
      "ossicle: digests are computed in JavaScript, several times slower, because WebAssembly failed",
      cause,
    );
    return { createHasher: createJsHasher, compileOfFour: async () => undefined };
  }
}
