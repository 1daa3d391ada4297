/** Lets callers wait for a value that matches, and asks them again at every change. */

interface Waiter<T> {
  readonly matches: (value: T) => boolean;
  readonly resolve: (value: T) => void;
}

export class Waiters<T> {
  readonly #waiters = new Set<Waiter<T>>();

  /** Resolves with the first value offered from now on that matches. @throws the signal's reason */
  wait(matches: (value: T) => boolean, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const stop = (): void => {
        this.#waiters.delete(waiter);
        reject(signal?.reason);
      };
      const waiter: Waiter<T> = {
        matches,
        resolve: (value) => {
          signal?.removeEventListener("abort", stop);
          resolve(value);
        },
      };
      signal?.addEventListener("abort", stop, { once: true });
      this.#waiters.add(waiter);
    });
  }

  /** Resolves every wait that `value` matches. */
  offer(value: T): void {
    for (const waiter of this.#waiters) {
      if (!waiter.matches(value)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(value);
    }
  }
}
