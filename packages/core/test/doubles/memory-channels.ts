/** Channels of several "pages" in one process: what is told arrives a moment later, at those that still listen. */
import type { Channels } from "../../src/platform/channels.js";

export class ChannelTable implements Channels {
  readonly #listeners = new Map<string, Set<(message: string) => void>>();

  get listened(): readonly string[] {
    return [...this.#listeners.keys()];
  }

  keepOpen(): () => void {
    return () => undefined;
  }

  tell(name: string, message: string): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      queueMicrotask(() => {
        if (this.#listeners.get(name)?.has(listener)) listener(message);
      });
    }
  }

  listen(name: string, listener: (message: string) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(name);
    };
  }
}
