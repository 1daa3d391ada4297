/** Who wants to know of a change. */
export class Listeners {
  readonly #all = new Set<() => void>();

  get size(): number {
    return this.#all.size;
  }

  /** @returns the unsubscriber */
  add(listener: () => void): () => void {
    // The same function may be given twice, and each is to leave by itself.
    const own = () => listener();
    this.#all.add(own);
    return () => this.#all.delete(own);
  }

  tell(): void {
    for (const listener of [...this.#all]) listener();
  }
}
