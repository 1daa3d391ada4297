/** Which code computes the digests: WebAssembly, with vectors where it has them, or JavaScript where a policy forbids it. */
import type { Hasher } from "./hasher.js";
import { compileHasherOfFour, type HasherOfFour } from "./hasher-of-four.js";
import { createJsHasher } from "./js.js";
import { compileWasmHasher } from "./wasm.js";

interface Makers {
  readonly one: () => Hasher;
  /** undefined where there are no vectors. */
  readonly four: () => Promise<(() => HasherOfFour) | undefined>;
}

/** Kept for the next digest: every WebAssembly instance reserves gigabytes of address space until it is collected. */
const idle: Hasher[] = [];
const idleOfFour: HasherOfFour[] = [];
let chosen: Promise<Makers> | undefined;

/** Lends a hasher; give it back with `returnHasher`. There are never more than digests under way. */
export async function borrowHasher(): Promise<Hasher> {
  const ready = idle.pop();
  if (ready !== undefined) return ready;
  const { one } = await prepareHasher();
  return idle.pop() ?? one();
}

/** Never fails: the last choice is JavaScript. */
export function prepareHasher(): Promise<Makers> {
  chosen ??= choose();
  return chosen;
}

export function returnHasher(hasher: Hasher): void {
  idle.push(hasher);
}

/** Lends one for four; give it back with `returnHasherOfFour`. @returns undefined where four at once are no faster */
export async function borrowHasherOfFour(): Promise<HasherOfFour | undefined> {
  const { four } = await prepareHasher();
  const create = await four();
  return idleOfFour.pop() ?? create?.();
}

export function returnHasherOfFour(hasher: HasherOfFour): void {
  idleOfFour.push(hasher);
}

/** Decided once per worker: whether WebAssembly may be compiled does not change while it lives. */
async function choose(): Promise<Makers> {
  try {
    const create = await compileWasmHasher();
    returnHasher(create());
    let ofFour: Promise<(() => HasherOfFour) | undefined> | undefined;
    const four = () => {
      // Compiled when it is needed: small files never do. Safari before 16.4 has no vectors.
      ofFour ??= compileHasherOfFour(create).catch(() => undefined);
      return ofFour;
    };
    return { one: create, four };
  } catch (cause) {
    console.warn(
      "ossicle: digests are computed in JavaScript, several times slower, because WebAssembly failed",
      cause,
    );
    return { one: createJsHasher, four: async () => undefined };
  }
}
