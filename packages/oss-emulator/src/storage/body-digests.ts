/** Decides which bodies of a bucket are digested, and remembers digests for the others. */
import { createDigester, type Digester, type Digests } from "./digester.js";

/** "once": only the first body of each length is digested, because all of one length are taken to have the same bytes. */
export type Hashing = "all" | "once" | "none";

export class BodyDigests {
  readonly #hashing: Hashing;
  readonly #bySize = new Map<number, Digests>();

  constructor(hashing: Hashing) {
    this.#hashing = hashing;
  }

  /** True if a body of that size is not digested: its digests are known, or the sink does not hash. */
  needsNoBytes(size: number): boolean {
    return this.#hashing === "none" || this.#bySize.has(size);
  }

  /** The remembered digests of bodies of that size; undefined if there are none. */
  known(size: number): Digests | undefined {
    return this.#bySize.get(size);
  }

  /** Begins to digest a body. @returns undefined if the sink does not hash */
  async begin(): Promise<Digester | undefined> {
    return this.#hashing === "none" ? undefined : createDigester();
  }

  /** Keeps the digests for later bodies of that size, if only the first of each is digested. */
  remember(size: number, digests: Digests | undefined): void {
    if (this.#hashing === "once" && digests !== undefined) this.#bySize.set(size, digests);
  }
}
