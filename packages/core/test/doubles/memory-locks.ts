/** Locks of several "pages" in one process; those of a page that dies are released, as the browser does. */
import type { Locks } from "../../src/platform/locks.js";

interface Claim {
  readonly owner: object;
  readonly grant: () => void;
}

export class LockTable {
  readonly #queues = new Map<string, Claim[]>();

  get heldNames(): readonly string[] {
    return [...this.#queues.keys()];
  }

  /** One page's view. */
  for(owner: object): Locks {
    const take = (name: string) => new Promise<void>((grant) => this.#enqueue(name, { owner, grant }));
    const holding = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      try {
        return await work();
      } finally {
        this.#release(name, owner);
      }
    };
    return {
      hold: async (name, { signal, onWait }, work) => {
        signal.throwIfAborted();
        if (this.#queues.has(name)) onWait();
        const leave = () => this.#leave(name, owner);
        signal.addEventListener("abort", leave);
        await Promise.race([take(name), aborted(signal)]).finally(() => signal.removeEventListener("abort", leave));
        return await holding(name, work);
      },
      holdIfFree: async (name, work) => {
        if (this.#queues.has(name)) return undefined;
        await take(name);
        return { value: await holding(name, work) };
      },
      held: async () => new Set(this.#queues.keys()),
    };
  }

  /** The page is gone: the next page that waits gets the lock. */
  died(owner: object): void {
    for (const name of [...this.#queues.keys()]) {
      this.#leave(name, owner);
      this.#release(name, owner);
    }
  }

  #enqueue(name: string, claim: Claim): void {
    const queue = this.#queues.get(name);
    if (queue !== undefined) {
      queue.push(claim);
      return;
    }
    this.#queues.set(name, [claim]);
    claim.grant();
  }

  #leave(name: string, owner: object): void {
    const queue = this.#queues.get(name);
    const place = queue?.findIndex((claim, index) => index > 0 && claim.owner === owner) ?? -1;
    if (place > 0) queue?.splice(place, 1);
  }

  #release(name: string, owner: object): void {
    const queue = this.#queues.get(name);
    if (queue?.[0]?.owner !== owner) return;
    queue.shift();
    if (queue[0] === undefined) this.#queues.delete(name);
    else queue[0].grant();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
  );
}
