/** A page that leaves and comes back when a test says so. */
import type { PageLife } from "../../src/platform/page-life.js";

export class HeldPageLife implements PageLife {
  readonly #watchers = new Set<Parameters<PageLife["watch"]>[0]>();

  get watched(): boolean {
    return this.#watchers.size > 0;
  }

  watch(watcher: Parameters<PageLife["watch"]>[0]): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  leave(): void {
    for (const { leaving } of this.#watchers) leaving();
  }

  comeBack(): void {
    for (const { back } of this.#watchers) back();
  }
}
