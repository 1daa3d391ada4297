/** Which bodies of a bucket are digested, and what is known of those that are not. */
import { createDigester, type Digester, type Digests } from "./digester.js";

/** "once": bodies of one length are taken to be the same bytes, and only the first of them is digested. */
export type Hashing = "all" | "once" | "none";

export class BodyDigests {
  readonly #hashing: Hashing;
  readonly #bySize = new Map<number, Digests>();

  constructor(hashing: Hashing) {
    this.#hashing = hashing;
  }

  /** Whether the bytes of a body so long need not be looked at. */
  isSettled(size: number): boolean {
    return this.#hashing === "none" || this.#bySize.has(size);
  }

  /** What is known of a body so long without looking at it. */
  known(size: number): Digests | undefined {
    return this.#bySize.get(size);
  }

  /** For a body of unknown length, or one that is not settled. @returns undefined where hashing is off */
  async begin(): Promise<Digester | undefined> {
    return this.#hashing === "none" ? undefined : createDigester();
  }

  remember(size: number, digests: Digests | undefined): void {
    if (this.#hashing === "once" && digests !== undefined) this.#bySize.set(size, digests);
  }
}
