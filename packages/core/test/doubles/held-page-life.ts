/** A page that leaves and comes back when a test says so. */
import type { PageLife } from "../../src/platform/page-life.js";

export class HeldPageLife implements PageLife {
  readonly #watchers = new Set<Parameters<PageLife["watch"]>[0]>();

  readonly #before = new Set<() => void>();

  get watched(): boolean {
    return this.#watchers.size + this.#before.size > 0;
  }

  watch(watcher: Parameters<PageLife["watch"]>[0]): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  watchBefore(leaving: () => void): () => void {
    this.#before.add(leaving);
    return () => void this.#before.delete(leaving);
  }

  /** The user may be about to leave. */
  mayLeave(): void {
    for (const leaving of this.#before) leaving();
  }

  leave(): void {
    for (const { leaving } of this.#watchers) leaving();
  }

  comeBack(): void {
    for (const { back } of this.#watchers) back();
  }
}
